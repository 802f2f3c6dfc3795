"""Bare Django: no middleware, no app, no database."""

SECRET_KEY = "yardstick-" + "0" * 60
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.hello.urls"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
USE_TZ = True
