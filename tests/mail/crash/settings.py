"""The portal's worker and outbox alone, impatient: starting all apps would take most of the time."""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES

INSTALLED_APPS = [
    "portal.mail",
    "tests.mail.crash.apps.CoreConfig",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.mail.crash.urls"
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
EMAIL_BACKEND = "portal.mail.backends.OutboxBackend"
OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["CRASH_SMTP_PORT"])
EMAIL_TIMEOUT = 5
OUTBOX_LEASE_SECONDS = 3
OUTBOX_POLL_SECONDS = 0.1
OUTBOX_RETRY_SECONDS = (1,) * 50
LOGGING: dict[str, object] = {}
