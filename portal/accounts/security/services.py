"""Writes on the security of an account: its address, the loss of its second factor."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import EmailChange, KnownDevice, User, new_link_stamp
from portal.accounts.notices import end_sessions, tell_owner
from portal.accounts.selectors import account_by_email

OLD, NEW = "old", "new"
SALT = "accounts.email-change"
#: How long what people did stays: as long as the rows of the outbox.
TRACES_KEPT = timedelta(days=365)


def agreement_path(change: EmailChange, side: str) -> str:
    """Return the path of the page where the owner of one of the two mailboxes decides."""
    return reverse("accounts:address_agreement", args=[signing.dumps([change.pk, side], salt=SALT)])


def read_agreement(token: str) -> tuple[EmailChange, str] | None:
    """Return the change and the side of a token; None when it is forged or the change is no longer open."""
    try:
        pk, side = signing.loads(token, salt=SALT, max_age=EmailChange.LIFETIME)
    except signing.BadSignature:
        return None
    change = EmailChange.objects.select_related("user").filter(pk=pk).first()
    return (change, side) if change is not None and change.is_open else None


@transaction.atomic
def ask_email_change(*, user: User, new_email: str) -> EmailChange:
    """Write a wish to change the address, and mail both mailboxes; an earlier wish is withdrawn.

    Where the new address has an account, its owner is told so and the wish comes to nothing: the
    person who asked is told the same in both cases.
    """
    cancel_email_changes(user=user)
    is_possible = account_by_email(new_email) is None
    change = EmailChange.objects.create(user=user, old_email=user.email, new_email=new_email, is_possible=is_possible)
    words = _words(change)
    tell_owner(user, "email_change_old", path=agreement_path(change, OLD), **words)
    if is_possible:
        tell_owner(user, "email_change_new", to=new_email, path=agreement_path(change, NEW), **words)
    else:
        tell_owner(user, "email_in_use", to=new_email, path=reverse(settings.LOGIN_URL))
    return change


def _words(change: EmailChange) -> dict[str, Any]:
    hours = int(EmailChange.LIFETIME.total_seconds()) // 3_600
    return {"old_email": change.old_email, "new_email": change.new_email, "hours": hours}


@transaction.atomic
def agree_to_email_change(*, change: EmailChange, side: str) -> EmailChange:
    """Note the agreement of one mailbox; with the second one the address changes and both are told.

    Whoever holds the token of the side may call this. A change that another account has made
    impossible in the meantime is cancelled.
    """
    change = EmailChange.objects.select_for_update().select_related("user").get(pk=change.pk)
    if not change.is_open:
        return change
    agreed = "old_agreed_at" if side == OLD else "new_agreed_at"
    setattr(change, agreed, getattr(change, agreed) or timezone.now())
    if change.old_agreed_at and change.new_agreed_at:
        change.status = EmailChange.Status.DONE if _move(change) else EmailChange.Status.CANCELLED
    change.save()
    return change


def _move(change: EmailChange) -> bool:
    """Give the account its new address; False when another account has it by now."""
    user = change.user
    user.email, user.link_stamp = change.new_email, new_link_stamp()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "link_stamp"])
    except IntegrityError:
        return False
    for address in (change.old_email, change.new_email):
        tell_owner(user, "email_changed", to=address, path="/contact/", **_words(change))
    return True


@transaction.atomic
def cancel_email_changes(*, user: User) -> int:
    """Withdraw what waits for an agreement; either mailbox, or the account itself, may ask for it."""
    waiting = EmailChange.objects.filter(user=user, status=EmailChange.Status.WAITING)
    return waiting.update(status=EmailChange.Status.CANCELLED)


@transaction.atomic
def remove_second_factors(*, user: User) -> int:
    """Take every second factor off an account, end its sessions and tell its owner; returns how many.

    For the team alone, once it has checked by another way that the owner asks for it.
    """
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    if removed:
        end_sessions(user)
        tell_owner(user, "second_factor_removed", what=_("All of them"), device=_("The team of the portal"))
    return removed


def forget_old_traces() -> int:
    """Delete rows of sessions that have ended, devices unused and changes of address settled for a year."""
    limit = timezone.now() - TRACES_KEPT
    open_sessions = Session.objects.filter(expire_date__gt=timezone.now())
    old = (
        UserSession.objects.exclude(session_key__in=open_sessions.values("session_key")),
        KnownDevice.objects.filter(last_seen_at__lt=limit),
        EmailChange.objects.filter(asked_at__lt=limit),
    )
    return sum(rows.delete()[0] for rows in old)
