"""The read-only API: pages, filters, tags, limits, and a description that is true."""

import pytest
from django.core.cache import cache
from django.test import Client

from directory.api import limits
from directory.duplicates.merging import merge_organisations
from tests.directory.factories import KindFactory, OrganisationFactory
from tests.factories import AdministratorFactory
from tests.support.queries import assert_constant_queries
from tests.taxonomy.factories import CommuneFactory, ThemeFactory

pytestmark = pytest.mark.django_db
URL = "/annuaire/api/v1/structures/"


def test_pages_lead_to_one_another_within_the_filters(client: Client) -> None:
    for number in range(3):
        OrganisationFactory(name=f"Structure {number}")
    OrganisationFactory(name="Cachée", is_listed=False)
    OrganisationFactory(kind=KindFactory(name="Chambre", slug="chambre"))
    first = client.get(URL, {"type": "association", "par_page": 2}).json()
    assert (first["total"], first["pages"], first["precedente"]) == (3, 2, None)
    second = client.get(first["suivante"]).json()
    assert [one["nom"] for one in second["structures"]] == ["Structure 2"]
    assert second["suivante"] is None
    assert client.get(URL, {"par_page": "9" * 9}).status_code == 200
    wrong = client.get(URL, {"autour": "Nulle-Part"})
    assert (wrong.status_code, list(wrong.json()["champs"])) == (400, ["autour"])


def test_one_organisation_by_its_identifier(client: Client) -> None:
    kept, absorbed = OrganisationFactory(name="Gardée"), OrganisationFactory(name="Absorbée")
    hidden = OrganisationFactory(is_listed=False)
    assert client.get(f"{URL}{kept.uid}/").json()["nom"] == "Gardée"
    assert client.get(f"{URL}{hidden.uid}/").status_code == 404
    merge_organisations(kept=kept, absorbed=absorbed, by=AdministratorFactory())
    moved = client.get(f"{URL}{absorbed.uid}/")
    assert (moved.status_code, moved["Location"].endswith(f"{kept.uid}/")) == (301, True)
    assert client.post(f"{URL}{kept.uid}/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    cache.clear()
    organisation = OrganisationFactory()
    tag = client.get(URL)["ETag"]
    again = client.get(URL, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(URL, {"page": 2}, headers={"If-None-Match": tag}).status_code == 200
    organisation.name = "Un autre nom"
    organisation.save()
    changed = client.get(URL, headers={"If-None-Match": tag})
    assert changed.json()["structures"][0]["nom"] == "Un autre nom"


def test_too_many_requests_are_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(limits, "REQUESTS", 2)
    monkeypatch.setattr(limits, "SECONDS", 3_600)
    statuses = [client.get(URL).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get(URL)
    assert int(refused["Retry-After"]) > 0
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert client.get(URL, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_description_says_what_is_answered(client: Client) -> None:
    cache.clear()
    document = client.get("/annuaire/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    organisation = OrganisationFactory(seat=CommuneFactory(), themes=[ThemeFactory()])
    record = client.get(f"{URL}{organisation.uid}/").json()
    described = document["components"]["schemas"]["Structure"]
    assert record.keys() == described["properties"].keys()
    assert set(described["required"]) <= record.keys()
    operation = document["paths"]["/structures/"]["get"]
    page = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert client.get(URL).json().keys() == page.keys()
    from directory.forms import DirectoryFilterForm

    named = {parameter["name"] for parameter in operation["parameters"]}
    assert set(DirectoryFilterForm.base_fields) <= named
    assert client.get("/annuaire/api/v1/").status_code == 200


def test_same_queries_at_one_and_three_rows(client: Client) -> None:
    def add() -> None:
        OrganisationFactory(seat=CommuneFactory(), themes=[ThemeFactory()])

    cache.clear()
    assert_constant_queries(add_row=add, call=lambda: client.get(URL), budget=45)
