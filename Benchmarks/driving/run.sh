#!/usr/bin/env bash
# How fast implementations are driven: runs a second in process, and exchanges a second with a
# program in C behind the line protocol, beside what the system's pipes alone allow.
#
# usage: run.sh [RUNS]
#
# Needs a C compiler and a release build: make build, and
# swift build -c release --product driving-benchmark.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need awk cc make
driver=${DRIVER:-$root/.build/release/driving-benchmark}
[ -x "$driver" ] || {
  echo "run.sh: driving-benchmark is missing: see the head of this script" >&2
  exit 69
}

runs=${1:-100000}
spec=$root/specs/tcp-close/TCPClose.linger
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s -C "$root/Examples/subjects" build/tcp_close
cc -O2 -o "$work/pipes" "$here/pipes.c"

echo "In process, runs of 20 moves:"
for threads in 1 2; do
  printf '  %2d at once: ' "$threads"
  "$driver" "$spec" "$runs" 20 "$threads"
done

echo "A program in C, exchanges (resets among them):"
for programs in 1 2 4 8 16; do
  begin=$(date +%s.%N)
  "$linger" test "$spec" --runs "$runs" --threads "$programs" --quiet \
    -- "$root/Examples/subjects/build/tcp_close" >"$work/report"
  end=$(date +%s.%N)
  awk -v begin="$begin" -v end="$end" -v programs="$programs" '
    function number(text) { gsub(",", "", text); return text + 0 }
    / exchanges/ {
      count = number($1) + number($3)
      printf "  %2d at once: %d exchanges/s\n", programs, count / (end - begin)
      exit
    }' "$work/report"
done

echo "Pipes alone, a line of 120 bytes there and back, nothing done with it:"
for programs in 1 4 16 64; do
  printf '  %2d at once: ' "$programs"
  "$work/pipes" "$programs"
done
