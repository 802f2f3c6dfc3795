"""Production: PostgreSQL and SMTP by variable; Redis and S3-compatible media where given."""

from functools import partial

from .base import *  # noqa: F403
from .base import CACHES, STORAGES
from .variables import read as read_variable

read = partial(read_variable, settings_name="production")

SECRET_KEY = read("SECRET_KEY")
ALLOWED_HOSTS = read("ALLOWED_HOSTS")
BASE_URL = WAGTAILADMIN_BASE_URL = read("BASE_URL")
DATABASES = {
    "default": {
        **read("DATABASE_URL"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    },
}
if redis_url := read("REDIS_URL"):
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}

_mail_server = read("EMAIL_URL")
OUTBOX_TRANSPORT = _mail_server.pop("EMAIL_BACKEND")
vars().update(_mail_server)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("DEFAULT_FROM_EMAIL")
CONTACT_EMAIL = read("CONTACT_EMAIL")

if bucket := read("MEDIA_BUCKET"):
    _s3 = {
        "bucket_name": bucket,
        "endpoint_url": read("MEDIA_ENDPOINT_URL"),
        "access_key": read("MEDIA_ACCESS_KEY"),
        "secret_key": read("MEDIA_SECRET_KEY"),
        "file_overwrite": False,
    }
    STORAGES["default"] = {
        "BACKEND": "portal.core.s3.PublicS3Storage",
        "OPTIONS": {**_s3, "location": "media"},
    }
    STORAGES["private"] = {
        "BACKEND": "portal.core.s3.PrivateS3Storage",
        "OPTIONS": {**_s3, "location": "private"},
    }

MFA_REQUIRED_FOR_STAFF = read("MFA_REQUIRED_FOR_STAFF") is not False
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = read("HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
if read("TRUST_PROXY"):
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
