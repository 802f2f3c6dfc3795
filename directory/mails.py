"""The mails of the directory."""

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare

ANIMATES = _("You animate this community and decide on this.")
MANAGES = _("You manage %(organisation)s on the portal.")


def _sample() -> dict[str, str]:
    return {
        "organisation": "Mission locale",
        "name": "Une conseillère",
        "email": "conseillere@mission.example",
        "in_name_of": "Association régionale",
        "subject": "Un partenariat",
        "message": "Bonjour,\n\npouvons-nous visiter votre atelier ?",
        "reason": "Le document ne nomme pas cette structure.",
    }


def _sample_confirm_page() -> dict[str, str]:
    values = {"organisation": "Mission locale", "day": "12 mars 2026"}
    return {
        "subject": _("Page to confirm: %(organisation)s") % values,
        "text": _("The page of %(organisation)s was last confirmed on %(day)s. Is all that it says still right?")
        % values,
        "reason": MANAGES % values,
    }


declare(
    "directory.claim_to_decide",
    subject=_("To decide: who manages %(organisation)s?"),
    action=_("Read the request"),
    reason=ANIMATES,
    sample=_sample,
)
declare(
    "directory.confirm_work_address",
    subject=_("Confirm your professional address"),
    action=_("Confirm this address"),
    reason=_("A member of the portal gave this address to prove that they act for %(organisation)s."),
    sample=_sample,
)
declare(
    "directory.claim_approved",
    subject=_("You now manage %(organisation)s"),
    action=_("See my organisation"),
    reason=_("You asked to manage this organisation."),
    sample=_sample,
)
declare(
    "directory.claim_refused",
    subject=_("Your request about %(organisation)s"),
    action=_("Write to the team"),
    reason=_("You asked to manage this organisation."),
    sample=_sample,
)
declare(
    "directory.correction",
    subject=_("A reader suggests a correction"),
    action=_("Read and answer"),
    reason=_("You look after the page of %(organisation)s."),
    sample=_sample,
)
declare(
    "directory.confirm_page",
    subject="%(subject)s",
    action=_("Read and confirm"),
    reason="%(reason)s",
    sample=_sample_confirm_page,
    category=MailCategory.NOTIFICATION,
)
declare(
    "directory.relay_message",
    subject=_("Message: %(subject)s"),
    reason=_("Somebody wrote to %(organisation)s through the portal; your answer goes to them."),
    sample=_sample,
    category=MailCategory.RELAY,
)
