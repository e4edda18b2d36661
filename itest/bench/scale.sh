#!/bin/sh
# Measures one node with many peers, which are simulated in the same process: scale.sh [PEERS...], 2 3 16 64 254 unless
# told. JAVA_HOME chooses the JDK. Prints a table, which goes to itest/target/bench/scale.json.md, too, and the figures to
# itest/target/bench/scale.json.
set -eu
case ${1:-} in -h | --help) sed -n '2,/^set/s/^# //p' "$0" && exit 0 ;; esac
for number; do
    case $number in '' | *[!0-9]*) echo "scale.sh: $number is not a number; --help tells what it takes" >&2 && exit 2 ;; esac
done
cd "$(dirname "$0")/../.."
exec itest/bench/java -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions \
    --sun-misc-unsafe-memory-access=allow tier6.transport.sanctum.internal.Scale "$@"
