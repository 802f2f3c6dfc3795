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

"$python" scripts/demo_data.py claim "$DATA"
"$python" scripts/compile_catalogue.py
say "Base de données (SQLite, dans $DATA)"
"$python" manage.py migrate --verbosity 0
"$python" manage.py createcachetable
say "Territoires, thématiques et publics"
"$python" manage.py load_reference
say "Contenu de démonstration"
"$python" manage.py load_demo
say "Fichiers statiques"
"$python" manage.py collectstatic --noinput --verbosity 0
exec "$python" scripts/serve_demo.py
