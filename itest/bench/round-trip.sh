#!/bin/sh
# Tells where an idle round trip spends its time, ours and the C node's where TIER6_REFERENCE names its prefix; needs root
# and perf (apt-get install linux-perf). --help tells the arguments.
set -eu
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.bench.RoundTrip "$@"
