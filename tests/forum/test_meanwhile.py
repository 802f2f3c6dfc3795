"""What is no longer there, or no longer open, when an act arrives: said clearly, nothing half written."""

import sqlite3
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from forum.community.models import Discussion
from forum.community.services import moderating, settling
from forum.community.services.writing import ClosedMeanwhileError, delete_message
from forum.community.views import writing
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.notifications.models import Event, Subscription
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.forum.factories import first_message, make_answer, make_discussion, make_space

pytestmark = pytest.mark.django_db
TYPED = "Un long texte <b>que</b> je ne veux pas perdre"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def reread(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


def send(address: str, user: User) -> Any:
    return signed_in(user).post(f"{address}repondre/", {"content": TYPED, "action": "publier", "envoi": "e" * 32})


def test_an_answer_to_what_was_deleted_while_it_was_typed_is_given_back() -> None:
    discussion = make_discussion()
    address = reread(discussion).get_absolute_url()
    delete_message(message=first_message(discussion), by=AdministratorFactory())
    response = send(address, UserFactory())
    assert response.status_code == 404
    assert "Un long texte &lt;b&gt;que&lt;/b&gt; je ne veux pas perdre" in response.content.decode()


def test_an_answer_that_crosses_a_deletion_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page was there when the view looked; the last look, with the topic held, is the one that counts."""
    cache.clear()
    discussion, author = make_discussion(), UserFactory()
    address = reread(discussion).get_absolute_url()
    Subscription.objects.all().delete()
    Event.objects.all().delete()

    def delete_first(*_arguments: object) -> bool:
        Topic.objects.filter(pk=discussion.pk).delete()
        return False

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_is_too_much", delete_first)
        response = send(address, author)
    assert response.status_code == 409
    assert "Un long texte" in response.content.decode()
    assert not Post.objects.exists()
    assert not Event.objects.exists()
    assert not Subscription.objects.exists()
    # The same form, sent again, is no second message of the first: there was none.
    assert "Un long texte" in send(address, author).content.decode()


def test_an_answer_that_crosses_a_lock_is_refused_but_to_moderators() -> None:
    discussion, author, moderator = make_discussion(), UserFactory(), AdministratorFactory()
    stale = reread(discussion)
    moderating.lock(discussion=reread(discussion), by=moderator, is_locked=True)
    with pytest.raises(ClosedMeanwhileError):
        make_answer(stale, author)
    response = send(stale.get_absolute_url(), author)
    assert response.status_code == 403
    assert "Un long texte" in response.content.decode()
    assert Post.objects.count() == 1
    assert make_answer(stale, moderator)


def test_an_answer_to_a_merged_discussion_is_led_to_where_it_goes_on() -> None:
    space, author = make_space(), UserFactory()
    gone, stays = make_discussion(space), make_discussion(space)
    stale = reread(gone)
    moderating.merge(discussion=reread(gone), into=reread(stays), by=AdministratorFactory())
    response = send(stale.get_absolute_url(), author)
    assert response.status_code == 404
    assert f'href="{reread(stays).get_absolute_url()}"' in response.content.decode()
    with pytest.raises(ClosedMeanwhileError):
        make_answer(stale, author)


def refused_by_sqlite(statement: str) -> sqlite3.Error:
    """Return what SQLite says of a row that contradicts others."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        "PRAGMA foreign_keys = ON; CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a);"
        "INSERT INTO a VALUES (1);"
    )
    with pytest.raises(sqlite3.IntegrityError) as raised:
        database.execute(statement)
    database.close()
    return raised.value


def refused_by(cause: Exception) -> IntegrityError:
    """Return the error of Django that ``cause``, an error of a database, leads to."""
    error = IntegrityError()
    error.__cause__ = cause
    return error


def vote_that_fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> HttpResponse:
    answer, reader = make_answer(make_discussion()), UserFactory()

    def fail(**_values: object) -> None:
        raise error

    monkeypatch.setattr(settling, "vote_useful", fail)
    return signed_in(reader).post(f"/forum/messages/{answer.pk}/utile/")


@pytest.mark.parametrize(
    "error",
    [
        refused_by(refused_by_sqlite("INSERT INTO b VALUES (2)")),
        refused_by(ForeignKeyViolation()),
        Post.DoesNotExist(),
        Topic.DoesNotExist(),
    ],
)
def test_any_act_that_crosses_a_deletion_says_so(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    response = vote_that_fails(monkeypatch, error)
    assert response.status_code == 409
    assert "Retour au forum" in response.content.decode()


@pytest.mark.parametrize("cause", [refused_by_sqlite("INSERT INTO a VALUES (1)"), UniqueViolation()])
def test_a_contradiction_that_no_deletion_explains_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, cause: Exception
) -> None:
    with pytest.raises(IntegrityError):
        vote_that_fails(monkeypatch, refused_by(cause))
