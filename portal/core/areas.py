"""Areas of content and their tokens: how every process learns that something has changed.

Each app says which models make up an area (``declare("sheets", "project_sheets.Call", …)``). A
write that touches an area gives it a new token in the shared cache once it is committed, and then
renews the *generation* of all of them. So a process that remembers the tokens asks for one short
value, the generation, and reads the tokens again only when that one has changed.

Whatever is kept (a page, a figure, the frame) is kept with the tokens read *before* it was made: what was
made while a write was going on holds an old token and is never shown after it.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from portal.core.commits import OnceAfterCommit

logger = logging.getLogger(__name__)

#: Every page shows the header, the menu and the footer.
LAYOUT_AREA = "layout"
GENERATION_KEY = "areas:1:generation"

Tokens = Mapping[str, str]
_areas_by_model: dict[str, set[str]] = {}
_areas: set[str] = {LAYOUT_AREA}


def declare(area: str, *model_labels: str) -> None:
    """Say that a change of any of ``model_labels`` ("app.Model") changes what ``area`` shows.

    An area without models is one that its app renews itself, by ``invalidate``.
    """
    _areas.add(area)
    for label in model_labels:
        _areas_by_model.setdefault(label.lower(), set()).add(area)


def all_areas() -> set[str]:
    """Return every declared area, with the layout's own."""
    return set(_areas)


def token_key(area: str) -> str:
    """Return where the shared cache keeps the token of ``area``."""
    return f"areas:1:token:{area}"


def invalidate(areas: Iterable[str]) -> None:
    """Give ``areas`` new tokens once the current transaction is committed, all those of a transaction at once."""
    keys = {token_key(area): uuid4().hex for area in areas}
    if keys:
        _renewals.ask(keys)


def _renew(keys: Mapping[str, str]) -> None:
    # What this request has read so far may be old already.
    _of_request.set(None)
    # A cache that is down must not undo a write that is done: what is kept is late by its age at most.
    try:
        # The generation last: who reads the new one must find the new tokens.
        cache.set_many({**keys, GENERATION_KEY: uuid4().hex}, timeout=None)
    except Exception:
        logger.exception("not renewed: %s", ", ".join(sorted(keys)))


_renewals = OnceAfterCommit(_renew)


@dataclass(frozen=True)
class _Known:
    generation: str
    tokens: Tokens


_known: _Known | None = None
_lock = threading.Lock()
_of_request: ContextVar[Tokens | None] = ContextVar("tokens_of_request", default=None)


def read_tokens() -> Tokens | None:
    """Return the token of every area, or None while the cache does not answer; one short read if nothing changed."""
    global _known  # noqa: PLW0603 -- one per process, on purpose
    try:
        generation = _existing_or_new([GENERATION_KEY])[GENERATION_KEY]
        known = _known
        if known is None or known.generation != generation:
            areas = sorted(all_areas())
            found = _existing_or_new([token_key(area) for area in areas])
            known = _Known(generation, {area: found[token_key(area)] for area in areas})
            with _lock:
                _known = known
    except Exception:  # Every cache has errors of its own; a page without a cache is still a page.
        logger.exception("the cache does not answer")
        return None
    return known.tokens


def _existing_or_new(keys: list[str]) -> dict[str, str]:
    """Read ``keys``; those that are missing are made, and read again: another process may have been first."""
    found = cache.get_many(keys) if len(keys) > 1 else {keys[0]: cache.get(keys[0])}
    missing = [key for key in keys if not found.get(key)]
    if missing:
        for key in missing:
            cache.add(key, uuid4().hex, timeout=None)
        found |= cache.get_many(missing)
    return found


@contextmanager
def tokens_of_request(tokens: Tokens | None) -> Iterator[None]:
    """Let everything inside go by ``tokens``, read once for the whole request."""
    outside = _of_request.set(tokens)
    try:
        yield
    finally:
        _of_request.reset(outside)


def current_tokens() -> Tokens | None:
    """Return the tokens of this request; outside of one, or after it wrote something, those of now."""
    return _of_request.get() or read_tokens()


def _areas_of(sender: type[models.Model]) -> set[str]:
    areas: set[str] = set()
    if sender.__module__ == "__fake__":
        # A model inside a migration: the cache's own table may not exist yet.
        return areas
    for model in sender.__mro__:
        meta = getattr(model, "_meta", None)
        if meta is not None:
            areas |= _areas_by_model.get(meta.label_lower, set())
    return areas


def _on_change(sender: type[models.Model], **kwargs: Any) -> None:
    invalidate(_areas_of(sender))


def _on_m2m(sender: type[models.Model], instance: models.Model, action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        invalidate(_areas_of(type(instance)) | _areas_of(sender) | _areas_of(kwargs["model"]))


def _on_page_change(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    invalidate(_areas_of(instance.specific_class or sender))


def connect() -> None:
    """Listen to all models; called once at start-up."""
    post_save.connect(_on_change, dispatch_uid="areas-save")
    post_delete.connect(_on_change, dispatch_uid="areas-delete")
    m2m_changed.connect(_on_m2m, dispatch_uid="areas-m2m")
    # Wagtail moves and unpublishes bare pages, whose type the signals above do not tell.
    for name, signal in (("published", page_published), ("unpublished", page_unpublished), ("moved", post_page_move)):
        signal.connect(_on_page_change, dispatch_uid=f"areas-{name}")
