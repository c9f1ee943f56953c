#!/usr/bin/env bash
# Prints what states, their width and threads cost, as the tables of docs/scaling.md:
#
#   run.sh [states] [width] [threads]        all three, unless named
#
# Needs a release build of linger: make build. The largest row of all takes some gigabytes and
# minutes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need awk

[ $# -eq 0 ] && set -- states width threads
wanted=" $* "
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number() { grep -oE "\"$1\": *[0-9]+" "$work/report.json" | head -n 1 | grep -oE '[0-9]+$'; }

# Seconds of wall time, of the processors, and what the report says.
measure() { # spec options...
  local TIMEFORMAT='%R %U %S'
  { time "$linger" check "$@" --quiet --format json >"$work/report.json" 2>"$work/errors"; } \
    2>"$work/time" || {
    cat "$work/errors" "$work/report.json" >&2
    exit 1
  }
  read -r wall user system <"$work/time"
  states=$(number states)
  cpu=$(awk -v u="$user" -v s="$system" 'BEGIN { printf "%.2f", u + s }')
  rate=$(awk -v n="$states" -v w="$wall" 'BEGIN { printf "%.2f", n / w / 1000000 }')
  bytes=$(awk -v n="$states" -v b="$(number storeBytes)" 'BEGIN { printf "%.1f", b / n }')
  bits=$(number stateBits)
  grouped=$(echo "$states" | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta')
}

counters="$here/Counters.linger"
shadows="$here/Shadows.linger"
close="$root/specs/close-net/CloseNet.linger"

states() {
  cat <<'END'
## States

Three to eight counters that go round, one thread, `--native auto`.

| states | bits | seconds | processor | million states/s | bytes/state |
|---|---|---|---|---|---|
END
  local row
  for row in "3 10" "4 10" "5 10" "6 10" "7 10" "8 10" "8 11"; do
    measure "$counters" --set "count=${row% *}" --set "size=${row#* }" --threads 1
    echo "| $grouped | $bits | $wall | $cpu | $rate | $bytes |"
  done
}

width() {
  cat <<'END'
## Width

Six counters, 1,000,000 states, each made wider; one thread, `--native off`, stored as they are and with `--compress`.

| bits | seconds | bytes/state | seconds, compressed | bytes/state, compressed |
|---|---|---|---|---|
END
  local bytesWide plain
  for bytesWide in 1 2 3 4 5 6 7; do
    measure "$shadows" --set "width=$bytesWide" --threads 1 --native off
    plain="$wall | $bytes"
    measure "$shadows" --set "width=$bytesWide" --threads 1 --native off --compress
    echo "| $bits | $plain | $wall | $bytes |"
  done
}

threads() {
  cat <<'END'
## Threads

| model | states | threads | native | seconds | processor | million states/s |
|---|---|---|---|---|---|---|
END
  local count native
  for count in 1 2; do
    for native in off auto; do
      measure "$counters" --set count=7 --threads $count --native $native
      echo "| counters | $grouped | $count | $native | $wall | $cpu | $rate |"
    done
  done
  for count in 1 2; do
    for native in off auto; do
      measure "$close" --set D=1 --set C=2 --set R=1 --set W=1 --threads $count --native $native
      echo "| close-net 1 2 1 1 | $grouped | $count | $native | $wall | $cpu | $rate |"
    done
  done
}

cat <<'END'
# What an exploration costs

Printed by `Benchmarks/scaling/run.sh`, each table in one run; figures of other runs or machines say nothing. Seconds are
wall time of the whole process, *processor* is what it used of all processors, bytes are those of the store over its
states.
END
for table in states width threads; do
  case $wanted in *" $table "*)
    echo
    $table
    ;;
  esac
done
