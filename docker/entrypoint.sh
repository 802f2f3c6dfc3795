#!/bin/sh
# What a container does: web, worker, prepare (migrations, reference data, static files), or any
# manage.py command.
set -eu

case ${1:-web} in
  web)
    exec gunicorn --config deploy/gunicorn.conf.py --bind 0.0.0.0:8000
    ;;
  worker)
    exec python manage.py worker
    ;;
  prepare)
    python manage.py migrate --noinput
    python manage.py createcachetable
    python manage.py load_reference
    exec python manage.py collectstatic --noinput --verbosity 0
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
