#!/usr/bin/env bash
# How the time of the timed procedures grows: with retransmissions, message values, properties.
#
#   run.sh [runs]        each row is run this often, 3 unless given; its median counts
#
# Needs GNU time (Debian: apt install time) and a release build of linger: make build. Each row is
# held against the first one of its table in this one run; seconds alone differ between machines.
set -euo pipefail

runs=${1:-3}
[[ $runs =~ ^[1-9][0-9]*$ ]] || {
  echo "usage: run.sh [runs]" >&2
  exit 64
}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
linger=${LINGER:-$root/.build/release/linger}
[ -x /usr/bin/time ] || {
  echo "run.sh: GNU time is missing; on Debian: apt install time" >&2
  exit 69
}
[ -x "$linger" ] || {
  echo "run.sh: $linger is missing; build it with: make build" >&2
  exit 69
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
base=

table() {
  printf '\n%s\n\n| row | answer | seconds | to the first | memory, MB |\n|---|---|---|---|---|\n' "$1"
  base=
}

# One row: the median of its runs.
row() { # label command...
  local label=$1 seconds memory status
  shift
  : >"$work/times"
  for _ in $(seq "$runs"); do
    status=0
    /usr/bin/time -q -f '%e %M' -a -o "$work/times" "$linger" "$@" --quiet \
      >"$work/out" 2>"$work/err" || status=$?
    case $status in
      0 | 1 | 3) ;;
      *)
        cat "$work/out" "$work/err" >&2
        exit 1
        ;;
    esac
  done
  seconds=$(sort -n "$work/times" | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }')
  memory=$(awk '$2 > m { m = $2 } END { printf "%.0f", m / 1024 }' "$work/times")
  [ -n "$base" ] || base=$seconds
  printf '| %s | %s | %s | %s | %s |\n' "$label" "$(tail -1 "$work/out")" "$seconds" \
    "$(awk -v a="$seconds" -v b="$base" 'BEGIN { printf "%.1f", a / (b > 0.01 ? b : 0.01) }')" \
    "$memory"
}

cd "$root/specs"
gone=(--property oldSegmentsGone)

table "Retransmissions: linger synthesize tcp-timing/LastFin.linger"
for resends in 0 1 2 3 4 5 6 7 8; do
  row "resends = $resends" synthesize tcp-timing/LastFin.linger "${gone[@]}" --for timeWait \
    --set "resends=$resends"
done

table "Retransmissions with doubled waits: linger synthesize tcp-timing/LastFinBackoff.linger"
for resends in 2 4 8; do
  row "resends = $resends" synthesize tcp-timing/LastFinBackoff.linger "${gone[@]}" \
    --for timeWait --set "resends=$resends"
done

table "More message values: linger synthesize, from one message each way to TCP segments"
row "LastFinAnySchedule" synthesize tcp-timing/LastFinAnySchedule.linger "${gone[@]}" \
  --for timeWait
row "Close" synthesize tcp-timing/Close.linger "${gone[@]}" --for timeWait
row "CloseWithData" synthesize tcp-timing/CloseWithData.linger "${gone[@]}" --for timeWait
row "CloseWithDataLiteral" synthesize tcp-timing/CloseWithDataLiteral.linger "${gone[@]}" \
  --for timeWait
row "TCPClose without data" synthesize tcp-close/TCPClose.linger "${gone[@]}" \
  --for timeWait --set dataSegments=0

table "Properties: linger check tcp-timing/LastFin.linger --set resends=8"
row "1" check tcp-timing/LastFin.linger --set resends=8 "${gone[@]}"
row "2" check tcp-timing/LastFin.linger --set resends=8 "${gone[@]}" --property finMeetsNoReset
row "3" check tcp-timing/LastFin.linger --set resends=8 "${gone[@]}" --property finMeetsNoReset \
  --property oldSegmentsGoneIfAcknowledged

table "Proofs and violations: linger check"
row "Close, holds" check tcp-timing/Close.linger "${gone[@]}"
row "Close, Linux, violated" check tcp-timing/Close.linger "${gone[@]}" --profile linux
row "CloseLiteral, violated" check tcp-timing/CloseLiteral.linger "${gone[@]}"
row "ResetEndsTimeWait, violated" check tcp-timing/faults/ResetEndsTimeWait.linger "${gone[@]}"
row "TCPClose without data, holds" check tcp-close/TCPClose.linger --set dataSegments=0 \
  "${gone[@]}"
row "TCPClose without data, Linux, violated" check tcp-close/TCPClose.linger \
  --set dataSegments=0 --profile linux "${gone[@]}"
