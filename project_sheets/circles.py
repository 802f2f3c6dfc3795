"""The laureates of each call, to whom other apps may reserve something."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models import Membership
from portal.accounts.circles import declare
from portal.accounts.models import User
from portal.core import areas
from portal.core.remember import remembered
from project_sheets.models import Call, ProjectSheetPage, SheetLead

#: What makes somebody a laureate, in the words of ``portal.core.areas``.
AREA = "laureates"


def _choices() -> list[tuple[str, str]]:
    return list(Call.objects.order_by("-published_on", "pk").values_list("slug", "title"))


def _names_of(user: User) -> set[str]:
    return calls_of(user.pk)


@remembered(AREA)
def calls_of(user_id: int) -> set[str]:
    """Return the calls whose retained projects this account leads, or whose holders it acts for."""
    sheets = ProjectSheetPage.objects.filter(pk__in=_sheets_of(user_id)).exclude(call=None)
    return set(sheets.order_by().values_list("call__slug", flat=True).distinct())


@remembered(AREA)
def is_laureate(user_id: int) -> bool:
    """Whether this account leads a published sheet, or acts for an organisation that holds one."""
    return _sheets_of(user_id).exists()


def _sheets_of(user_id: int) -> QuerySet[SheetLead, Any]:
    """Return the keys of the published sheets that an account leads, or whose holders it acts for.

    Each half begins with the few rows of the account: in one condition, they would go through all sheets.
    """
    leads = SheetLead.objects.filter(user=user_id, sheet__live=True).order_by().values("sheet_id")
    places = Membership.objects.active().filter(user=user_id, organisation__held_sheets__live=True)
    return leads.union(places.order_by().values("organisation__held_sheets"))


areas.declare(
    AREA,
    "project_sheets.ProjectSheetPage",
    "project_sheets.SheetLead",
    "project_sheets.Call",
    "directory.Membership",
)
declare("laureates", label=_("Laureates"), choices=_choices, names_of=_names_of)
