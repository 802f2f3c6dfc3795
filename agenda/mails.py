"""The mails of the agenda."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.mail.enums import MailCategory
from portal.mail.kinds import declare

REGISTERED = _("You have registered for this event, or asked to.")
ORGANISES = _("You organise this event.")
SEE = _("See my registration")


def _sample() -> dict[str, Any]:
    return {
        "name": _("Conseillère"),
        "title": "Session Lab",
        "session": "Session Lab – matinée",
        "when": "jeudi 12 mars 2026, de 9 h 30 à 12 h",
        "place": "Ti Lab, Rennes",
        "online_url": "",
        "page": "https://portail.example/agenda/session-lab/",
        "rank": 3,
        "until": "mercredi 11 mars 2026 à 14 h",
        "cause": "",
        "by": "",
        "who": _("Conseillère Exemple"),
        "day": "12 mars 2026",
        "what": [],
        "also": [],
        "share": 80,
        "taken": 16,
        "capacity": 20,
        "way": "Sur place",
        "summary": _("A morning open to all, an afternoon among project holders."),
        "region": "Bretagne",
    }


for _name, _subject, _action in (
    ("confirm_address", _("Confirm your registration"), _("Confirm my registration")),
    ("already", _("You are registered already"), SEE),
    ("confirmed", _("Registered: %(title)s"), SEE),
    ("pending", _("Registration to be approved: %(title)s"), SEE),
    ("waiting", _("On the waiting list: %(title)s"), SEE),
    ("offered", _("A place has come free: %(title)s"), _("Take this place")),
    ("offer_over", _("The place went to somebody else: %(title)s"), SEE),
    ("rejected", _("About your registration: %(title)s"), SEE),
    ("cancelled", _("Registration cancelled: %(title)s"), SEE),
    ("changed", _("Changed: %(title)s"), SEE),
    ("called_off", _("Called off: %(title)s"), SEE),
    ("reminder", _("On %(day)s: %(title)s"), SEE),
    ("feedback", _("What did you think of it? %(title)s"), _("Give my opinion")),
    ("report", _("What came out of it: %(title)s"), _("Read the restitution")),
):
    declare(f"agenda.{_name}", subject=_subject, action=_action, reason=REGISTERED, sample=_sample)

declare(
    "agenda.to_approve",
    subject=_("Registration to approve: %(title)s"),
    action=_("See the registrations"),
    reason=ORGANISES,
    sample=_sample,
)
declare(
    "agenda.filling",
    subject=_("%(share)s %% full: %(session)s"),
    action=_("See the registrations"),
    reason=ORGANISES,
    sample=_sample,
)
declare(
    "agenda.announcement",
    subject=_("On %(day)s: %(title)s"),
    action=_("See the event and register"),
    reason=_("You are a member of the community, and the organisers announce this event to it."),
    sample=_sample,
    category=MailCategory.NOTIFICATION,
)
