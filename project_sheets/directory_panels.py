"""The projects on the page of an organisation: those it carries, then those it takes part in."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.panels import OrganisationPanel, PanelData, register
from project_sheets.cards import cards_for, sheets_for_cards
from project_sheets.models import Partnership


def _held(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    sheets = list(sheets_for_cards(request.user).filter(holder=organisation).order_by("title"))
    return {"cards": cards_for(sheets), "total": len(sheets)} if sheets else None


def _taken_part_in(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    partner = Q(pk__in=Partnership.objects.filter(organisation=organisation).values("sheet_id"))
    sheets = list(sheets_for_cards(request.user).filter(partner).exclude(holder=organisation).order_by("title"))
    return {"cards": cards_for(sheets), "total": len(sheets)} if sheets else None


AREAS = ("sheets", "directory", "taxonomy")
TEMPLATE = "project_sheets/panels/cards.html"

register(OrganisationPanel("held-projects", _("Projects it carries"), 10, _held, TEMPLATE, AREAS))
register(OrganisationPanel("projects", _("Projects it takes part in"), 20, _taken_part_in, TEMPLATE, AREAS))
