"""The demonstration's settings, with passwords that are quick to check: journeys sign in a hundred times."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portal.settings.demo import *  # noqa: F403

PASSWORD_HASHERS = ["tests.support.demo_settings.QuickHasher"]


class QuickHasher(PBKDF2PasswordHasher):
    """The portal's own way, a thousand times less often."""

    iterations = 1_000
