"""The sheets as open data: what a visitor reads, a row a sheet, nothing about a person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from portal.core.datasets import Column, Dataset, declare
from project_sheets.cards import cards_for, sheets_for_cards, values_by_sheet

BATCH = 200


def _rows() -> Iterator[Mapping[str, Any]]:
    sheets = list(sheets_for_cards(AnonymousUser()).order_by("pk"))
    for start in range(0, len(sheets), BATCH):
        batch = sheets[start : start + BATCH]
        keys = [sheet.pk for sheet in batch]
        audiences = values_by_sheet("audiences", ("name",), keys)
        sectors = values_by_sheet("sectors", ("name",), keys)
        for sheet, card in zip(batch, cards_for(batch), strict=True):
            yield {
                "identifiant": str(sheet.uid),
                "titre": card.title,
                "porteur": card.holder.name if card.holder else "",
                "appel": card.call.title if card.call else "",
                "vague": card.wave.number if card.wave else "",
                "territoires": " | ".join(card.territories),
                "themes": " | ".join(card.themes),
                "publics": _joined(audiences[sheet.pk]),
                "secteurs": _joined(sectors[sheet.pk]),
                "debut": sheet.start_date.isoformat() if sheet.start_date else "",
                "fin": sheet.end_date.isoformat() if sheet.end_date else "",
                "resume": card.summary,
                "adresse": f"{settings.BASE_URL}{card.url}",
            }


def _joined(values: Sequence[tuple[Any, ...]]) -> str:
    return " | ".join(str(value) for (value,) in values)


declare(
    Dataset(
        key="fiches-projets",
        title=_("Project sheets"),
        description=_("The published sheets of the projects retained by calls, with their public facts."),
        columns=(
            Column("identifiant", "text", _("Stable identifier of the sheet")),
            Column("titre", "text", _("Title of the project")),
            Column("porteur", "text", _("Organisation that carries the project")),
            Column("appel", "text", _("Call that retained the project")),
            Column("vague", "integer", _("Number of the wave of selection")),
            Column("territoires", "text", _("Where the project is deployed, separated by “ | ”")),
            Column("themes", "text", _("Themes, separated by “ | ”")),
            Column("publics", "text", _("Audiences, separated by “ | ”")),
            Column("secteurs", "text", _("Sectors of activity, separated by “ | ”")),
            Column("debut", "date", _("First day of the project")),
            Column("fin", "date", _("Last day of the project")),
            Column("resume", "text", _("Summary")),
            Column("adresse", "url", _("Address of the sheet")),
        ),
        rows=_rows,
    )
)
