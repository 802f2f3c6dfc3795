"""Mails of the ledger that leave at once. A worker calls ``send_due``.

What waits for one person about one group leaves as one mail. Choices and rights are asked again
here, and once more when the mail server takes it (``last_look``); the decision and the row of the
outbox are written together, so that a worker that dies leaves both or neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.mail.selectors import blocked_addresses
from portal.mail.services import queue_mail
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.kinds import NotificationKind, Telling, notification_kinds
from portal.notifications.models import MailSettings, Notification, Preference
from portal.notifications.rules import GROUP_PAUSE, after_quiet_hours, is_paused, rhythm_now
from portal.notifications.selectors import preferences_of
from portal.notifications.tokens import Scope, unsubscribe_path

#: Groups settled in one call; what is left is due two seconds later.
AT_ONCE = 1_000


@dataclass(frozen=True)
class Told:
    """One notification with what its kind says of it now."""

    row: Notification
    telling: Telling

    @property
    def url(self) -> str:
        """The absolute address that marks it as read and leads to the thing."""
        return absolute(reverse("notifications:open", args=[self.row.pk]))


def absolute(path: str) -> str:
    """Return the address of a path as mails want it."""
    return f"{settings.BASE_URL}{path}"


def send_due(*, now: datetime | None = None, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Write the mails that are due into the outbox; returns how many."""
    now = now or timezone.now()
    due = Notification.objects.to_mail(Rhythm.NOW).filter(mail_due_at__lte=now)
    pairs = due.order_by("user_id", "group").values_list("user_id", "group").distinct()
    sent = 0
    for user_id, group in list(pairs[:AT_ONCE]):
        if is_stopping():
            break
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            sent += _send_group(user_id, group, now)
    return sent


def _send_group(user_id: int, group: str, now: datetime) -> int:
    waiting = Notification.objects.to_mail(Rhythm.NOW).filter(user_id=user_id, group=group)
    rows = list(with_events(locked(waiting)).select_related("user").order_by("pk"))
    if not rows:
        return 0
    user = rows[0].user
    if not user.is_member:
        return end(rows, Why.WITHDRAWN)
    if blocked_addresses([user.email]):
        return end(rows, Why.ADDRESS)
    rows = still_wanted(rows, Rhythm.NOW, preferences_of([user_id]))
    steps = [row for row in rows if _is_mandatory(row)]
    news = [row for row in rows if not _is_mandatory(row)]
    sent = sum(_send(user, [row], "notifications.step") for row in steps)
    return sent + (_send_news(user, news, now) if news else 0)


def locked(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """Keep these rows from other workers until the end of the transaction; SQLite serialises those anyway."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def with_events(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """Read their events and subscriptions along, and what those are about.

    Joined: Django 5.2 asks SQLite for a thousand rows by a thousand conditions, which is more than it takes.
    """
    return rows.select_related("event", "subscription").prefetch_related("event__about")


def _is_mandatory(row: Notification) -> bool:
    return row.kind in notification_kinds and notification_kinds.get(row.kind).mandatory


def _send_news(user: User, rows: list[Notification], now: datetime) -> int:
    mail_settings = MailSettings.objects.filter(user=user).first()
    if mail_settings is not None and is_paused(mail_settings, now):
        return end(rows, Why.PAUSED)
    later = max(after_quiet_hours(mail_settings, now), _end_of_group_pause(rows[0], now))
    if later > now:
        _of(rows).update(mail_due_at=later)
        return 0
    kinds = {row.kind for row in rows}
    mail = notification_kinds.get(rows[0].kind).mail if len(kinds) == 1 and rows[0].kind in notification_kinds else ""
    return _send(user, rows, mail or "notifications.news")


def _end_of_group_pause(row: Notification, now: datetime) -> datetime:
    """Return until when the group is quiet: a mail about it has just left, and the site was not read since."""
    mailed = Notification.objects.filter(
        user=row.user_id, group=row.group, mail_state=MailState.SENT, mailed_at__gt=now - GROUP_PAUSE, read_at=None
    )
    last = mailed.order_by("-mailed_at").values_list("mailed_at", flat=True).first()
    return last + GROUP_PAUSE if last else now


def _send(user: User, rows: Sequence[Notification], mail: str) -> int:
    told = still_told(user, rows)
    if not told:
        return 0
    first = told[0]
    is_step = mail == "notifications.step"
    # What was mailed before, and came back by another choice, is a mail of its own.
    key = f"notifications:again:{uuid4().hex}:{user.pk}" if first.row.mail_key else f"notifications:{first.row.pk}"
    queue_mail(
        mail,
        to=user.email,
        key=key,
        context=context_of(told),
        url=button_of(told),
        reply_to=first.telling.reply_to,
        unsubscribe_url="" if is_step else absolute(unsubscribe_path(user, _scope(told))),
        thread=f"{user.pk}:{first.row.group}",
    )
    note_mailed([one.row for one in told], key)
    return 1


def still_wanted(
    rows: Sequence[Notification], rhythm: str, preferences: Mapping[tuple[int, str], Preference]
) -> list[Notification]:
    """Return those of ``rows`` whose people want them in mails of this rhythm now.

    What somebody has switched off since ends here; what they moved to another rhythm waits for that one, and
    keeps the key of a mail that has it: the last look leaves it out there, however often it is asked.
    """
    kept: list[Notification] = []
    moved: dict[str, list[Notification]] = {}
    for row in rows:
        kind = notification_kinds.get(row.kind) if row.kind in notification_kinds else None
        chosen = rhythm_now(row, preferences.get((row.user_id, row.kind)), kind)
        (kept if chosen == rhythm else moved.setdefault(chosen, [])).append(row)
    end(moved.pop(Rhythm.NEVER, []), Why.STOPPED)
    for chosen, others in moved.items():
        due = timezone.now() if chosen == Rhythm.NOW else None
        _of(others).update(rhythm=chosen, mail_state=MailState.PENDING, mailed_at=None, mail_due_at=due)
    return kept


def still_told(user: User, rows: Sequence[Notification]) -> list[Told]:
    """Return those of ``rows`` that their kinds still tell to ``user``; the others end here."""
    found = [(row, tell_again(row, user)) for row in rows]
    end([row for row, telling in found if telling is None], Why.WITHDRAWN)
    return [Told(row, telling) for row, telling in found if telling is not None]


def tell_again(row: Notification, user: User) -> Telling | None:
    """Ask the kind of ``row`` once more what it tells ``user``; None where that is nothing any more."""
    if row.kind not in notification_kinds or row.event.about is None:
        return None
    kind: NotificationKind = notification_kinds.get(row.kind)
    return kind.telling(row.event, user)


def says_what_is_visible(row: Notification) -> bool:
    """Whether the kind of ``row`` says what a person may see, many at once."""
    return row.kind in notification_kinds and notification_kinds.get(row.kind).visible is not None


def as_it_was_told(row: Notification) -> Telling:
    """Return what ``row`` told its person when it was written."""
    return Telling(row.title, row.url, row.group, row.group_title)


def button_of(told: list[Told]) -> str:
    """Return the address behind the button of a mail at once."""
    first = told[0]
    return absolute(first.telling.mail_url) if len(told) == 1 and first.telling.mail_url else first.url


def context_of(told: list[Told]) -> dict[str, object]:
    """Return what a mail at once says of these, all of one group."""
    first = told[0]
    title = first.telling.group_title or first.telling.title
    if len(told) == 1:
        subject, items = first.telling.title, []
    else:
        subject = _("%(count)d news: %(title)s") % {"count": len(told), "title": title}
        items = [{"title": one.telling.title, "url": one.url} for one in told]
    text = first.telling.text if len(told) == 1 else ""
    return {"subject": subject, "text": text, "group_title": title, "items": items, "reason": first.row.reason}


def _scope(told: list[Told]) -> Scope:
    """Return what such a mail unsubscribes from: the one thing followed, else the kind."""
    subscriptions = {one.row.subscription_id for one in told}
    if len(subscriptions) == 1 and (subscription := subscriptions.pop()):
        return Scope("follow", str(subscription), told[0].row.pk)
    return Scope("kind", told[0].row.kind, told[0].row.pk)


def note_mailed(rows: Sequence[Notification], key: str) -> None:
    """Note that the outbox has these under ``key``."""
    _of(rows).update(mail_state=MailState.SENT, mail_key=key, mailed_at=timezone.now())


def end(rows: Sequence[Notification], why: str) -> int:
    """Give up the mail of ``rows`` for the reason ``why``; returns 0, the mails that leave."""
    if rows:
        _of(rows).update(mail_state=MailState.CANCELLED, why=why)
    return 0


def _of(rows: Sequence[Notification]) -> QuerySet[Notification]:
    return Notification.objects.filter(pk__in=[row.pk for row in rows])
