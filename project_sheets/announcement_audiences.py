"""Announcements to the leads of the sheets of a call."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.notifications.announcements.audiences import declare_audience, declare_belonging
from project_sheets.models import Call, SheetLead


def _calls(user: User) -> list[tuple[str, str]]:
    return [(call.slug, call.short_title or call.title) for call in Call.objects.all()]


def _leads_of(slug: str) -> Q:
    return Q(pk__in=SheetLead.objects.filter(sheet__call__slug=slug).order_by().values("user_id"))


def _lead_there(region_ids: Collection[int]) -> Q:
    return Q(pk__in=SheetLead.objects.filter(sheet__region_id__in=region_ids).order_by().values("user_id"))


declare_audience(
    "call",
    label=_("Leads of a call for projects"),
    everybody=_("Leads or not"),
    order=30,
    options=_calls,
    people=_leads_of,
)
declare_belonging("leads", _lead_there)
