#!/usr/bin/env bash
# Holds linger against Spin, and against Rumur where asked, on one row of close-net.
#
#   run.sh [--rumur] [D C R W]        the largest row, 1 2 1 1, unless given
#
# Needs gcc and spin (Debian: apt install gcc spin), rumur for --rumur, and a release build of
# linger: make build. All checkers run one after the other in this one run, with one thread but where
# linger is run with two.
set -euo pipefail

usage() {
  echo "usage: run.sh [--rumur] [D C R W]" >&2
  exit 64
}

with_rumur=no
if [ "${1:-}" = --rumur ]; then
  with_rumur=yes
  shift
fi
[ $# -eq 0 ] && set -- 1 2 1 1
[ $# -eq 4 ] || usage
for number in "$@"; do
  [[ $number =~ ^[0-9]+$ ]] || usage
done
D=$1 C=$2 R=$3 W=$4

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need gcc spin
[ $with_rumur = yes ] && need rumur

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

now() { date +%s.%N; }

# Seconds of wall time that a command took; its output goes to a file.
timed() { # file command...
  local file=$1 start
  shift
  start=$(now)
  "$@" >"$file" 2>"$file.err" || {
    cat "$file" "$file.err" >&2
    return 1
  }
  awk -v a="$start" -v b="$(now)" 'BEGIN { printf "%.3f", b - a }'
}

row() { # checker states transitions seconds bytes
  awk -v n="$1" -v s="$2" -v t="$3" -v e="$4" -v b="$5" \
    'BEGIN {
      bytes = b == "-" ? b : sprintf("%.1f", b)
      printf "%-31s %10d %12d %9.2f %12.0f %10s\n", n, s, t, e, s / e, bytes
    }'
}

# Spin. pan prints large counts of transitions rounded: have it print all digits.
spin "-DD=$D" "-DC=$C" "-DR=$R" "-DW=$W" -a "$here/close-net.pml" >spin.log
sed -i 's/%9\.8g transitions/%9.0f transitions/' pan.c
gcc -O3 -DSAFETY -DNOFAIR -w -o pan pan.c
spin_seconds=$(timed pan.log ./pan -E -m100000 -w24)
grep -q 'errors: 0' pan.log || {
  cat pan.log >&2
  exit 1
}
spin_states=$(awk '/states, stored/ { print $1 }' pan.log)
# The initial state is stored and no transition leads to it.
spin_transitions=$(awk '/transitions \(= stored\+matched\)/ { print $1 - 1 }' pan.log)
# As stored, with what the hash table needs for each; the table itself is left out.
spin_bytes=$(awk '/state-vector as stored/ { print $5 + $8 }' pan.log)
: "${spin_bytes:=$(awk '/^State-vector/ { print $2 + 28 }' pan.log)}"

if [ $with_rumur = yes ]; then
  sed -E "s/^  D: [0-9]+;/  D: $D;/; s/^  C: [0-9]+;/  C: $C;/
    s/^  R: [0-9]+;/  R: $R;/; s/^  W: [0-9]+;/  W: $W;/" "$here/close-net.m" >model.m
  rumur --deadlock-detection off --threads 1 --output checker.c model.m
  machine=()
  [ "$(uname -m)" = x86_64 ] && machine=(-mcx16)
  gcc -O3 "${machine[@]}" -w -o checker checker.c -lpthread
  rumur_seconds=$(timed rumur.log ./checker)
  read -r rumur_states rumur_transitions < <(
    sed -nE 's/^\t([0-9]+) states, ([0-9]+) rules fired.*/\1 \2/p' rumur.log)
fi

# Linger: the whole process, from reading the spec to writing the report, a compiler's run included.
number() { grep -oE "\"$1\": *[0-9]+" linger.json | head -n 1 | grep -oE '[0-9]+$'; }
linger_row() { # threads native
  local seconds states transitions
  seconds=$(timed linger.json "$linger" check "$root/specs/close-net/CloseNet.linger" \
    --set "D=$D" --set "C=$C" --set "R=$R" --set "W=$W" --threads "$1" --native "$2" --quiet \
    --format json)
  states=$(number states)
  transitions=$(number transitions)
  row "linger, $1 thread(s), native $2" "$states" "$transitions" "$seconds" \
    "$(awk -v b="$(number storeBytes)" -v s="$states" 'BEGIN { print b / s }')"
  awk -v a="$seconds" -v b="$spin_seconds" 'BEGIN { printf "  times Spin: %.2f\n", b / a }'
  if [ "$states $transitions" != "$spin_states $spin_transitions" ]; then
    echo "run.sh: the counts differ" >&2
    exit 1
  fi
}

echo "close-net  D=$D C=$C R=$R W=$W"
printf '%-31s %10s %12s %9s %12s %10s\n' checker states transitions seconds states/s bytes/state
row spin "$spin_states" "$spin_transitions" "$spin_seconds" "$spin_bytes"
[ $with_rumur = yes ] &&
  row rumur "$rumur_states" "$rumur_transitions" "$rumur_seconds" -
linger_row 1 off
linger_row 1 auto
linger_row 2 auto
