"""Limits on how often something may be done, shared by all processes through the cache."""

from ipaddress import ip_address, ip_network

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


def client_network(request: HttpRequest) -> str:
    """Return what stands for the client's machine in a count: its address, or its /64 in IPv6.

    A subscriber of IPv6 has 2^64 addresses (RFC 6177); with the whole address no count would bite.
    """
    address = client_address(request)
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


def _turn_keys(scope: str, who: str, limit: int) -> list[str]:
    """Return the key of each turn; ``who`` is stored as a keyed hash, never in clear."""
    hashed = salted_hmac(f"throttle:{scope}", who.lower()).hexdigest()
    return [f"throttle:{scope}:{hashed}:{turn}" for turn in range(limit)]


def claim_turn(scope: str, who: str, *, limit: int, seconds: int) -> str | None:
    """Take one of ``limit`` turns that ``who`` has in ``seconds``; None when none is left.

    Each turn is a key that ``cache.add`` creates for one process alone, so that two requests at
    the same moment cannot take the same one. Returns what ``give_turn_back`` needs.
    """
    keys = _turn_keys(scope, who, limit)
    taken = cache.get_many(keys)
    return next((key for key in keys if key not in taken and cache.add(key, 1, timeout=seconds)), None)


def give_turn_back(claimed: str) -> None:
    """Free a turn whose use turned out not to count, such as a sign-in that succeeded."""
    cache.delete(claimed)


def take_turn(scope: str, who: str, *, limit: int, seconds: int) -> bool:
    """Take a turn as ``claim_turn`` does, for good; False when none is left."""
    return claim_turn(scope, who, limit=limit, seconds=seconds) is not None
