"""What surrounds every page, read once per process and again only when it has changed.

Every process remembers the frame with the token that its area had *before* it was read (see
``portal.core.areas``), and with it the parts of the page as they were drawn for its readers.

An announcement begins and ends by the clock: a page made for one reader follows it at once; a page
in the visitors' cache follows after PAGE_CACHE_SECONDS at most (ten minutes).
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError
from django.utils.safestring import SafeString

from portal.content.models import Announcement, MenuEntry, PortalSettings
from portal.content.navigation import MAIN_MENU, Link
from portal.core.areas import LAYOUT_AREA, current_tokens

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """The frame at one version."""

    token: str
    identity: PortalSettings
    menu: tuple[Link, ...]
    announcements: tuple[Announcement, ...]
    #: Templates of the layout, once drawn: see ``templatetags/frame.py``.
    parts: dict[str, SafeString] = field(default_factory=dict)

    def announcement_at(self, moment: datetime) -> Announcement | None:
        """Return the announcement to show at ``moment``: of those under way, the latest to begin."""
        for announcement in self.announcements:
            if announcement.starts_at <= moment and (announcement.ends_at is None or moment < announcement.ends_at):
                return announcement
        return None


_remembered: Frame | None = None


def current_frame() -> Frame:
    """Return the frame; where the database itself fails, the default one, so that errors can be shown."""
    global _remembered  # noqa: PLW0603 -- one per process, on purpose
    tokens = current_tokens()
    frame = _remembered
    if tokens is not None and frame is not None and frame.token == tokens[LAYOUT_AREA]:
        return frame
    try:
        frame = _read_frame(tokens[LAYOUT_AREA] if tokens is not None else "")
    except DatabaseError:
        logger.warning("the frame of the page could not be read", exc_info=True)
        return Frame("", PortalSettings(), MAIN_MENU, ())
    if tokens is not None:
        _remembered = frame
    return frame


def _read_frame(token: str) -> Frame:
    entries = tuple(Link(entry.label, entry.link) for entry in MenuEntry.objects.all())
    identity = PortalSettings.objects.first() or PortalSettings()
    return Frame(token, identity, entries or MAIN_MENU, tuple(Announcement.objects.not_over()))
