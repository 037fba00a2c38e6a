#!/usr/bin/env bash
# Prints how much of a running JVM's heap is live after a collection, and its memory, until it ends:
#   build/live-heap.sh PID [SECONDS]      a line every SECONDS (60); each collects, which stops the run for a moment
set -u

pid=${1:-}
every=${2:-60}
case $pid$every in
    "" | *[!0-9]*)
        printf 'usage: live-heap.sh PID [SECONDS]\n' >&2
        exit 2
        ;;
esac
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 3
# shellcheck source=build/find-jdk.sh
. "$home/build/find-jdk.sh" || exit 3
jdk=$(find_jdk) || {
    printf 'live-heap.sh: needs a JDK of at least %s\n' "$needed_jdk" >&2
    exit 3
}

printf '%8s %14s %14s\n' seconds liveHeapBytes residentKiB
while live=$("$jdk/bin/jcmd" "$pid" GC.class_histogram 2>/dev/null | awk '/^Total/ { print $3 }') && [ -n "$live" ]; do
    printf '%8s %14s %14s\n' "$(ps -o etimes= -p "$pid" | tr -d " ")" "$live" "$(ps -o rss= -p "$pid")"
    sleep "$every"
done
