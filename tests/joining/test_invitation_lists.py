"""Inviting from a list: read, previewed, then sent whole."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from directory.models import Membership
from portal.joining.csv_import import MAX_ROWS
from portal.joining.models import Invitation
from tests.factories.accounts import AnimatorFactory, UserFactory
from tests.factories.directory import OrganisationFactory
from tests.joining.conftest import ANIMATION, GUEST, STRUCTURE, mails, send_preview, signed_in, upload
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

Role = Membership.Role
LIST = (
    "Courriel;Prénom;Nom;Structure;Rôle\n"
    f"{GUEST};Éléonore;Essai;MLR;Rédactrice\n\nb@mission.example;;;;\nmembre@mission.example;;;;\n"
)


def test_a_list_is_previewed_then_sent_whole(animator, mission) -> None:
    UserFactory(email="membre@mission.example")
    client = signed_in(animator)
    page = upload(client, LIST)
    assert page.status_code == 200
    assert (page.context["to_send"], page.context["left_out"], page.context["wrong"]) == (2, 1, 0)
    assert [line["number"] for line in page.context["lines"]] == [2, 4, 5], "as the spreadsheet numbers them"
    assert not Invitation.objects.exists(), "a preview writes nothing"
    assert send_preview(client, page)["Location"] == ANIMATION
    assert {made.email: (made.organisation, made.role) for made in Invitation.objects.all()} == {
        GUEST: (mission, Role.EDITOR),
        "b@mission.example": (None, Role.MEMBER),
    }
    send_preview(client, page)
    assert len(mails("invitation")) == 2, "sent twice, mailed once"


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode("utf-8-sig"),
        LIST.encode("cp1252"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace(";", ",").encode(),
        LIST.replace(";", "\t").encode(),
        LIST.replace("Courriel", "E-mail").replace("Prénom", "PRENOM").encode(),
    ],
)
def test_what_spreadsheets_write_is_read(animator, mission, content: bytes) -> None:
    page = upload(signed_in(animator), content)
    assert page.status_code == 200
    assert page.context["lines"][0]["name"] == "Éléonore Essai"
    assert page.context["lines"][0]["organisation"] == mission.name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04 un classeur",
        b"\xd0\xcf\x11\xe0 un vieux classeur",
        "courriel\na@b.fr\n".encode("utf-16"),
        b"courriel\na\x00@b.fr\n",
        b"courriel\n\x81\x8d\n",
        b'courriel\n"a@b.fr\n',
        b"nom;structure\nA;B\n",
        b"courriel;email\na@b.fr;c@d.fr\n",
        b"courriel\n",
        b"courriel\n" + b"a@b.fr\n" * (MAX_ROWS + 1),
        b"courriel\n" + b"x" * 200_001,
    ],
)
def test_a_file_that_is_no_list_is_refused_at_its_field(animator, content: bytes) -> None:
    response = upload(signed_in(animator), content)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


@pytest.mark.parametrize(
    "line",
    [
        "pas une adresse;;;;",
        "c@mission.example;a\tb;;;",
        "c@mission.example;https://spam.example;;;",
        f"c@mission.example;{'x' * 81};;;",
        "c@mission.example;;;Inconnue;",
        "c@mission.example;;;Jumelle;",
        "c@mission.example;;;;chef",
        f"{GUEST};;;Mission locale de Rennes;",
    ],
)
def test_one_wrong_line_keeps_the_whole_list_back(animator, mission, line: str) -> None:
    for _twin in range(2):
        OrganisationFactory(name="Jumelle")
    client = signed_in(animator)
    page = upload(client, f"courriel;prénom;nom;structure;rôle\n{GUEST};;;Mission locale de Rennes;\n{line}\n")
    assert (page.status_code, page.context["wrong"]) == (422, 1)
    assert page.context["lines"][1]["errors"]
    assert send_preview(client, page).status_code == 422
    assert not Invitation.objects.exists()


def test_a_manager_s_list_goes_to_their_organisation(manager, mission) -> None:
    OrganisationFactory(name="Autre structure")
    client = signed_in(manager)
    wrong = upload(client, f"courriel;structure\n{GUEST};Autre structure\n", desk=STRUCTURE)
    assert wrong.status_code == 422
    page = upload(client, f"courriel\n{GUEST}\n", desk=STRUCTURE)
    assert send_preview(client, page, desk=STRUCTURE)["Location"] == STRUCTURE
    assert Invitation.objects.get().organisation == mission


def test_a_preview_is_its_author_s_and_lives_an_hour(animator, manager, brittany) -> None:
    client = signed_in(animator)
    page = upload(client, LIST.replace("MLR", ""))
    colleague = signed_in(AnimatorFactory(region=brittany))
    assert send_preview(colleague, page)["Location"] == f"{ANIMATION}fichier/"
    forged = {"rows": page.context["preview"].initial["rows"][:-1] + "~"}
    assert client.post(f"{ANIMATION}fichier/envoyer/", forged)["Location"] == f"{ANIMATION}fichier/"
    assert client.post(f"{ANIMATION}fichier/envoyer/")["Location"] == f"{ANIMATION}fichier/"
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert send_preview(signed_in(animator), page)["Location"] == f"{ANIMATION}fichier/"
    assert not Invitation.objects.exists()


def test_a_list_asks_as_many_queries_for_three_lines_as_for_one(animator, mission) -> None:
    client, lines = signed_in(animator), ["courriel;structure"]

    def add_row() -> None:
        lines.append(f"{len(lines)}@mission.example;MLR")

    assert_constant_queries(add_row=add_row, call=lambda: upload(client, "\n".join(lines)), budget=25)
