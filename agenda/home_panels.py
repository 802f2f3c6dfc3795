"""The agenda on the home page: the next Session Lab, the next dates."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda.enums import EventKind
from agenda.presentation import card_of
from agenda.selectors.calendar import VISITOR, next_occurrences, reach_of
from portal.content.panels import HomePanel, PanelAudience, PanelData, register

SHOWN = 3


def _next_session_lab(request: HttpRequest) -> PanelData | None:
    """Return the card of the next public Session Lab, the same for every visitor."""
    found = next_occurrences(VISITOR, 1, kind=EventKind.SESSION_LAB)
    return {"cards": [card_of(one) for one in found]} if found else None


def _next_dates(request: HttpRequest) -> PanelData | None:
    found = next_occurrences(reach_of(request.user), SHOWN)
    return {"cards": [card_of(one) for one in found]} if found else None


register(
    HomePanel(
        key="next-session-lab",
        title=_("Next Session Lab"),
        order=25,
        template="agenda/panels/cards.html",
        context=_next_session_lab,
        audience=PanelAudience.VISITOR,
        areas=("agenda",),
    )
)
register(
    HomePanel(
        key="next-dates",
        title=_("Next dates"),
        order=25,
        template="agenda/panels/cards.html",
        context=_next_dates,
        audience=PanelAudience.MEMBER,
        areas=("agenda",),
    )
)
