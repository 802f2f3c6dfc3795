"""The page at /recherche/."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.taxonomy.models import Occupation, Territory, Theme

AddNote = Callable[..., Occupation]
ANY_VALUE = st.text(max_size=20)
ANY_QUERY = st.text(max_size=60) | st.text(alphabet="\"'()*+-:^~&|!{}[]\\/<>%_ \x00\n logement", max_size=60)


@pytest.fixture
def places(db: None) -> None:
    """One theme and one département."""
    Theme.objects.create(name="Toit", slug="logement-essai")
    region = Territory.objects.create(level="region", code="X3", name="Bretagne d’essai", vintage=2025)
    Territory.objects.create(level="department", code="X9", name="Finistère d’essai", vintage=2025, region=region)


def test_an_empty_search_teaches_how_to_search(client: Client, db: None) -> None:
    for address in ("/recherche/", "/recherche/?q=", "/recherche/?q=%20%00", "/recherche/?type=note"):
        response = client.get(address)
        assert response.status_code == 200
        assert "search/_help.html" in [template.name for template in response.templates]


def test_results_show_kind_title_excerpt_breadcrumb_and_date(client: Client, add_note: AddNote) -> None:
    add_note("Bail glissant", body="Un logement pour six mois.", date=date(2026, 3, 12), breadcrumb="Fiches › Bretagne")
    content = client.get("/recherche/", {"q": "logements"}).content.decode()
    assert '<a href="/notes/T0000/">Bail glissant</a>' in content
    assert "Un <mark>logement</mark> pour six mois." in content
    assert "Note · Fiches › Bretagne" in content
    assert '<time datetime="2026-03-12">12 mars 2026</time>' in content


def test_facets_narrow_and_chips_widen_again(client: Client, add_note: AddNote, places: None) -> None:
    add_note("Logement A", themes=("logement-essai",), territories=("dep-X9", "reg-X3"))
    add_note("Logement B", territories=("reg-X3",))
    response = client.get("/recherche/", {"q": "logement", "territoire": "dep-X9"})
    assert response.context["page"].paginator.count == 1
    facets = {
        facet.name: [(option.label, option.count) for option in facet.options] for facet in response.context["facets"]
    }
    assert facets == {
        "type": [("Note", 1)],
        "theme": [("Toit", 1)],
        "territoire": [("Bretagne d’essai", 2), ("Finistère d’essai (X9)", 1)],
    }
    [chip] = response.context["chips"]
    assert client.get(chip["url"]).context["page"].paginator.count == 2


def test_filters_that_leave_nothing_can_be_removed(client: Client, add_note: AddNote, places: None) -> None:
    add_note("Logement")
    response = client.get("/recherche/", {"q": "logement", "theme": "logement-essai"})
    assert response.context["page"].paginator.count == 0
    assert [chip["label"] for chip in response.context["chips"]] == ["Toit"]
    assert client.get(response.context["reset_url"]).context["page"].paginator.count == 1


def test_pages_keep_the_question(client: Client, add_note: AddNote) -> None:
    for number in range(12):
        add_note(f"Logement {number}")
    response = client.get("/recherche/", {"q": "logement", "page": 2})
    assert len(response.context["rows"]) == 2
    assert 'href="?q=logement&amp;page=1"' in response.content.decode()
    for page in ("99", "0", "-1", "x", "٣", "1" * 400):
        assert client.get("/recherche/", {"q": "logement", "page": page}).status_code == 200


def test_no_result_gives_advice(client: Client, db: None) -> None:
    response = client.get("/recherche/", {"q": "zzzz <b>"})
    assert "search/_no_result.html" in [template.name for template in response.templates]
    assert "zzzz &lt;b&gt;" in response.content.decode()


def test_an_over_long_question_is_refused_at_its_field_and_kept(client: Client, db: None) -> None:
    typed = "logement " * 30
    response = client.get("/recherche/", {"q": typed})
    content = response.content.decode()
    assert response.status_code == 200
    assert response.context["form"].errors["q"]
    assert typed.strip() in content
    assert 'aria-invalid="true"' in content
    assert client.get("/recherche/", {"q": "é" * 10_240}).status_code == 200


def test_the_page_asks_not_to_be_indexed(client: Client, db: None) -> None:
    response = client.get("/recherche/", {"q": "logement"})
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert client.post("/recherche/").status_code == 405


@pytest.mark.parametrize(
    "text",
    [
        "l'hébergement", "titre-de-séjour", 'C++ "(test', "NEAR(a b)", "* OR 1=1 --", "a:b", "🏠 logement 👩‍👩‍👧",
        "\x00", "мигранты", "難民 支援", "اللاجئين", "e\u0301", "%_\\", "{{ 7*7 }}",
        "<script>alert(1)</script>", "\u202eabc",
    ],
)  # fmt: skip
def test_operators_scripts_and_signs_are_only_text(client: Client, add_note: AddNote, text: str) -> None:
    add_note("Accueil", body=f"Avant {text} après")
    response = client.get("/recherche/", {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_QUERY, kind=ANY_VALUE, theme=ANY_VALUE, place=ANY_VALUE, page=ANY_VALUE)
@example(text="logement", kind="note", theme="toit", place="dep-29", page="2")
def test_any_question_gets_a_page(
    client: Client, add_note: AddNote, text: str, kind: str, theme: str, place: str, page: str
) -> None:
    if not Occupation.objects.exists():
        add_note("Logement", body="Un toit pour tous", themes=("toit",))
    data: dict[str, Any] = {"q": text, "type": kind, "theme": theme, "territoire": place, "page": page}
    assert client.get("/recherche/", data).status_code == 200


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("as_member", [False, True])
def test_the_number_of_queries_does_not_grow(
    client: Client, add_note: AddNote, places: None, member: User, as_member: bool
) -> None:
    if as_member:
        client.force_login(member)
    fields = {"themes": ("logement-essai",), "territories": ("dep-X9", "reg-X3")}
    client.get("/recherche/")  # The frame of the page is read once and remembered.
    add_note("Logement 1", **fields)
    with_one = _queries(client, "/recherche/?q=logement")
    add_note("Logement 2", **fields)
    add_note("Logement 3", **fields)
    assert _queries(client, "/recherche/?q=logement") == with_one
    # A member's own: session, account, groups, regions animated, notifications, the form that keeps the search.
    assert with_one <= (18 if as_member else 11)
