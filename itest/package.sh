#!/bin/bash
# Lives with the Debian package as an operator does, as root: package.sh [DEB]. In a clean root with a systemd and a network
# of its own it installs it, joins a network that is kept outside, pings by name, upgrades, removes, purges, and looks at
# what is left each time.
#
# The root is made once by mmdebstrap, in ~/.cache/tier6-itest; where that is not to be had, it is this machine's own under
# an overlay. Where systemd cannot be process 1, such as for want of control groups, the unit's command line is run with the
# unit's user and capabilities. What cannot run is said, with status 0. About a minute, and two more to make the root.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "package.sh: skipped: $*"; exit 0; }
step() { echo "package.sh: $*"; }
fail() {
    echo "package.sh: FAILED: $*" >&2
    for log in "$work"/*.log; do
        echo "--- $(basename "$log")" >&2
        tail -n 40 "$log" >&2
    done
    [ -z "$booted" ] || inside journalctl --no-pager -q -n 60 -u 'tier6@*' >&2 || true
    exit 1
}

deb=${1:-$(ls -t distribution/target/tier6_*_all.deb 2>/dev/null | head -n 1)} || true
archive=$(ls -t distribution/target/tier6-*.tar.gz 2>/dev/null | head -n 1) || true
[ -s "$deb" ] && [ -s "$archive" ] || { echo "package.sh: there is no package: mvn package makes it" >&2; exit 1; }
[ "$(id -u)" = 0 ] || skip "needs root, for a root of its own"
[ -c /dev/net/tun ] || skip "needs /dev/net/tun"
for tool in dpkg-deb setpriv unshare nsenter ip pgrep; do
    command -v "$tool" >/dev/null || skip "needs the program $tool"
done
unshare --mount --net --pid --fork true 2>/dev/null || skip "this system does not let it make namespaces"

name=tier6-package.$$
work=$(mktemp -d "/var/tmp/$name.XXXXXX")
root=$work/root
mkdir "$root"
outer= # process whose namespaces the root has; they end with it
owner= # the same for who keeps the network
booted=
node=
groups=()

# finish PROCESS: ends one that has a namespace of processes, and all in it.
finish() {
    [ -n "$1" ] || return 0
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
clean() {
    finish "$owner"
    finish "$outer"
    sleep 0.2
    for group in "${groups[@]}"; do
        find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    done
    rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# --- the root

include=adduser,iproute2,iputils-ping,openjdk-17-jre-headless,systemd-sysv
cache=${TIER6_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/tier6-itest/bookworm-$(cksum <<<"$include" | cut -d ' ' -f 1).tar}
if [ ! -s "$cache" ] && command -v mmdebstrap >/dev/null; then
    step "making a clean root, which takes a minute or two"
    mkdir -p "$(dirname "$cache")"
    if timeout 240 mmdebstrap --quiet --format=tar --variant=minbase --dpkgopt=force-unsafe-io --include="$include" \
        bookworm "$cache.$$" http://deb.debian.org/debian >"$work/mmdebstrap.log" 2>&1; then
        mv "$cache.$$" "$cache"
    else
        rm -f "$cache.$$"
        step "mmdebstrap does not make one: $(tail -n 1 "$work/mmdebstrap.log")"
    fi
fi
layer=
if [ -s "$cache" ]; then
    step "in a clean root, $cache"
    tar -C "$root" -xf "$cache"
else
    step "in this machine's root under an overlay"
    layer=$work/layer
    mkdir "$layer"
fi

# --- namespaces around it, and a first process in them

# Groups of its own for the processes, or systemd would make its own beside those of this machine.
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/{systemd,unified,devices}; do
    if [ -w "$hierarchy/cgroup.procs" ] && mkdir "$hierarchy/$name" 2>/dev/null; then
        groups+=("$hierarchy/$name")
    fi
done

# boot COMMAND...: the command is process 1 of the root.
boot() {
    (
        for group in "${groups[@]}"; do
            echo "$BASHPID" >"$group/cgroup.procs"
        done
        exec unshare --pid --fork --mount --net --uts --ipc --cgroup --kill-child --propagation private bash -euc '
            root=$1 layer=$2 groups=$3
            shift 3
            if [ -n "$layer" ]; then
                mount -t tmpfs layer "$layer"
                mkdir "$layer/up" "$layer/work"
                mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/up,workdir=$layer/work" "$root"
            else
                mount --bind "$root" "$root"
            fi
            cd "$root"
            mkdir -p dev proc sys run tmp packages
            mount -t proc proc proc
            mount -t sysfs sys sys
            if [ "$groups" = 0 ]; then
                :
            elif [ -e /sys/fs/cgroup/cgroup.procs ]; then
                mount -t cgroup2 groups sys/fs/cgroup
            else
                mount -t tmpfs -o mode=755 groups sys/fs/cgroup
                mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified sys/fs/cgroup/devices
                mount -t cgroup -o none,name=systemd groups sys/fs/cgroup/systemd || true
                mount -t cgroup2 groups sys/fs/cgroup/unified || true
                mount -t cgroup -o devices groups sys/fs/cgroup/devices || true
            fi
            mount -t tmpfs -o mode=755 dev dev
            mkdir dev/pts dev/shm dev/net
            for device in null zero full random urandom tty net/tun; do
                touch "dev/$device"
                mount --bind "/dev/$device" "dev/$device"
            done
            mount -t devpts -o newinstance,ptmxmode=666 pts dev/pts
            ln -s pts/ptmx dev/ptmx
            ln -s /proc/self/fd dev/fd
            mount -t tmpfs -o mode=755 run run
            mount -t tmpfs -o mode=1777 tmp tmp
            hostname tier6-package
            ip link set lo up
            exec env -i container=tier6 PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . "$@"
        ' boot "$root" "$layer" "${#groups[@]}" "$@"
    ) >"$work/boot.log" 2>&1 &
    outer=$!
    for _ in $(seq 50); do
        init=$(pgrep -P "$outer" || true)
        [ -z "$init" ] || [ "$(readlink "/proc/$init/root")" != "$root" ] || return 0
        sleep 0.1
    done
    return 1
}
inside() {
    nsenter --target "$init" --mount --net --pid --uts --ipc --cgroup --root --wd \
        env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# No more of systemd than a service needs: no timers, no login.
systemd=/lib/systemd/systemd
if [ ${#groups[@]} -gt 0 ] && [ -x "$(if [ -z "$layer" ]; then echo "$root"; fi)$systemd" ] &&
    boot "$systemd" --log-target=console --show-status=no --unit=sysinit.target; then
    for _ in $(seq 100); do
        state=$(inside systemctl is-system-running 2>/dev/null || true)
        case $state in running | degraded) booted=yes && break ;; esac
        kill -0 "$outer" 2>/dev/null || break
        sleep 0.1
    done
fi
if [ -z "$booted" ]; then
    finish "$outer"
    step "by hand, for systemd cannot be process 1 here: $(tail -n 1 "$work/boot.log" 2>/dev/null || echo no control groups)"
    boot sleep infinity || skip "neither a clean root nor an overlay is to be had: $(tail -n 1 "$work/boot.log")"
fi
# It may be a link.
inside sh -c 'rm -f /etc/resolv.conf; echo "nameserver 192.0.2.53" >/etc/resolv.conf'
inside cat /etc/resolv.conf >"$work/resolv.conf"

# --- who keeps the network: the archive, outside

mkdir "$work/owner" "$work/outside" "$work/run"
tar -C "$work/owner" -xzf "$archive"
: >"$work/owner.resolv.conf"
unshare --pid --fork --mount --net --kill-child bash -euc '
    work=$1
    mount --bind "$work/owner.resolv.conf" /etc/resolv.conf
    mount --bind "$work/run" /run
    ip link set lo up
    until ip addr show dev t6pkg 2>/dev/null | grep -q 192.0.2.1; do sleep 0.1; done
    CACHE_DIRECTORY=$work/outside exec "$work"/owner/*/bin/tier6 up --name office --as desk --dir "$work/outside/office" \
        --foreground
' owner "$work" >"$work/owner.log" 2>&1 &
owner=$!
until outside=$(pgrep -P "$owner"); do sleep 0.1; done
ip link add name "t6pk$$" netns "$init" type veth peer name t6pkg netns "$outside"
nsenter -t "$outside" -n ip addr add 192.0.2.1/24 dev t6pkg
nsenter -t "$outside" -n ip link set t6pkg up
inside ip link set "t6pk$$" name eth0
inside ip addr add 192.0.2.2/24 dev eth0
inside ip link set eth0 up

# --- what is done with the package

# A list of all files; not of what the tools of the system keep, and not of what lives in memory.
left() {
    inside find / -xdev \( -path /packages -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache/apt -o -path /var/log \
        -o -path /var/backups -o -path /var/lib/systemd -o -path /etc/machine-id -o -path /root/.wget-hsts \
        -o -regex '/etc/\(passwd\|group\|shadow\|gshadow\|subuid\|subgid\)-?' -o -path /etc/.pwd.lock \) -prune -o -print | sort
}
apt() { inside apt-get -q -y "$@" >"$work/apt.log" 2>&1 || fail "apt-get $*"; }
main() { if [ -n "$booted" ]; then inside systemctl show -P MainPID tier6@office; else echo "$node"; fi; }
# By hand: the unit's command line and rights, and what it runs afterwards.
start() {
    local unit=$root/lib/systemd/system/tier6@.service run
    [ -z "$layer" ] || unit=/proc/$init/root/lib/systemd/system/tier6@.service
    run=$(sed -n 's/^ExecStart=//p' "$unit" | sed s/%i/office/g)
    inside install -d -o tier6 -g tier6 -m 700 /run/tier6/office /var/cache/tier6/office
    # shellcheck disable=SC2086
    inside RUNTIME_DIRECTORY=/run/tier6/office CACHE_DIRECTORY=/var/cache/tier6/office XDG_CACHE_HOME=/var/cache/tier6/office \
        setpriv --reuid tier6 --regid tier6 --init-groups --no-new-privs \
        --bounding-set -all,+net_admin,+net_bind_service --inh-caps -all,+net_admin,+net_bind_service \
        --ambient-caps -all,+net_admin,+net_bind_service sh -c 'echo $$ >/run/tier6/office/pid; exec "$@"' sh $run \
        >"$work/node.log" 2>&1 &
    for _ in $(seq 300); do
        ! grep -q 'up and running' "$work/node.log" || break
        sleep 0.1
    done
    node=$(inside cat /run/tier6/office/pid)
    inside RUNTIME_DIRECTORY=/run/tier6/office /usr/lib/tier6/bin/tier6-names start office
}
stop() {
    inside kill "$node"
    while inside kill -0 "$node" 2>/dev/null; do sleep 0.1; done
    inside /usr/lib/tier6/bin/tier6-names stop office
    inside rm -rf /run/tier6
}
# The node is in the network, with the rights that it shall have and no others.
works() {
    local pid status
    for _ in $(seq 60); do
        ! inside ping -c 1 -W 1 desk.office.t6 >"$work/ping.log" 2>&1 || break
        sleep 0.5
    done
    inside ping -c 1 -W 2 desk.office.t6 >"$work/ping.log" 2>&1 || fail "no ping by name"
    pid=$(main)
    status=$(inside cat "/proc/$pid/status")
    [ "$(inside stat -c %U "/proc/$pid")" = tier6 ] || fail "the node does not run as tier6"
    grep -q '^CapEff:.*0000000000001400$' <<<"$status" && grep -q '^CapBnd:.*0000000000001400$' <<<"$status" ||
        fail "the node has other capabilities than the unit gives"
    grep -q '^NoNewPrivs:.*1$' <<<"$status" || fail "the node could get more rights"
    [ -z "$booted" ] || grep -q '^Seccomp:.*2$' <<<"$status" || fail "no filter of system calls"
    inside tier6 status --node office >"$work/status.log" 2>&1 || fail "'tier6 status' does not reach it"
}

mkdir -p "$work/newer"
dpkg-deb -R "$deb" "$work/newer"
sed -i 's/^Version: .*/&+1/' "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/newer" "$work/newer.deb" >/dev/null
inside sh -c 'cat >/packages/tier6_1_all.deb' <"$deb"
inside sh -c 'cat >/packages/tier6_2_all.deb' <"$work/newer.deb"
left >"$work/before"

step "install"
apt install /packages/tier6_1_all.deb
{ inside tier6 -v || true; } | grep '^tier6 ' >/dev/null || fail "the program does not run"
inside sh -c 'ls /usr/lib/tier6/cds/*.jsa' >/dev/null || fail "no archive of classes was made"
if [ -n "$booted" ]; then
    # Of man, which is not here, it would complain.
    inside systemd-analyze verify --man=no tier6.service tier6@office.service >"$work/verify.log" 2>&1 ||
        fail "systemd has something against the units"
    [ ! -s "$work/verify.log" ] || fail "systemd has something against the units"
    inside systemd-analyze security tier6@office.service 2>/dev/null | tail -n 1 | sed 's/^[^ ]* */package.sh:   /'
fi

step "join"
for _ in $(seq 300); do
    invitation=$(sed -n 's/^ *tier6 join \(T6-[A-Z2-7]*\)$/\1/p' "$work/owner.log")
    [ -z "$invitation" ] || ! grep -q 'up and running' "$work/owner.log" || break
    sleep 0.1
done
[ -n "$invitation" ] || fail "the owner gives no invitation"
if [ -n "$booted" ]; then
    inside tier6 join - --as guest <<<"$invitation" >"$work/join.log" 2>&1 || fail "tier6 join"
    inside systemctl -q is-active tier6@office || fail "it is not active, so systemd has not heard that it is ready"
    inside systemctl -q is-enabled tier6@office || fail "it would not start with the host"
    inside systemctl reload tier6@office || fail "systemctl reload"
else
    inside tier6 join - --as guest --no-start <<<"$invitation" >"$work/join.log" 2>&1 || fail "tier6 join"
    inside ln -s /var/lib/tier6/office/office.conf /etc/tier6/office.conf
    start
fi
works

step "upgrade"
first=$(main)
apt install /packages/tier6_2_all.deb
inside dpkg-query -W -f '${Version}' tier6 | grep '+1$' >/dev/null || fail "it is not the newer version"
[ -n "$booted" ] || { stop && start; }
[ "$(main)" != "$first" ] || fail "the node still runs the older version"
works

step "remove"
[ -n "$booted" ] || stop
apt remove tier6
! inside pgrep -u tier6 >/dev/null 2>&1 || fail "the node still runs"
! inside ip link show t6-office >/dev/null 2>&1 || fail "the interface is still there"
inside cat /etc/resolv.conf | cmp -s - "$work/resolv.conf" || fail "names are still in /etc/resolv.conf"
! inside test -e /run/tier6 || fail "remove left /run/tier6"
left >"$work/after"
more=$(comm -13 "$work/before" "$work/after" |
    grep -v -E '^/etc/tier6|^/var/lib/tier6|^/etc/systemd/system/multi-user.target.wants/tier6@office.service$' || true)
[ -z "$more" ] || fail "remove left more than configuration: $more"
inside test -s /etc/tier6/office.conf || fail "remove took a configuration"

step "purge"
apt purge tier6
left >"$work/after"
more=$(comm -13 "$work/before" "$work/after")
[ -z "$more" ] || fail "purge left $more"
! inside getent passwd tier6 >/dev/null || fail "purge left the user"
step "all is well${booted:+, under systemd}"
