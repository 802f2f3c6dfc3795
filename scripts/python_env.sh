#!/usr/bin/env bash
# python_env.sh VENV LOCK: bring the environment VENV to exactly what the hashed LOCK lists.
# Needs python3 (3.11 or later) and its pip, not Debian's python3-venv: uv does the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

venv=$1
lock=$2
python=${PYTHON:-python3}

command -v "$python" >/dev/null || need_packages "Il faut Python 3.11 ou plus récent" python3 python3-pip
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "Il faut Python 3.11 ou plus récent ; $python est $("$python" --version). Essayez : make PYTHON=python3.11 …"
"$python" -m pip --version >/dev/null 2>&1 || need_packages "Il manque pip" python3-pip

# uv has an environment of its own: a sync of the others would remove it.
if [ ! -x .venv-uv/bin/uv ] || [ requirements/uv.txt -nt .venv-uv/bin/uv ]; then
  say "Installation de uv, qui installe les dépendances Python"
  # Debian's Python has no ensurepip and its pip refuses the system: pip then works from outside.
  "$python" -m venv --clear --without-pip .venv-uv
  "$python" -m pip --python .venv-uv/bin/python install --quiet --disable-pip-version-check \
    --require-hashes --requirement requirements/uv.txt
  touch .venv-uv/bin/uv
fi

say "Dépendances Python de $venv ($(grep -c '^[a-zA-Z0-9].*==' "$lock") paquets verrouillés)"
[ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv"
# A mirror's own certificate is known to the system, not to uv; old and new spelling of the same.
export UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1
.venv-uv/bin/uv pip sync --quiet --python "$venv/bin/python" --require-hashes "$lock"
touch "$venv/.stamp"
