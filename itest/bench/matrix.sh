#!/bin/sh
# Plays our programs and the C programs in all combinations and prints a table; needs root, and TIER6_REFERENCE, the prefix
# of the C programs. Words as arguments select cells: "matrix.sh shroud direct".
set -eu
. "$(dirname "$0")/usage"
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.net.Matrix "$@"
