"""Every environment variable of the portal, in one table.

The README prints this table (``manage.py settings_table``) and a test compares the two.
A missing or wrong value stops the start-up with one sentence that names the variable.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_env = environ.Env()


def _boolean(value: str) -> bool:
    """Parse 1/0, true/false, yes/no, on/off; anything else is an error rather than False."""
    lowered = value.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError("expected true or false")


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _base_url(value: str) -> str:
    if not value.startswith(("http://", "https://")) or value.endswith("/"):
        raise ValueError("expected http(s)://host without a final slash")
    return value


def _tiles(value: str) -> str:
    if not value.startswith("https://") or not all(part in value for part in ("{z}", "{x}", "{y}")):
        raise ValueError("expected https://host/{z}/{x}/{y}.png")
    return value


def origin_of(url: str) -> str:
    """Return the scheme and host of an address, as a content security policy names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _secret(value: str) -> str:
    if len(value) < 50:
        raise ValueError("expected at least 50 characters")
    return value


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}")
        return value

    return parse


def _url(parser: str) -> Callable[[str], Any]:
    def parse(value: str) -> Any:
        parsed = getattr(_env, parser)(value)
        if not parsed:
            raise ValueError("expected an URL")
        return parsed

    return parse


def _database(value: str) -> Any:
    if not value.startswith(("postgres://", "postgresql://", "sqlite:///")):
        raise ValueError("expected postgres://… or sqlite:///…")
    return _env.db_url_config(value)


def _cache(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected redis://…")
    return value


def _email(value: str) -> Any:
    if not value.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
        raise ValueError("expected smtp://, smtp+tls:// or smtp+ssl://")
    return _env.email_url_config(value)


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    ``default`` is the text used when the variable is absent; None means that it may stay
    absent, unless ``required`` names the settings in which it may not.
    """

    name: str
    help: str
    parse: Callable[[str], Any] = str
    default: str | None = None
    required: tuple[str, ...] = ()


VARIABLES: tuple[Variable, ...] = (
    Variable("DATA", "Folder of the data: database, media, logs", Path, str(BASE_DIR / "var")),
    Variable("PORT", "Port of the demo server", int, "8000"),
    Variable("SECRET_KEY", "Django's secret, 50 characters or more", _secret, None, ("production",)),
    Variable("BASE_URL", "Public address, without a final slash", _base_url, None, ("production",)),
    Variable("ALLOWED_HOSTS", "Host names served, separated by commas", _list, None, ("production",)),
    Variable("DATABASE_URL", "Database, postgres://user:password@host/name", _database, None, ("production",)),
    Variable("REDIS_URL", "Shared cache; without it the cache lives in the database", _cache),
    Variable(
        "EMAIL_URL",
        "SMTP server, smtp+tls://user:password@host:587; without it the demo writes files in DATA/mail",
        _email,
        None,
        ("production",),
    ),
    Variable("DEFAULT_FROM_EMAIL", "Sender of the portal's e-mails", str, None, ("production",)),
    Variable(
        "MAIL_RETURN_ADDRESS",
        "Mailbox of undelivered e-mails, which must accept name+anything@host; without it nothing is read back",
    ),
    Variable("MAIL_RETURN_MAILDIR", "Folder (Maildir) of that mailbox, read every five minutes", Path),
    Variable("CONTACT_EMAIL", "Mailbox that receives the contact form", str, None, ("production",)),
    Variable("REPLY_ADDRESS", "Mailbox of answers to discussions by e-mail, reponse@host; without it none are taken"),
    Variable("MEDIA_BUCKET", "S3-compatible bucket for media; without it they live in DATA"),
    Variable("MEDIA_ENDPOINT_URL", "Endpoint of the S3-compatible storage", _base_url),
    Variable("MEDIA_ACCESS_KEY", "Access key of the S3-compatible storage"),
    Variable("MEDIA_SECRET_KEY", "Secret key of the S3-compatible storage"),
    Variable("MAP_TILES_URL", "Background of the maps, https://host/{z}/{x}/{y}.png; without it none", _tiles),
    Variable("MAP_TILES_CREDIT", "Whom the background of the maps comes from"),
    Variable(
        "SEARCH_ENGINE",
        "Engine of the site search: database, or elasticsearch for a portal that outgrows one machine",
        _choice("database", "elasticsearch"),
        "database",
    ),
    Variable("ELASTICSEARCH_URL", "Server of the elasticsearch engine, https://user:password@host:9200", _base_url),
    Variable("PORTAL_NAME", "Name shown in the header", str, "Notre communauté"),
    Variable(
        "PORTAL_TAGLINE",
        "Line under the name",
        str,
        "La plateforme des acteurs de l’emploi, de la formation et de l’insertion",
    ),
    Variable(
        "PORTAL_THEME", "neutral, or state for an operator of the State (DSFR)", _choice("neutral", "state"), "neutral"
    ),
    Variable("PAGE_CACHE", "Full-page cache for visitors", _boolean, "true"),
    Variable("TRUST_PROXY", "Trust X-Forwarded-Proto and -For from the reverse proxy", _boolean, "false"),
    Variable(
        "MFA_REQUIRED_FOR_STAFF",
        "Second factor wanted of animators and administrators (true in production unless said, false elsewhere)",
        _boolean,
    ),
    Variable("PROCONNECT_URL", "Issuer of ProConnect; without it agents sign in as everybody does", _base_url),
    Variable("PROCONNECT_CLIENT_ID", "Identifier of the portal at ProConnect; needed with PROCONNECT_URL"),
    Variable("PROCONNECT_CLIENT_SECRET", "Secret of the portal at ProConnect; needed with PROCONNECT_URL"),
    Variable("HSTS_SECONDS", "Length of Strict-Transport-Security, in seconds", int, "31536000"),
)

_BY_NAME = {variable.name: variable for variable in VARIABLES}


def read(name: str, *, settings_name: str = "") -> Any:
    """Return the parsed value of a declared variable, or None where it is absent and optional.

    Raises ImproperlyConfigured, naming the variable and what is expected, when the value is
    wrong or when it is absent and ``settings_name`` requires it.
    """
    variable = _BY_NAME[name]
    raw = os.environ.get(name, "").strip() or variable.default
    if raw is None:
        if settings_name in variable.required:
            raise ImproperlyConfigured(f"{name} is missing. {variable.help}. See the table of variables in README.md.")
        return None
    try:
        return variable.parse(raw)
    except (ValueError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is wrong: {error}. {variable.help}.") from error


def read_together(*names: str) -> list[Any]:
    """Return the values of variables that only make sense together, all None where none is given.

    Raises ImproperlyConfigured naming those that are missing.
    """
    values = [read(name) for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if value is None]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(f"Missing: {', '.join(missing)}. {', '.join(names)} go together. See README.md.")
    return values
