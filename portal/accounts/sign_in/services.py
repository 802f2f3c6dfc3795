"""Writes of the ways in. The mails are decided by the worker: a page does the same work for any address."""

from django.db import transaction
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.notices import end_sessions, tell_owner
from portal.accounts.selectors import account_by_email
from portal.accounts.throttle import may_receive_mail
from portal.accounts.tokens import NEW_PASSWORD, SIGN_IN, LinkKind, make_link_token


@transaction.atomic
def send_sign_in_link(*, email: str, next_url: str = "") -> None:
    """Mail a sign-in link to the account of ``email``; nothing where there is none, or a closed one."""
    _send_link(SIGN_IN, "sign_in_link", "accounts:link_open", email=email, next_url=next_url)


@transaction.atomic
def send_new_password_link(*, email: str) -> None:
    """Mail the link by which a new password is chosen; nothing where there is no open account."""
    _send_link(NEW_PASSWORD, "new_password", "accounts:new_password", email=email)


def _send_link(kind: LinkKind, mail: str, url_name: str, *, email: str, next_url: str = "") -> None:
    user = account_by_email(email)
    if user is None or not user.is_active or not may_receive_mail(mail, email):
        return
    token = make_link_token(kind, user, next_url=next_url)
    tell_owner(user, mail, path=reverse(url_name, args=[token]), minutes=kind.seconds // 60)


@transaction.atomic
def set_new_password(*, user: User, password: str, device: str, kept_session: str = "") -> None:
    """Give an account a new password, end its other sessions and tell its owner.

    The caller has proven that it is the owner's wish and has validated the password. Every session
    ends, except the one whose key is ``kept_session``, and every outstanding link dies.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user, but=kept_session)
    tell_owner(user, "password_changed", device=device)
