"""Engines of search, behind one interface; ``settings.SEARCH_ENGINE`` names the one that answers.

The database engine is always kept up: it takes over whenever another one does not answer.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import SearchEngine

ENGINES = {
    "database": "search.engines.database.DatabaseEngine",
    "elasticsearch": "search.engines.failover.FailoverEngine",
}


@cache
def get_engine() -> SearchEngine:
    """Return the engine of this installation."""
    if settings.SEARCH_ENGINE == "database":
        return database_engine()
    return import_string(ENGINES[settings.SEARCH_ENGINE])()


@cache
def database_engine() -> SearchEngine:
    """Return the embedded engine."""
    return import_string(ENGINES["database"])()
