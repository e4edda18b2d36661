#!/bin/bash
# Makes the archive that needs no Java on its host, distribution/target/image/tier6-VERSION-linux-ARCH.tar.gz: tier6 with a
# Java runtime of just the modules that it uses, and an archive of its classes.
set -euo pipefail

usage() {
    cat <<'END'
Usage: distribution/image.sh [JDK]

Makes distribution/target/image/tier6-VERSION-linux-ARCH.tar.gz, which runs where there is no Java, by jlink of
JDK: JAVA_HOME unless given, else the newest in /usr/lib/jvm. It is for the processor and the C library of this
host. Build first: mvn package.
END
}
die() { echo "image.sh: $*" >&2; exit 1; }

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    -*) usage >&2 && exit 2 ;;
esac
cd "$(dirname "$0")"
plain=$(ls -t target/tier6-*.tar.gz 2>/dev/null | head -n 1) || die "build first: mvn package"
jdk=${1:-${JAVA_HOME:-}}
if [ -z "$jdk" ]; then
    jlink=$(ls -d /usr/lib/jvm/*/bin/jlink 2>/dev/null |
        while read -r tool; do echo "$("$tool" --version) $tool"; done | sort -V | tail -n 1)
    jdk=${jlink#* }
    jdk=${jdk%/bin/jlink}
fi
[ -x "$jdk/bin/jlink" ] || die "no JDK with jlink found: name one, or set JAVA_HOME"
echo "image.sh: with $("$jdk/bin/jlink" --version), $jdk"

rm -rf target/image
mkdir -p target/image
tar -C target/image -xzf "$plain"
name=$(ls target/image)
home=target/image/$name

# Classes name most of the modules themselves. JNA's for windows of a desktop are never used. What is asked for by name:
#   jdk.crypto.ec    TLS to a Reliquary (in java.base from 22 on)
#   jdk.management   metrics of the JVM
#   jdk.naming.dns   peers from DNS
#   jdk.unsupported  what libraries and tier6 do without it is slower
modules=$("$jdk/bin/jdeps" --multi-release base --ignore-missing-deps --print-module-deps "$home"/bundle/*.jar "$home"/lib/*.jar |
    tail -n 1 | sed 's/java\.desktop,//')
for more in jdk.crypto.ec jdk.management jdk.naming.dns jdk.unsupported; do
    ! "$jdk/bin/java" --list-modules | grep -q "^$more@" || modules+=,$more
done
"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$home/jre"
# The JVM's own archive of classes, and tier6's on top of it.
"$home/jre/bin/java" -Xshare:dump >target/image/dump.log 2>&1 || die "no archive of classes: $(tail -n 1 target/image/dump.log)"
rm target/image/dump.log
env -u JAVA_HOME "$home/bin/tier6" prepare
# Read-only as it is in the runtime, nobody could remove it.
chmod -R u+w "$home"

image=$name-linux-$(uname -m).tar.gz
# The JVM maps the archive of classes only if the times of the jars are those that it knows.
tar -C target/image --owner=0 --group=0 --numeric-owner -czf "target/image/$image" "$name"
echo "image.sh: modules $modules"
echo "image.sh: distribution/target/image/$image, $(du -m "target/image/$image" | cut -f 1) MB; unpacked $(du -sm "$home" | cut -f 1) MB"
