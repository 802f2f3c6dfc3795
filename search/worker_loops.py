"""What a worker does for search: index what requests left to it, copy to an engine outside of the database."""

import logging

from django.conf import settings

from portal.core.worker import WorkerContext, declare
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.files import extract_waiting
from search.indexing import drain

logger = logging.getLogger(__name__)

DRAIN_EVERY_SECONDS = 2
EXTRACT_EVERY_SECONDS = 10


def index(context: WorkerContext) -> None:
    """Index what waits."""
    drain(is_stopping=context.stopping.is_set)


def copy(context: WorkerContext) -> None:
    """Copy what waits to the server; while it does not answer, everything goes on waiting."""
    from search.engines.failover import FailoverEngine  # noqa: PLC0415 -- a third of a second of each start

    engine = get_engine()
    try:
        while isinstance(engine, FailoverEngine) and engine.copy() and not context.stopping.is_set():
            pass
    except EngineUnavailable as error:
        logger.warning("search: nothing can be copied at the moment: %s", error)


def extract(context: WorkerContext) -> None:
    """Read the files whose words are not known yet."""
    while not context.stopping.is_set() and extract_waiting():
        pass


declare("search.index", step=index, every_seconds=DRAIN_EVERY_SECONDS)
declare("search.extract", step=extract, every_seconds=EXTRACT_EVERY_SECONDS)
if settings.SEARCH_ENGINE == "elasticsearch":
    declare("search.copy", step=copy, every_seconds=DRAIN_EVERY_SECONDS)
