"""The portal under measurement: the demonstration's settings on data of its own.

DATA, DATABASE_URL and PAGE_CACHE come from whoever starts the process.
"""

from portal.settings.demo import *  # noqa: F403
from portal.settings.demo import DATABASES, LOGGING, STORAGES

# A thread keeps its connection, as in production.
DATABASES["default"]["CONN_MAX_AGE"] = None
# Hashed names, as in production; compressing files that nobody downloads would cost half a minute.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
# Wagtail notes every page that is made.
LOGGING["loggers"] |= {"wagtail": {"level": "WARNING"}}
