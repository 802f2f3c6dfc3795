"""What the apps declare: organisations, the glossary, editorial pages."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from directory.models import FormerName, Organisation, OrganisationKind
from portal.accounts.models import User
from portal.content.models import HomePage, PortalDocument, ResourceDocument, ResourcePage, StandardPage
from portal.taxonomy.models import GlossaryEntry, Territory, Theme
from search import indexing
from search.models import SearchDocument
from search.selectors import search_site
from search.sources import sources, visible_keys
from tests.factories.content import DocumentFactory, ResourcePageFactory

VISITOR = AnonymousUser()


def urls(text: str, user: User | AnonymousUser = VISITOR, kind: str = "") -> list[str]:
    indexing.drain()
    chosen = {"type": (kind,)} if kind else {}
    return [hit.url for hit in search_site(user=user, text=text, chosen=chosen).hits]


@pytest.fixture
def organisation(db: None) -> Organisation:
    kind = OrganisationKind.objects.create(name="Association d’essai", slug="association-essai")
    return Organisation.objects.create(
        name="Maison des essais", acronym="MDE", acronym_expansion="Maison des essais", kind=kind,
        description="Elle **accompagne** les personnes.",
    )  # fmt: skip


def test_every_source_describes_a_model_and_has_a_label() -> None:
    assert {"organisation", "glossary", "news", "resource", "page"} <= {kind for kind, _source in sources.items()}
    for source in sources:
        assert source.model_class is not None
        assert str(source.label)


@pytest.mark.parametrize("text", ["maison", "MDE", "accompagner", "association d'essai"])
def test_an_organisation_is_found(organisation: Organisation, text: str) -> None:
    assert urls(text, kind="organisation") == [organisation.get_absolute_url()]


def test_an_organisation_follows_its_rows(organisation: Organisation) -> None:
    name = FormerName.objects.create(organisation=organisation, name="Atelier Lumière")
    assert urls("lumière") == [organisation.get_absolute_url()]
    name.delete()
    assert urls("lumière") == []
    theme = Theme.objects.create(name="Spéléologie", slug="speleologie")
    theme.organisations.add(organisation)
    assert urls("spéléologie", kind="organisation") == [organisation.get_absolute_url()]
    assert urls("spéléologie", kind="theme") == [theme.get_absolute_url()]
    theme.name = "Apiculture"
    theme.save()
    assert urls("apiculture", kind="organisation") == [organisation.get_absolute_url()]
    theme.organisations.clear()
    assert urls("apiculture", kind="organisation") == []


def test_an_organisation_off_the_directory_is_for_administrators(organisation: Organisation) -> None:
    organisation.is_listed = False
    organisation.save()
    assert urls("maison", kind="organisation") == []
    administrator = User.objects.create_superuser("administrateur@demo.example")
    assert urls("maison", administrator, kind="organisation") == [organisation.get_absolute_url()]


def test_territories_count_for_what_contains_them(organisation: Organisation) -> None:
    region = Territory.objects.create(level="region", code="X3", name="Région d’essai", vintage=2025)
    department = Territory.objects.create(level="department", code="X9", name="Dép", vintage=2025, region=region)
    organisation.territories.add(
        Territory.objects.create(
            level="commune", code="X9001", name="Commune", vintage=2025, region=region, department=department
        )
    )
    indexing.drain()
    row = SearchDocument.objects.get(key=f"organisation:{organisation.pk}")
    assert row.territories.split() == ["dep-X9", "reg-X3"]


def test_a_glossary_entry_is_found_by_its_expansion(db: None) -> None:
    entry = GlossaryEntry.objects.create(acronym="QZQ", slug="qzq", expansion="quota zonal qualifié")
    assert urls("quotas zonaux", kind="glossary") == [entry.get_absolute_url()]


@pytest.fixture
def standard_page(db: None) -> StandardPage:
    Site.objects.all().delete()
    home = HomePage(title="Accueil", slug="accueil-essai")
    Page.get_first_root_node().add_child(instance=home)
    page = StandardPage(title="Spéléologie", slug="speleologie", intro="Sous la terre.", body=[])
    home.add_child(instance=page)
    return page


def test_a_page_is_found_while_it_is_published(standard_page: StandardPage) -> None:
    assert urls("spéléologie") == ["/speleologie/"]
    standard_page.title = "Brouillon secret"
    standard_page.save_revision()
    assert urls("brouillon") == []
    standard_page.get_latest_revision().publish()
    assert urls("brouillon") == ["/speleologie/"]
    Page.objects.get(pk=standard_page.pk).unpublish()
    assert urls("brouillon") == []


def test_a_scheduled_page_waits(standard_page: StandardPage) -> None:
    standard_page.go_live_at = timezone.now() + timedelta(days=2)
    standard_page.live = False
    standard_page.save()
    assert urls("spéléologie") == []


def test_a_deleted_page_is_found_no_more(standard_page: StandardPage) -> None:
    assert urls("spéléologie") == ["/speleologie/"]
    Page.objects.get(pk=standard_page.get_parent().pk).delete()
    assert urls("spéléologie") == []
    assert not SearchDocument.objects.filter(kind="page").exists()


def test_a_page_below_one_that_changes_address_is_found_at_its_new_one(standard_page: StandardPage) -> None:
    child = StandardPage(title="Karst", slug="karst", body=[])
    standard_page.add_child(instance=child)
    assert urls("karst") == ["/speleologie/karst/"]
    standard_page.refresh_from_db()
    standard_page.slug = "grottes"
    standard_page.save_revision().publish()
    assert urls("karst") == ["/grottes/karst/"]
    child.refresh_from_db()
    child.move(standard_page.get_parent(), pos="last-child")
    assert urls("karst") == ["/karst/"]


def test_a_page_behind_a_restriction_is_for_those_it_lets_in(standard_page: StandardPage, member: User) -> None:
    restriction = PageViewRestriction.objects.create(
        page=standard_page, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert (urls("spéléologie"), urls("spéléologie", member)) == ([], [])
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert (urls("spéléologie"), urls("spéléologie", member)) == ([], ["/speleologie/"])
    restriction.delete()
    assert urls("spéléologie") == ["/speleologie/"]


@pytest.fixture
def resource(db: None) -> ResourcePage:
    page = ResourcePageFactory(title="Chauffage")
    page.documents = [ResourceDocument(document=DocumentFactory(title="Notice de la chaudière"))]
    page.save()
    return page


@pytest.mark.parametrize("above", [False, True], ids=["itself", "above"])
def test_a_file_is_for_those_who_may_read_what_shows_it(resource: ResourcePage, member: User, above: bool) -> None:
    document = PortalDocument.objects.get()
    page = resource.get_parent() if above else resource

    def seen() -> tuple[bool, bool, list[str], list[str]]:
        """Whether a visitor and a member pass the second check, before the index knows; then what each finds."""
        checks = [bool(visible_keys(user, [f"file:{document.pk}"])) for user in (VISITOR, member)]
        visitor, admitted = (urls("chaudière", user, kind="file") for user in (VISITOR, member))
        return (checks[0], checks[1], visitor, admitted)

    nobody, everybody = (False, False, [], []), (True, True, [document.url], [document.url])
    assert seen() == everybody
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert seen() == nobody
    restriction.restriction_type = PageViewRestriction.GROUPS
    restriction.save()
    assert seen() == nobody
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert seen() == (False, True, [], [document.url])
    restriction.delete()
    assert seen() == everybody


def test_a_file_of_a_closed_resource_is_found_where_an_open_one_shows_it(resource: ResourcePage, member: User) -> None:
    document = PortalDocument.objects.get()
    PageViewRestriction.objects.create(page=resource, restriction_type=PageViewRestriction.PASSWORD, password="x")
    assert urls("chaudière", member, kind="file") == []
    other = ResourcePageFactory(title="Isolation")
    other.documents = [ResourceDocument(document=document)]
    other.save()
    assert urls("chaudière", kind="file") == [document.url]
    document.members_only = True
    document.save()
    assert (urls("chaudière", kind="file"), urls("chaudière", member, kind="file")) == ([], [document.url])


def test_a_file_follows_a_resource_that_moves_below_a_closed_page(
    resource: ResourcePage, standard_page: StandardPage
) -> None:
    PageViewRestriction.objects.create(page=standard_page, restriction_type=PageViewRestriction.PASSWORD, password="x")
    assert urls("chaudière", kind="file")
    resource.move(standard_page, pos="last-child")
    assert urls("chaudière", kind="file") == []
