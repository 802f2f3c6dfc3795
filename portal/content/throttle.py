"""Limits on how often something may be done, shared by all processes through the cache."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """Return the address of the client.

    Behind the proxy that TRUST_PROXY announces (it also sets SECURE_PROXY_SSL_HEADER) it is the
    last hop of X-Forwarded-For, the one which that proxy wrote; those before it are the client's word.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if forwarded and getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def take_turn(scope: str, who: str, *, limit: int, seconds: int) -> bool:
    """Take one of ``limit`` turns that ``who`` has in ``seconds``; False when none is left.

    Each turn is a key that ``cache.add`` creates for one process alone, so that two requests at
    the same moment cannot take the same one. ``who`` is stored as a keyed hash, never in clear.
    """
    key = salted_hmac(f"throttle:{scope}", who.lower()).hexdigest()
    return any(cache.add(f"throttle:{scope}:{key}:{turn}", 1, timeout=seconds) for turn in range(limit))
