"""The columns of a list of laureates, and its lines as they were typed."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.tables import read_table
from portal.taxonomy.models import normalize_name

MAX_ROWS = 2_000
#: Column → the titles that name it, normalised. The first is the one that the page shows.
COLUMNS: dict[str, tuple[str, ...]] = {
    "titre": ("titre", "projet", "intitule", "nom du projet", "titre du projet"),
    "acronyme": ("acronyme", "sigle"),
    "structure": ("structure", "porteur", "structure porteuse", "porteur de projet", "laureat"),
    "siret": ("siret",),
    "region": ("region",),
    "departements": ("departements", "departement", "territoire", "territoires"),
    "vague": ("vague",),
    "date": ("date", "date d attribution", "notifie le"),
    "themes": ("themes", "theme", "thematiques"),
    "resume": ("resume", "description"),
    "budget": ("budget", "budget total", "cout total"),
    "etat": ("etat", "part de l etat", "subvention etat", "subvention de l etat", "montant etat"),
    "referents": (
        *("referents", "referent", "referente", "referentes", "courriel du referent", "courriel de la referente"),
        *("courriel", "email", "e mail", "mail", "adresse electronique", "mail du referent", "email du referent"),
    ),
}
REQUIRED = ("titre", "structure", "region")
_BY_TITLE = {title: column for column, titles in COLUMNS.items() for title in titles}


def read_lines(content: bytes) -> list[dict[str, Any]]:
    """Return the lines of a file, each with its ``number`` and its cells by column.

    Raises ValidationError with what is wrong with the file as a whole.
    """
    table = read_table(content, max_rows=MAX_ROWS)
    columns = _columns(next(table, []))
    lines = []
    for number, cells in enumerate(table, start=2):
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
        if named:
            lines.append({"number": number, **named})
    if not lines:
        raise ValidationError(_("This file has titles, and no project below them."))
    return lines


def _columns(titles: Sequence[str]) -> list[str]:
    columns = [_BY_TITLE.get(normalize_name(title), "") for title in titles]
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        message = _("The first line must hold the titles of the columns. Missing: %(titles)s.")
        raise ValidationError(message % {"titles": ", ".join(missing)})
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise ValidationError(_("Two columns of this file have the same title."))
    return columns
