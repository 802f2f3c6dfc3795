"""The portal served to a crowd: the tests' settings on the tests' own database."""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["CROWD_DATABASE"]
# A thread keeps its connection, as in production.
DATABASES["default"]["CONN_MAX_AGE"] = None
