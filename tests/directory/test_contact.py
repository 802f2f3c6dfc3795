"""Writing to an organisation: relayed, and no address told to anyone."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import gettext

from directory.models import Organisation, OrganisationMessage
from portal.mail.models import OutboxMessage
from tests.directory.factories import OrganisationFactory
from tests.directory.test_editing import client_of
from tests.factories import EditorFactory, ManagerFactory
from tests.taxonomy.factories import CommuneFactory

pytestmark = pytest.mark.django_db
SECRET = "boite-secrete@structure.example"


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(relay_email=SECRET, seat=CommuneFactory())


def posted(**changes: Any) -> dict[str, Any]:
    return {
        "uid": str(uuid4()),
        "name": "Une conseillère",
        "email": "conseillere@mission.example",
        "subject": "Visite",
        "message": "Pouvons-nous venir ?",
        **changes,
    }


def address(organisation: Organisation) -> str:
    return f"/annuaire/structures/{organisation.slug}/ecrire/"


def relayed() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="directory.relay_message").order_by("pk"))


def test_a_message_goes_to_the_hidden_address_and_the_answer_to_its_author(organisation: Organisation) -> None:
    form = posted()
    for _time in range(2):
        assert Client().post(address(organisation), form).status_code == 302
    [mail] = relayed()
    assert (mail.to, mail.reply_to, mail.category) == (SECRET, "conseillere@mission.example", "relay")
    assert OrganisationMessage.objects.count() == 1


def test_without_an_address_it_goes_to_the_managers_and_else_nowhere() -> None:
    managed, alone = OrganisationFactory(), OrganisationFactory()
    manager = ManagerFactory(organisation=managed)
    EditorFactory(organisation=managed)
    Client().post(address(managed), posted())
    assert [mail.to for mail in relayed()] == [manager.email]
    assert Client().post(address(alone), posted()).status_code == 200
    assert OrganisationMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "personne"),
        ("subject", "Un\r\nBcc: x@y.example"),
        ("message", "a\x00b"),
        ("message", "x" * 5001),
    ],
)
def test_a_mistake_is_told_at_its_field(organisation: Organisation, field: str, value: str) -> None:
    response = Client().post(address(organisation), posted(**{field: value}))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert relayed() == []


def test_robots_and_floods_write_to_nobody(organisation: Organisation) -> None:
    Client().post(address(organisation), posted(website="x"))
    assert relayed() == []
    statuses = [Client().post(address(organisation), posted(message=f"n° {n}")).status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]
    assert len(relayed()) == 5


def test_an_editor_writes_in_the_name_of_their_organisation(organisation: Organisation) -> None:
    friend, other = OrganisationFactory(name="Association amie"), OrganisationFactory()
    client = client_of(EditorFactory(organisation=friend))
    assert client.post(address(organisation), posted(in_name_of=other.slug)).status_code == 422
    client.post(address(organisation), posted(in_name_of=friend.slug))
    [mail] = relayed()
    assert "Association amie" in mail.text


def test_no_address_is_told_by_any_way(organisation: Organisation) -> None:
    from django.core.management import call_command

    call_command("search_rebuild", verbosity=0)
    page = organisation.get_absolute_url()
    ways = (
        *(page, address(organisation), "/annuaire/", "/annuaire/export/csv/", "/annuaire/export/json/"),
        *("/annuaire/api/v1/structures/", f"/annuaire/api/v1/structures/{organisation.uid}/"),
        *("/annuaire/carte/points.geojson", f"/recherche/?q={organisation.name}", "/annuaire/export/xlsx/"),
    )
    for way in ways:
        response = Client().get(way)
        assert response.status_code == 200, way
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if way.endswith("xlsx/"):
            import io

            from openpyxl import load_workbook

            rows = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
            body = str(list(rows)).encode()
        assert organisation.name.encode() in body, way
        assert b"boite-secrete" not in body, way
    # Nor is it searched: what finds nothing tells nothing.
    found = Client().get("/recherche/?q=boite-secrete").content.decode()
    assert page not in found


def test_nor_is_it_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    import pypdf
    from django.core.files.storage import InMemoryStorage

    from project_sheets.pdf import documents
    from tests.support.world import build_world, read

    monkeypatch.setattr(documents, "private_storage", InMemoryStorage)
    world = build_world()
    Organisation.objects.update(relay_email=SECRET)
    printed = read(world.client("member").get(f"{world.sheet.get_url()}fiche.pdf"))
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed)).pages)
    assert "Structure porteuse" in " ".join(text.split())
    assert "boite-secrete" not in text


def test_who_leaves_no_longer_receives_the_messages_of_an_organisation(organisation: Organisation) -> None:
    from directory.services import forget_relay_addresses
    from portal.accounts.personal_data import Person

    forget_relay_addresses(Person(ManagerFactory(), (SECRET.upper(),)))
    organisation.refresh_from_db()
    assert organisation.relay_email == ""


def test_the_limit_of_an_organisation_is_not_laid_at_the_sender_s_door(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.contact.views.RECEIVED", 1)
    assert Client().post(address(organisation), posted()).status_code == 302
    response = Client().post(address(organisation), posted(email="autre@mission.example"))
    assert response.status_code == 429
    told = gettext("This organisation has received many messages today: please write to it tomorrow.")
    assert response.context["form"].non_field_errors() == [told]
    assert len(relayed()) == 1
