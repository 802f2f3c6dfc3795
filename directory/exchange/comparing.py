"""What the lines of a file change of the organisations that they name: the middle of a report, and what is written."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from directory.enums import LineOutcome
from directory.exchange.checking import CheckedRow
from directory.exchange.records import BATCH, cells_of, described
from directory.models import Organisation
from directory.phones import format_public_phone

#: Columns that are one field of the organisation.
COLUMN_OF = {
    "name": "nom",
    "acronym": "sigle",
    "acronym_expansion": "intitule_du_sigle",
    "kind_id": "type",
    "siret": "siret",
    "legal_category": "categorie_juridique",
    "description": "description",
    "website": "site_web",
    "phone": "telephone",
    "phone_extension": "poste",
    "relay_email": "courriel_de_contact",
    "street": "adresse",
    "postal_code": "code_postal",
    "seat_id": "commune",
    "themes": "themes",
    "audiences": "publics",
    "networks": "reseaux",
    "territories": "territoires",
}
#: Signs of a value that a report shows.
SHOWN = 120


def compare_rows(checked: Sequence[CheckedRow]) -> None:
    """Note what each right line changes; one that changes nothing is told as such, and is not written."""
    changing = [row for row in checked if row.outcome == LineOutcome.UPDATE]
    for start in range(0, len(changing), BATCH):
        batch = {row.key: row for row in changing[start : start + BATCH]}
        for organisation in described([key for key in batch if key]):
            row = batch[organisation.pk]
            columns = list(_changed(organisation, row))
            row.changes = _worded(organisation, row, columns)
            if not columns:
                row.action = LineOutcome.UNCHANGED


def _changed(organisation: Organisation, row: CheckedRow) -> Iterator[str]:
    """Yield the columns whose value is another one than the organisation's."""
    for name, value in row.fields.items():
        if getattr(organisation, name) != value:
            yield COLUMN_OF[name]
    for relation, keys in row.links.items():
        if {one.pk for one in getattr(organisation, relation).all()} != set(keys):
            yield COLUMN_OF[relation]
    # Names are added, and never taken away.
    if not {one.name for one in organisation.other_names.all()}.issuperset(row.former_names):
        yield "anciens_noms"


def _worded(organisation: Organisation, row: CheckedRow, columns: Sequence[str]) -> list[tuple[str, str, str]]:
    if not columns:
        return []
    known = cells_of(organisation)
    return [_change(column, known.get(column, ""), _given(row, column)) for column in columns]


def _given(row: CheckedRow, column: str) -> str:
    """Return what the file says: as it is kept where that differs; a seat may be given by its code alone."""
    if column == "site_web":
        return str(row.fields["website"])
    if column == "telephone":
        return format_public_phone(row.fields["phone"]).replace("\N{NO-BREAK SPACE}", " ")
    return row.cells.get(column) or row.cells.get("code_insee", "")


def _change(column: str, before: str, after: str) -> tuple[str, str, str]:
    if column == "courriel_de_contact":
        return column, "", _("another address, which no report shows")
    return column, _short(before), _short(after)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"
