"""Full-page cache for visitors, invalidated exactly.

A view (or a page's ``serve``) marked with ``cached_for_visitors("sheets", …)`` names the areas of
content that its page shows. A visitor's response is stored with the token that each area had
*before* it was rendered; a write that touches an area gives it a new token once it is committed.
A stored page is served only while all its tokens are current: a page rendered while a write was
going on holds an old token and is never served after it.
"""

import functools
import hashlib
import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

logger = logging.getLogger(__name__)

PREFIX = "page-cache:1"
#: Addresses that no view marks as cacheable; the health page must answer while the cache is down.
NEVER_CACHED = ("/sante/", "/media/", "/admin/")
#: Every page shows the header, the menu and the footer.
LAYOUT_AREA = "layout"

_areas_by_model: dict[str, set[str]] = {}
View = TypeVar("View", bound=Callable[..., HttpResponse])


def declare(area: str, *model_labels: str) -> None:
    """Say that a change of any of ``model_labels`` ("app.Model") changes the pages of ``area``."""
    for label in model_labels:
        _areas_by_model.setdefault(label.lower(), set()).add(area)


def cached_for_visitors(*areas: str) -> Callable[[View], View]:
    """Mark a view whose visitor's response depends on nothing but the URL and ``areas``."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            depend_on(request, *areas)
            return view(request, *args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def depend_on(request: HttpRequest, *areas: str) -> None:
    """Make the response to ``request`` cacheable for visitors until one of ``areas`` changes."""
    known: set[str] = getattr(request, "cache_areas", set())
    request.cache_areas = known | {LAYOUT_AREA, *areas}  # type: ignore[attr-defined]


def invalidate(areas: Iterable[str]) -> None:
    """Give ``areas`` new tokens once the current transaction is committed."""
    keys = {_token_key(area): uuid4().hex for area in areas}
    if keys:
        # A cache that is down must not undo a write that is done: the pages are late by their age at most.
        transaction.on_commit(functools.partial(cache.set_many, keys, timeout=None), robust=True)


def all_areas() -> set[str]:
    """Return every declared area, with the layout's own."""
    return {LAYOUT_AREA}.union(*_areas_by_model.values())


def _token_key(area: str) -> str:
    return f"{PREFIX}:token:{area}"


@functools.cache
def _build() -> str:
    """Name what every page is made of: the theme and this release's static files."""
    return f"{settings.PORTAL_THEME}:{getattr(staticfiles_storage, 'manifest_hash', '')}"


def _page_key(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    address = f"{_build()}:{request.get_host()}:{request.path}?{query}"
    # Hashed: an address may hold signs that a cache refuses in its keys.
    return f"{PREFIX}:page:{hashlib.sha256(address.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _may_be_cached(request: HttpRequest) -> bool:
    return (
        settings.PAGE_CACHE_ENABLED
        and request.method == "GET"
        and not request.path.startswith(NEVER_CACHED)
        # A signed-in member, or a visitor with a message waiting, gets a page of their own.
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and len(request.get_full_path()) <= 200
    )


class PageCacheMiddleware:
    """Serve and store visitors' pages; stands before the session, which it makes needless."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the stored page if all its tokens are current, else the view's response."""
        if not _may_be_cached(request):
            return self.get_response(request)
        page_key = _page_key(request)
        token_keys = [_token_key(area) for area in sorted(all_areas())]
        try:
            # One query for the page and all tokens.
            found = cache.get_many([page_key, *token_keys])
        except Exception:  # Every cache has errors of its own; a page without a cache is still a page.
            logger.exception("the page cache does not answer")
            return self.get_response(request)
        tokens = {key: found.get(key) for key in token_keys}
        stored = found.get(page_key)
        if stored and all(tokens.get(key) == token for key, token in stored["tokens"].items()):
            response = HttpResponse(stored["body"], status=200, headers=stored["headers"])
            response["X-Page-Cache"] = "hit"
            return response
        response = self.get_response(request)
        areas = getattr(request, "cache_areas", None)
        if areas and self._is_storable(request, response):
            self._store(page_key, response, {_token_key(area): tokens.get(_token_key(area)) for area in areas})
            response["X-Page-Cache"] = "miss"
        return response

    @staticmethod
    def _is_storable(request: HttpRequest, response: HttpResponse) -> bool:
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            # A page that printed a CSRF token belongs to one visitor.
            and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
            and "no-store" not in response.get("Cache-Control", "")
        )

    @staticmethod
    def _store(page_key: str, response: HttpResponse, tokens: dict[str, Any]) -> None:
        missing = {key: uuid4().hex for key, token in tokens.items() if token is None}
        if missing:
            # Areas without a token yet get one now; the page is stored at its next visit, so
            # that a write committed in between cannot be missed.
            for key, token in missing.items():
                cache.add(key, token, timeout=None)
            return
        stored = {"body": response.content, "headers": dict(response.items()), "tokens": tokens}
        cache.set(page_key, stored, settings.PAGE_CACHE_SECONDS)


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
    post_save.connect(_on_change, dispatch_uid="page-cache-save")
    post_delete.connect(_on_change, dispatch_uid="page-cache-delete")
    m2m_changed.connect(_on_m2m, dispatch_uid="page-cache-m2m")
    # Wagtail moves and unpublishes bare pages, whose type the signals above do not tell.
    for name, signal in (("published", page_published), ("unpublished", page_unpublished), ("moved", post_page_move)):
        signal.connect(_on_page_change, dispatch_uid=f"page-cache-{name}")
