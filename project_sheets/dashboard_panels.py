"""What the sheets bring to the dashboard of "Animation"."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.dashboard import DashboardFigure, declare_panel
from portal.accounts.models import User
from portal.accounts.rules import animated_by, is_administrator
from portal.core.money import format_percent, share_of
from project_sheets.living.rules import STALE_AFTER
from project_sheets.models import Call, ProjectSheetPage, RegionIndexPage
from project_sheets.review.selectors import awaiting_count


def _animated(user: User) -> Q:
    """Keep what ``user`` animates; an administrator animates everything."""
    return Q() if is_administrator(user) else animated_by(user, "region_id")


def _regions(user: User) -> list[RegionIndexPage]:
    pages = RegionIndexPage.objects.live().filter(_animated_pages(user)).order_by("title")
    return list(pages.only("title", "url_path", "slug"))


def _animated_pages(user: User) -> Q:
    return Q() if is_administrator(user) else animated_by(user, "territory_id")


def _sheet_figures(user: User) -> Iterator[DashboardFigure]:
    since = timezone.now() - STALE_AFTER
    fresh = Q(live=True) & (Q(last_confirmed_at__gte=since) | Q(last_published_at__gte=since))
    counts = ProjectSheetPage.objects.filter(_animated(user)).aggregate(
        published=Count("pk", filter=Q(live=True)),
        drafts=Count("pk", filter=Q(live=False)),
        fresh=Count("pk", filter=fresh),
    )
    regions = _regions(user)
    address = regions[0].public_path if len(regions) == 1 else reverse("project_sheets:list")
    above = regions[0].pk if len(regions) == 1 else None
    explorer = reverse("wagtailadmin_explore", args=[above]) if above else reverse("wagtailadmin_explore_root")
    yield DashboardFigure(_("published sheets"), counts["published"], address)
    yield DashboardFigure(_("drafts"), counts["drafts"], explorer)
    yield DashboardFigure(_("sheets that wait for review"), awaiting_count(user), reverse("sheet_review:list"))
    share = share_of(Decimal(counts["fresh"]), Decimal(counts["published"]))
    if share is not None:
        note = _("confirmed or published within %(days)s days") % {"days": STALE_AFTER.days}
        yield DashboardFigure(_("sheets up to date"), format_percent(share), address, note)


def _call_figures(user: User) -> Iterator[DashboardFigure]:
    """Yield each call with published sheets in the animator's regions, leading to its report."""
    of_theirs = Q(sheets__live=True)
    if not is_administrator(user):
        of_theirs &= animated_by(user, "sheets__region_id")
    calls = Call.objects.annotate(theirs=Count("sheets", filter=of_theirs)).filter(theirs__gt=0)
    for call in calls.order_by("-published_on", "title")[:12]:
        report = reverse("project_sheets:call_report", args=[call.slug])
        label = _("%(call)s: sheets published") % {"call": call.short_title or call.title}
        yield DashboardFigure(label, call.theirs, report, _("See the report"))


declare_panel("sheets", gettext_lazy("Project sheets"), order=10, figures=_sheet_figures)
declare_panel("calls", gettext_lazy("Calls and their reports"), order=20, figures=_call_figures)
