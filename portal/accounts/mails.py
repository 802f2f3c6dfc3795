"""The mails of accounts."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import declare

ASKED = _("Somebody, most likely you, asked for it on the portal.")
PROTECTS = _("We write to you at every change of what protects your account; these mails cannot be switched off.")


def _sample_link() -> dict[str, Any]:
    return {"first_name": "Membre", "minutes": 15}


def _sample_event() -> dict[str, Any]:
    return {"first_name": "Membre", "device": "Firefox – Windows", "what": _("Authenticator app")}


def _sample_address() -> dict[str, Any]:
    return {
        "first_name": "Membre",
        "old_email": "membre@ancienne.example",
        "new_email": "membre@nouvelle.example",
        "hours": 24,
    }


declare(
    "accounts.sign_in_link",
    subject=_("Your sign-in link"),
    action=_("Sign in"),
    reason=ASKED,
    sample=_sample_link,
)
declare(
    "accounts.new_password",
    subject=_("Choose a new password"),
    action=_("Choose a password"),
    reason=ASKED,
    sample=_sample_link,
)
declare(
    "accounts.password_changed",
    subject=_("Your password has changed"),
    action=_("Check my account"),
    reason=PROTECTS,
    sample=_sample_event,
)
declare(
    "accounts.second_factor_added",
    subject=_("A second factor protects your account"),
    action=_("Check my account"),
    reason=PROTECTS,
    sample=_sample_event,
)
declare(
    "accounts.second_factor_removed",
    subject=_("A second factor has been removed"),
    action=_("Check my account"),
    reason=PROTECTS,
    sample=_sample_event,
)
declare(
    "accounts.recovery_codes",
    subject=_("New recovery codes for your account"),
    action=_("Check my account"),
    reason=PROTECTS,
    sample=_sample_event,
)
declare(
    "accounts.new_device",
    subject=_("New sign-in to your account"),
    action=_("See my devices"),
    reason=PROTECTS,
    sample=_sample_event,
)
declare(
    "accounts.email_change_new",
    subject=_("Confirm your new e-mail address"),
    action=_("Confirm this address"),
    reason=ASKED,
    sample=_sample_address,
)
declare(
    "accounts.email_change_old",
    subject=_("Change of your e-mail address: your agreement"),
    action=_("Agree or refuse"),
    reason=PROTECTS,
    sample=_sample_address,
)
declare(
    "accounts.email_in_use",
    subject=_("Your address already has an account"),
    action=_("Sign in"),
    reason=_("Somebody wanted to give this address to another account."),
    sample=_sample_address,
)
declare(
    "accounts.email_changed",
    subject=_("Your e-mail address has changed"),
    action=_("Write to the team"),
    reason=PROTECTS,
    sample=_sample_address,
)
