#!/usr/bin/env bash
# node_env.sh demo|dev: the npm packages; "demo" is the data of the territories alone.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

command -v npm >/dev/null || need_packages "Il manque npm" npm

case $1 in
  demo)
    say "Données des territoires (régions, départements, communes)"
    options=(--omit=dev)
    stamps=(.stamp-demo)
    ;;
  dev)
    say "Données des territoires et outils npm de vérification"
    options=()
    stamps=(.stamp-demo .stamp-dev)
    ;;
  *) fail "node_env.sh demo|dev" ;;
esac
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "${options[@]}" >/dev/null
for stamp in "${stamps[@]}"; do touch "node_modules/$stamp"; done
