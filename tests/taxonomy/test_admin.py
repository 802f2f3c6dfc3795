import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Organisation
from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.taxonomy.models import Audience, GlossaryEntry, Theme
from tests.directory.factories import KindFactory, OrganisationFactory
from tests.taxonomy.factories import (
    CommuneFactory,
    DepartmentFactory,
    GlossaryEntryFactory,
    RegionFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
ADMINISTRATORS_ALONE = ["taxonomy_theme", "taxonomy_audience", "taxonomy_sector", "taxonomy_occupation"]


def url(model: str, action: str, *args: object) -> str:
    return reverse(f"wagtailsnippets_{model}:{action}", args=args)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("administrateur@demo.example"))
    return client


@pytest.fixture
def animator(client: Client) -> Client:
    user = User.objects.create_user("animateur@demo.example", membership_status=User.MembershipStatus.APPROVED)
    appoint_animator(user=user, territory=RegionFactory())
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "model", [*ADMINISTRATORS_ALONE, "taxonomy_glossaryentry", "directory_organisation", "directory_organisationkind"]
)
def test_an_administrator_lists_and_adds(administrator: Client, model: str) -> None:
    assert administrator.get(url(model, "list")).status_code == 200
    assert administrator.get(url(model, "add")).status_code == 200


@pytest.mark.parametrize("model", ADMINISTRATORS_ALONE)
def test_an_animator_does_not_touch_the_lists_of_administrators(animator: Client, model: str) -> None:
    assert animator.get(url(model, "list")).status_code == 302
    assert animator.get(url(model, "add")).status_code == 302


def test_an_animator_keeps_the_glossary(animator: Client) -> None:
    assert animator.get(url("taxonomy_glossaryentry", "list")).status_code == 200
    assert animator.get(url("taxonomy_glossaryentry", "add")).status_code == 200


def test_an_animator_does_not_write_the_organisations_of_every_region(animator: Client) -> None:
    """A changed name would show on the sheets of other regions."""
    organisation = OrganisationFactory()
    for path in (url("directory_organisation", "add"), url("directory_organisation", "edit", organisation.pk)):
        assert animator.get(path).status_code == 302


def test_nobody_writes_territories(administrator: Client) -> None:
    department = DepartmentFactory()
    listed = administrator.get(url("taxonomy_territory", "list"), {"q": "ille"})
    assert "Ille-et-Vilaine" in listed.content.decode()
    assert administrator.get(url("taxonomy_territory", "add")).status_code == 302
    assert administrator.get(url("taxonomy_territory", "delete", department.pk)).status_code == 302
    response = administrator.post(url("taxonomy_territory", "edit", department.pk), {"name": "X"})
    assert response.status_code == 302
    department.refresh_from_db()
    assert department.name == "Ille-et-Vilaine"


THEME = {"name": "Logement", "slug": "logement", "kind": "need", "order": "1", "illustration": "logement"}


def test_lists_of_a_theme_are_typed_line_by_line(administrator: Client) -> None:
    data = {**THEME, "synonyms": "toit\n\n loyer \ntoit", "di_codes": "mobilite--preparer-un-permis"}
    administrator.post(url("taxonomy_theme", "add"), data)
    theme = Theme.objects.get()
    assert (theme.synonyms, theme.di_codes) == (["toit", "loyer"], ["mobilite--preparer-un-permis"])
    edited = administrator.get(url("taxonomy_theme", "edit", theme.pk)).content.decode()
    assert "toit\nloyer</textarea>" in edited


def test_unknown_codes_are_refused_at_their_field(administrator: Client) -> None:
    response = administrator.post(url("taxonomy_theme", "add"), {**THEME, "di_codes": "inconnu--code"})
    assert "inconnu--code" in str(response.context["form"].errors["di_codes"])
    response = administrator.post(
        url("taxonomy_audience", "add"), {"name": "Jeunes", "slug": "jeunes", "di_code": "x", "order": "1"}
    )
    assert response.context["form"].errors["di_code"]
    assert not Theme.objects.exists()
    assert not Audience.objects.exists()


def organisation_form(**values: object) -> dict[str, object]:
    management = {f"other_names-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    return {"name": "Job 41", "is_listed": "on", **management, "other_names-MAX_NUM_FORMS": 1000, **values}


def test_an_organisation_is_written_with_its_former_names(administrator: Client) -> None:
    data = organisation_form(
        kind=KindFactory().pk,
        territories=[DepartmentFactory().pk],
        **{"other_names-TOTAL_FORMS": 1, "other_names-0-name": "Ancien Job", "other_names-0-kind": "former"},
    )
    response = administrator.post(url("directory_organisation", "add"), data)
    assert response.status_code == 302, response.context["form"].errors
    organisation = Organisation.objects.matching("ancien job").get()
    assert [territory.code for territory in organisation.territories.all()] == ["35"]


def test_saving_an_organisation_keeps_its_municipalities(administrator: Client) -> None:
    rennes = CommuneFactory()
    organisation = OrganisationFactory(name="Job 35", territories=[rennes], themes=[ThemeFactory()])
    page = administrator.get(url("directory_organisation", "edit", organisation.pk))
    assert rennes in page.context["form"].fields["territories"].queryset
    data = organisation_form(kind=organisation.kind_id, territories=[rennes.pk, rennes.department_id])
    administrator.post(url("directory_organisation", "edit", organisation.pk), data)
    assert set(organisation.territories.all()) == {rennes, rennes.department}


def test_a_new_organisation_is_not_offered_35_000_municipalities(administrator: Client) -> None:
    CommuneFactory()
    page = administrator.get(url("directory_organisation", "add"))
    levels = {territory.level for territory in page.context["form"].fields["territories"].queryset}
    assert levels == {"region", "department"}


def test_search_in_the_admin(administrator: Client) -> None:
    GlossaryEntryFactory()
    GlossaryEntry.objects.create(acronym="SPE", slug="spe", expansion="service public de l’emploi")
    found = administrator.get(url("taxonomy_glossaryentry", "list"), {"q": "protection"}).content.decode()
    assert "BPI" in found
    assert "SPE" not in found
