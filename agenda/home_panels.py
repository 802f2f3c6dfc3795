"""The agenda on the home page: the next Session Lab, the next dates."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agenda.enums import EventKind
from agenda.presentation import card_of
from agenda.selectors.calendar import VISITOR, Reach, next_occurrences, reach_of
from portal.content.panels import HomePanel, PanelAudience, PanelData, register
from portal.core.remember import remembered

SHOWN = 3


@remembered("agenda", "taxonomy")
def next_cards(reach: Reach, count: int, kind: str = "") -> PanelData | None:
    """Return the cards of the next dates, the same for all who have one reach."""
    found = next_occurrences(reach, count, kind=kind)
    return {"cards": [card_of(one) for one in found]} if found else None


def _next_session_lab(request: HttpRequest) -> PanelData | None:
    return next_cards(VISITOR, 1, EventKind.SESSION_LAB)


def _next_dates(request: HttpRequest) -> PanelData | None:
    return next_cards(reach_of(request.user), SHOWN)


register(
    HomePanel(
        key="next-session-lab",
        title=_("Next Session Lab"),
        order=25,
        template="agenda/panels/cards.html",
        context=_next_session_lab,
        audience=PanelAudience.VISITOR,
        areas=("agenda",),
        is_shared=True,
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
        is_shared=True,
    )
)
