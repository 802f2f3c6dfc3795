"""The projects on the page of an organisation: those it carries, then those it takes part in."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.panels import OrganisationPanel, PanelData, register
from project_sheets.cards import cards_by_title
from project_sheets.models import Partnership, ProjectSheetPage


def _held(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    return _data(ProjectSheetPage.objects.visible_to(request.user).filter(holder=organisation))


def _taken_part_in(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    named = list(Partnership.objects.filter(organisation=organisation).values_list("sheet_id", flat=True))
    if not named:
        return None
    sheets = ProjectSheetPage.objects.visible_to(request.user).filter(pk__in=named)
    return _data(sheets.exclude(holder=organisation))


def _data(sheets: QuerySet[ProjectSheetPage]) -> PanelData | None:
    cards = cards_by_title(sheets)
    return {"cards": cards, "total": len(cards)} if cards else None


AREAS = ("sheets", "directory", "taxonomy")
TEMPLATE = "project_sheets/panels/cards.html"

register(OrganisationPanel("held-projects", _("Projects it carries"), 10, _held, TEMPLATE, AREAS))
register(OrganisationPanel("projects", _("Projects it takes part in"), 20, _taken_part_in, TEMPLATE, AREAS))
