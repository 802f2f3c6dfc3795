import pytest
from django.core.exceptions import ValidationError

from portal.taxonomy.models import Territory, normalize_name, parse_public_code
from tests.taxonomy.factories import (
    CommuneFactory,
    CountryFactory,
    DepartmentFactory,
    RegionFactory,
    ThemeFactory,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("L’Abergement-Clémenciat", "l abergement clemenciat"),
        ("L'Abergement-Clémenciat", "l abergement clemenciat"),
        ("Œuvre de Saint-Cœur", "oeuvre de saint coeur"),
        ("  École   de la 2e chance ", "ecole de la 2e chance"),
        ("Île-de-France", "ile de france"),
        ("E\u0301cole", "ecole"),
        ("!!!", ""),
    ],
)
def test_normalize_name(name: str, expected: str) -> None:
    assert normalize_name(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dep-2A", ("department", "2A")),
        ("reg-01", ("region", "01")),
        ("com-35238", ("commune", "35238")),
        ("pays-FR", ("country", "FR")),
        ("dep-2a", None),
        ("dep-", None),
        ("35", None),
        ("dep-\x00", None),
        ("dep-٣٥", None),
        ("dep-35\n", None),
    ],
)
def test_parse_public_code(text: str, expected: tuple[str, str] | None) -> None:
    assert parse_public_code(text) == expected


@pytest.mark.django_db
def test_public_code_leads_back_to_the_territory() -> None:
    for territory in (RegionFactory(), DepartmentFactory(), CommuneFactory(), CountryFactory()):
        assert list(Territory.objects.with_public_codes([territory.public_code])) == [territory]


@pytest.mark.django_db
def test_with_public_codes_ignores_what_is_no_code() -> None:
    department = DepartmentFactory()
    codes = [department.public_code, "dep-99", "x", "", "dep-35'; --"]
    assert list(Territory.objects.with_public_codes(codes)) == [department]


@pytest.mark.django_db
def test_region_01_is_not_department_01() -> None:
    region = RegionFactory(code="01", name="Guadeloupe")
    department = DepartmentFactory(code="01", name="Ain", region=RegionFactory(code="84", name="Auvergne-Rhône-Alpes"))
    assert list(Territory.objects.with_public_codes(["reg-01"])) == [region]
    assert list(Territory.objects.with_public_codes(["dep-01"])) == [department]


@pytest.mark.django_db
def test_touching_goes_down_and_up() -> None:
    rennes = CommuneFactory()
    brest = CommuneFactory(code="29019", name="Brest", department=DepartmentFactory(code="29", name="Finistère"))
    france = CountryFactory()
    department, region = rennes.department, rennes.region
    assert set(Territory.objects.touching([department])) == {rennes, department, region, france}
    assert set(Territory.objects.touching([region])) == {rennes, brest, department, brest.department, region, france}
    assert Territory.objects.touching([france]).count() == Territory.objects.count()
    assert set(Territory.objects.touching([])) == {france}


@pytest.mark.django_db
def test_within_goes_down_alone() -> None:
    rennes = CommuneFactory()
    france = CountryFactory()
    assert set(Territory.objects.within(rennes.department)) == {rennes, rennes.department}
    assert set(Territory.objects.within(france)) == set(Territory.objects.all())


@pytest.mark.django_db
def test_themes_have_two_levels() -> None:
    top = ThemeFactory()
    below = ThemeFactory(parent=top)
    below.clean()
    with pytest.raises(ValidationError):
        ThemeFactory.build(parent=below).clean()
    top.parent = ThemeFactory()
    with pytest.raises(ValidationError):
        top.clean()
