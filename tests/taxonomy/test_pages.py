from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.taxonomy import panels
from portal.taxonomy.models import Territory, Theme
from tests.directory.factories import OrganisationFactory
from tests.taxonomy.factories import CommuneFactory, CountryFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def panel() -> Iterator[panels.TaxonomyPanel]:
    def of_theme(request: HttpRequest, theme: Theme) -> panels.PanelData | None:
        return {"cards": [], "total": 1} if theme.slug == "avec" else None

    def of_territory(request: HttpRequest, territory: Territory) -> panels.PanelData | None:
        return {"cards": [], "total": 1} if territory.code == "35" else None

    def theme_counts(request: HttpRequest) -> dict[int, int]:
        return dict.fromkeys(Theme.objects.filter(slug="avec").values_list("pk", flat=True), 7)

    declared = panels.TaxonomyPanel(
        key="essai",
        title="Essai du panneau",
        order=1,
        template="directory/_taxonomy_panel.html",
        of_theme=of_theme,
        of_territory=of_territory,
        theme_counts=theme_counts,
        count_label=lambda count: f"{count} essais",
    )
    yield panels.register(declared)
    panels.PANELS._entries.pop("essai")


@pytest.mark.usefixtures("panel")
def test_panels_show_only_when_they_have_something(client: Client) -> None:
    for slug in ("avec", "sans"):
        ThemeFactory(slug=slug)
    department = DepartmentFactory()
    assert "Essai du panneau" in page(client, "/themes/avec/")
    assert "Essai du panneau" not in page(client, "/themes/sans/")
    assert "Essai du panneau" in page(client, department.get_absolute_url())
    assert "Essai du panneau" not in page(client, department.region.get_absolute_url())
    themes = page(client, "/themes/")
    assert themes.count("7 essais") == 1


def test_organisations_of_a_theme_and_of_those_below(client: Client) -> None:
    top = ThemeFactory(slug="emploi", name="Emploi")
    below = ThemeFactory(slug="projet", name="Projet professionnel", parent=top)
    OrganisationFactory(name="Job 41", themes=[below])
    OrganisationFactory(name="Cachée", themes=[top], is_listed=False)
    shown = page(client, "/themes/emploi/")
    assert "Job 41" in shown
    assert "Cachée" not in shown
    assert 'href="/themes/projet/"' in shown
    assert 'href="/themes/emploi/"' in page(client, "/themes/projet/")


def test_many_organisations_lead_to_their_list(client: Client) -> None:
    theme = ThemeFactory(slug="emploi")
    department = DepartmentFactory()
    OrganisationFactory.create_batch(7, themes=[theme], territories=[department])
    assert 'href="/annuaire/?theme=emploi"' in page(client, "/themes/emploi/")
    assert 'href="/annuaire/?territoire=dep-35"' in page(client, "/territoires/dep-35/")


def test_a_region_lists_its_departments_and_a_commune_its_place(client: Client) -> None:
    rennes = CommuneFactory()
    OrganisationFactory(name="Job 35", territories=[rennes])
    shown = page(client, "/territoires/reg-53/")
    assert 'href="/territoires/dep-35/"' in shown
    assert "Job 35" in shown
    commune = page(client, "/territoires/com-35238/")
    assert 'href="/territoires/reg-53/"' in commune
    assert 'href="/territoires/dep-35/"' in commune
    CountryFactory()
    assert 'href="/territoires/reg-53/"' in page(client, "/territoires/pays-FR/")


def test_the_locative_is_read_in_a_sentence(client: Client) -> None:
    DepartmentFactory()
    assert "en Ille-et-Vilaine" in page(client, "/territoires/dep-35/")


def test_region_01_and_department_01_have_their_own_pages(client: Client) -> None:
    RegionFactory(code="01", name="Guadeloupe")
    DepartmentFactory(code="01", name="Ain", region=RegionFactory(code="84", name="Auvergne-Rhône-Alpes"))
    assert "Guadeloupe" in page(client, "/territoires/reg-01/")
    assert "Ain (01)" in page(client, "/territoires/dep-01/")
    assert "Guadeloupe" not in page(client, "/territoires/dep-01/")


def test_letters_of_corsica_in_either_case(client: Client) -> None:
    DepartmentFactory(code="2A", name="Corse-du-Sud")
    response = client.get("/territoires/DEP-2a/")
    assert (response.status_code, response["Location"]) == (301, "/territoires/dep-2A/")
    assert "Corse-du-Sud" in page(client, "/territoires/dep-2A/")


def test_a_territory_that_is_gone_says_where_it_went(client: Client) -> None:
    new = CommuneFactory(code="01015", name="Arboys-en-Bugey")
    CommuneFactory(code="01340", name="Saint-Bois", obsolete_since=date(2016, 1, 1), replaced_by=new)
    assert 'href="/territoires/com-01015/"' in page(client, "/territoires/com-01340/")


@pytest.mark.parametrize(
    "url",
    [
        "/themes/inconnu/",
        "/themes/%00/",
        "/territoires/dep-99/",
        "/territoires/99/",
        "/territoires/dep-/",
        "/territoires/-/",
        "/territoires/dep-%00/",
        f"/territoires/dep-{'9' * 300}/",
        "/territoires/dep-é/",
    ],
)
def test_unknown_addresses_are_not_found(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", ["/themes/", "/territoires/", "/glossaire/", "/forum/", "/agenda/", "/annuaire/"])
def test_empty_pages_answer(client: Client, url: str) -> None:
    assert "<h1>" in page(client, url)


def test_pages_only_read(client: Client) -> None:
    for name in ("taxonomy:themes", "taxonomy:territories", "taxonomy:glossary", "directory:index"):
        assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("url", ["/themes/", "/themes/emploi/", "/territoires/", "/territoires/reg-53/", "/forum/"])
def test_same_queries_at_one_and_three_rows(client: Client, url: str) -> None:
    top = ThemeFactory(slug="emploi")
    counts = []
    for batch in (1, 2):
        for number in range(batch):
            theme = ThemeFactory(parent=top)
            region = RegionFactory(code=f"{batch}{number}")
            ThemeFactory(parent=ThemeFactory())
            DepartmentFactory(code=f"{batch}{number}", region=region)
            OrganisationFactory(themes=[theme], territories=[DepartmentFactory()], seat=CommuneFactory())
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            page(client, url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_visitors_pages_are_cached_and_renewed(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PAGE_CACHE_ENABLED = True
    theme = ThemeFactory(slug="emploi", name="Emploi")
    for url in ("/themes/emploi/", "/annuaire/"):
        while client.get(url).get("X-Page-Cache") != "hit":
            pass
    with django_capture_on_commit_callbacks(execute=True):
        OrganisationFactory(name="Nouvelle structure", themes=[theme])
    for url in ("/themes/emploi/", "/annuaire/"):
        assert "Nouvelle structure" in page(client, url)
