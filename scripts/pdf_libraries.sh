#!/usr/bin/env bash
# pdf_libraries.sh PYTHON: the libraries of the system that make PDF documents, installed where this
# user may. Elsewhere the command that installs them is named, and the portal lives without them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)

"$1" -c 'import weasyprint' >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # In a subshell: a failure of apt must not stop the set-up.
  (need_packages "Il manque de quoi faire les fiches PDF" "${packages[@]}") && exit 0
fi
say "Les fiches PDF sont indisponibles, le reste du portail fonctionne. Pour les avoir : sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
