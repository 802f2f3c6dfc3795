from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory import panels
from directory.models import FormerName, Organisation
from portal.accounts.models import User
from tests.directory.factories import FormerNameFactory, OrganisationFactory
from tests.taxonomy.factories import (
    AudienceFactory,
    CommuneFactory,
    DepartmentFactory,
    GlossaryEntryFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Iterator[panels.OrganisationPanel]:
    def context(request: HttpRequest, organisation: Organisation) -> panels.PanelData | None:
        return {"cards": [], "total": 1} if organisation.name == "Avec" else None

    declared = panels.OrganisationPanel("essai", "Essai du panneau", 1, context, "directory/_organisation_cards.html")
    yield panels.register(declared)
    panels.PANELS._entries.pop("essai")


def page(client: Client, organisation: Organisation) -> str:
    response = client.get(organisation.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_all_that_is_known_is_shown(client: Client) -> None:
    GlossaryEntryFactory()
    organisation = OrganisationFactory(
        name="Mission locale de Rennes",
        acronym="We Ker",
        acronym_expansion="We Ker, chez vous",
        description="Accueille les **BPI**.\n\n<script>alert(1)</script>",
        website="https://example.org/",
        seat=CommuneFactory(),
        territories=[DepartmentFactory()],
        themes=[ThemeFactory(name="Logement", slug="logement")],
    )
    organisation.audiences.add(AudienceFactory(name="Jeunes"))
    FormerNameFactory(organisation=organisation, name="Permanence", until=date(1990, 1, 1))
    FormerNameFactory(organisation=organisation, name="La ML", kind=FormerName.Kind.USUAL)
    shown = page(client, organisation)
    for text in (
        "Mission locale de Rennes (We Ker)",
        "We Ker, chez vous",
        '<strong><a href="/glossaire/#bpi">BPI</a></strong>',
        'href="https://example.org/"',
        'href="/territoires/com-35238/"',
        'href="/territoires/dep-35/"',
        'href="/themes/logement/"',
        "Jeunes",
        "Permanence",
        "1990",
        "La ML",
    ):
        assert text in shown
    assert "<script>alert" not in shown


def test_an_organisation_with_nothing_but_a_name_answers(client: Client) -> None:
    assert 'href="/annuaire/"' in page(client, OrganisationFactory(name="Sans rien"))


def test_not_listed_is_not_found_but_by_administrators(client: Client) -> None:
    hidden = OrganisationFactory(is_listed=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    member = User.objects.create_user("membre@demo.example", membership_status=User.MembershipStatus.APPROVED)
    client.force_login(member)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    client.force_login(User.objects.create_superuser("administrateur@demo.example"))
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_relatives_that_are_not_listed_do_not_show(client: Client) -> None:
    head = OrganisationFactory(name="Tête cachée", is_listed=False)
    middle = OrganisationFactory(name="Milieu", parent=head)
    OrganisationFactory(name="Branche visible", parent=middle)
    OrganisationFactory(name="Branche cachée", parent=middle, is_listed=False)
    shown = page(client, middle)
    assert "Branche visible" in shown
    assert "cachée" not in shown


def test_panels_show_only_when_they_have_something(client: Client, panel: panels.OrganisationPanel) -> None:
    assert "Essai du panneau" in page(client, OrganisationFactory(name="Avec"))
    assert "Essai du panneau" not in page(client, OrganisationFactory(name="Sans"))


@pytest.mark.usefixtures("panel")
def test_a_panel_is_declared_once() -> None:
    with pytest.raises(ValueError, match="essai"):
        panels.register(panels.PANELS.get("essai"))


@pytest.mark.parametrize("slug", ["inconnue", "%00", "x" * 500, "É", "../etc"])
def test_unknown_addresses_are_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/annuaire/structures/{slug}/").status_code == 404


def test_same_queries_at_one_and_three_rows(client: Client) -> None:
    organisation = OrganisationFactory()
    counts = []
    for batch in (1, 2):
        for number in range(batch):
            organisation.territories.add(DepartmentFactory(code=f"{batch}{number}"))
            organisation.themes.add(ThemeFactory())
            organisation.audiences.add(AudienceFactory())
            FormerNameFactory(organisation=organisation, name=f"Nom {batch} {number}")
            OrganisationFactory(parent=organisation, territories=[DepartmentFactory()], seat=CommuneFactory())
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            page(client, organisation)
        counts.append(len(queries))
    assert counts[0] == counts[1]
