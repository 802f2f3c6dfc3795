"""Accounts under test: signed in as a person is, with their second factor where they have one."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from tests.support.world import make_user

PASSWORD = "Une-phrase-de-test-longue"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _forget_attempts(db: None) -> None:
    cache.clear()


@pytest.fixture
def member() -> User:
    return make_user("membre")


def sign_in(client: Client, email: str = "membre@test.example", password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/connexion/", {"login": email, "password": password, **extra})


@pytest.fixture
def signed_in(client: Client, member: User) -> Client:
    """A browser in which the member has signed in a moment ago, through the page."""
    assert sign_in(client).status_code == 302
    return client


def prove(client: Client, *, method: str = "password") -> None:
    """Have the person of this browser prove who they are, now."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def last_mail(kind: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(kind=f"accounts.{kind}").latest("pk")


def path_in(message: OutboxMessage, start: str) -> str:
    """Return the path of the mail's button, which begins with ``start``."""
    found = re.search(rf"http://testserver({re.escape(start)}\S*)", message.text)
    assert found, message.text
    return found.group(1)


class App:
    """An authenticator app: it makes codes from the key that it was given."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.replace(" ", "")

    def code(self, at: float) -> str:
        return format_hotp_value(hotp_value(self.secret, int(at) // 30))


@pytest.fixture
def protect() -> Callable[[User], tuple[App, list[str]]]:
    """Give an account an application and recovery codes; returns both."""

    def give(user: User) -> tuple[App, list[str]]:
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        return App(secret), RecoveryCodes.activate(user).get_unused_codes()

    return give


def codes_row(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
