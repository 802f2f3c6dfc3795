"""The agenda on the page of an organisation: what it organises or supports."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda.presentation import card_of
from agenda.selectors.calendar import organised_by, with_card_details
from directory.models import Organisation
from directory.panels import OrganisationPanel, PanelData, register

SHOWN = 4


def _dates(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    """Return the next dates, then the latest that are over."""
    own = organised_by(request.user, organisation.pk)
    found = list(with_card_details(own.upcoming().order_by("starts_at", "pk"))[:SHOWN])
    if len(found) < SHOWN:
        found += list(with_card_details(own.past().order_by("-starts_at", "-pk"))[: SHOWN - len(found)])
    return {"cards": [card_of(one) for one in found]} if found else None


register(OrganisationPanel("events", _("Agenda"), 40, _dates, "agenda/panels/dates.html", ("agenda",)))
