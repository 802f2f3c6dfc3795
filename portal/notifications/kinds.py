"""What the portal can tell people: the kinds that apps declare in ``notification_kinds.py``."""

from dataclasses import dataclass

from django.utils.functional import Promise

from portal.core.registry import Registry


@dataclass(frozen=True)
class NotificationKind:
    """One kind of news.

    ``reason`` is the sentence that says why somebody receives it; a ``mandatory`` kind (security,
    steps of one's own account) cannot be switched off.
    """

    key: str
    label: str | Promise
    reason: str | Promise
    mandatory: bool = False


notification_kinds: Registry[NotificationKind] = Registry("notification kinds")


def declare(kind: NotificationKind) -> None:
    """Add ``kind``; raises ValueError when its key is taken."""
    notification_kinds.register(kind.key, kind)
