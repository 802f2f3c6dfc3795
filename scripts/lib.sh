# shellcheck shell=bash
# What the set-up scripts share: messages, and Debian packages installed where allowed.

# The newcomer who reads these messages is French; only the comments are in English.
say() { printf '→ %s\n' "$*"; }

fail() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

# need_packages WHY PACKAGE… : install Debian packages as root, else name the one command to run.
need_packages() {
  local why=$1
  shift
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    fail "$why. Lancez d’abord : sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  say "Installation des paquets Debian : $*"
  local log
  log=$(mktemp)
  # Twice: a mirror can answer once with a list that it has just replaced.
  for _ in 1 2; do
    if apt-get update -qq >"$log" 2>&1 \
      && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
  done
  tail -20 "$log" >&2
  rm -f "$log"
  fail "apt n’a pas pu installer : $*"
}
