#!/bin/sh
# Measures the pieces of the data path with JMH, time and allocation: jmh.sh [REGEX]. JAVA_HOME chooses the JDK.
# Prints a table, which goes to itest/target/bench/jmh.json.md, too, and the figures to itest/target/bench/jmh.json.
set -eu
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit 0 ;; esac
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.bench.Jmh "$@"
