#!/usr/bin/env bash
# Follows distribution/docs/plugin.md word by word, in an empty directory, with the packed archive: runs its blocks of
# commands, and what its comments "check:" say must come true within a minute. Takes the archive that was built last.
# Then builds a transport, an underlay and a TAP driver with their tests, as an author elsewhere would.
set -euo pipefail
cd "$(dirname "$0")/.."
sources=$PWD
document=$PWD/distribution/docs/plugin.md
archive=$(ls -t "$PWD"/distribution/target/tier6-*.tar.gz | head -n 1)

for tool in mvn tar; do
    command -v $tool >/dev/null || { echo "skipped: $tool is not installed" >&2; exit 0; }
done

place=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$place"' EXIT
mkdir "$place/unpacked" "$place/empty" "$place/repository" "$place/cache"
tar -xzf "$archive" -C "$place/unpacked"
TIER6=$(echo "$place"/unpacked/tier6-*)

# A local repository that has everything but tier6, so that what is installed neither helps nor stays.
for group in "${HOME:-/root}"/.m2/repository/*; do
    [ "$(basename "$group")" = tier6 ] || [ ! -d "$group" ] || ln -s "$group" "$place/repository/"
done
export TIER6 MAVEN_OPTS="${MAVEN_OPTS:-} -Dmaven.repo.local=$place/repository" CACHE_DIRECTORY=$place/cache

{
    cat <<'END'
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
check() {
    for ((i = 0; i < 120; i++)); do
        if eval "$1" >last 2>&1; then echo "  as promised: $1"; return; fi
        sleep 0.5
    done
    echo "not as the document says: $1" >&2
    cat last ./*.log >&2
    exit 1
}
END
    awk '
        /^```sh$/ { code = 1; next }
        /^```/ { code = 0; next }
        code { print }
        /^<!-- check: .* -->$/ {
            sub(/^<!-- check: /, ""); sub(/ -->$/, ""); gsub(/\047/, "\047\\\047\047"); print "check \047" $0 "\047"
        }' "$document"
} >"$place/steps"
cd "$place/empty"
bash "$place/steps"
echo "plugin.md holds"

# The contracts were installed by the first step. The transport is the kit's own; of ours, those two need nothing else.
kit=$place/kit
cp -r "$sources/itest/kit" "$kit"
for test in tier6.underlay.nio/src/test/java/tier6/underlay/nio/internal/NioUnderlayTest.java \
    tier6.tap.memory/src/test/java/tier6/tap/memory/MemoryTapTest.java; do
    cp -r "$sources/bundles/${test%%/*}/src/main" "$kit/src/"
    copy=$kit/${test#*/}
    mkdir -p "$(dirname "$copy")"
    cp "$sources/bundles/$test" "$copy"
done
(cd "$kit" && mvn -q -ntp package >log 2>&1) || { cat "$kit/log" >&2; exit 1; }
grep -h "Tests run" "$kit"/target/surefire-reports/*.txt
