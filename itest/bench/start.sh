#!/bin/bash
# Measures how long a node takes from exec until it is up (interface, sockets, "up and running" where a node says so), and
# what its processes then hold in memory when nothing goes on: with default settings, on each JDK of this machine, without
# and with the archive of classes; the archive with its own runtime, where distribution/image.sh made one; and the C node,
# where TIER6_REFERENCE names its prefix. Aimed at: 2000 ms and 96 MB.
# As root: start.sh [ROUNDS], 3 unless told. Prints a table of medians; figures go to itest/target/bench/start.json.
set -euo pipefail
. "$(dirname "$0")/usage"
numbers "$@"
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "start.sh needs root for interfaces" >&2; exit 1; }
rounds=${1:-3}
home=$PWD/distribution/target/tier6
[ -x "$home/bin/tier6" ] || { echo "build first: mvn package -DskipTests" >&2; exit 1; }
work=$(mktemp -d)
chmod 711 "$work"
space=t6start$$
clean() {
    ip netns pids "$space" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
    ip netns del "$space" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
ip netns add "$space"
ip -n "$space" link set lo up
cp -a "$home" "$work/plain"
rm -rf "$work/plain/cds"
cp -a "$work/plain" "$work/archive"

# Both kinds of node take the same file. Nobody answers at its cathedral.
flock=7374617274303000
export CACHE_DIRECTORY=$work/cache RUNTIME_DIRECTORY=$work/run
mkdir -m 755 "$CACHE_DIRECTORY" "$RUNTIME_DIRECTORY"
"$work/plain/bin/tier6" keys create-flock "$flock" --in "$work" >/dev/null
"$work/plain/bin/tier6" keys device "$flock" 01 0a000001 "$work/keys" --in "$work" >/dev/null
chown -R nobody "$work/keys"
cat >"$work/node.conf" <<END
runas nobody
kek-id 01
cs-id 0a000001
flock $flock
tapname t6start
cathedral 127.0.0.1:4702
kek-path $work/keys/kek-0x01
cs-path $work/keys/id-0a000001
cosk-path $work/keys/cosk-0a000001
END

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
up() { ip -n "$space" link show t6start 2>/dev/null | grep -q 'UP'; }
ready() { up && { [ "$kind" = c ] || grep -q 'up and running' "$work/log"; }; }

# once COMMAND...: milliseconds and kilobytes of one start, to the files of that name.
once() {
    local begin end node
    begin=$(date +%s%N)
    ip netns exec "$space" "$@" >"$work/log" 2>&1 &
    node=$!
    until ready; do
        kill -0 "$node" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
        (($(date +%s%N) - begin < 60000000000)) || { echo "not up within 60 s" >&2; cat "$work/log" >&2; exit 1; }
        sleep 0.01
    done
    end=$(date +%s%N)
    echo $(((end - begin) / 1000000)) >>"$work/millis"
    sleep 8 # until the warm-up is over and its memory given back
    for process in $(ip netns pids "$space"); do
        sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$process/status"
    done | awk '{ sum += $1 } END { print sum }' >>"$work/kilobytes"
    kill "$node"
    wait "$node" || true
    ip netns pids "$space" | xargs -r kill -KILL 2>/dev/null || true
}

mkdir -p itest/target/bench
json=
echo "| | start to ready, ms | resident when idle, MB |"
echo "| --- | ---: | ---: |"
# row NAME COMMAND...: measures it in all rounds.
row() {
    local name=$1 millis megabytes
    shift
    for _ in $(seq "$rounds"); do
        once "$@"
    done
    millis=$(median <"$work/millis")
    megabytes=$((($(median <"$work/kilobytes") * 1024 + 500000) / 1000000))
    echo "| $name | $millis | $megabytes |"
    json+="${json:+,}
  {\"name\": \"$name\", \"millis\": [$(paste -sd, "$work/millis")], \"kilobytes\": [$(paste -sd, "$work/kilobytes")]}"
    rm "$work/millis" "$work/kilobytes"
}
kind=ours
for jdk in /usr/lib/jvm/*; do
    [ ! -L "$jdk" ] && [ -x "$jdk/bin/java" ] || continue
    export JAVA_HOME=$jdk
    "$work/archive/bin/tier6" prepare 2>/dev/null
    row "$(basename "$jdk")" "$work/plain/bin/tier6" "$work/node.conf"
    row "$(basename "$jdk"), archive of classes" "$work/archive/bin/tier6" "$work/node.conf"
done
unset JAVA_HOME
for image in distribution/target/image/*/; do
    [ ! -x "$image/bin/tier6" ] || row "own runtime, archive of classes" "$PWD/$image/bin/tier6" "$work/node.conf"
done
if [ -x "${TIER6_REFERENCE:-}/bin/tier6" ]; then
    kind=c
    row "C node" "$TIER6_REFERENCE/bin/tier6" "$work/node.conf"
fi
printf '[%s\n]\n' "$json" >itest/target/bench/start.json
