"""Reads of the fact sheets.

``present_sheet`` is the one rule of the two depths: page, search, feeds and exports read a sheet
through it, and nothing that is for members leaves it for anyone else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import CharField, Prefetch, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import WorkflowState

from directory.people import MemberPresentation, introduce_accounts
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animated_by, is_member
from portal.core.remember import remembered
from portal.taxonomy.models import Audience, Occupation, Sector, Territory, Theme
from project_sheets.enums import PartnerRole, Stage
from project_sheets.financing import Financing, MeasuredIndicator, compute_financing, measure_indicator
from project_sheets.models import (
    Action,
    Call,
    Partnership,
    ProjectSheetPage,
    RegionIndexPage,
    SheetDocument,
    SheetLead,
    SheetPhoto,
    TeamRole,
    Testimony,
    Wave,
)


def rows_of(
    sheet: ProjectSheetPage, relation: str, *, related: tuple[str, ...] = (), prefetched: tuple[str, ...] = ()
) -> list[Any]:
    """Return the ordered rows of a sheet: from the database, or from memory if prefetched or in a preview."""
    rows = getattr(sheet, relation).all()
    if isinstance(rows, QuerySet) and relation not in getattr(sheet, "_prefetched_objects_cache", {}):
        rows = rows.select_related(*related) if related else rows
        rows = rows.prefetch_related(*prefetched)
    return list(rows)


#: Slug of the page above all regions; it begins the address of every sheet.
PROJECTS_SLUG = "projets"


@dataclass(frozen=True)
class PartnerLine:
    """A partner as the reader may know it; the contribution and the day of signature are empty for visitors."""

    name: str
    url: str
    role: PartnerRole
    quantity: int | None
    contribution: str
    signed_on: date | None = None


@dataclass(frozen=True)
class MembersPart:
    """What members read besides."""

    sheet: ProjectSheetPage

    @property
    def body(self) -> str:
        """The project in its holder's words, Markdown."""
        return self.sheet.body

    @property
    def public_profile(self) -> str:
        """The people accompanied, in general terms."""
        return self.sheet.public_profile

    @property
    def results(self) -> str:
        """Results, Markdown."""
        return self.sheet.results

    @property
    def stated_state_share(self) -> str:
        """The share of the State as the source prints it."""
        return self.sheet.stated_state_share

    @property
    def consortium_agreement_date(self) -> date | None:
        """When the partners signed."""
        return self.sheet.consortium_agreement_date

    @cached_property
    def actions(self) -> Sequence[Action]:
        """Actions with their text."""
        return rows_of(self.sheet, "actions")

    @cached_property
    def team(self) -> Sequence[TeamRole]:
        """Functions in the team."""
        return rows_of(self.sheet, "team_roles")

    @cached_property
    def partnerships(self) -> Sequence[Partnership]:
        """Partners with dates and contributions."""
        return _partnerships(self.sheet)

    @cached_property
    def financing(self) -> Financing:
        """The financing, computed."""
        lines = rows_of(self.sheet, "funding_lines", related=("funder", "channel"))
        return compute_financing(self.sheet.total_budget, lines)

    @cached_property
    def indicators(self) -> Sequence[MeasuredIndicator]:
        """Indicators with their values by year."""
        rows = rows_of(self.sheet, "indicators", prefetched=("values",))
        return [measure_indicator(row, row.values.all()) for row in rows]

    @cached_property
    def testimonies(self) -> Sequence[Testimony]:
        """Testimonies, each with consent."""
        return rows_of(self.sheet, "testimonies")

    @cached_property
    def documents(self) -> Sequence[SheetDocument]:
        """Files to download."""
        return rows_of(self.sheet, "documents")


class SheetPresentation:
    """A sheet as one reader may see it; templates receive this and never the page."""

    def __init__(self, sheet: ProjectSheetPage, *, with_members_part: bool) -> None:
        self._sheet = sheet
        #: None for a reader who is not a member: nothing of it is even loaded.
        self.members = MembersPart(sheet) if with_members_part else None
        #: What ``project_sheets.drawing`` made of it.
        self.drawing: Any = None

    PUBLIC_FIELDS = (
        *("pk", "uid", "title", "acronym", "call", "wave", "award_date", "start_date", "end_date"),
        *("duration_months", "summary", "objective", "audience_conditions", "source_url", "source_label"),
        *("retrieved_on", "last_confirmed_at", "live", "has_unpublished_changes", "first_published_at"),
        *("last_published_at", "holder", "region_id"),
    )

    def __getattr__(self, name: str) -> Any:
        """Give public fields by their own name, and no other field of the page."""
        if name in self.PUBLIC_FIELDS:
            return getattr(self._sheet, name)
        raise AttributeError(name)

    @property
    def followed(self) -> ProjectSheetPage:
        """What a member who follows the sheet follows: its key, and nothing that it holds."""
        return ProjectSheetPage(pk=self._sheet.pk)

    @property
    def parent_path(self) -> str:
        """The place in the tree of the page above."""
        return self._sheet.path[: -self._sheet.steplen]

    @property
    def url(self) -> str:
        """The sheet's address, from the root of the site."""
        return self._sheet.public_path

    @cached_property
    def themes(self) -> Sequence[Theme]:
        """Themes, needs before obstacles."""
        return list(self._sheet.themes.all())

    @cached_property
    def audiences(self) -> Sequence[Audience]:
        """Whom the project addresses."""
        return list(self._sheet.audiences.all())

    @cached_property
    def territories(self) -> Sequence[Territory]:
        """Where the project is deployed."""
        return list(self._sheet.territories.all())

    @cached_property
    def sectors(self) -> Sequence[Sector]:
        """Sectors of activity."""
        return list(self._sheet.sectors.all())

    @cached_property
    def occupations(self) -> Sequence[Occupation]:
        """Occupations prepared for."""
        return list(self._sheet.occupations.all())

    @cached_property
    def photos(self) -> Sequence[SheetPhoto]:
        """Pictures whose subjects agreed."""
        return [photo for photo in rows_of(self._sheet, "photos", prefetched=("image",)) if photo.has_consent]

    @cached_property
    def action_titles(self) -> Sequence[str]:
        """What the project does, in a few words each."""
        rows = self.members.actions if self.members else rows_of(self._sheet, "actions")
        return [action.title for action in rows]

    @cached_property
    def partners(self) -> Sequence[PartnerLine]:
        """Partners: names and roles for all, contributions for members."""
        rows = self.members.partnerships if self.members else _partnerships(self._sheet)
        return [
            PartnerLine(
                name=row.name,
                url=row.organisation.get_absolute_url() if row.organisation else "",
                role=PartnerRole(row.role),
                quantity=row.quantity,
                contribution=row.contribution if self.members else "",
                signed_on=row.signed_on if self.members else None,
            )
            for row in rows
        ]

    @property
    def stage(self) -> Stage | None:
        """The stage of the project today, from its dates when they are known."""
        return stage_on(self._sheet, timezone.localdate())

    @property
    def confirmed_at(self) -> datetime | None:
        """When the sheet was last known to be right: confirmed or published, whichever came last."""
        moments = [moment for moment in (self._sheet.last_confirmed_at, self._sheet.last_published_at) if moment]
        return max(moments, default=None)


def _partnerships(sheet: ProjectSheetPage) -> Sequence[Partnership]:
    return rows_of(sheet, "partnerships", related=("organisation",))


def stage_on(sheet: Any, day: date) -> Stage | None:
    """Return the stage on ``day``: "stopped" is only ever stated, the others come from the dates."""
    if sheet.stated_stage == Stage.STOPPED:
        return Stage.STOPPED
    if sheet.end_date and sheet.end_date < day:
        return Stage.ENDED
    if sheet.start_date and sheet.start_date > day:
        return Stage.PLANNED
    if sheet.start_date and sheet.end_date:
        return Stage.ONGOING
    return Stage(sheet.stated_stage) if sheet.stated_stage else None


def present_sheet(user: AnyUser, sheet: ProjectSheetPage) -> SheetPresentation:
    """Return ``sheet`` at the depth that ``user`` may read."""
    return SheetPresentation(sheet, with_members_part=is_member(user))


def without_members_part(sheet: SheetPresentation) -> SheetPresentation:
    """Return the same sheet as a visitor may read it."""
    return SheetPresentation(sheet._sheet, with_members_part=False)


def sheet_at(user: AnyUser, region_slug: str, slug: str) -> SheetPresentation | None:
    """Return the sheet at ``/projets/<region_slug>/<slug>/``, at the depth that ``user`` may read, if any.

    Those who may see a sheet before it is published find it at its address to come.
    """
    address = f"/{PROJECTS_SLUG}/{region_slug}/{slug}/"
    published = _published_addresses().get(address)
    if published is not None:
        return published_sheet(published, with_members_part=is_member(user))
    drafts = ProjectSheetPage.objects.visible_to(user).filter(live=False)
    sheet = drafts.filter(slug=slug, url_path__endswith=address).first() if is_member(user) else None
    return present_sheet(user, sheet) if sheet is not None else None


@remembered("sheets")
def _published_addresses() -> Mapping[str, int]:
    """Return the key of every published sheet, by the end of its address."""
    found = ProjectSheetPage.objects.live().values_list("url_path", "pk")
    return {f"/{PROJECTS_SLUG}/{path.split(f'/{PROJECTS_SLUG}/', 1)[-1]}": key for path, key in found}


@remembered("sheets", "directory", "taxonomy", "content", "glossary")
def published_sheet(key: int, *, with_members_part: bool) -> SheetPresentation | None:
    """Return a published sheet at one of the two depths, the same for all who read it so."""
    sheet = ProjectSheetPage.objects.live().select_related("holder").filter(pk=key).first()
    if sheet is None:
        return None
    # Preparing a join costs more than these few objects, which every process remembers.
    sheet.call = _calls().get(sheet.call_id)
    sheet.wave = _waves().get(sheet.wave_id)
    return SheetPresentation(sheet, with_members_part=with_members_part)


@remembered("sheets")
def _calls() -> Mapping[int | None, Call]:
    return {call.pk: call for call in Call.objects.select_related("programme")}


@remembered("sheets")
def _waves() -> Mapping[int | None, Wave]:
    return {wave.pk: wave for wave in Wave.objects.all()}


@remembered("sheets")
def _region_pages() -> Mapping[str, RegionIndexPage]:
    return {page.path: page for page in RegionIndexPage.objects.only("title", "url_path", "path")}


def region_page(sheet: SheetPresentation) -> RegionIndexPage:
    """Return the region's page under which ``sheet`` stands."""
    return _region_pages()[sheet.parent_path]


def leads_of(sheet: SheetPresentation, user: AnyUser) -> Sequence[MemberPresentation]:
    """Return the people who look after the sheet, as ``user`` may know them; for its members' part."""
    return introduce_accounts(_lead_accounts(sheet.pk), user)


@remembered("laureates", "people")
def _lead_accounts(sheet_id: int | None) -> Sequence[User]:
    rows = SheetLead.objects.filter(sheet_id=sheet_id).select_related("user__profile")
    return [row.user for row in rows]


def sheets_to_review(user: AnyUser) -> Any:
    """Return the sheets that wait for a decision in the regions that ``user`` animates."""
    waiting = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, base_content_type__app_label="wagtailcore"
    )
    # Workflow states keep keys as text: other objects than pages may have keys of other kinds.
    in_region = ProjectSheetPage.objects.filter(animated_by(user, "region_id")).annotate(
        text_key=Cast("pk", CharField())
    )
    return in_region.filter(text_key__in=waiting.values("object_id")).order_by("title", "pk")


def documents_visible_to(user: AnyUser) -> Any:
    """Return the files that ``user`` may download: for members, on sheets that they see."""
    if not is_member(user):
        return SheetDocument.objects.none()
    return SheetDocument.objects.filter(sheet__in=ProjectSheetPage.objects.visible_to(user))


def call_for_page(slug: str) -> Call | None:
    """Return a call with its waves and audiences, or None."""
    return (
        Call.objects.select_related("programme")
        .prefetch_related("audiences", Prefetch("waves", Wave.objects.order_by("number")))
        .filter(slug=slug)
        .first()
    )
