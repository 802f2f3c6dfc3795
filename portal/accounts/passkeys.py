"""What a browser says of a passkey is the word of whoever sends it: whatever it holds is read with care."""

import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, SignupWebAuthnForm
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.utils.translation import gettext_lazy as _

#: What allauth and fido2 raise on answers that are malformed or forged, beside their own refusals.
UNREADABLE = (
    AttributeError,
    InvalidSignature,
    LookupError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
)
REFUSED = _("This passkey was not accepted.")


class CredentialField(forms.JSONField):
    """What a browser answers, as JSON; it is never shown again."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return what was sent; raises ValidationError for what no browser writes."""
        # PostgreSQL keeps no NUL in JSON, and a name of a key has none.
        if "\x00" in str(value) or "\\u0000" in str(value):
            raise forms.ValidationError(REFUSED)
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            # Brackets in thousands, numbers of thousands of digits.
            raise forms.ValidationError(REFUSED) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return nothing: an answer is good for one try."""
        return None

    def prepare_value(self, value: Any) -> str:
        """Return an empty value for the page."""
        return ""


class PasskeyProofForm(AuthenticateWebAuthnForm):
    """A passkey of a known account: second step of a sign-in, or proof of identity."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """Return the passkey that signed; raises ValidationError for any answer that is not its own."""
        return _authenticator(super().clean_credential)


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey that says by itself whose account it opens."""

    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """Return the passkey that signed; raises ValidationError for any answer that is not its own."""
        return _authenticator(super().clean_credential)


def _authenticator(read: Any) -> Authenticator:
    try:
        return read()
    except UNREADABLE as error:
        raise forms.ValidationError(REFUSED) from error


class PasskeyForm(SignupWebAuthnForm):
    """A new passkey: its name, and what the browser answers."""

    credential = CredentialField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.required, name.max_length = _("Name of this passkey"), False, 60
        name.help_text = _("To tell it from others: the device or the key where it lies.")

    def clean(self) -> dict[str, Any]:
        """Accept only a key that has checked its owner (PIN, finger, face): it is both factors at once."""
        self.cleaned_data["passwordless"] = True
        try:
            return dict(super().clean())
        except UNREADABLE as error:
            raise forms.ValidationError(REFUSED) from error
