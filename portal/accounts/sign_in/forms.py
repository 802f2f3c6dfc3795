"""Forms of the ways in."""

from string import punctuation, whitespace
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.throttle import begin_code_attempt, is_code_fresh


class SignInForm(LoginForm):
    """allauth's sign-in, in the portal's words and without placeholders, which vanish when one types."""

    error_notice = _("You are not signed in yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["password"].help_text = ""
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class AddressForm(forms.Form):
    """The address to which a link is sent."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The address of your account. Example: name@example.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def clean_code(code: str) -> str:
    """Return a typed code as the library compares it: the same code, dashed or spaced, is the same code."""
    return code.translate(dict.fromkeys(map(ord, punctuation + whitespace)))


class CodeForm(AuthenticateForm):
    """A code of the application, or a recovery code; attempts are counted for the account."""

    error_notice = _("Your identity is not proven yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.max_length = 20
        field.help_text = _("The 6 digits that your application shows, or one of your recovery codes.")
        field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        """Check the code; a code of the application passes once, as long as its clock tolerates it."""
        self.cleaned_data["code"] = clean_code(self.cleaned_data["code"])
        attempt = begin_code_attempt(self.user)
        if attempt is None:
            raise forms.ValidationError(_("Too many wrong codes: wait an hour, or use your passkey."))
        code: str = super().clean_code()
        if not is_code_fresh(self.user, code):
            raise forms.ValidationError(_("This code has been used: wait for the next one."))
        attempt.forget()
        return code


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be shown."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=1_000,
        help_text=_(
            "15 characters or more. The easiest: four or five words without a link between them, "
            "such as an animal, a tool, a colour and a town. No digit or sign is required."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Refuse what is short, common or close to the person's own name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
