"""Engines of search, behind one interface; ``settings.SEARCH_ENGINE`` names the one in use."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import SearchEngine

ENGINES = {"database": "search.engines.database.DatabaseEngine"}


@cache
def get_engine() -> SearchEngine:
    """Return the engine of this installation."""
    return import_string(ENGINES[settings.SEARCH_ENGINE])()
