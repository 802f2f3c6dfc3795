# The interface of this file is for the people who install the portal: its messages are French.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PORT ?= 8000
# An absolute path: the servers must find their data whatever folder they run in.
override DATA := $(abspath $(or $(DATA),var))
export PORT DATA

DEMO := .venv/bin/python
DEV := .venv-dev/bin/python

.PHONY: help pdf-dev demo demo-reset test test-unit test-e2e crash check bench search-quality fmt env-demo env-dev

help: ## (cette aide)
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## [^(]/ { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PORT=8000 et DATA=var se remplacent sur la ligne de commande : make demo PORT=8080 DATA=/tmp/essai"

demo: env-demo ## installe et démarre la démonstration sur http://127.0.0.1:8000
	@exec scripts/demo.sh

demo-reset: ## efface les données de la démonstration ; le prochain « make demo » repart de zéro
	@python3 scripts/demo_data.py reset "$(DATA)"

test: env-dev pdf-dev ## lance tous les tests : SQLite, PostgreSQL, Chromium, SMTP
	@exec $(DEV) scripts/run_tests.py sqlite postgresql chromium

test-unit: env-dev pdf-dev ## lance les tests sans navigateur, sur SQLite
	@exec $(DEV) scripts/run_tests.py sqlite

test-e2e: env-dev pdf-dev ## lance les tests dans un vrai navigateur (Chromium)
	@exec $(DEV) scripts/run_tests.py chromium

crash: env-dev ## tue 20 fois les exécuteurs et la base pendant que 1 000 courriels partent (SQLite, PostgreSQL)
	@exec $(DEV) -m tests.mail.crash

check: env-dev pdf-dev ## vérifie le code : ruff, mypy, import-linter, djlint, migrations, catalogue français
	@exec scripts/check.sh

bench: env-dev ## mesure le temps de calcul des pages (tableau dans DATA/bench)
	@exec $(DEV) -m tests.bench

search-quality: env-dev ## mesure ce que la recherche trouve (rappel, rang) et compare avec la fois précédente
	@$(DEV) -m tests.search_quality
	@exec $(DEV) -m tests.search_quality --database postgres

fmt: env-dev ## met le code en forme
	@.venv-dev/bin/ruff check --fix-only --quiet .
	@.venv-dev/bin/ruff format .

env-demo: .venv/.stamp node_modules/.stamp-demo

env-dev: .venv-dev/.stamp node_modules/.stamp-dev

pdf-dev: env-dev
	@scripts/pdf_libraries.sh $(DEV)

.venv/.stamp: requirements/base.txt scripts/python_env.sh
	@scripts/python_env.sh .venv requirements/base.txt

.venv-dev/.stamp: requirements/dev.txt scripts/python_env.sh
	@scripts/python_env.sh .venv-dev requirements/dev.txt

node_modules/.stamp-demo: package-lock.json .npmrc scripts/node_env.sh
	@scripts/node_env.sh demo

node_modules/.stamp-dev: package-lock.json .npmrc scripts/node_env.sh
	@scripts/node_env.sh dev
