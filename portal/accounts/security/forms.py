"""Forms of the security of an account."""

from typing import Any

from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.sign_in.forms import clean_code
from portal.accounts.throttle import Attempt, begin_code_attempt, is_code_fresh


class PasswordProofForm(forms.Form):
    """The password once more, before a change of what protects the account."""

    error_notice = _("Your identity is not proven yet.")
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, attempt: Attempt | None = None, **kwargs: Any) -> None:
        """``attempt`` is the turn that this try uses; None when the person has none left."""
        self.user, self.attempt = user, attempt
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Check the password, if a turn is left."""
        password: str = self.cleaned_data["password"]
        if self.attempt is None:
            raise forms.ValidationError(_("Too many attempts: wait a quarter of an hour."))
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        self.attempt.forget()
        return password


class AppSetupForm(ActivateTOTPForm):
    """The first code of an application: it proves that the key has arrived."""

    error_notice = _("The application is not set up yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code shown by the application")
        field.max_length = 12
        field.help_text = _("6 digits, which change every 30 seconds.")
        field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def clean_code(self) -> str:
        """Check the code; wrong ones are counted."""
        self.cleaned_data["code"] = clean_code(self.cleaned_data["code"])
        attempt = begin_code_attempt(self.user)
        if attempt is None:
            raise forms.ValidationError(_("Too many wrong codes: wait an hour."))
        code: str = super().clean_code()
        # The next sign-in takes another one.
        is_code_fresh(self.user, code)
        attempt.forget()
        return code


class NewAddressForm(forms.Form):
    """The address that an account is to have."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """Refuse the address that the account has already."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if email == self.user.email.lower():
            raise forms.ValidationError(_("This is your present address."))
        return email
