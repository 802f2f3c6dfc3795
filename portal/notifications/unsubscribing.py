"""Ending mails from the mail itself, without signing in, and taking that back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.kinds import notification_kinds
from portal.notifications.models import MailSettings, Notification, Preference, Subscription
from portal.notifications.tokens import Scope

RECEIVES = {Rhythm.DAILY: "receives_daily", Rhythm.WEEKLY: "receives_weekly"}


@dataclass(frozen=True)
class Words:
    """How a page says what somebody unsubscribes from."""

    question: str
    done: str
    back: str


def words_of(scope: Scope) -> Words:
    """Return the sentences of a scope; nothing that was followed is named, since links are passed on."""
    if scope.what == Rhythm.DAILY:
        return Words(
            _("No longer receive the daily summary?"),
            _("You will no longer receive the daily summary."),
            _("You receive the daily summary again."),
        )
    if scope.what == Rhythm.WEEKLY:
        return Words(
            _("No longer receive the weekly summary?"),
            _("You will no longer receive the weekly summary."),
            _("You receive the weekly summary again."),
        )
    if scope.what == "kind" and scope.which in notification_kinds:
        label = {"label": notification_kinds.get(scope.which).label}
        return Words(
            _("No longer receive the e-mails “%(label)s”?") % label,
            _("You will no longer receive the e-mails “%(label)s”.") % label,
            _("You receive the e-mails “%(label)s” again.") % label,
        )
    return Words(
        _("No longer receive the e-mails of this subscription?"),
        _("You will no longer receive the e-mails of this subscription."),
        _("You receive the e-mails of this subscription again."),
    )


@transaction.atomic
def unsubscribe(*, user: User, scope: Scope) -> str:
    """End the mails of ``scope``, waiting ones included; returns what was chosen before, for ``resubscribe``.

    Safe to repeat: mail programs do. News on the site stay, and so do mails about one's account.
    """
    former = ""
    waiting = Notification.objects.filter(user=user, mail_state=MailState.PENDING)
    if scope.what in RECEIVES:
        MailSettings.objects.update_or_create(user=user, defaults={RECEIVES[Rhythm(scope.what)]: False})
        waiting = waiting.filter(rhythm=scope.what)
    elif scope.what == "kind":
        former = _choose(user, scope.which, Rhythm.NEVER)
        waiting = waiting.filter(kind=scope.which)
    else:
        subscription = _subscription(user, scope)
        if subscription is None:
            return former
        former = subscription.rhythm
        Subscription.objects.filter(pk=subscription.pk).update(rhythm=Rhythm.NEVER)
        waiting = waiting.filter(subscription=subscription)
    waiting.update(mail_state=MailState.CANCELLED, why=Why.STOPPED)
    _note_source(user, scope, timezone.now())
    return former


@transaction.atomic
def resubscribe(*, user: User, scope: Scope, former: str) -> None:
    """Take an unsubscription back; ``former`` is what it returned. Mails that were cancelled stay so."""
    _note_source(user, scope, None)
    # "Never" is no choice to come back to: the mail program had unsubscribed before its person did.
    rhythm = former if former in Rhythm and former != Rhythm.NEVER else ""
    if scope.what in RECEIVES:
        MailSettings.objects.update_or_create(user=user, defaults={RECEIVES[Rhythm(scope.what)]: True})
    elif scope.what == "kind":
        if rhythm:
            _choose(user, scope.which, rhythm)
        else:
            Preference.objects.filter(user=user, kind=scope.which, on_site=True).delete()
    elif (subscription := _subscription(user, scope)) is not None:
        Subscription.objects.filter(pk=subscription.pk).update(rhythm=rhythm)


def _note_source(user: User, scope: Scope, moment: datetime | None) -> None:
    Notification.objects.filter(user=user, pk=scope.source or 0).update(unsubscribed_at=moment)


def _choose(user: User, kind: str, rhythm: str) -> str:
    """Write the rhythm of a kind; returns the one chosen before, or nothing."""
    preference = Preference.objects.filter(user=user, kind=kind).first()
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"rhythm": rhythm})
    return preference.rhythm if preference else ""


def _subscription(user: User, scope: Scope) -> Subscription | None:
    key = int(scope.which) if scope.which.isascii() and scope.which.isdigit() else 0
    return Subscription.objects.filter(user=user, pk=key).first()
