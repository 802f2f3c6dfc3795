"""Cards of sheets: the public facts by which a list lets one choose."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from portal.accounts.rules import AnyUser
from portal.core.remember import remembered
from project_sheets.enums import Stage
from project_sheets.models import Call, ProjectSheetPage, Wave
from project_sheets.selectors import stage_on


@dataclass(frozen=True)
class SheetCard:
    """One sheet in a list."""

    title: str
    acronym: str
    url: str
    summary: str
    holder: Organisation | None
    call: Call | None
    wave: Wave | None
    territories: Sequence[str]
    themes: Sequence[str]
    illustration: str
    stage: Stage | None
    live: bool

    @property
    def kicker(self) -> str:
        """The call in a few letters, and its wave."""
        if self.call is None:
            return ""
        name = self.call.short_title or self.call.title
        return f"{name} · {self.wave}" if self.wave else name

    @property
    def facts(self) -> list[dict[str, str]]:
        """The three facts that decide: who, where, on what."""
        facts = [
            {"label": str(_("Project holder")), "value": self.holder.name if self.holder else ""},
            {"label": str(_("Territory")), "value": ", ".join(self.territories)},
            {"label": str(_("Themes")), "value": ", ".join(self.themes[:3])},
        ]
        return [fact for fact in facts if fact["value"]]

    @property
    def badges(self) -> list[dict[str, str]]:
        """The stage, and a warning on a sheet that the public does not see yet."""
        badges = [{"label": str(self.stage.label), "kind": "info"}] if self.stage else []
        return badges if self.live else [*badges, {"label": str(_("not published")), "kind": "warning"}]


def values_by_sheet(relation: str, fields: tuple[str, ...], sheet_ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Return ``fields`` of the related words of several sheets in one query, grouped by sheet.

    Plain values: building the objects costs more than the query.
    """
    manager = getattr(ProjectSheetPage, relation)
    word = manager.field.related_model
    through: Any = manager.through
    name = word._meta.model_name
    rows = through.objects.filter(projectsheetpage_id__in=sheet_ids).order_by(
        *(f"{name}__{o}" for o in word._meta.ordering)
    )
    grouped: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for sheet_id, *values in rows.values_list("projectsheetpage_id", *(f"{name}__{field}" for field in fields)):
        grouped[sheet_id].append(tuple(values))
    return grouped


def cards_for(sheets: Sequence[ProjectSheetPage]) -> Sequence[SheetCard]:
    """Return the cards of ``sheets``, loaded with holder, call and wave, in two more queries."""
    ids = [sheet.pk for sheet in sheets]
    themes = values_by_sheet("themes", ("name", "illustration"), ids)
    territories = values_by_sheet("territories", ("name",), ids)
    today = timezone.localdate()
    return [
        SheetCard(
            title=sheet.title,
            acronym=sheet.acronym,
            url=sheet.public_path,
            summary=sheet.summary,
            holder=sheet.holder,
            call=sheet.call,
            wave=sheet.wave,
            territories=[name for (name,) in territories[sheet.pk]],
            themes=[name for name, _drawing in themes[sheet.pk]],
            illustration=_illustration([drawing for _name, drawing in themes[sheet.pk]]),
            stage=stage_on(sheet, today),
            live=sheet.live,
        )
        for sheet in sheets
    ]


def _illustration(drawings: Sequence[str]) -> str:
    """Choose the drawing that tells a project from the others: all are about work."""
    return next((name for name in drawings if name not in {"emploi", "default"}), (*drawings, "default")[0])


@remembered("sheets", "directory", "taxonomy")
def _shelf() -> dict[int, SheetCard]:
    """Return the cards made so far, filled as lists are read; a card is the same for all who see the sheet."""
    return {}


def cards_of(sheet_ids: Sequence[int]) -> Sequence[SheetCard]:
    """Return the cards of these sheets in this order; the caller knows that the reader may see them."""
    shelf = _shelf()
    missing = [sheet for sheet in sheet_ids if sheet not in shelf]
    if missing:
        sheets = list(_with_what_cards_show(ProjectSheetPage.objects.filter(pk__in=missing)))
        shelf |= {sheet.pk: card for sheet, card in zip(sheets, cards_for(sheets), strict=True)}
    # A sheet deleted meanwhile has no card.
    return [shelf[sheet] for sheet in sheet_ids if sheet in shelf]


def cards_by_title(sheets: QuerySet[ProjectSheetPage]) -> Sequence[SheetCard]:
    """Return the cards of ``sheets``, which the reader may see, in the order of their titles: one query."""
    return cards_of(list(sheets.order_by("title", "pk").values_list("pk", flat=True)))


#: What a card reads; a page has sixty columns, and preparing each costs more than reading it.
CARD_FIELDS = (
    *("title", "url_path", "live", "first_published_at", "uid", "acronym", "summary"),
    *("start_date", "end_date", "stated_stage", "region"),
    *("holder__name", "holder__slug", "call__title", "call__short_title", "call__slug"),
    *("wave__number", "wave__label"),
)


def sheets_for_cards(user: AnyUser) -> Any:
    """Return the sheets visible to ``user`` with what their cards need, and no more."""
    return _with_what_cards_show(ProjectSheetPage.objects.visible_to(user))


def _with_what_cards_show(sheets: Any) -> Any:
    return sheets.select_related("holder", "call", "wave").only(*CARD_FIELDS)
