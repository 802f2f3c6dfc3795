"""How often a machine may ask the API."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.core.throttle import client_network

REQUESTS, SECONDS = 120, 60


def take_request(request: HttpRequest) -> int:
    """Count one request of a machine; returns 0, or the seconds to wait where it has asked too often.

    A counter per minute rather than one key per turn: of two requests at the same instant one may
    go uncounted, which harms nobody here, and it costs one write.
    """
    now = int(timezone.now().timestamp())
    window = now // SECONDS
    who = salted_hmac("directory.api", client_network(request)).hexdigest()
    key = f"directory-api:{who}:{window}"
    if cache.add(key, 1, timeout=SECONDS * 2):
        return 0
    try:
        count = cache.incr(key)
    except ValueError:
        # It has just expired.
        return 0
    return (window + 1) * SECONDS - now if count > REQUESTS else 0
