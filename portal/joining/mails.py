"""The mails of joining."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.kinds import declare

ASKED = _("Somebody, most likely you, asked for an account at this address.")
ANIMATES = _("You animate this community and decide who joins it.")


def _sample_request() -> dict[str, Any]:
    return {
        "first_name": _("Conseillère"),
        "full_name": _("Conseillère Exemple"),
        "job_title": _("Employment counsellor"),
        "organisation": _("Mission locale of the example"),
        "is_proposed": True,
        "region": "Bretagne",
        "hours": 24,
    }


def _sample_refusal() -> dict[str, Any]:
    return {"first_name": _("Conseillère"), "reason": _("The community gathers professionals of integration.")}


def _sample_invitation() -> dict[str, Any]:
    return {
        "first_name": _("Conseillère"),
        "organisation": _("Mission locale of the example"),
        "inviter": _("The animator of the region"),
        "days": 14,
    }


declare(
    "joining.confirm_address",
    subject=_("Confirm your address"),
    action=_("Confirm my address"),
    reason=ASKED,
    sample=_sample_request,
)
declare(
    "joining.already_member",
    subject=_("You already have an account"),
    action=_("Sign in"),
    reason=ASKED,
    sample=_sample_request,
)
declare(
    "joining.already_pending",
    subject=_("Your account awaits approval already"),
    action=_("Follow my request"),
    reason=ASKED,
    sample=_sample_request,
)
declare(
    "joining.already_refused",
    subject=_("About your request for an account"),
    action=_("Write to the team"),
    reason=ASKED,
    sample=_sample_request,
)
declare(
    "joining.to_approve",
    subject=_("Account to approve: %(full_name)s"),
    action=_("Read the request"),
    reason=ANIMATES,
    sample=_sample_request,
)
declare(
    "joining.welcome",
    subject=_("Welcome to the community"),
    action=_("Complete my profile"),
    reason=_("You asked to join, or accepted an invitation."),
    sample=_sample_request,
)
declare(
    "joining.refused",
    subject=_("Your request for an account"),
    action=_("Write to the team"),
    reason=_("You asked to join the community."),
    sample=_sample_refusal,
)
declare(
    "joining.invitation",
    subject=_("You are invited to join the community"),
    action=_("Read the invitation"),
    reason=_("Somebody who is entitled to do so invited this address."),
    sample=_sample_invitation,
)
