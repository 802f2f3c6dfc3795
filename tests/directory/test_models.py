import pytest
from django.contrib.auth.models import AnonymousUser

from directory.models import Organisation
from portal.accounts.models import User
from tests.directory.factories import FormerNameFactory, OrganisationFactory
from tests.taxonomy.factories import CommuneFactory, CountryFactory, DepartmentFactory, RegionFactory

pytestmark = pytest.mark.django_db


def test_visible_to_hides_what_is_not_listed() -> None:
    listed, hidden = OrganisationFactory(), OrganisationFactory(is_listed=False)
    member = User.objects.create_user("membre@demo.example", membership_status=User.MembershipStatus.APPROVED)
    administrator = User.objects.create_superuser("administrateur@demo.example")
    assert list(Organisation.objects.visible_to(AnonymousUser())) == [listed]
    assert list(Organisation.objects.visible_to(member)) == [listed]
    assert set(Organisation.objects.visible_to(administrator)) == {listed, hidden}
    administrator.is_active = False
    assert list(Organisation.objects.visible_to(administrator)) == [listed]


@pytest.mark.parametrize(
    "text", ["école", "ECOLE", "ecole deuxieme", "é2c", "E2C", "chance école", "ancienne", "l'ancienne", ""]
)
def test_matching_ignores_case_accents_and_order(text: str) -> None:
    organisation = OrganisationFactory(name="École de la deuxième chance", acronym="É2C")
    FormerNameFactory(organisation=organisation, name="L’Ancienne école")
    other = OrganisationFactory(name="Autre")
    found = Organisation.objects.matching(text)
    assert organisation in found
    assert (other in found) == (text == "")


@pytest.mark.parametrize("text", ["%", "_", "100%", "\\"])
def test_matching_gives_no_meaning_to_signs(text: str) -> None:
    OrganisationFactory(name="Une structure")
    percent = OrganisationFactory(name="100 % emploi")
    expected = {percent} if "100" in text else set(Organisation.objects.all())
    assert set(Organisation.objects.matching(text)) == expected


def test_former_names_that_go_are_no_longer_found() -> None:
    organisation = OrganisationFactory(name="France Travail")
    former = FormerNameFactory(organisation=organisation, name="Pôle emploi")
    assert organisation in Organisation.objects.matching("pole emploi")
    former.delete()
    assert organisation not in Organisation.objects.matching("pole emploi")
    organisation.other_names.create(name="ANPE", kind="former")
    organisation.save()
    assert organisation in Organisation.objects.matching("anpe")


def test_acting_in_goes_down_and_up_and_falls_back_to_the_seat() -> None:
    rennes, france = CommuneFactory(), CountryFactory()
    department, region = rennes.department, rennes.region
    finistere = DepartmentFactory(code="29", name="Finistère")
    in_rennes = OrganisationFactory(territories=[rennes])
    in_department = OrganisationFactory(territories=[department])
    in_region = OrganisationFactory(territories=[region])
    everywhere = OrganisationFactory(territories=[france])
    seated = OrganisationFactory(seat=rennes)
    OrganisationFactory(seat=rennes, territories=[finistere])
    nowhere = OrganisationFactory()
    around = {in_region, everywhere}
    assert set(Organisation.objects.acting_in([department])) == {in_rennes, in_department, seated, *around}
    in_finistere = set(Organisation.objects.acting_in([finistere]))
    assert len(in_finistere) == 3
    assert around < in_finistere
    assert nowhere not in set(Organisation.objects.acting_in([region]))


def test_region_01_is_not_department_01() -> None:
    guadeloupe = OrganisationFactory(territories=[RegionFactory(code="01", name="Guadeloupe")])
    ain = OrganisationFactory(
        territories=[DepartmentFactory(code="01", name="Ain", region=RegionFactory(code="84", name="Rhône-Alpes"))]
    )
    assert list(Organisation.objects.acting_in(ain.territories.all())) == [ain]
    assert list(Organisation.objects.acting_in(guadeloupe.territories.all())) == [guadeloupe]


def test_slugs_stay_and_differ() -> None:
    first, second = OrganisationFactory(name="Job 41"), OrganisationFactory(name="Job 41")
    assert (first.slug, second.slug) == ("job-41", "job-41-2")
    first.name = "Job 41 bis"
    first.save()
    assert first.slug == "job-41"
