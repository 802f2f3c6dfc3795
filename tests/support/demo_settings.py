"""The demonstration's settings, made quicker: journeys sign in a hundred times, on files that nobody downloads."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portal.settings.demo import *  # noqa: F403
from portal.settings.demo import STORAGES

# Hashed names, as in production, and no compressed copies.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
PASSWORD_HASHERS = ["tests.support.demo_settings.QuickHasher"]


class QuickHasher(PBKDF2PasswordHasher):
    """The portal's own way, a thousand times less often."""

    iterations = 1_000
