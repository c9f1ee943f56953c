#!/usr/bin/env bash
# How fast `linger conform` judges a capture of ordinary TCP closes, and whether its memory stays
# flat when much more comes through a pipe.
#
# usage: run.sh [CONNECTIONS [STREAMED_CONNECTIONS]]
#
# Needs GNU time (Debian: apt install time) and a release build: make build, and
# swift build -c release --product capture-benchmark.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need awk
generator=${GENERATOR:-$root/.build/release/capture-benchmark}
[ -x "$generator" ] && [ -x /usr/bin/time ] || {
  echo "run.sh: capture-benchmark or GNU time is missing: see the head of this script" >&2
  exit 69
}

connections=${1:-200000}
streamed=${2:-0}
spec=$root/specs/tcp/TCP.linger
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Prints a name, packets, seconds, packets/s, the largest set of beliefs and the peak of memory.
row() { # name input options...
  local name=$1 input=$2
  shift 2
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" \
    "$linger" conform "$spec" "$input" "$@" >"$work/report" || true
  awk -v name="$name" '
    function number(text) { gsub(",", "", text); return text + 0 }
    FNR == NR { if (/ events?:/) line = $0; next }
    {
      n = split(line, words, / /)
      for (i = 2; i <= n; i++) {
        if (words[i] ~ /^events?/) packets = number(words[i - 1])
        if (words[i] ~ /^beliefs?$/) beliefs = number(words[i - 1])
      }
      printf "%-22s %11d packets %7.1f s %9d packets/s %5d beliefs %6d MB\n", name, packets, $1,
        packets / $1, beliefs, $4 / 1024
    }' "$work/report" "$work/time"
}

"$generator" write "$connections" 7 >"$work/closes.pcap"
row "profile linux" "$work/closes.pcap" --profile linux
row "every profile" "$work/closes.pcap"
if [ "$streamed" -gt 0 ]; then
  for part in 4 2 1; do
    "$generator" write $((streamed / part)) 7 | row "streamed, 1/$part" - --profile linux
  done
fi
