"""What the agenda does by itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from agenda.services.feedback import ask_for_feedback
from agenda.services.places import expire_offers, forget_unconfirmed
from agenda.services.privacy import forget_old_guests
from agenda.services.reminders import send_reminders
from portal.core.schedule import declare

declare(
    "agenda.expire_offers",
    every=timedelta(minutes=5),
    run=expire_offers,
    verbose_name=_("Give offered places that nobody took to the next person"),
)
declare("agenda.reminders", every=timedelta(minutes=30), run=send_reminders, verbose_name=_("Remind of the next dates"))
declare(
    "agenda.feedback",
    every=timedelta(hours=6),
    run=ask_for_feedback,
    verbose_name=_("Ask those who came for an opinion"),
)
declare(
    "agenda.unconfirmed",
    every=timedelta(hours=6),
    run=forget_unconfirmed,
    verbose_name=_("Delete registrations that nobody confirmed"),
)
declare(
    "agenda.guests",
    every=timedelta(days=1),
    run=forget_old_guests,
    verbose_name=_("Delete the names of guests of old events"),
)
