"""The laureates of each call, to whom other apps may reserve something."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Membership
from portal.accounts.circles import declare
from portal.accounts.models import User
from project_sheets.models import Call, ProjectSheetPage


def _choices() -> list[tuple[str, str]]:
    return list(Call.objects.order_by("-published_on", "pk").values_list("slug", "title"))


def _names_of(user: User) -> set[str]:
    """Return the calls whose retained projects ``user`` leads, or whose holders they act for."""
    holders = Membership.objects.active().filter(user=user).values("organisation_id")
    sheets = ProjectSheetPage.objects.filter(Q(leads__user=user) | Q(holder__in=holders), live=True)
    return set(sheets.exclude(call=None).order_by().values_list("call__slug", flat=True).distinct())


declare("laureates", label=_("Laureates"), choices=_choices, names_of=_names_of)
