# Sourced by the scripts beside it: where linger is, and whether the programs are there that it is
# held against.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
linger=${LINGER:-$root/.build/release/linger}

need() { # program...
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || {
      echo "run.sh: $tool is missing; on Debian: apt install $tool" >&2
      exit 69
    }
  done
  [ -x "$linger" ] || {
    echo "run.sh: $linger is missing; build it with: make build" >&2
    exit 69
  }
}
