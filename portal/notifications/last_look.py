"""The last look at a mail of the ledger, when the mail server is about to take it.

Between the outbox and the server lie quiet hours, a server that is down, a message that was given up
and is sent again: what somebody may no longer see, no longer wants or has read meanwhile is left out.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.mail.enums import SUBSCRIBED_CATEGORIES, MailCategory
from portal.mail.kinds import mail_kinds
from portal.mail.last_look import AS_IT_IS, Verdict
from portal.mail.models import OutboxMessage
from portal.mail.rendering import RenderedMail, render_mail
from portal.mail.selectors import blocked_addresses
from portal.notifications import digests, mailing
from portal.notifications.enums import MailState, Rhythm
from portal.notifications.mailing import Told
from portal.notifications.models import MailSettings, Notification, Preference
from portal.notifications.rules import after_quiet_hours
from portal.notifications.selectors import preferences_of
from portal.notifications.tokens import Scope, read_token

#: What begins the keys of the ledger's own mails, and of the tests that animators send to themselves.
LEDGER, TEST = "notifications:", "announcement:test:"
NOTHING_LEFT = "nothing in it is to be told any more"
SWITCHED_OFF = "its person wants no such mail any more"


def look(message: OutboxMessage) -> Verdict:
    """Return what is to be done with a message that is about to leave; see ``declare_last_look``."""
    if message.key.startswith(LEDGER):
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            return _look_at_news(message)
    if message.category in SUBSCRIBED_CATEGORIES and message.unsubscribe_url and not message.key.startswith(TEST):
        return _look_at_other(message)
    return AS_IT_IS


def _look_at_news(message: OutboxMessage) -> Verdict:
    user = _user_of(message)
    if user is None:
        return Verdict(withdrawn=NOTHING_LEFT)
    of_mail = Notification.objects.filter(user=user, mail_key=message.key).order_by("-pk")
    rows = list(mailing.with_events(of_mail))
    is_digest = message.category == MailCategory.DIGEST
    unread = [row for row in rows if row.mail_state == MailState.SENT and row.read_at is None]
    if message.category != MailCategory.ACCOUNT:
        rhythm = message.kind.partition(".")[2] if is_digest else Rhythm.NOW
        verdict, unread = _ask_choices(user, unread, rhythm)
        if verdict != AS_IT_IS:
            return verdict
    elif not user.is_member:
        unread = []
    told = digests.told_in_summary(user, unread) if is_digest else mailing.still_told(user, unread)
    if not told:
        return Verdict(withdrawn=NOTHING_LEFT)
    if len(told) == len(rows):
        return AS_IT_IS
    return Verdict(rewritten=_rewritten(message, told if is_digest else told[::-1], is_digest=is_digest))


def _user_of(message: OutboxMessage) -> User | None:
    """Return whose mail this is: its key ends with the account of a summary, or with the first notification told."""
    kind_of_key, _colon, rest = message.key.removeprefix(LEDGER).partition(":")
    if rest:
        return User.objects.filter(pk=rest.rpartition(":")[2]).first()
    first = Notification.objects.filter(pk=kind_of_key).select_related("user").first()
    return first.user if first else None


def _ask_choices(user: User, rows: Sequence[Notification], rhythm: str) -> tuple[Verdict, list[Notification]]:
    """Return what stands against the whole mail, or the rows that its person still wants in it."""
    chosen, now = MailSettings.objects.filter(user=user).first(), timezone.now()
    if why := digests.obstacle(user, chosen, rhythm, blocked_addresses([user.email]), now):
        mailing.end(rows, why)
        return Verdict(withdrawn=f"ended in the ledger: {why}"), []
    later = after_quiet_hours(chosen, now)
    if later > now:
        return Verdict(wait_until=later), []
    return AS_IT_IS, mailing.still_wanted(rows, rhythm, preferences_of([user.pk]))


def _rewritten(message: OutboxMessage, told: list[Told], *, is_digest: bool) -> RenderedMail:
    """Write the mail anew without what is not told any more."""
    if is_digest:
        context = digests.context_of(message.kind.partition(".")[2], told)
        url = digests.button_url()
    else:
        context, url = mailing.context_of(told), mailing.button_of(told)
    return render_mail(mail_kinds.get(message.kind), context=context, url=url, unsubscribe_url=message.unsubscribe_url)


def _look_at_other(message: OutboxMessage) -> Verdict:
    """Ask the choices behind the address by which one leaves a mail that its app writes itself."""
    opened = read_token(urlsplit(message.unsubscribe_url).path.rstrip("/").rpartition("/")[2])
    if opened is None:
        return AS_IT_IS
    user, scope = opened
    chosen, now = MailSettings.objects.filter(user=user).first(), timezone.now()
    if digests.obstacle(user, chosen, Rhythm.NOW, set(), now) or _is_switched_off(user, scope):
        return Verdict(withdrawn=SWITCHED_OFF)
    later = after_quiet_hours(chosen, now)
    return Verdict(wait_until=later) if later > now else AS_IT_IS


def _is_switched_off(user: User, scope: Scope) -> bool:
    of_kind = Preference.objects.filter(user=user, kind=scope.which, rhythm=Rhythm.NEVER)
    return scope.what == "kind" and of_kind.exists()
