#!/bin/sh
# Measures one node with many peers, which are simulated in the same process: scale.sh [PEERS...], 2 3 16 64 254 unless
# told. JAVA_HOME chooses the JDK. Prints a table, which goes to itest/target/bench/scale.json.md, too, and the figures to
# itest/target/bench/scale.json.
set -eu
. "$(dirname "$0")/usage"
numbers "$@"
cd "$(dirname "$0")/../.."
exec itest/bench/java -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions \
    --sun-misc-unsafe-memory-access=allow tier6.transport.sanctum.internal.Scale "$@"
