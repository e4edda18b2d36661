#!/bin/sh
# Measures our cathedral, and the C cathedral where TIER6_REFERENCE names its prefix: offers and relayed packets a second
# with many flocks, devices and tunnels; needs root. --help tells the options.
set -eu
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.bench.CathedralBench "$@"
