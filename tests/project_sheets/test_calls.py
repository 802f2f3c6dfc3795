"""The facts of a call and of its waves, kept by the team of the region that opened it."""

from decimal import Decimal

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.taxonomy.models import Territory
from project_sheets.models import Call, ProjectSheetPage, Wave
from tests.support.forms import form_data
from tests.support.queries import assert_constant_queries
from tests.support.world import make_call, make_organisation, make_territories, make_user

CALLS = "/animation/appels/"


@pytest.fixture
def places(db: None) -> dict[str, Territory]:
    return make_territories()


@pytest.fixture
def animator(places: dict[str, Territory]) -> User:
    appoint_animator(user=(user := make_user("animator")), territory=places["53"])
    return user


@pytest.fixture
def client(animator: User) -> Client:
    client = Client()
    client.force_login(animator, backend="portal.accounts.backends.MemberBackend")
    return client


@pytest.fixture
def call(places: dict[str, Territory]) -> Call:
    """A call of Bretagne, with one wave."""
    call = make_call()
    Call.objects.filter(pk=call.pk).update(region=places["53"])
    return call


def shown(client: Client, path: str) -> dict[str, list[str]]:
    return form_data(client.get(path).content.decode(), "title")


def test_an_animator_keeps_the_facts_of_a_call_of_their_region(client: Client, call: Call) -> None:
    path = f"{CALLS}{call.slug}/"
    page = client.get(call.get_absolute_url()).content.decode()
    assert path in page
    assert path not in Client().get(call.get_absolute_url()).content.decode()
    typed = {
        **shown(client, path),
        "stated_project_count": "57",
        "closes_on": "01/03/2019",
        "waves-total": "2",
        "waves-0-decided_on": "2019-04-05",
        "waves-0-budget_envelope": "1 500 000,50 €",
        "waves-1-number": "2",
        "waves-1-label": "seconde vague",
        "action": "save",
    }
    assert client.post(path, typed).url == path
    facts = Client().get(call.get_absolute_url()).content.decode()
    for fact in ("57", "1er mars 2019", "décidée le 5 avril 2019", "1 500 000,50 €", "seconde vague"):
        assert fact in facts.replace("\u202f", " ").replace("\u00a0", " "), fact
    assert [wave.budget_envelope for wave in call.waves.order_by("number")] == [Decimal("1500000.50"), None]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Champ requis"),
        ({"title": "x" * 201}, "200 caractères"),
        ({"closes_on": "2018-01-01"}, "précède"),
        ({"published_on": "hier"}, "date valide"),
        ({"stated_project_count": "-1"}, "supérieure ou égale à 0"),
        ({"url": "javascript:alert(1)"}, "URL valide"),
        ({"region": "24"}, "Sélectionnez un choix valide"),
        ({"region": ""}, "Champ requis"),
        ({"waves-0-budget_envelope": "beaucoup"}, "nombre"),
        ({"waves-total": "2", "waves-1-number": "1"}, "deux fois"),
        ({"waves-0-number": "1000"}, "inférieure ou égale à 999"),
        ({"purpose": "a\x00b"}, "caractère"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, call: Call, changes: dict[str, str], said: str) -> None:
    path = f"{CALLS}{call.slug}/"
    if changes.get("region"):
        changes = {"region": str(Territory.objects.get(code=changes["region"], level="region").pk)}
    answer = client.post(path, {**shown(client, path), **changes, "action": "save"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    call.refresh_from_db()
    assert (call.title, call.closes_on, call.waves.count()) == ("Intégration professionnelle", None, 1)


def test_a_wave_that_sheets_name_is_not_removed(client: Client, call: Call, places: dict[str, Territory]) -> None:
    from project_sheets.services import open_region
    from tests.support.world import make_projects_index, make_sheet

    region = open_region(index=make_projects_index(), territory=places["53"], slug="bretagne")
    sheet = make_sheet(region, call, make_organisation(), wave=(wave := call.waves.get()))
    path = f"{CALLS}{call.slug}/"
    shorter = client.post(path, {**shown(client, path), "action": "remove:waves:0"})
    assert shorter.status_code == 200
    posted = form_data(shorter.content.decode(), "title")
    refused = client.post(path, {**posted, "action": "save"})
    assert refused.status_code == 422
    assert "Des fiches nomment" in refused.content.decode()
    assert Wave.objects.filter(pk=wave.pk).exists()
    ProjectSheetPage.objects.update(wave=None)
    assert client.post(path, {**posted, "action": "save"}).status_code == 422, "its draft names the wave still"
    ProjectSheetPage.objects.get(pk=sheet.pk).save_revision()
    assert client.post(path, {**posted, "action": "save"}).status_code == 302
    assert not call.waves.exists()


def test_waves_change_places(client: Client, call: Call) -> None:
    first, second = call.waves.get(), Wave.objects.create(call=call, number=2)
    path = f"{CALLS}{call.slug}/"
    typed = {**shown(client, path), "waves-0-number": "2", "waves-1-number": "1", "action": "save"}
    assert client.post(path, typed).status_code == 302
    assert dict(call.waves.values_list("number", "pk")) == {2: first.pk, 1: second.pk}


def test_a_call_keeps_its_region_where_no_team_animates_it(call: Call, places: dict[str, Territory]) -> None:
    Call.objects.update(region=places["24"])
    client, path = Client(), f"{CALLS}{call.slug}/"
    administrator = make_user("administrator", is_superuser=True)
    client.force_login(administrator, backend="portal.accounts.backends.MemberBackend")
    assert client.post(path, {**shown(client, path), "action": "save"}).status_code == 302
    call.refresh_from_db()
    assert call.region == places["24"]


def test_an_animator_opens_a_call_of_their_own_region_alone(client: Client, call: Call) -> None:
    typed = {**shown(client, f"{CALLS}nouveau/"), "title": "Nouveau", "programme": call.programme_id, "action": "save"}
    first = client.post(f"{CALLS}nouveau/", typed)
    assert first.url == f"{CALLS}nouveau-2/", "the address of the form is nobody's"
    made = Call.objects.get(title="Nouveau")
    assert made.region == call.region or made.region.code == "53"
    assert f"{CALLS}nouveau-2/" in client.get(CALLS).content.decode()
    Call.objects.filter(pk=made.pk).update(region=Territory.objects.get(level="region", code="24"))
    assert f"{CALLS}nouveau-2/" not in client.get(CALLS).content.decode()
    assert client.get(f"{CALLS}nouveau-2/").status_code == 403
    assert client.post(f"{CALLS}nouveau-2/", typed).status_code == 403


def test_the_list_asks_as_much_for_three_calls_as_for_one(client: Client, call: Call) -> None:
    def add_row() -> None:
        number = Call.objects.count()
        Call.objects.create(
            programme=call.programme,
            title=f"Appel {number}",
            slug=f"appel-{number}",
            region=Territory.objects.get(code="53", level="region"),
        )

    assert_constant_queries(add_row=add_row, call=lambda: client.get(CALLS), budget=30)
