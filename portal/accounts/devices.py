"""Devices in words that people recognise, and what makes one known."""

import ipaddress

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

#: Sign in a user agent → name. The first match wins: Chrome says Safari, Edge says both.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
IPV4_NETWORK, IPV6_NETWORK = 24, 48


def _first_in(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")


def device_label(user_agent: str) -> str:
    """Return a short reading of a user agent: "Firefox on Windows"."""
    browser, system = _first_in(user_agent, BROWSERS), _first_in(user_agent, SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def _network_of(address: str) -> str:
    """Return the network of an address: people's own addresses change within it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    prefix = IPV4_NETWORK if parsed.version == 4 else IPV6_NETWORK
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def device_fingerprint(*, user_agent: str, address: str) -> str:
    """Return the keyed digest of a kind of device on a network; 64 hexadecimal digits."""
    names = "|".join((_first_in(user_agent, BROWSERS), _first_in(user_agent, SYSTEMS), _network_of(address)))
    return salted_hmac("accounts.device", names, algorithm="sha256").hexdigest()
