#!/usr/bin/env bash
# Install the demonstration in DATA, then serve it on PORT until interrupted.
# A second run keeps what was changed: every step adds only what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

: "${PORT:?}" "${DATA:?}"
export DJANGO_SETTINGS_MODULE=portal.settings.demo PYTHONUNBUFFERED=1
python=.venv/bin/python

# Before the long steps: whoever has forgotten a first server need not wait to be told.
"$python" scripts/serve_demo.py --check-port

scripts/pdf_libraries.sh "$python"
"$python" scripts/demo_data.py claim "$DATA"
"$python" scripts/compile_catalogue.py
say "Base de données (SQLite, dans $DATA)"
"$python" manage.py migrate --verbosity 0
"$python" manage.py createcachetable
# Compressing them takes the longest of all: done again only after a change of theirs or of a dependency.
manifest=$DATA/static/staticfiles.json
if [ ! -e "$manifest" ] || [ .venv/.stamp -nt "$manifest" ] \
  || [ -n "$(find . \( -name '.*' -o -path ./node_modules -o -path ./var \) ! -name . -prune -o -path '*/static/*' -newer "$manifest" -print -quit)" ]; then
  say "Fichiers statiques"
  "$python" manage.py collectstatic --noinput --verbosity 0
fi
# Last, because it ends by telling who may sign in.
say "Contenu de démonstration"
"$python" manage.py load_demo
exec "$python" scripts/serve_demo.py
