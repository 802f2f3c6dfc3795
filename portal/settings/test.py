"""Tests: SQLite in memory or on disk, or the PostgreSQL that TEST_DATABASE_URL names."""

import os
import tempfile
from pathlib import Path

_data = os.environ.setdefault("DATA", tempfile.mkdtemp(prefix="portal-test-"))

from .base import *  # noqa: E402, F403
from .base import LOGGING, SQLITE_OPTIONS, STATIC_ROOT, STORAGES  # noqa: E402
from .variables import _database  # noqa: E402

SECRET_KEY = "test-only-" + "0" * 60
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"

if _url := os.environ.get("TEST_DATABASE_URL"):
    DATABASES = {"default": _database(_url)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(_data) / "portal.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            # A file, not memory: the browser tests' server thread needs its own connection.
            "TEST": {"NAME": Path(_data) / "test.sqlite3"},
        },
    }

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# What the outbox delivers lands in django.core.mail.outbox. EMAIL_BACKEND itself: see tests/conftest.py.
OUTBOX_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
PAGE_CACHE_ENABLED = False
# WhiteNoise warns about a folder that only collectstatic makes.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
LOGGING["root"]["level"] = "WARNING"
