#!/bin/sh
# Sends mixed traffic with hashes and numbers through every combination of offloads, ours to ours and, where TIER6_REFERENCE
# names the prefix of the C programs, ours to the C node: soak.sh [SECONDS] [WORD...]. SECONDS are for all together, 600
# unless told; WORDs select combinations: "soak.sh 60 ours-C auto". Prints a table; status 1 if anything came in corrupted,
# twice or out of order. Needs root.
set -eu
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.net.Soak "$@"
