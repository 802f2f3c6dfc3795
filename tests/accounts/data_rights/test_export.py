"""A copy of one's data: complete, readable by a person and by a program, for its owner alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import ClaimRequest
from portal.accounts.data_rights.export import MENTIONS, archive_of
from portal.accounts.data_rights.models import DataExport
from portal.accounts.data_rights.selectors import person_of
from portal.accounts.data_rights.services import forget_old_exports
from portal.accounts.models import User
from portal.joining.models import Invitation, Registration
from portal.mail.models import OutboxMessage
from portal.proconnect.models import TrustedDomain
from tests.accounts.conftest import prove
from tests.accounts.data_rights.archives import opened
from tests.factories import OrganisationFactory, UserFactory

#: Every table of the portal is read: once, on the database of a portal in use.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]
URL = "/mon-espace/mes-donnees/"


@pytest.fixture
def user(client: Client) -> User:
    made = UserFactory(last_name="Demandeuse")
    client.force_login(made)
    prove(client)
    return made


def asked(client: Client) -> DataExport:
    assert client.post(f"{URL}export/").status_code == 302
    return DataExport.objects.get()


def test_what_one_did_with_the_records_of_others_is_told_without_them() -> None:
    """Who invited and who decided is a person too; those invited and admitted are somebody else."""
    user = UserFactory()
    stranger = {"first_name": "Tierce", "last_name": "Personne", "email": "tierce@test.example"}
    Invitation.objects.create(**stranger, invited_by=user, expires_at=timezone.now())
    Registration.objects.create(**stranger, decided_by=user, decided_at=timezone.now(), state="approved")
    TrustedDomain.objects.create(domain="dreets.example", added_by=user)
    ClaimRequest.objects.create(
        organisation=OrganisationFactory(), user=UserFactory(last_name="Tierce"), decided_by=user
    )
    archive, content = opened(archive_of(person_of(user), timezone.now()))
    by_key = {group["model"]: group["records"] for group in content["data"]}
    assert len(by_key["joining.Invitation:invited_by"]) == 1
    assert by_key["joining.Registration:decided_by"][0]["state"] == "acceptée"
    assert [record["number"] for record in by_key[MENTIONS]] == [1]
    assert not any(b"ierce" in archive.read(name) for name in archive.namelist())


def test_typed_text_is_only_text_in_the_page() -> None:
    user = UserFactory(last_name="<script>alert(1)</script>")
    archive, _content = opened(archive_of(person_of(user), timezone.now()))
    page = archive.read("index.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_it_is_made_told_and_downloaded(client: Client, user: User) -> None:
    export = asked(client)
    assert export.ready_at is not None
    assert OutboxMessage.objects.get(kind="data_rights.export_ready").to == user.email
    response = client.get(f"{URL}export/{export.uid}/")
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    archive, _content = opened(b"".join(response.streaming_content))
    assert set(archive.namelist()) >= {"index.html", "mise-en-page.css", "donnees.json"}
    assert str(export.uid) in client.get(URL).content.decode()


def test_nobody_else_downloads_it_not_even_an_administrator(client: Client, user: User) -> None:
    address = f"{URL}export/{asked(client).uid}/"
    for other in (UserFactory(), UserFactory(is_superuser=True)):
        client.force_login(other)
        prove(client)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_it_goes_after_seven_days(client: Client, user: User, django_capture_on_commit_callbacks: Any) -> None:
    export = asked(client)
    DataExport.objects.update(expires_at=timezone.now())
    assert client.get(f"{URL}export/{export.uid}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_exports() == 1
    assert not export.file.storage.exists(export.file.name)
    assert not DataExport.objects.exists()


def test_a_new_copy_replaces_the_old_one(client: Client, user: User, django_capture_on_commit_callbacks: Any) -> None:
    first = asked(client)
    with django_capture_on_commit_callbacks(execute=True):
        second = asked(client)
    assert second.pk != first.pk
    assert not first.file.storage.exists(first.file.name)


def test_one_is_made_at_a_time_and_a_lost_one_is_made_again(client: Client, user: User) -> None:
    waiting = DataExport.objects.create(user=user)
    assert asked(client) == waiting
    assert client.get(URL).context["export"] == waiting
    DataExport.objects.update(asked_at=timezone.now() - DataExport.GIVEN_UP_AFTER - timedelta(seconds=1))
    assert asked(client).ready_at is not None


def test_asking_is_a_post(client: Client, user: User) -> None:
    assert client.get(f"{URL}export/").status_code == 405
    assert not DataExport.objects.exists()
