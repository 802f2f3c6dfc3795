"""What surrounds every page, read once per process and again only when it has changed.

Every process remembers the frame with the token it had *before* it was read; a change gives it a
new token in the shared cache once it is committed. So a page costs one look into the cache, and no
process shows an old menu after a change.

An announcement begins and ends by the clock: a page made for one reader follows it at once; a page
in the visitors' cache follows after PAGE_CACHE_SECONDS at most (ten minutes).
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models.signals import post_delete, post_save

from portal.content.models import Announcement, MenuEntry, PortalSettings
from portal.content.navigation import MAIN_MENU, Link

logger = logging.getLogger(__name__)
TOKEN_KEY = "content:frame:1"  # noqa: S105 -- the name of a version, no secret


@dataclass(frozen=True)
class Frame:
    """The frame at one version."""

    token: str
    identity: PortalSettings
    menu: tuple[Link, ...]
    announcements: tuple[Announcement, ...]

    def announcement_at(self, moment: datetime) -> Announcement | None:
        """Return the announcement to show at ``moment``: of those under way, the latest to begin."""
        for announcement in self.announcements:
            if announcement.starts_at <= moment and (announcement.ends_at is None or moment < announcement.ends_at):
                return announcement
        return None


_remembered: Frame | None = None
_lock = Lock()


def current_frame() -> Frame:
    """Return the frame; where the database itself fails, the default one, so that errors can be shown."""
    global _remembered  # noqa: PLW0603 -- one per process, on purpose
    try:
        token = cache.get(TOKEN_KEY)
        if token is None:
            # Another process may be adding one at the same time: the first wins.
            cache.add(TOKEN_KEY, uuid4().hex, timeout=None)
            token = cache.get(TOKEN_KEY) or uuid4().hex
        with _lock:
            frame = _remembered
            if frame is None or frame.token != token:
                frame = _remembered = _read_frame(token)
    except DatabaseError:
        logger.warning("the frame of the page could not be read", exc_info=True)
        return Frame("", PortalSettings(), MAIN_MENU, ())
    return frame


def _read_frame(token: str) -> Frame:
    entries = tuple(Link(entry.label, entry.link) for entry in MenuEntry.objects.all())
    identity = PortalSettings.objects.first() or PortalSettings()
    return Frame(token, identity, entries or MAIN_MENU, tuple(Announcement.objects.not_over()))


def renew_frame(**kwargs: Any) -> None:
    """Make every process read the frame anew, once the change is committed."""
    transaction.on_commit(lambda: cache.set(TOKEN_KEY, uuid4().hex, timeout=None))


def connect() -> None:
    """Listen to what the frame is made of; called once at start-up."""
    for model in (PortalSettings, MenuEntry, Announcement):
        post_save.connect(renew_frame, sender=model, dispatch_uid=f"frame-save-{model.__name__}")
        post_delete.connect(renew_frame, sender=model, dispatch_uid=f"frame-delete-{model.__name__}")
