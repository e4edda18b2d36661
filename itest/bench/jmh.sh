#!/bin/sh
# Measures the pieces of the data path with JMH, time and allocation: jmh.sh [REGEX]. JAVA_HOME chooses the JDK.
# Prints a table, which goes to itest/target/bench/jmh.json.md, too, and the figures to itest/target/bench/jmh.json.
set -eu
. "$(dirname "$0")/usage"
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.bench.Jmh "$@"
