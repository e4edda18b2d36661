#!/bin/sh
# Proves that the path of a frame allocates nothing but what the JDK's cipher does: allocation.sh [FRAMES], 10^8 unless
# told, which takes some minutes. JAVA_HOME chooses the JDK. Prints a table and writes itest/target/bench/allocation.json.
set -eu
. "$(dirname "$0")/usage"
numbers "$@"
cd "$(dirname "$0")/../.."
exec itest/bench/java -Xmx64m -Xmn8m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow tier6.tap.linux.internal.Allocation "$@"
