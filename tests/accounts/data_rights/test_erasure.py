"""Leaving: nothing of the person stays anywhere, and what they wrote for the others does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from directory.models import Membership, Profile
from portal.accounts.data_rights.erasure import NOWHERE, departed_name, erase_account
from portal.accounts.data_rights.models import Departure, ErasureRequest
from portal.accounts.data_rights.selectors import obstacles_of
from portal.accounts.data_rights.services import CannotLeaveError, cancel_erasure, request_erasure
from portal.accounts.data_rights.tasks import erase_due_accounts
from portal.accounts.models import User
from portal.accounts.personal_data import OnErasure, Person, personal_data
from portal.mail.models import OutboxMessage
from project_sheets.services import add_lead
from search.indexing import drain
from search.models import SearchDocument
from tests.accounts.data_rights.records import MAKERS, MARKER, REPLACED, make_everything, make_person
from tests.factories import AnimatorFactory, MembershipFactory, SheetFactory, UserFactory

#: Every table of the portal is read: once, on the database of a portal in use.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]


def rows_with(marker: str) -> Iterator[str]:
    """Yield the tables in which a row says ``marker``, whatever its column."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- a name of our own
            if any(marker in str(value).lower() for row in cursor.fetchall() for value in row):
                yield table


def files_with(marker: str) -> set[Path]:
    """Return the files of the data folder that hold ``marker`` in their name or their content."""
    folders = [Path(settings.DATA_DIR) / "private", Path(settings.MEDIA_ROOT)]
    files = [path for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()]
    return {path for path in files if marker in path.name or marker.encode() in path.read_bytes()}


def erase(user: User, capture: Any) -> Departure:
    with capture(execute=True):
        left = erase_account(user=user, reason=Departure.Reason.ASKED)
    # What a request leaves to the worker: documents beyond the first ones.
    drain()
    return left


def test_every_declared_kind_has_a_record() -> None:
    assert {declared.model for declared in personal_data} == set(MAKERS) | REPLACED


def test_no_marker_is_left_anywhere(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    # The words of a document as they are: packed in a PDF they could not be looked for.
    monkeypatch.setattr("project_sheets.pdf.documents.render_pdf", lambda html, **_kwargs: html.encode())
    before = files_with(MARKER)
    with django_capture_on_commit_callbacks(execute=True):
        user = make_person()
        make_everything(user)
    marked = set(rows_with(MARKER))
    # The test would pass on an empty portal: these must have been marked.
    assert len(marked) > 15
    assert {"accounts_user", "directory_profile", "directory_skill", "mail_outboxmessage"} <= marked
    assert SearchDocument.objects.filter(title__contains=MARKER).exists()
    assert len(files_with(MARKER) - before) == 6
    erase(user, django_capture_on_commit_callbacks)
    assert list(rows_with(MARKER)) == []
    assert files_with(MARKER) - before == set()


def test_what_is_declared_to_go_goes_and_the_rest_stays(django_capture_on_commit_callbacks: Any) -> None:
    user = make_person()
    made = make_everything(user)
    erase(user, django_capture_on_commit_callbacks)
    user.refresh_from_db()
    for declared in personal_data:
        if declared.model not in made or declared.is_role:
            continue
        stays = declared.model_class._base_manager.filter(pk=made[declared.model].pk).exists()
        assert stays is (declared.on_erasure is OnErasure.ANONYMISE), declared.model
        if declared.on_erasure is OnErasure.ANONYMISE and declared.owner:
            # It still has an author, who has no name.
            assert declared.records_of(Person(user, ())).exists(), declared.model


def test_somebody_else_keeps_everything(django_capture_on_commit_callbacks: Any) -> None:
    other = UserFactory(last_name="Intacte")
    Profile.objects.filter(user=other).update(presentation="Intacte")
    MembershipFactory(user=other)
    erase(make_person(), django_capture_on_commit_callbacks)
    other.refresh_from_db()
    assert (other.last_name, other.is_active, other.profile.presentation) == ("Intacte", True, "Intacte")
    assert other.memberships.exists()


def test_the_account_is_an_empty_shell(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    user = AnimatorFactory(email=f"{MARKER}@test.example")
    client.force_login(user)
    old_id = user.short_id
    erase(user, django_capture_on_commit_callbacks)
    user = User.objects.get(pk=user.pk)
    assert str(user) == departed_name()
    assert user.email.endswith(f"@{NOWHERE}")
    assert not user.is_active
    assert not user.is_member
    assert not user.has_usable_password()
    assert not user.groups.exists()
    assert user.short_id != old_id
    assert not Session.objects.exists()
    assert client.get("/mon-espace/").status_code == 302


def test_an_erasure_is_done_once(django_capture_on_commit_callbacks: Any) -> None:
    user = make_person()
    first = erase(user, django_capture_on_commit_callbacks)
    email = User.objects.get(pk=user.pk).email
    assert erase(user, django_capture_on_commit_callbacks) == first
    assert User.objects.get(pk=user.pk).email == email


def test_a_failure_in_the_middle_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_person()

    def fail(user: User) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("portal.accounts.data_rights.erasure._empty_account", fail)
    with pytest.raises(OSError, match="disk full"):
        erase_account(user=user, reason=Departure.Reason.ASKED)
    assert Profile.objects.filter(user=user).exists()
    assert not Departure.objects.exists()


def test_the_contact_form_s_mail_to_the_team_goes_too(django_capture_on_commit_callbacks: Any) -> None:
    user = make_person()
    texts = dict.fromkeys(("subject", "html"), "Contact")
    OutboxMessage.objects.create(
        key="c", kind="content.contact", category="account", to="equipe@test.example", message_id="<c@x>",
        text=f"De : {user.email}", **texts,
    )  # fmt: skip
    erase(user, django_capture_on_commit_callbacks)
    assert not OutboxMessage.objects.exists()


# -- Obstacles, delay, change of mind


def test_the_only_manager_of_an_organisation_names_another_one_first() -> None:
    place = MembershipFactory(role=Membership.Role.MANAGER)
    assert [obstacle.url for obstacle in obstacles_of(place.user)] == ["/mon-espace/ma-structure/"]
    with pytest.raises(CannotLeaveError):
        request_erasure(user=place.user)
    MembershipFactory(organisation=place.organisation, role=Membership.Role.MANAGER)
    assert obstacles_of(place.user) == []
    assert request_erasure(user=place.user).user == place.user


def test_the_only_lead_of_a_published_sheet_is_replaced_first() -> None:
    sheet, user = SheetFactory(), UserFactory()
    add_lead(sheet=sheet, user=user)
    [obstacle] = obstacles_of(user)
    assert sheet.title in obstacle.sentence
    closed = UserFactory(is_active=False)
    add_lead(sheet=sheet, user=closed)
    assert obstacles_of(user)
    add_lead(sheet=sheet, user=UserFactory())
    assert obstacles_of(user) == []


def test_nothing_happens_before_the_seventh_day(django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory()
    request = request_erasure(user=user)
    assert request.due_at - request.asked_at == ErasureRequest.DELAY
    assert request_erasure(user=user) == request
    assert OutboxMessage.objects.filter(kind="data_rights.erasure_planned", to=user.email).count() == 1
    assert erase_due_accounts() == 0
    ErasureRequest.objects.update(due_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_due_accounts() == 1
    assert Departure.objects.get().reason == Departure.Reason.ASKED
    assert not OutboxMessage.objects.exists()
    assert erase_due_accounts() == 0


def test_one_may_change_one_s_mind() -> None:
    user = UserFactory()
    request_erasure(user=user)
    cancel_erasure(user=user)
    ErasureRequest.objects.update(due_at=timezone.now())
    assert erase_due_accounts() == 0
    request_erasure(user=user)
    # A second wish is a second message: the first one announced a day that is past.
    assert OutboxMessage.objects.filter(kind="data_rights.erasure_planned").count() == 2


def test_who_has_become_indispensable_waits_and_is_told_once() -> None:
    user = UserFactory()
    request_erasure(user=user)
    MembershipFactory(user=user, role=Membership.Role.MANAGER)
    ErasureRequest.objects.update(due_at=timezone.now())
    assert [erase_due_accounts(), erase_due_accounts()] == [0, 0]
    assert OutboxMessage.objects.filter(kind="data_rights.erasure_waits", to=user.email).count() == 1
    user.refresh_from_db()
    assert user.is_active


def test_who_keeps_the_account_while_the_others_go_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of those who leave was made before they changed their mind."""
    user = make_person()
    due = ErasureRequest.objects.create(user=user, due_at=timezone.now())
    monkeypatch.setattr("portal.accounts.data_rights.tasks.due_erasures", lambda now: [due])
    cancel_erasure(user=user)
    assert erase_due_accounts() == 0
    user.refresh_from_db()
    assert user.is_active


def test_a_mail_about_a_longer_address_is_somebody_else_s(django_capture_on_commit_callbacks: Any) -> None:
    user = UserFactory(email="ie@test.example")
    texts = dict.fromkeys(("subject", "html"), "Contact")
    for key, address in (("a", "marie@test.example"), ("b", "ie@test.example")):
        OutboxMessage.objects.create(
            key=key, kind="x", category="account", to="equipe@test.example", message_id=f"<{key}@x>",
            text=f"De : {address}", **texts,
        )  # fmt: skip
    erase(user, django_capture_on_commit_callbacks)
    assert list(OutboxMessage.objects.filter(kind="x").values_list("key", flat=True)) == ["a"]
