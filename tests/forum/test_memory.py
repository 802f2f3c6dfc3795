"""What processes remember of the forum: shown to those who may read it, and to nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from directory.models import Profile
from forum.community.services import moderating, settling
from portal.accounts.models import User
from search.indexing import drain
from search.models import IndexTask
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.forum.factories import make_answer, make_discussion, make_space
from tests.forum.test_writing import reread, signed_in
from tests.support.queries import process_memory, queries_of

pytestmark = pytest.mark.django_db


def seen(reader: User | None, path: str) -> str:
    """Return the page, or nothing where the reader is refused it."""
    response = (signed_in(reader) if reader else Client()).get(path)
    return response.content.decode() if response.status_code == 200 else ""


def test_lists_and_discussions_of_a_reserved_space_stay_its_readers() -> None:
    member = UserFactory()
    space = make_space(access="members")
    discussion = reread(make_discussion(space, subject="Une question entre membres", text="Zsecret entre nous"))
    pages = ["/forum/", "/forum/toutes/", "/forum/sans-reponse/"]
    own = [space.get_absolute_url(), discussion.get_absolute_url()]
    with process_memory():
        # Each reader comes twice, before and after the other.
        for _time in range(2):
            assert all("Une question entre membres" in seen(member, page) for page in [*pages, *own])
            assert not any("Une question entre membres" in seen(None, page) for page in pages)
            assert [seen(None, page) for page in own] == ["", ""]


def test_a_hidden_name_is_hidden_from_visitors_alone() -> None:
    author = UserFactory(first_name="Zoé", last_name="Zsecretname")
    Profile.objects.filter(user=author).update(name_visibility="members")
    discussion = reread(make_discussion(author=author))
    with process_memory():
        for page in ("/forum/toutes/", discussion.get_absolute_url()):
            assert "Zsecretname" in seen(UserFactory(), page)
            assert "Zsecretname" not in seen(None, page)
            assert "Zsecretname" in seen(UserFactory(), page)


def test_what_is_withheld_is_read_by_its_author_and_moderators() -> None:
    author, moderator, discussion = UserFactory(), AdministratorFactory(), make_discussion()
    answer = make_answer(discussion, author, text="Zsecret que personne ne doit lire")
    path = reread(discussion).get_absolute_url()
    with process_memory() as forget:
        assert "Zsecret" in seen(None, path)
        moderating.withhold(message=answer, by=moderator, reason="Des données personnelles")
        forget()
        for _time in range(2):
            readers = [moderator, author, UserFactory(), None]
            assert ["Zsecret" in seen(reader, path) for reader in readers] == [True, True, False, False]


def test_what_a_member_did_is_shown_to_them_alone() -> None:
    voter, other, discussion = UserFactory(), UserFactory(), make_discussion()
    settling.vote_useful(user=voter, message=make_answer(discussion), is_useful=True)
    path = reread(discussion).get_absolute_url()
    with process_memory():
        assert 'aria-pressed="true"' in seen(voter, path)
        assert 'aria-pressed="true"' not in seen(other, path)
        assert "aria-pressed" not in seen(None, path)


@pytest.mark.parametrize(("address", "budget"), [("/forum/", 5), ("/forum/sans-reponse/", 7), ("space", 9)])
def test_remembered_lists_cost_members_little_and_visitors_nothing(address: str, budget: int) -> None:
    discussion, member = reread(make_discussion()), signed_in(UserFactory())
    path = discussion.topic.forum.space.get_absolute_url() if address == "space" else address
    with process_memory():
        assert len(queries_of(lambda: Client().get(path))) <= 1
        assert len(queries_of(lambda: member.get(path))) <= budget


def test_a_remembered_discussion_costs_members_little_and_visitors_nothing() -> None:
    path, member = reread(make_discussion()).get_absolute_url(), signed_in(UserFactory())
    with process_memory():
        assert len(queries_of(lambda: Client().get(path))) <= 1
        assert len(queries_of(lambda: member.get(path))) <= 13


def test_an_answer_leaves_the_index_to_the_worker_and_its_withdrawal_does_not(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    discussion, author, moderator = make_discussion(), UserFactory(), AdministratorFactory()
    waiting = IndexTask.objects.filter(key=f"discussion:{discussion.pk}")
    drain()
    with django_capture_on_commit_callbacks(execute=True):
        answer = make_answer(discussion, author)
    assert waiting.exists()
    with django_capture_on_commit_callbacks(execute=True):
        moderating.withhold(message=answer, by=moderator, reason="Hors sujet")
    assert not waiting.exists()


def test_the_name_of_a_reserved_space_is_not_told_below_it() -> None:
    member = UserFactory()
    above = make_space(name="Zcercle des lauréats", slug="z-cercle", access="members")
    space = make_space(parent=above)
    discussion = reread(make_discussion(space))
    pages = [space.get_absolute_url(), discussion.get_absolute_url()]
    with process_memory():
        # Each reader comes twice, before and after the other.
        for reader in (None, member, None, member):
            for page in pages:
                shown = seen(reader, page)
                assert shown
                assert [word in shown for word in ("Zcercle", "/forum/z-cercle/")] == [reader is member] * 2
