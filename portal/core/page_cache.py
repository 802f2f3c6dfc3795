"""Full-page cache for visitors, invalidated exactly.

A view (or a page's ``serve``) marked with ``cached_for_visitors("sheets", …)`` names the areas of
content that its page shows (see ``portal.core.areas``). A visitor's response is stored with the
token that each area had *before* it was rendered, and served only while all these are current.

Stored pages lie in the shared cache, so that every process serves what one has rendered; each
process also keeps those that it served lately in its own memory.
"""

import functools
import hashlib
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from portal.core.areas import LAYOUT_AREA, Tokens, read_tokens, tokens_of_request
from portal.core.remember import making

logger = logging.getLogger(__name__)

PREFIX = "page-cache:2"
#: Addresses that no view marks as cacheable; the health page must answer while the cache is down.
NEVER_CACHED = ("/sante/", "/media/", "/admin/")
#: What a process keeps in its own memory, in bytes of pages.
MEMORY_BYTES = 32 * 1024 * 1024

View = TypeVar("View", bound=Callable[..., HttpResponse])


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
        # A signed-in member, or a visitor with a message waiting, gets a page of their own.
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and len(request.get_full_path()) <= 200
    )


@dataclass(frozen=True)
class StoredPage:
    """A page as it is served, with the tokens that it depends on; ``expires_at`` is a Unix time."""

    body: bytes
    headers: dict[str, str]
    tokens: dict[str, str]
    expires_at: float

    def is_current(self, tokens: Tokens) -> bool:
        """Tell whether nothing that the page shows has changed."""
        return self.expires_at > time.time() and all(tokens.get(area) == token for area, token in self.tokens.items())


class _Memory:
    """The pages that this process served lately, the least recent leaving first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, StoredPage] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> StoredPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: StoredPage) -> None:
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            self._size += len(page.body)
            while self._size > MEMORY_BYTES:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: str) -> None:
        page = self._pages.pop(key, None)
        self._size -= len(page.body) if page else 0


_memory = _Memory()


class PageCacheMiddleware:
    """Serve and store visitors' pages; stands before the session, which it makes needless."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the stored page if all its tokens are current, else the view's response."""
        if request.method not in {"GET", "HEAD"} or request.path.startswith(NEVER_CACHED):
            return self.get_response(request)
        tokens = read_tokens()
        if tokens is None or not _may_be_cached(request):
            with tokens_of_request(tokens):
                return self.get_response(request)
        key = _page_key(request)
        page = self._find(key, tokens)
        if page is not None:
            response = HttpResponse(page.body, headers=page.headers)
            response["X-Page-Cache"] = "hit"
            return response
        with tokens_of_request(tokens), making() as deadline:
            response = self.get_response(request)
        areas = getattr(request, "cache_areas", None)
        if areas and self._is_storable(request, response):
            self._store(key, response, {area: tokens[area] for area in areas}, deadline.seconds_left)
            response["X-Page-Cache"] = "miss"
        return response

    @staticmethod
    def _find(key: str, tokens: Tokens) -> StoredPage | None:
        page = _memory.get(key)
        if page is not None and page.is_current(tokens):
            return page
        try:
            page = cache.get(key)
        except Exception:  # As for the tokens: the page is rendered instead.
            logger.exception("the cache does not answer")
            return None
        if page is None or not page.is_current(tokens):
            return None
        _memory.put(key, page)
        return page

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
    def _store(key: str, response: HttpResponse, tokens: dict[str, str], seconds: float) -> None:
        page = StoredPage(response.content, dict(response.items()), tokens, time.time() + seconds)
        try:
            # Whole seconds are what caches count; the page itself knows its end.
            cache.set(key, page, math.ceil(seconds))
        except Exception:  # The page is there; only the next reader waits for it once more.
            logger.exception("the cache does not answer")
