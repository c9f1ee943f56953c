#!/usr/bin/env bash
# Holds linger against Spin on five models: counts, states per second, and the geometric mean of
# the ratios. One thread each, one run after the other; seconds are the processor's, compilers that
# linger calls among them, so that what else the machine does counts less.
#
# Needs gcc and spin (Debian: apt install gcc spin) and a release build of linger: make build.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need gcc spin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Runs a program with its output in a file; leaves what it took in `seconds`.
timed() { # file command...
  local file=$1 TIMEFORMAT='%U %S'
  shift
  { time "$@" >"$file"; } 2>time.txt
  seconds=$(tail -n 1 time.txt | awk '{ printf "%.3f", $1 + $2 }')
}
number() { grep -oE "\"$1\": *[0-9]+" linger.json | head -n 1 | grep -oE '[0-9]+$'; }

printf '%-15s %10s %12s %8s %8s %8s %7s\n' \
  model states transitions spin/s linger/s 'bytes/st' ratio
ratios=
for model in AlternatingBit Window Commit Election Filter; do
  spin -a "$here/$model.pml" >spin.log
  # pan prints large counts rounded: have it print all digits.
  sed -i 's/%9\.8g transitions/%9.0f transitions/' pan.c
  gcc -O3 -DSAFETY -DNOFAIR -w -o pan pan.c
  timed pan.log ./pan -E -m20000000 -w26
  spin_seconds=$seconds
  grep -q 'errors: 0' pan.log
  # No transition leads to the initial state, which is stored.
  spin_counts=$(awk '/states, stored/ { s = $1 }
    /transitions \(= stored\+matched\)/ { t = $1 - 1 } END { print s, t }' pan.log)
  timed linger.json "$linger" check "$here/$model.linger" --threads 1 --quiet --format json
  linger_seconds=$seconds
  linger_counts="$(number states) $(number transitions)"
  read -r states transitions <<<"$linger_counts"
  ratio=$(awk -v a="$spin_seconds" -v b="$linger_seconds" 'BEGIN { printf "%.2f", a / b }')
  ratios="$ratios $ratio"
  printf '%-15s %10d %12d %8.2f %8.2f %8.1f %7s\n' "$model" "$states" "$transitions" \
    "$spin_seconds" "$linger_seconds" \
    "$(awk -v b="$(number storeBytes)" -v s="$states" 'BEGIN { print b / s }')" "$ratio"
  if [ "$linger_counts" != "$spin_counts" ]; then
    echo "run.sh: $model: Spin counts $spin_counts" >&2
    exit 1
  fi
done
echo "$ratios" | awk '{
  for (i = 1; i <= NF; i++) sum += log($i)
  printf "geometric mean, times Spin: %.2f\n", exp(sum / NF)
}'
