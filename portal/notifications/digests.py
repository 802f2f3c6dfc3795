"""Summaries of the day and of the week: scheduled work that may be killed, repeated or run twice.

A summary is due at 8 o'clock, on its day or on Monday, and holds what was told before that hour.
One row a person and period (``Digest``) makes it leave once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.mail.selectors import blocked_addresses
from portal.mail.services import queue_mail
from portal.notifications.enums import Rhythm, Why
from portal.notifications.mailing import (
    Told,
    absolute,
    as_it_was_told,
    end,
    locked,
    note_mailed,
    says_what_is_visible,
    still_wanted,
    tell_again,
    with_events,
)
from portal.notifications.models import Digest, MailSettings, Notification
from portal.notifications.rules import after_quiet_hours, is_paused, receives
from portal.notifications.selectors import hidden_from, preferences_of
from portal.notifications.tokens import Scope, unsubscribe_path

DIGEST_HOUR = 8
#: People whose summaries are written in one transaction.
BATCH = 50
#: Lines of one summary; the rest is on the site.
MOST_LINES = 30


@dataclass(frozen=True)
class Period:
    """One turn of a rhythm: its name, and the moment before which its news were told."""

    rhythm: str
    name: str
    until: datetime


def periods_at(now: datetime) -> list[Period]:
    """Return the turns that are due: today's from 8 o'clock on, this week's from Monday 8 o'clock on."""
    local = timezone.localtime(now)
    today = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=local.weekday())
    year, week, _weekday = local.isocalendar()
    turns = [
        Period(Rhythm.DAILY, local.date().isoformat(), today),
        Period(Rhythm.WEEKLY, f"{year}-W{week:02}", monday),
    ]
    return [turn for turn in turns if turn.until <= now]


def send_digests(*, now: datetime | None = None) -> int:
    """Write the summaries that are due into the outbox; returns how many."""
    now = now or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        return sum(_send_period(period, now) for period in periods_at(now))


def _send_period(period: Period, now: datetime) -> int:
    done = Digest.objects.filter(rhythm=period.rhythm, period=period.name).values("user_id")
    waiting = Notification.objects.to_mail(period.rhythm).filter(created_at__lt=period.until)
    people = list(waiting.exclude(user__in=done).order_by("user_id").values_list("user_id", flat=True).distinct())
    sent = 0
    for start in range(0, len(people), BATCH):
        with transaction.atomic():
            sent += _send_batch(period, people[start : start + BATCH], now)
    return sent


def _send_batch(period: Period, user_ids: list[int], now: datetime) -> int:
    waiting = Notification.objects.to_mail(period.rhythm).filter(user__in=user_ids, created_at__lt=period.until)
    rows = list(with_events(locked(waiting)).order_by("user_id", "-pk"))
    people = User.objects.in_bulk(user_ids)
    chosen = MailSettings.objects.in_bulk(user_ids)
    blocked = blocked_addresses([user.email for user in people.values()])
    wanted = still_wanted(rows, period.rhythm, preferences_of(user_ids))
    sent = 0
    for user_id, of_user in groupby(wanted, key=lambda row: row.user_id):
        user, mail_settings, own = people[user_id], chosen.get(user_id), list(of_user)
        if why := obstacle(user, mail_settings, period.rhythm, blocked, now):
            end(own, why)
        else:
            sent += _send_digest(period, user, own, after_quiet_hours(mail_settings, now))
    return sent


def obstacle(user: User, chosen: MailSettings | None, rhythm: str, blocked: set[str], now: datetime) -> str:
    """Return what stands against any mail of this rhythm to ``user`` now; empty where nothing does."""
    if not user.is_member:
        return Why.WITHDRAWN
    if user.email.lower() in blocked:
        return Why.ADDRESS
    if chosen is not None and is_paused(chosen, now):
        return Why.PAUSED
    return "" if chosen is None or receives(chosen, rhythm) else Why.STOPPED


def _send_digest(period: Period, user: User, rows: Sequence[Notification], not_before: datetime) -> int:
    told = told_in_summary(user, rows)
    if not told:
        return 0
    _digest, is_new = Digest.objects.get_or_create(
        user=user, rhythm=period.rhythm, period=period.name, defaults={"item_count": len(told)}
    )
    if not is_new:
        # Another process has written this person's summary meanwhile; these wait for the next one.
        return 0
    key = f"notifications:{period.rhythm}:{period.name}:{user.pk}"
    queue_mail(
        f"notifications.{period.rhythm}",
        to=user.email,
        key=key,
        context=context_of(period.rhythm, told),
        url=button_url(),
        unsubscribe_url=absolute(unsubscribe_path(user, Scope(period.rhythm))),
        not_before=not_before,
    )
    note_mailed([one.row for one in told], key)
    return 1


def told_in_summary(user: User, rows: Sequence[Notification]) -> list[Told]:
    """Return those of ``rows``, latest first, that their kinds still tell to ``user``; the others end here.

    A line that is shown is told anew. Of news that are only counted, in a line or beyond the last one,
    the kind says in one query which the person may see.
    """
    hidden = hidden_from(user, rows)
    told: list[Told] = []
    groups: set[str] = set()
    for row in rows:
        if row.pk in hidden:
            continue
        is_shown = row.group not in groups and len(groups) < MOST_LINES
        telling = tell_again(row, user) if is_shown or not says_what_is_visible(row) else as_it_was_told(row)
        if telling is not None:
            told.append(Told(row, telling))
            groups.add(row.group)
    kept = {one.row.pk for one in told}
    end([row for row in rows if row.pk not in kept], Why.WITHDRAWN)
    return told


def button_url() -> str:
    """Return the address behind the button of a summary."""
    return absolute(reverse("notifications:centre"))


def context_of(rhythm: str, told: list[Told]) -> dict[str, object]:
    """Return what a summary says of these, the latest of which comes first."""
    lines = list(_lines(told))
    shown = sorted(lines[:MOST_LINES], key=lambda line: line[0])
    sections = [
        {"reason": reason, "items": [item for _reason, item in of_reason]}
        for reason, of_reason in groupby(shown, key=lambda line: line[0])
    ]
    subject = _subject(rhythm, len(told))
    return {"subject": subject, "sections": sections, "rest": len(lines) - len(shown)}


def _subject(rhythm: str, count: int) -> str:
    if rhythm == Rhythm.DAILY:
        said = ngettext("Your summary of the day: %(count)d news", "Your summary of the day: %(count)d news", count)
    else:
        said = ngettext("Your summary of the week: %(count)d news", "Your summary of the week: %(count)d news", count)
    return said % {"count": count}


def _lines(told: list[Told]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the reason and the one line of each group, the latest group first."""
    groups: dict[str, list[Told]] = {}
    for one in told:
        groups.setdefault(one.row.group, []).append(one)
    for of_group in groups.values():
        latest = of_group[0]
        title = latest.telling.title
        if len(of_group) > 1:
            title = ngettext("%(title)s: %(count)d news", "%(title)s: %(count)d news", len(of_group)) % {
                "title": latest.telling.group_title or title,
                "count": len(of_group),
            }
        yield latest.row.reason, {"title": title, "url": latest.url}
