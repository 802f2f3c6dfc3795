#!/usr/bin/env bash
# Every check of the code that runs none of its tests. All of them run; the last line names what failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

bin=.venv-dev/bin
failed=()
# Nothing here may touch the data of a demonstration.
DATA=$(mktemp -d)
export DATA
trap 'rm -rf "$DATA"' EXIT
unset DATABASE_URL TEST_DATABASE_URL
export DJANGO_SETTINGS_MODULE=portal.settings.test

step() {
  local title=$1
  shift
  say "$title"
  "$@" || failed+=("$title")
}

# The settings of production with values that serve nobody.
production_check() {
  env DJANGO_SETTINGS_MODULE=portal.settings.production \
    SECRET_KEY=check-only-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH \
    BASE_URL=https://portail.example ALLOWED_HOSTS=portail.example \
    DATABASE_URL=postgres://portal:none@127.0.0.1/none EMAIL_URL=smtp+tls://portal:none@127.0.0.1:587 \
    DEFAULT_FROM_EMAIL=portail@portail.example CONTACT_EMAIL=contact@portail.example \
    "$bin/python" manage.py check --deploy --fail-level WARNING
}

typed_code() {
  local files
  mapfile -t files < <(find agenda directory forum portal project_sheets -path portal/core -prune \
    -o \( -name services.py -o -name selectors.py -o -path '*/services/*.py' -o -path '*/selectors/*.py' \) -print)
  "$bin/mypy" --no-error-summary portal/core search "${files[@]}"
}

shell_scripts() {
  "$bin/shellcheck" --external-sources scripts/*.sh docker/*.sh .ci/run
}

systemd_units() {
  # Only where systemd is: the units name programs of the server, which this machine need not have.
  command -v systemd-analyze >/dev/null || return 0
  local folder output
  folder=$(mktemp -d)
  sed -E 's#^(Exec[A-Za-z]*=)\S+#\1/bin/true#; /^(User|Group|WorkingDirectory|EnvironmentFile)=/d' \
    deploy/portal-web.service >"$folder/portal-web.service"
  sed -E 's#^(Exec[A-Za-z]*=)\S+#\1/bin/true#; /^(User|Group|WorkingDirectory|EnvironmentFile)=/d' \
    deploy/portal-worker.service >"$folder/portal-worker.service"
  output=$(systemd-analyze verify --recursive-errors=no "$folder"/*.service 2>&1)
  local code=$?
  rm -rf "$folder"
  # verify warns of misspelled settings without failing.
  if [ "$code" != 0 ] || grep -q "$folder" <<<"$output"; then
    printf '%s\n' "$output"
    return 1
  fi
}

"$bin/python" scripts/compile_catalogue.py
step "ruff : règles" "$bin/ruff" check --quiet .
step "ruff : mise en forme" "$bin/ruff" format --check --quiet .
step "mypy" typed_code
step "import-linter" "$bin/lint-imports" --no-logo
step "djlint" "$bin/djlint" --lint --quiet .
step "migrations" "$bin/python" manage.py makemigrations --check --dry-run
step "catalogue français" "$bin/python" manage.py check_catalogue
step "réglages de production (check --deploy)" production_check
step "scripts (shellcheck)" shell_scripts
step "Dockerfile (hadolint)" "$bin/hadolint" Dockerfile
step "compose.yaml (dclint)" node_modules/.bin/dclint --max-warnings 0 compose.yaml
step "unités systemd" systemd_units

if [ "${#failed[@]}" -gt 0 ]; then
  printf '✗ En échec : %s\n' "${failed[@]}" >&2
  exit 1
fi
say "Toutes les vérifications sont passées."
