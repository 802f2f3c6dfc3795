"""The e-mails of the editorial content."""

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare


def _contact_message() -> dict[str, str]:
    return {
        "portal": "Portail",
        "subject": "Accessibilité",
        "name": "Une conseillère",
        "email": "conseillere@mission.example",
        "organisation": "Mission locale",
        "message": "Bonjour,\n\nle menu ne se lit pas sur mon téléphone.",
    }


declare(
    "content.contact_message",
    subject="[%(portal)s] %(subject)s",
    reason=_("Somebody wrote this with the contact form; your answer goes to them."),
    sample=_contact_message,
    category=MailCategory.RELAY,
)
