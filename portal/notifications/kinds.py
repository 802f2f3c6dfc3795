"""What the portal can tell people: the kinds that apps declare in ``notification_kinds.py``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from portal.core.registry import Registry
from portal.notifications.enums import Rhythm

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.notifications.models import Event


@dataclass(frozen=True)
class Recipient:
    """Somebody whom an event concerns.

    ``reason`` is the whole sentence that says why ("You follow the theme Housing."); empty, it is
    the kind's own. ``rhythm`` and ``subscription_id`` come from what the person follows: see
    ``portal.notifications.selectors.followers_as_recipients``.
    """

    user_id: int
    reason: str = ""
    rhythm: str = ""
    subscription_id: int | None = None


@dataclass(frozen=True)
class Telling:
    """How an event is told to one person.

    ``title`` is shown on the site and in mails: nothing that this person may not read, and no
    excerpt. ``url`` is a path of the portal. Events with the same ``group`` ("forum.discussion:12")
    are told together, under ``group_title``. ``text``, plain and public, is what a mail at once says
    besides; without it the title is all. ``mail_url`` is a path for the button of that mail, which
    otherwise leads through the notification centre and marks the news as read. ``reply_to`` is the
    address at which this person answers that mail; the same for all news of a group.
    """

    title: str
    url: str
    group: str = ""
    group_title: str = ""
    text: str = ""
    mail_url: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class NotificationKind:
    """One kind of news.

    ``key`` is "area.what". ``label`` names it in the preferences; ``reason`` is the sentence that
    says why somebody receives it, filled with the event's data. ``audience(event)`` returns whom it
    concerns, and is called by a worker, never in a request; where it returns somebody twice the
    first time counts. ``telling(event, user)`` returns None where this person may not see it; it is
    asked when the news is told and again when the mail leaves. ``default`` is the rhythm of its
    mails; a ``mandatory`` kind (a step of one's own) cannot be switched off and is mailed at once. A kind
    ``mailed_elsewhere`` has mails of its app's own, with what a line of news cannot say: the ledger tells
    it on the site alone, whatever was chosen, so that nobody is mailed twice.

    ``mail`` is the declared mail that tells it at once. ``visible(user)``, optional, returns the
    objects (of the events' ``about``) that a person may see: a list of news, and what a summary only
    counts, is then checked with one query a kind. ``concerns(user)``, optional, says whether somebody may
    ever be told of it: others find it nowhere in their preferences.
    """

    key: str
    label: str | Promise
    reason: str | Promise
    audience: Callable[["Event"], Iterable[Recipient]]
    telling: Callable[["Event", "User"], Telling | None]
    default: Rhythm = Rhythm.WEEKLY
    mandatory: bool = False
    mailed_elsewhere: bool = False
    mail: str = "notifications.news"
    visible: Callable[["User"], QuerySet[Any]] | None = None
    concerns: Callable[["User"], bool] | None = None


notification_kinds: Registry[NotificationKind] = Registry("notification kinds")


def declare(kind: NotificationKind) -> None:
    """Add ``kind``; raises ValueError when its key is taken."""
    notification_kinds.register(kind.key, kind)
