#!/bin/sh
# Plays our programs and the C programs in all combinations and prints a table; needs root, and TIER6_REFERENCE, the prefix
# of the C programs. Words as arguments select cells: "matrix.sh shroud direct".
set -eu
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit 0 ;; esac
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.net.Matrix "$@"
