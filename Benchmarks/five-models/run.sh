#!/usr/bin/env bash
# Holds linger against Spin on five models: counts, states per second, and the geometric mean of
# the ratios. One thread each, one run after the other.
#
# Needs gcc and spin (Debian: apt install gcc spin) and a release build of linger: make build.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need gcc spin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
seconds() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.3f", b - a }'; }
number() { grep -oE "\"$1\": *[0-9]+" linger.json | head -n 1 | grep -oE '[0-9]+$'; }

printf '%-15s %10s %12s %8s %8s %8s %7s\n' \
  model states transitions spin/s linger/s 'bytes/st' ratio
ratios=
for model in AlternatingBit Window Commit Election Filter; do
  spin -a "$here/$model.pml" >spin.log
  # pan prints large counts rounded: have it print all digits.
  sed -i 's/%9\.8g transitions/%9.0f transitions/' pan.c
  gcc -O3 -DSAFETY -DNOFAIR -w -o pan pan.c
  start=$(date +%s.%N)
  ./pan -E -m5000000 -w24 >pan.log
  spin_seconds=$(seconds "$start")
  grep -q 'errors: 0' pan.log
  # No transition leads to the initial state, which is stored.
  spin_counts=$(awk '/states, stored/ { s = $1 }
    /transitions \(= stored\+matched\)/ { t = $1 - 1 } END { print s, t }' pan.log)
  start=$(date +%s.%N)
  "$linger" check "$here/$model.linger" --threads 1 --quiet --format json >linger.json
  linger_seconds=$(seconds "$start")
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
