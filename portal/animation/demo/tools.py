"""What the parts of the demonstration share."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid5

from portal.taxonomy.models import Audience, Sector, Territory, Theme, parse_public_code

#: Tells one line of progress.
Say = Callable[[str], None]

#: The space of the demonstration's identifiers; any constant does.
NAMESPACE = UUID("5f0c3b6e-3f0a-4c53-9c3b-2a3d1c8f9e10")


def demo_uid(kind: str, key: str) -> UUID:
    """Return the identifier of one thing of the demonstration, the same at every run."""
    return uuid5(NAMESPACE, f"{kind}:{key}")


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep libraries that log each of their steps from drowning the progress."""
    loggers = [logging.getLogger(name) for name in ("wagtail", "fontTools")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def tell(say: Say, added: int, total: int) -> None:
    """Say what one part did."""
    say(f"  ajoutés : {added}, déjà là : {total - added}")


def territory(code: str) -> Territory:
    """Return the territory that an address names (``dep-41``)."""
    level, official = parse_public_code(code) or ("", "")
    return Territory.objects.get(level=level, code=official)


def territories(codes: Iterable[str]) -> list[Territory]:
    """Return several territories in the order of their codes."""
    return [territory(code) for code in codes]


def themes(slugs: Iterable[str]) -> list[Theme]:
    """Return themes of the reference data."""
    return [Theme.objects.get(slug=slug) for slug in slugs]


def audiences(slugs: Iterable[str]) -> list[Audience]:
    """Return audiences of the reference data."""
    return [Audience.objects.get(slug=slug) for slug in slugs]


def sectors(slugs: Iterable[str]) -> list[Sector]:
    """Return sectors of the reference data."""
    return [Sector.objects.get(slug=slug) for slug in slugs]
