"""The columns of files of organisations: the same ones are read and written."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import normalize_name

#: What separates several values in one cell.
SEPARATOR = " | "


@dataclass(frozen=True)
class Column:
    """One column; ``digits`` is the width to which a spreadsheet's lost zeros are restored."""

    name: str
    help: str | Promise
    other_titles: tuple[str, ...] = ()
    digits: int = 0
    #: Written in exports; an address that receives messages never is.
    is_exported: bool = True
    #: Read by imports; what the portal alone decides never is.
    is_imported: bool = True
    longest: int = 200


COLUMNS = (
    Column("identifiant", _("Stable identifier; leave empty for a new organisation"), ("uid", "id"), longest=36),
    Column("nom", _("Name, 3 to 150 signs"), ("denomination", "raison sociale", "structure"), longest=150),
    Column("sigle", _("Acronym"), ("acronyme",), longest=40),
    Column("intitule_du_sigle", _("What the acronym means"), longest=200),
    Column("type", _("Kind of organisation, by its name"), ("typologie", "type de structure"), longest=80),
    Column("siret", _("Fourteen digits"), ("numero siret",), digits=14, longest=30),
    Column("categorie_juridique", _("Legal category"), longest=80),
    Column("description", _("Presentation"), ("presentation",), longest=10_000),
    Column("site_web", _("Website"), ("site", "site internet", "url"), longest=200),
    Column("telephone", _("Telephone"), ("tel", "numero de telephone"), longest=30),
    Column("poste", _("Extension"), longest=8),
    Column("adresse", _("Number and street"), ("rue",), longest=200),
    Column("code_postal", _("Postal code"), ("cp",), digits=5, longest=10),
    Column("commune", _("Municipality of the seat"), ("ville",), longest=120),
    Column("code_insee", _("Its INSEE code"), ("insee", "code commune"), digits=5, longest=10),
    Column("territoires", _("Territories of action: dep-35 | reg-53"), ("territoires d action",), longest=2_000),
    Column("themes", _("Themes, separated by “ | ”"), ("thematiques",), longest=2_000),
    Column("publics", _("Audiences, separated by “ | ”"), longest=2_000),
    Column("reseaux", _("Networks, separated by “ | ”"), ("reseaux porteurs",), longest=2_000),
    Column("anciens_noms", _("Former names, separated by “ | ”"), longest=2_000),
    Column(
        "courriel_de_contact",
        _("Address that receives messages; published nowhere"),
        ("courriel", "email", "e mail", "mail"),
        is_exported=False,
        longest=254,
    ),
    Column("verifiee", _("Whether the page is verified"), is_imported=False),
    Column("mise_a_jour", _("Day of the last change"), is_imported=False),
    Column("page", _("Address of its page"), is_imported=False),
)
EXPORTED = tuple(column for column in COLUMNS if column.is_exported)
IMPORTED = tuple(column for column in COLUMNS if column.is_imported)
#: What the portal alone decides may stand in a file, since exports hold it; it is passed over.
TITLES = {
    normalize_name(title): column.name
    for column in IMPORTED
    for title in (column.name.replace("_", " "), *column.other_titles)
}
BY_NAME = {column.name: column for column in COLUMNS}
