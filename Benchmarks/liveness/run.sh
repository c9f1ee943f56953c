#!/usr/bin/env bash
# Holds linger's verdicts on `eventually` and its counts of states against Spin's, with weak
# fairness (pan -a -f), on three models in two forms each.
#
# Needs gcc and spin (Debian: apt install gcc spin) and a release build of linger: make build.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../tools.sh"
need gcc spin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
differences=0

compare() { # model form what spin linger
  local mark=
  if [ "$4" != "$5" ]; then
    mark="  DIFFERENT"
    differences=$((differences + 1))
  fi
  printf '%-10s %-16s %-14s %10s %10s%s\n' "$1" "$2" "$3" "$4" "$5" "$mark"
}

# One model with its parameter as it is, or changed.
row() { # model form flag setting
  local model=$1 form=$2 flag=$3 setting=$4 property spin_verdict linger_verdict
  spin $flag -a "$here/$model.pml" >spin.log
  gcc -O2 -DNFAIR=4 -w -o live pan.c
  # Without claims: the states alone. The processes of the models start in one step, which is one
  # state more than the variables have.
  gcc -O2 -DSAFETY -DNOCLAIM -DNOREDUCE -w -o states pan.c
  ./states -E >states.log
  "$linger" check "$here/$model.linger" $setting --format json >linger.json || true
  compare "$model" "$form" states \
    "$(awk '/states, stored/ { print $1 - 1 }' states.log)" \
    "$(grep -oE '"states": *[0-9]+' linger.json | head -n 1 | grep -oE '[0-9]+$')"
  while read -r property; do
    ./live -a -f -N "$property" >live.log
    if grep -q 'errors: 0' live.log; then spin_verdict=holds; else spin_verdict=violated; fi
    linger_verdict=$("$linger" check "$here/$model.linger" $setting --property "$property" \
      --format json | grep -oE '"verdict": *"[a-z]+"' | tail -n 1 | grep -oE '[a-z]+"$' | tr -d '"') ||
      true
    compare "$model" "$form" "$property" "$spin_verdict" "$linger_verdict"
  done < <(grep -oE '^ltl [a-z]+' "$here/$model.pml" | cut -d ' ' -f 2)
}

printf '%-10s %-16s %-14s %10s %10s\n' model form what spin linger
row Peterson "as written" "" ""
row Peterson "may not enter" -DCHANGED "--set entersInTheEnd=false"
row TokenRing "as written" "" ""
row TokenRing "greedy" -DCHANGED "--set isGreedy=true"
row Resend "as written" "" ""
row Resend "may not resend" -DCHANGED "--set resendsInTheEnd=false"
if [ $differences -gt 0 ]; then
  echo "run.sh: $differences rows differ" >&2
  exit 1
fi
