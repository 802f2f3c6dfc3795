"""The laureates of each call, to whom other apps may reserve something."""

from django.db.models import Exists, Q
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
    holders = Membership.objects.active().filter(user=user_id).values("organisation_id")
    sheets = ProjectSheetPage.objects.filter(Q(leads__user=user_id) | Q(holder__in=holders), live=True)
    return set(sheets.exclude(call=None).order_by().values_list("call__slug", flat=True).distinct())


@remembered(AREA)
def is_laureate(user_id: int) -> bool:
    """Whether this account leads a published sheet, or acts for an organisation that holds one."""
    # Each begins with the few rows of the account: the two in one condition would go through all sheets.
    leads = SheetLead.objects.filter(user=user_id, sheet__live=True)
    holds = Membership.objects.active().filter(user=user_id, organisation__held_sheets__live=True)
    return User.objects.filter(Exists(leads) | Exists(holds), pk=user_id).exists()


areas.declare(
    AREA,
    "project_sheets.ProjectSheetPage",
    "project_sheets.SheetLead",
    "project_sheets.Call",
    "directory.Membership",
)
declare("laureates", label=_("Laureates"), choices=_choices, names_of=_names_of)
