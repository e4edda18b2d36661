#!/bin/bash
# Installs, starts, upgrades, removes and purges the Debian package in a clean root, as root: package.sh [DEB]. The root
# is made once by mmdebstrap, in ~/.cache/tier6-itest; where that is not to be had, it is this machine's own under an
# overlay. What cannot run is said, with status 0.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "package.sh: skipped: $*"; exit 0; }
fail() { echo "package.sh: FAILED: $*" >&2; exit 1; }
step() { echo "package.sh: $*"; }

deb=${1:-$(ls distribution/target/tier6_*_all.deb 2>/dev/null | head -n 1)}
[ -s "$deb" ] || fail "there is no package: mvn package makes it"
[ "$(id -u)" = 0 ] || skip "needs root for a root of its own"
[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
for tool in dpkg-deb setpriv unshare ip; do
    command -v "$tool" >/dev/null || skip "needs the program $tool"
done

work=$(mktemp -d /var/tmp/tier6-package.XXXXXX)
root=$work/root
node=
mkdir "$root"
clean() {
    [ -z "$node" ] || kill "$node" 2>/dev/null || true
    umount -R "$root/dev" "$root/proc" "$root/sys" 2>/dev/null || true
    umount "$root" "$work/layer" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap clean EXIT

cache=${TIER6_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/tier6-itest/bookworm.tar}
if [ ! -s "$cache" ] && command -v mmdebstrap >/dev/null; then
    step "making a clean root"
    mkdir -p "$(dirname "$cache")"
    if ! timeout 170 mmdebstrap --quiet --variant=minbase --include=adduser,openjdk-17-jre-headless,iproute2 \
        bookworm "$cache.new" http://deb.debian.org/debian >"$work/mmdebstrap.log" 2>&1; then
        rm -f "$cache.new"
    else
        mv "$cache.new" "$cache"
    fi
fi
if [ -s "$cache" ]; then
    step "in a clean root, $cache"
    tar -C "$root" -xf "$cache"
else
    mkdir "$work/layer"
    mount -t tmpfs layer "$work/layer"
    mkdir "$work/layer/up" "$work/layer/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/up,workdir=$work/layer/work" "$root" 2>/dev/null ||
        skip "neither mmdebstrap nor an overlay is to be had"
    step "in this machine's root under an overlay"
fi
mkdir -p "$root/dev" "$root/proc" "$root/sys" "$root/packages"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
mount -t proc proc "$root/proc"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
# No services are started in it.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

left() {
    inside find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /packages -o -path /var/lib/dpkg \
        -o -path /var/lib/apt -o -path /var/cache/apt -o -path /var/log -o -path /var/backups -o -path /run/adduser \) -prune -o -print | sort
}

cp "$deb" "$root/packages/tier6_1_all.deb"
dpkg-deb -R "$deb" "$work/newer"
version=$(sed -n 's/^Version: //p' "$work/newer/DEBIAN/control")
sed -i "s/^Version: .*/Version: $version+1/" "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/newer" "$root/packages/tier6_2_all.deb" >/dev/null
left >"$work/before"

step "install"
inside apt-get -q -y install /packages/tier6_1_all.deb >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "apt-get install"; }
{ inside tier6 -v || true; } | grep '^tier6 ' >/dev/null || fail "the program does not run"
[ -n "$(ls "$root"/usr/lib/tier6/cds/*.jsa 2>/dev/null)" ] || fail "no archive of classes was made"

# start NAME: the command line and the rights of the unit, as far as they go without systemd as process 1.
start() {
    local command
    command=$(sed -n 's/^ExecStart=//p' "$root/lib/systemd/system/tier6@.service" | sed "s/%i/$1/g")
    inside install -d -o tier6 -g tier6 -m 700 "/run/tier6/$1" "/var/cache/tier6/$1" /var/lib/tier6
    # shellcheck disable=SC2086
    unshare -n chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        RUNTIME_DIRECTORY="/run/tier6/$1" CACHE_DIRECTORY="/var/cache/tier6/$1" STATE_DIRECTORY=/var/lib/tier6 \
        XDG_CACHE_HOME="/var/cache/tier6/$1" HOME=/var/lib/tier6 \
        setpriv --reuid tier6 --regid tier6 --init-groups --no-new-privs --bounding-set -all,+net_admin \
        --inh-caps -all,+net_admin --ambient-caps -all,+net_admin $command >"$work/node.log" 2>&1 &
    node=$!
    for _ in $(seq 300); do
        ! grep -q 'up and running' "$work/node.log" || break
        kill -0 "$node" 2>/dev/null || { cat "$work/node.log"; fail "the node ended"; }
        sleep 0.1
    done
    for _ in $(seq 100); do
        ! nsenter -t "$node" -n ip -o link show t6pkg 2>/dev/null | grep UP >/dev/null || break
        sleep 0.1
    done
    nsenter -t "$node" -n ip -o link show t6pkg | grep UP >/dev/null || { cat "$work/node.log"; fail "no interface"; }
    [ "$(stat -c %U "/proc/$node")" != root ] && grep -q '^CapEff:.*0000000000001000$' "/proc/$node/status" ||
        fail "the node has other rights than the unit gives"
    inside tier6 status --node "$1" | grep t6pkg >/dev/null || fail "'tier6 status' does not reach it"
}
stop() {
    kill "$node"
    wait "$node" || fail "the node ends with status $?"
    node=
}

step "start as the user tier6"
head -c 32 /dev/urandom >"$root/etc/tier6/peer.key"
inside chown tier6: /etc/tier6/peer.key
inside chmod 600 /etc/tier6/peer.key
printf 'kek-id 01\ntapname t6pkg\npeer 02 127.0.0.1:4702 /etc/tier6/peer.key 4708\n' >"$root/etc/tier6/office.conf"
start office
stop

step "upgrade"
inside apt-get -q -y install /packages/tier6_2_all.deb >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "the upgrade"; }
inside dpkg-query -W -f '${Version}' tier6 | grep '+1$' >/dev/null || fail "it is not the newer version"
[ -s "$root/etc/tier6/office.conf" ] || fail "the upgrade lost a configuration"
start office
stop

step "remove"
inside apt-get -q -y remove tier6 >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "remove"; }
left >"$work/after"
# What a user of the system leaves in its lists goes with purge.
more=$(comm -13 "$work/before" "$work/after" |
    grep -v -E '^/etc/tier6|^/var/lib/tier6|^/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$' || true)
[ -z "$more" ] || fail "remove left more than configuration: $more"
[ -s "$root/etc/tier6/office.conf" ] || fail "remove took a configuration"

step "purge"
inside apt-get -q -y purge tier6 >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "purge"; }
left >"$work/after"
more=$(comm -13 "$work/before" "$work/after" | grep -v -E '^/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$' || true)
[ -z "$more" ] || fail "purge left $more"
! inside getent passwd tier6 >/dev/null || fail "purge left the user"
step "all is well"
