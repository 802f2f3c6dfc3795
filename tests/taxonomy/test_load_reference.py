import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from directory.models import OrganisationKind
from portal.taxonomy.forms import data_inclusion_codes
from portal.taxonomy.models import Audience, GlossaryEntry, Sector, Territory, Theme
from portal.taxonomy.territories import commune_locative, own_rows

SAMPLE = Path(__file__).parent / "data" / "territories"
MODELS = (Territory, Theme, Audience, Sector, GlossaryEntry, OrganisationKind)


def load(source: Path | None = SAMPLE) -> str:
    out = StringIO()
    call_command("load_reference", source=source, stdout=out)
    return out.getvalue()


def everything() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    load()
    before = everything()
    assert all(before)
    load()
    assert everything() == before


@pytest.mark.django_db
def test_territories_of_the_package() -> None:
    load()
    rennes = Territory.objects.get(level="commune", code="35238")
    assert (rennes.name, rennes.locative, rennes.vintage) == ("Rennes", "à Rennes", 2026)
    assert (rennes.department.code, rennes.region.code) == ("35", "53")
    assert rennes.epci.level == "epci"
    assert "35000" in rennes.postal_codes
    assert rennes.population > 200_000
    assert Territory.objects.get(level="department", code="22").name == "Côtes-d’Armor"
    assert not Territory.objects.filter(name__contains="'").exists()


@pytest.mark.django_db
def test_districts_and_former_communes_are_no_territories() -> None:
    load()
    assert not Territory.objects.filter(code="75101").exists()
    assert Territory.objects.filter(level="commune", code="75056").exists()


@pytest.mark.django_db
def test_corsica_and_overseas() -> None:
    load()
    ajaccio = Territory.objects.get(level="commune", code="2A004")
    assert (ajaccio.department.code, ajaccio.region.name) == ("2A", "Corse")
    assert Territory.objects.get(level="region", code="01").name == "Guadeloupe"
    assert Territory.objects.get(level="department", code="01").name == "Ain"
    saint_denis = Territory.objects.get(level="commune", code="97411")
    assert saint_denis.department.locative == saint_denis.region.locative == "à La Réunion"
    saint_pierre = Territory.objects.get(level="commune", code="97502")
    assert (saint_pierre.department.code, saint_pierre.region.code) == ("975", "975")


@pytest.mark.django_db
def test_an_intercommunality_across_departments_belongs_to_none() -> None:
    load()
    across = Territory.objects.get(level="epci", code="200000000")
    assert (across.name, across.department, across.region) == ("CC d’Entre-deux", None, None)
    inside = Territory.objects.get(level="epci", code="243500139")
    assert inside.department.code == "35"


@pytest.mark.django_db
def test_what_leaves_the_list_is_marked_and_may_come_back(tmp_path: Path) -> None:
    load()
    source = tmp_path / "data"
    shutil.copytree(SAMPLE, source)
    communes = json.loads((source / "communes.json").read_text())
    (source / "communes.json").write_text(json.dumps([row for row in communes if row["code"] != "35238"]))
    load(source)
    assert Territory.objects.get(level="commune", code="35238").obsolete_since == timezone.localdate()
    load()
    assert Territory.objects.get(level="commune", code="35238").obsolete_since is None


@pytest.mark.django_db
def test_without_the_package_regions_and_departments_stand_in(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    told = load(None)
    assert "@etalab/decoupage-administratif" in told
    assert "npm ci" in told
    levels = {level: Territory.objects.filter(level=level).count() for level in ("country", "region", "department")}
    assert levels == {"country": 1, "region": 26, "department": 109}
    assert not Territory.objects.filter(level="commune").exists()


@pytest.mark.django_db
def test_the_stand_in_never_marks_municipalities_obsolete(settings: Settings, tmp_path: Path) -> None:
    load()
    settings.BASE_DIR = tmp_path
    load(None)
    assert not Territory.objects.filter(level="commune").exclude(obsolete_since=None).exists()


@pytest.mark.django_db
def test_a_wrong_folder_is_refused_and_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        load(tmp_path)
    assert not Theme.objects.exists()


@pytest.mark.django_db
def test_what_an_administrator_rewrote_stays() -> None:
    load()
    GlossaryEntry.objects.filter(acronym="BPI").update(definition="Réécrite.")
    Theme.objects.filter(slug="logement").update(name="Se loger")
    load()
    assert GlossaryEntry.objects.get(acronym="BPI").definition == "Réécrite."
    assert Theme.objects.get(slug="logement").name == "Se loger"


def test_every_region_and_department_has_a_locative() -> None:
    rows = own_rows()
    assert all(row.locative for row in rows)
    written = {(row.level, row.code): row.locative for row in rows}
    assert written["region", "53"] == "en Bretagne"
    assert written["department", "29"] == "dans le Finistère"
    assert written["department", "35"] == "en Ille-et-Vilaine"
    assert written["department", "22"] == "dans les Côtes-d’Armor"
    assert written["department", "41"] == "en Loir-et-Cher"
    assert written["department", "01"] == "dans l’Ain"
    assert written["department", "974"] == "à La Réunion"
    assert written["department", "2A"] == "en Corse-du-Sud"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Brest", "à Brest"),
        ("Le Mans", "au Mans"),
        ("Les Herbiers", "aux Herbiers"),
        ("La Rochelle", "à La Rochelle"),
        ("L’Haÿ-les-Roses", "à L’Haÿ-les-Roses"),
        ("Lesneven", "à Lesneven"),
    ],
)
def test_commune_locative(name: str, expected: str) -> None:
    assert commune_locative(name) == expected


@pytest.mark.django_db
def test_codes_are_those_of_data_inclusion() -> None:
    """The list is that of data-inclusion-schema 1.0.10: 69 thematiques, 14 publics."""
    load()
    assert (len(data_inclusion_codes("thematiques")), len(data_inclusion_codes("publics"))) == (69, 14)
    used = {code for codes in Theme.objects.values_list("di_codes", flat=True) for code in codes}
    assert used <= data_inclusion_codes("thematiques")
    assert set(Audience.objects.values_list("di_code", flat=True)) == data_inclusion_codes("publics")
    assert Audience.objects.get(acronym="BPI").di_code == "personnes-exilees"


@pytest.mark.django_db
def test_obstacles_are_those_that_projects_name() -> None:
    load()
    obstacles = set(Theme.objects.filter(kind=Theme.Kind.OBSTACLE).values_list("name", flat=True))
    assert obstacles == {"Mobilité", "Santé", "Garde d’enfants"}


@pytest.mark.django_db
def test_the_glossary_explains_the_acronyms_of_the_field() -> None:
    load()
    known = set(GlossaryEntry.objects.exclude(definition="").values_list("acronym", flat=True))
    asked = "PIC IPR BPI OFII SPE SPIE POEC HOPE DREETS DGEFP ARML ASLD GREF MEDEF CPME FFB CFA CRIA IAE FLE AAP"
    assert set(asked.split()) <= known
