"""The second factor: who must have one, how its secrets are kept, what its QR code looks like."""

from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_animator
from portal.accounts.sealing import seal, unseal

#: What proves something; recovery codes only stand in for them.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SEALED_FOR = "accounts.second-factor"


def has_second_factor(user: AnyUser) -> bool:
    """Whether ``user`` has set up an application or a passkey; one query."""
    return user.is_authenticated and Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def must_have_second_factor(user: AnyUser) -> bool:
    """Whether the portal wants a second factor of ``user`` (setting MFA_REQUIRED_FOR_STAFF)."""
    return settings.MFA_REQUIRED_FOR_STAFF and is_animator(user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factor with secrets encrypted, our QR code and our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not the right one, or it has been used. Wait for the next one."),
        "cannot_delete_authenticator": gettext_lazy("Your role wants a second factor: add another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret: a stolen copy of the database makes no codes."""
        return seal(text, purpose=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raises InvalidToken under another SECRET_KEY."""
        return unseal(encrypted_text, purpose=SEALED_FOR)

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code: black on white in both colour schemes, as cameras want it."""
        svg: str = segno.make(url, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
        return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns=" not in svg else svg

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last factor of whom the portal wants one."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists() or not must_have_second_factor(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 -- allauth's name
        """Propose a name for a new passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Name the portal to the browser, which shows it."""
        return super().get_public_key_credential_rp_entity() | {"name": settings.PORTAL_NAME}
