#!/bin/bash
# Measures how long a node takes from its start until it is up (interface, sockets), and what it then holds in memory, on
# each JDK of this machine, without and with the archive of classes.
# As root: start.sh [ROUNDS], 3 unless told. Prints a table of medians; figures go to itest/target/bench/start.json.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "start.sh needs root for interfaces" >&2; exit 1; }
rounds=${1:-3}
home=$PWD/distribution/target/tier6
[ -x "$home/bin/tier6" ] || { echo "build first: mvn package -DskipTests" >&2; exit 1; }
work=$(mktemp -d)
space=t6start$$
node=
trap '[ -z "$node" ] || kill "$node" 2>/dev/null; ip netns del "$space" 2>/dev/null; rm -rf "$work"' EXIT
ip netns add "$space"
ip -n "$space" link set lo up
cp -a "$home" "$work/plain"
rm -rf "$work/plain/cds"
cp -a "$work/plain" "$work/archive"
head -c 32 /dev/urandom >"$work/key"
printf 'runas -\nkek-id 08\ntapname t6start\npeer 02 127.0.0.1:4702 %s 4708\n' "$work/key" >"$work/node.conf"

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
up() { ip -n "$space" link show t6start 2>/dev/null | grep -q 'UP'; }

# once COMMAND...: milliseconds and kilobytes of one start, to the files of that name.
once() {
    local begin end
    begin=$(date +%s%N)
    ip netns exec "$space" "$@" >"$work/log" 2>&1 &
    node=$!
    until up && grep -q 'up and running' "$work/log"; do
        kill -0 "$node" || { cat "$work/log" >&2; exit 1; }
        (($(date +%s%N) - begin < 60000000000)) || { echo "not up within 60 s" >&2; exit 1; }
        sleep 0.01
    done
    end=$(date +%s%N)
    echo $(((end - begin) / 1000000)) >>"$work/millis"
    sleep 8 # until the warm-up is over and its memory given back
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$node/status" >>"$work/kilobytes"
    kill "$node"
    wait "$node" || true
    node=
}

mkdir -p itest/target/bench
json=
echo "| | start to ready, ms | resident when idle, MB |"
echo "| --- | ---: | ---: |"
row() {
    local millis megabytes
    millis=$(median <"$work/millis")
    megabytes=$(($(median <"$work/kilobytes") / 1000))
    echo "| $1 | $millis | $megabytes |"
    json+="${json:+,}
  {\"name\": \"$1\", \"millis\": [$(paste -sd, "$work/millis")], \"kilobytes\": [$(paste -sd, "$work/kilobytes")]}"
    rm "$work/millis" "$work/kilobytes"
}
for jdk in /usr/lib/jvm/*; do
    [ ! -L "$jdk" ] && [ -x "$jdk/bin/java" ] || continue
    export JAVA_HOME=$jdk
    "$work/archive/bin/tier6" prepare 2>/dev/null
    for kind in plain archive; do
        for _ in $(seq "$rounds"); do
            once "$work/$kind/bin/tier6" "$work/node.conf"
        done
        row "$(basename "$jdk"), $kind"
    done
done
printf '[%s\n]\n' "$json" >itest/target/bench/start.json
