"""Demonstration: SQLite, media and mail in the data folder, no server to install."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import DATA_DIR, LOGGING, SQLITE_OPTIONS
from .variables import read


def _secret_key() -> str:
    """Return this demo's own secret, made on the first start and kept beside its database."""
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.write_text(get_random_secret_key() + get_random_secret_key())
        path.chmod(0o600)
    return path.read_text().strip()


SECRET_KEY = read("SECRET_KEY") or _secret_key()
ALLOWED_HOSTS = read("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {
    "default": read("DATABASE_URL")
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "portal.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": None,
    },
}
# Wagtail tells every page that it creates and the worker every task: the addresses would drown in it.
LOGGING["loggers"] |= {name: {"level": "WARNING"} for name in ("wagtail", "django_tasks", "django_tasks_db")}
if mail_server := read("EMAIL_URL"):
    OUTBOX_TRANSPORT = mail_server.pop("EMAIL_BACKEND")
    vars().update(mail_server)
