"""Who is told what, and how: the decision about one person and one event, as a pure function."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.notifications.enums import MailState, Rhythm, Why

if TYPE_CHECKING:
    from portal.notifications.kinds import NotificationKind, Recipient
    from portal.notifications.models import MailSettings, Notification, Preference

#: A mail at once leaves after this, so that who reads the site now needs none, and two answers make one mail.
MAIL_DELAY = timedelta(minutes=1)
#: After a mail about a group, the next one about it waits this long unless the site was read meanwhile.
GROUP_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Decision:
    """What one person is told of one event, and what decided so."""

    on_site: bool
    rhythm: str
    why: str

    @property
    def mail_state(self) -> str:
        """Whether a mail waits."""
        return MailState.NONE if self.rhythm == Rhythm.NEVER else MailState.PENDING


def decide(
    kind: "NotificationKind",
    recipient: "Recipient",
    *,
    preference: "Preference | None",
    mail_settings: "MailSettings | None",
    address_receives: bool,
    now: datetime,
) -> Decision:
    """Return the decision: first what was chosen, the nearest choice first; then what stands against a mail."""
    if kind.mandatory:
        return Decision(True, *((Rhythm.NOW, Why.MANDATORY) if address_receives else (Rhythm.NEVER, Why.ADDRESS)))
    on_site = preference.on_site if preference else True
    if kind.mailed_elsewhere:
        return Decision(on_site, Rhythm.NEVER, Why.DEFAULT)
    rhythm, why = _chosen(kind, recipient, preference)
    if rhythm != Rhythm.NEVER and (obstacle := _obstacle(rhythm, mail_settings, address_receives, now)):
        rhythm, why = Rhythm.NEVER, obstacle
    return Decision(on_site, rhythm, why)


def _chosen(kind: "NotificationKind", recipient: "Recipient", preference: "Preference | None") -> tuple[str, str]:
    if recipient.rhythm:
        return recipient.rhythm, Why.SUBSCRIPTION
    if preference:
        return preference.rhythm, Why.PREFERENCE
    return kind.default, Why.DEFAULT


def rhythm_now(row: "Notification", preference: "Preference | None", kind: "NotificationKind | None") -> str:
    """Return how the person of a decision wants its mail now: a choice that was made, or taken back, since holds.

    Without any the default of its ``kind`` does. What the decision took from whom it concerns stays, and so
    does that of a kind which is declared no more.
    """
    if row.why == Why.MANDATORY:
        return row.rhythm
    if row.subscription is not None and row.subscription.rhythm:
        return row.subscription.rhythm
    if preference is not None:
        return preference.rhythm
    # Its own subscription would have said so above: this rhythm came from whom the event concerns.
    is_of_audience = row.why == Why.SUBSCRIPTION
    return row.rhythm if kind is None or is_of_audience else kind.default


def _obstacle(rhythm: str, mail_settings: "MailSettings | None", address_receives: bool, now: datetime) -> str:
    if not address_receives:
        return Why.ADDRESS
    if mail_settings is None:
        return ""
    if is_paused(mail_settings, now):
        return Why.PAUSED
    return "" if receives(mail_settings, rhythm) else Why.STOPPED


def receives(mail_settings: "MailSettings", rhythm: str) -> bool:
    """Whether the person wants mails of this rhythm at all."""
    wanted = {Rhythm.DAILY: mail_settings.receives_daily, Rhythm.WEEKLY: mail_settings.receives_weekly}
    return wanted.get(Rhythm(rhythm), True)


def is_paused(mail_settings: "MailSettings", now: datetime) -> bool:
    """Whether a pause is under way."""
    return mail_settings.paused_until is not None and timezone.localdate(now) <= mail_settings.paused_until


def after_quiet_hours(mail_settings: "MailSettings | None", moment: datetime) -> datetime:
    """Return ``moment``, or the end of the quiet hours in which it falls."""
    if mail_settings is None or mail_settings.quiet_from is None or mail_settings.quiet_until is None:
        return moment
    start, end = mail_settings.quiet_from, mail_settings.quiet_until
    local = timezone.localtime(moment)
    if not _is_between(local.time(), start, end):
        return moment
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, end))


def _is_between(hour: time, start: time, end: time) -> bool:
    return start <= hour < end if start <= end else hour >= start or hour < end
