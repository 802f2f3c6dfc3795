"""What the agenda brings to "My space"."""

from django.utils.translation import gettext_lazy as _

from agenda.selectors.desk import prepares_events
from portal.accounts.rules import is_animator
from portal.accounts.space import declare

declare(
    "my_agenda:registrations",
    _("My registrations"),
    order=30,
    description=_("The dates for which you are registered, and the address of your calendar."),
)
declare(
    "agenda_desk:events",
    _("My events"),
    order=36,
    is_shown=lambda user: prepares_events(user) and not is_animator(user),
    description=_("Prepare the events of your organisation and see who comes."),
)
