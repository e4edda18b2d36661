#!/bin/sh
# Throws ten million random and mutated inputs at every decoder that takes bytes from the network or from a file, or as many
# as one asks for; --help tells the options. The heap is small on purpose: memory has to be bounded.
set -eu
cd "$(dirname "$0")/../.."
TIER6_LOG=error exec itest/bench/java -Xmx256m -XX:+UseSerialGC tier6.itest.fuzz.Fuzz "$@"
