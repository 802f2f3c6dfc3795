"""What a copy of one's data holds: every declared kind, and nothing of anybody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from portal.accounts.data_rights.export import MENTIONS, archive_of
from portal.accounts.data_rights.selectors import person_of
from portal.accounts.models import User
from portal.accounts.personal_data import personal_data
from tests.accounts.data_rights.archives import opened
from tests.accounts.data_rights.records import MARKER, make_everything, make_person
from tests.factories import UserFactory

#: Every table of the portal is read: once, on the database of a portal in use.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]

Made = tuple[User, dict[str, Any]]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
    """Somebody with one record of every kind, which takes seconds to make, for all tests of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        user = make_person()
        yield user, make_everything(user)
        transaction.set_rollback(True)


def test_every_declared_kind_is_in_it_with_all_of_its_fields(made: Made) -> None:
    user, records = made
    archive, content = opened(archive_of(person_of(user), timezone.now()))
    by_key = {group["model"]: group["records"] for group in content["data"]}
    roles = {declared.key for declared in personal_data if declared.is_role}
    assert set(by_key) - {MENTIONS} == set(records) | roles
    for declared in personal_data:
        for record in by_key.get(declared.key, []):
            assert set(record) == set(declared.fields), declared.key
    page = archive.read("index.html").decode()
    for key in by_key:
        assert f'id="{key.lower()}"' in page
    assert page.count(MARKER) > 15


def test_personal_words_are_told_and_files_are_given(made: Made) -> None:
    user, _records = made
    archive, content = opened(archive_of(person_of(user), timezone.now()))
    [profile] = next(group["records"] for group in content["data"] if group["model"] == "directory.Profile")
    assert profile["presentation"] == f"Présentation{MARKER}"
    assert profile["skills"] == [f"Compétence {MARKER}"]
    assert archive.read(profile["photo"]) == MARKER.encode()


def test_nothing_of_somebody_else_is_in_it(made: Made) -> None:
    archive, _content = opened(archive_of(person_of(UserFactory()), timezone.now()))
    assert all(MARKER.encode() not in archive.read(name) for name in archive.namelist())


def test_no_secret_is_in_it(made: Made) -> None:
    user, _records = made
    archive, _content = opened(archive_of(person_of(user), timezone.now()))
    text = archive.read("donnees.json").decode()
    for secret in (user.password, user.link_stamp, f'"secret": "{MARKER}"'):
        assert secret not in text


def test_a_lost_file_does_not_lose_the_rest(made: Made) -> None:
    user, records = made
    profile = records["directory.Profile"]
    type(profile).objects.filter(pk=profile.pk).update(photo="profils/perdue.png")
    archive, content = opened(archive_of(person_of(user), timezone.now()))
    [told] = next(group["records"] for group in content["data"] if group["model"] == "directory.Profile")
    assert told["photo"] == "fichier manquant"
    assert f"Présentation{MARKER}" in archive.read("index.html").decode()
