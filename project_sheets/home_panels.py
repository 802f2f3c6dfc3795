"""The projects on the home page: the figures of the latest call, recent sheets, my own sheets."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import is_animator
from portal.content.panels import HomePanel, PanelAudience, PanelData, register
from portal.core.remember import remembered
from project_sheets.cards import cards_by_title, cards_for, sheets_for_cards
from project_sheets.models import Call, ProjectSheetPage, SheetLead
from project_sheets.presentation import call_stats
from project_sheets.selectors import sheets_to_review

FEATURED = 3


def _figures(request: HttpRequest) -> PanelData | None:
    return latest_call_figures()


@remembered("sheets")
def latest_call_figures() -> PanelData | None:
    """Return the latest call with its figures, the same for every reader."""
    published = Count("sheets", filter=Q(sheets__live=True))
    call = Call.objects.annotate(sheet_count=published).order_by("-published_on", "pk").first()
    return {"call": call, "stats": call_stats(call, call.sheet_count)} if call else None


def _featured(request: HttpRequest) -> PanelData | None:
    return featured_cards()


@remembered("sheets", "directory", "taxonomy")
def featured_cards() -> PanelData | None:
    """Return the cards of the latest published sheets, the same for every reader."""
    sheets = list(sheets_for_cards(AnonymousUser()).order_by("-first_published_at", "pk")[:FEATURED])
    return {"cards": cards_for(sheets)} if sheets else None


def _mine(request: HttpRequest) -> PanelData | None:
    led = list(SheetLead.objects.filter(user_id=request.user.pk).values_list("sheet_id", flat=True))
    if not led:
        return None
    cards = cards_by_title(ProjectSheetPage.objects.visible_to(request.user).filter(pk__in=led))
    return {"cards": cards} if cards else None


def _to_review(request: HttpRequest) -> PanelData | None:
    if not is_animator(request.user):
        return None
    return {"sheets": list(sheets_to_review(request.user)[:FEATURED])}


register(
    HomePanel(
        key="to-review",
        title=_("Sheets to review"),
        order=5,
        template="project_sheets/panels/to_review.html",
        context=_to_review,
        audience=PanelAudience.MEMBER,
    )
)
register(
    HomePanel(
        key="my-sheets",
        title=_("My sheets"),
        order=10,
        template="project_sheets/panels/home_cards.html",
        context=_mine,
        audience=PanelAudience.MEMBER,
    )
)
register(
    HomePanel(
        key="call-figures",
        title=_("The call in figures"),
        order=20,
        template="project_sheets/panels/figures.html",
        context=_figures,
        areas=("sheets",),
        is_shared=True,
    )
)
register(
    HomePanel(
        key="featured-projects",
        title=_("Discover the projects"),
        order=30,
        template="project_sheets/panels/home_cards.html",
        context=_featured,
        areas=("sheets", "directory", "taxonomy"),
        is_shared=True,
    )
)
