#!/bin/bash
# Runs the archive with its own runtime (distribution/image.sh, which this calls) where there is no Java, as root: the demo;
# then a node, as its Containerfile has it, with the capabilities that a container gets. The root is the clean one that
# package.sh made, else this machine's, each without its Java. There is no container's engine in this: what the
# Containerfile says is done by hand. What cannot run is said, with status 0.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "image.sh: skipped: $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "needs root, for namespaces"
[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
for tool in unshare setpriv ip pgrep; do
    command -v "$tool" >/dev/null || skip "needs the program $tool"
done
unshare --mount --net --pid --fork true 2>/dev/null || skip "this system does not let it make namespaces"
distribution/image.sh "$@"

work=$(mktemp -d /var/tmp/tier6-image.XXXXXX)
outer=
clean() {
    [ -z "$outer" ] || kill -KILL "$outer" 2>/dev/null || true
    wait
    rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/root"
debian=$(ls -t "${XDG_CACHE_HOME:-$HOME/.cache}"/tier6-itest/bookworm-*.tar 2>/dev/null | head -n 1) || true
[ -z "$debian" ] || tar -C "$work/root" --exclude ./usr/lib/jvm --exclude ./usr/share --exclude ./dev -xf "$debian"
tar -C "$work" -xzf distribution/target/image/tier6-*.tar.gz
mv "$work"/tier6-* "$work/image"

# All of it in namespaces that end with it.
unshare --pid --fork --mount --mount-proc --net --kill-child --propagation private bash -euc '
    work=$1 debian=$2
    root=$work/root
    if [ -z "$debian" ]; then
        mount --rbind / "$root"
    else
        mount --bind "$root" "$root"
        mkdir -p "$root/dev" "$root/usr/lib/jvm"
        mount --rbind /dev "$root/dev"
    fi
    cd "$root"
    mount -t tmpfs jvm usr/lib/jvm
    mount -t tmpfs opt opt
    mount -t tmpfs run run
    mount -t tmpfs tmp tmp
    mount -t tmpfs lib var/lib
    mount -t tmpfs etc mnt
    mount -t proc proc proc
    ip link set lo up
    inside() { env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot . "$@"; }

    # As the Containerfile has it.
    cp -a "$work/image" opt/tier6-version
    ln -s /opt/tier6-version/bin/tier6 run/tier6-program
    tier6=/run/tier6-program

    ! inside sh -c "command -v java && java -version" >/dev/null 2>&1 || { echo "there is a Java here" >&2; exit 1; }
    inside "$tier6" -v || true
    echo "image.sh: the demo"
    inside "$tier6" demo --for 30s >"$work/demo.log" 2>&1 || { tail -n 30 "$work/demo.log" >&2; exit 1; }

    echo "image.sh: a node with the rights of a container"
    head -c 32 /dev/urandom >mnt/key
    printf "runas nobody\nkek-id 01\ntapname t6image\npeer 02 127.0.0.1:4702 /mnt/key 4708\n" >mnt/tier6.conf
    chmod 644 mnt/key
    caps=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+sys_chroot,+setfcap
    inside setpriv --bounding-set "$caps,+net_admin" "$tier6" /mnt/tier6.conf >"$work/node.log" 2>&1 &
    job=$!
    for _ in $(seq 300); do
        ! grep -q "up and running" "$work/node.log" || break
        kill -0 "$job" 2>/dev/null || break
        sleep 0.1
    done
    grep -q "up and running" "$work/node.log" && ip link show t6image | grep -q UP ||
        { cat "$work/node.log" >&2; exit 1; }
    node=$(pgrep -x java)
    grep -q "/opt/tier6-version/cds/.*\.jsa" "/proc/$node/maps" || { echo "it does not use its archive of classes" >&2; exit 1; }
    inside "$tier6" status | grep -q t6image
    kill "$node"
    wait "$job"
' image "$work" "$debian" &
outer=$!
wait "$outer" || { echo "image.sh: FAILED" >&2; exit 1; }
outer=
echo "image.sh: all is well"
