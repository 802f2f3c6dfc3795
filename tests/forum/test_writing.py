"""Asking, answering, settling: what each form does, and what nobody may do."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client

from directory.models import Membership
from forum.community.models import Discussion, Draft, HiddenAuthor, Message
from forum.community.services import settling
from forum.community.services.polls import PollData, vote
from forum.machina_apps.forum_conversation.models import Post
from portal.accounts.models import User
from portal.core import areas
from tests.directory.factories import OrganisationFactory
from tests.factories.accounts import AnimatorFactory, UserFactory
from tests.forum.factories import first_message, make_answer, make_discussion, make_space
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
ASK = "/forum/poser-une-question/"
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def question(here: object, **values: object) -> dict[str, object]:
    return {
        "subject": "Comment loger un apprenti ?",
        "space": here.pk,  # type: ignore[attr-defined]
        "content": "Il commence lundi.",
        "action": "publier",
        **values,
    }


def test_a_question_sent_twice_is_asked_once() -> None:
    cache.clear()
    client, space = signed_in(UserFactory()), make_space()
    first = client.post(ASK, question(space, envoi="a" * 32))
    second = client.post(ASK, question(space, envoi="a" * 32))
    assert Discussion.objects.count() == 1
    assert first["Location"] == second["Location"] == Discussion.objects.get().get_absolute_url()


def test_nothing_typed_is_lost() -> None:
    """A refused form, a preview, a draft: text and file are there again, and go with the message."""
    user, space = UserFactory(), make_space()
    client = signed_in(user)
    file = ContentFile(PDF, name="affiche.pdf")
    refused = client.post(ASK, question(space, subject="Court", files=file))
    assert refused.status_code == 422
    assert "affiche.pdf" in refused.content.decode()
    previewed = client.post(ASK, question(space, content="**Gras** <b>nu</b>", action="apercu")).content.decode()
    assert "<strong>Gras</strong> &lt;b&gt;nu&lt;/b&gt;" in previewed
    assert "affiche.pdf" in client.get(ASK).content.decode()
    client.post(ASK, question(space))
    assert [one.name for one in Post.objects.get().attachments.all()] == ["affiche.pdf"]
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "x" * 121},
        {"subject": "a\nb c d e f g h"},
        {"content": "a\x00b"},
        {"content": "x" * 20_001},
        {"space": "999999"},
        {"space": "un"},
        {"territory": "-1"},
        {"poll_question": "Où ?"},
        {"poll_options": "a\nb"},
        {"poll_question": "Où ?", "poll_options": "\n".join(map(str, range(11)))},
    ],
)
def test_a_wrong_value_is_said_at_its_field(values: dict[str, str]) -> None:
    response = signed_in(UserFactory()).post(ASK, question(make_space(), **values))
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Discussion.objects.exists()


def test_personal_data_are_stopped_once() -> None:
    client, space = signed_in(UserFactory()), make_space()
    text = "Son numéro étranger est le 7503012345 et elle s’appelle Mme Exemple."
    stopped = client.post(ASK, question(space, content=text))
    assert stopped.status_code == 422
    assert stopped.context["form"].findings
    client.post(ASK, question(space, content=text, personal_data_confirmed="on"))
    assert Discussion.objects.count() == 1


def test_an_anonymous_message_names_nobody_but_to_moderators() -> None:
    author, reader, moderator = UserFactory(first_name="Zanonyme"), UserFactory(), AnimatorFactory()
    space = make_space()
    signed_in(author).post(ASK, question(space, is_anonymous="on"))
    discussion = Discussion.objects.get()
    assert (discussion.topic.poster, discussion.topic.first_post.poster) == (None, None)
    assert HiddenAuthor.objects.get().user == author
    address = discussion.get_absolute_url()
    for client in (Client(), signed_in(reader)):
        page = client.get(address).content.decode()
        assert "Membre anonyme" in page
        assert "Zanonyme" not in page
    assert "Zanonyme" in signed_in(moderator).get(address).content.decode()
    # It stays its author's, to change and to settle, and in their list.
    own = signed_in(author)
    assert own.get(f"/forum/messages/{discussion.topic.first_post_id}/modifier/").status_code == 200
    assert "Comment loger un apprenti" in own.get("/forum/mes-discussions/").content.decode()


def test_one_writes_in_the_name_of_one_s_own_organisations_alone() -> None:
    user, own, other = UserFactory(), OrganisationFactory(), OrganisationFactory()
    Membership.objects.create(user=user, organisation=own, role=Membership.Role.EDITOR)
    client, space = signed_in(user), make_space()
    assert client.post(ASK, question(space, organisation=other.pk)).status_code == 422
    client.post(ASK, question(space, organisation=own.pk))
    page = Client().get(Discussion.objects.get().get_absolute_url()).content.decode()
    assert f"au nom de {own.name}" in page


def test_a_mention_becomes_a_link_to_whom_one_may_meet() -> None:
    author = UserFactory()
    seen = UserFactory(first_name="Jeanne", last_name="Le Gall")
    hidden = UserFactory(first_name="Cachée", last_name="Partout")
    type(hidden.profile).objects.filter(pk=hidden.profile.pk).update(is_listed=False)
    message = make_answer(make_discussion(), author, text="Voyez avec @Jeanne Le Gall ou @Cachée Partout. a@b.fr")
    raw = message.post.content.raw
    assert f"[@Jeanne Le Gall](/annuaire/membres/{seen.short_id}/)" in raw
    assert "ou @Cachée Partout. a@b.fr" in raw
    names = signed_in(author).get("/forum/mentions/?q=jeanne le").json()["members"]
    assert [one["name"] for one in names] == ["Jeanne Le Gall"]


def test_a_draft_is_kept_as_it_is_typed() -> None:
    user = UserFactory()
    client = signed_in(user)
    values = {"brouillon": "question", "subject": "Un début", "content": "x" * 30_000, "inconnu": "x"}
    assert client.post("/forum/brouillon/", values).json() == {"kept": True}
    kept = Draft.objects.get(user=user).values
    assert kept["subject"] == "Un début"
    assert len(kept["content"]) == 25_000
    assert set(kept) == {"subject", "content"}
    assert "Un début" in client.get(ASK).content.decode()
    for key in ("reply:", "reply:x", "autre", "reply:" + "9" * 30):
        assert client.post("/forum/brouillon/", {"brouillon": key, "content": "x"}).status_code == 400
    client.post("/forum/brouillon/", {"brouillon": "question", "subject": "", "content": ""})
    assert not Draft.objects.exists()
    assert json.dumps(kept)


def test_who_asked_says_what_helped() -> None:
    author, helper, other = UserFactory(), UserFactory(), UserFactory()
    discussion = make_discussion(author=author)
    make_answer(discussion, text="Une première réponse")
    answer = make_answer(discussion, helper, text="La réponse qui sauve")
    assert signed_in(other).post(f"/forum/messages/{answer.pk}/aide/").status_code == 403
    client = signed_in(author)
    assert client.post(f"/forum/messages/{discussion.topic.first_post_id}/aide/").status_code == 404
    client.post(f"/forum/messages/{answer.pk}/aide/")
    discussion.refresh_from_db()
    assert (discussion.helpful_post_id, discussion.is_solved) == (answer.pk, True)
    page = Client().get(reread(discussion).get_absolute_url()).content.decode()
    assert page.count("La réponse qui sauve") == 2
    assert "Résolue" in page
    client.post(f"/forum/discussions/{discussion.pk}/resolue/", {"etat": "ouverte"})
    discussion.refresh_from_db()
    assert (discussion.helpful_post, discussion.is_solved) == (None, False)


def reread(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


def test_a_useful_vote_counts_once_and_never_for_oneself() -> None:
    author, voter = UserFactory(), UserFactory()
    answer = make_answer(make_discussion(), author)
    address = f"/forum/messages/{answer.pk}/utile/"
    assert signed_in(author).post(address).status_code == 403
    settling.vote_useful(user=voter, message=answer, is_useful=True)
    settling.vote_useful(user=voter, message=answer, is_useful=True)
    assert Message.objects.get(pk=answer.pk).useful_count == 1
    signed_in(voter).post(address)
    assert Message.objects.get(pk=answer.pk).useful_count == 0


def test_a_poll_counts_each_member_once() -> None:
    voter = UserFactory()
    discussion = make_discussion(poll=PollData("Où loger ?", ["Internat", "Chez l’habitant"]))
    options = list(discussion.topic.poll.options.all())
    client, address = signed_in(voter), f"/forum/discussions/{discussion.pk}/sondage/"
    for chosen in ([options[0].pk], [options[1].pk], [options[0].pk, options[1].pk], ["x"], []):
        client.post(address, {"choices": chosen})
    assert [option.votes.count() for option in options] == [0, 1]
    page = client.get(reread(discussion).get_absolute_url()).content.decode()
    assert "100" in page
    discussion.topic.poll.__class__.objects.filter(pk=discussion.topic.poll.pk).update(
        duration=1, created="2026-01-01T00:00:00+00:00"
    )
    client.post(address, {"choices": [options[0].pk]})
    assert options[0].votes.count() == 0


def test_a_choice_sent_twice_is_one_vote() -> None:
    poll = PollData("Où loger ?", ["Internat", "Chez l’habitant"], is_multiple=True)
    discussion = make_discussion(poll=poll)
    chosen = discussion.topic.poll.options.first()
    address = f"/forum/discussions/{discussion.pk}/sondage/"
    assert signed_in(UserFactory()).post(address, {"choices": [chosen.pk, chosen.pk]}).status_code == 302
    assert chosen.votes.count() == 1


def test_a_first_vote_renews_the_pages_that_show_the_totals(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    topic = make_discussion(poll=PollData("Où loger ?", ["Internat", "Chez l’habitant"])).topic
    voter, before = UserFactory(), areas.read_tokens()
    with django_capture_on_commit_callbacks(execute=True):
        vote(user=voter, poll=topic.poll, options=[topic.poll.options.first()])
    after = areas.read_tokens()
    assert before is not None
    assert after is not None
    assert before["forum"] != after["forum"]


@pytest.mark.parametrize("address", ["/forum/", "/forum/toutes/", "/forum/sans-reponse/", "space", "discussion"])
def test_lists_cost_the_same_whatever_they_hold(address: str) -> None:
    reader, space = UserFactory(), make_space()
    discussion = make_discussion(space, UserFactory())
    path = {"space": space.get_absolute_url(), "discussion": reread(discussion).get_absolute_url()}.get(
        address, address
    )
    client = signed_in(reader)

    def add() -> None:
        make_discussion(space, UserFactory())
        make_answer(discussion, UserFactory())

    # Without what processes remember, which a transaction keeps them from: test_memory counts those of the server.
    budget = 18 if address == "discussion" else 15
    assert_constant_queries(add_row=add, call=lambda: client.get(path), budget=budget)


def test_an_answer_costs_twenty_queries_at_most() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from forum.community.services.writing import Writing, reply

    author, discussion = UserFactory(), reread(make_discussion())
    reply(author=author, discussion=discussion, writing=Writing("Une première."))
    discussion = reread(discussion)
    with CaptureQueriesContext(connection) as captured:
        reply(author=author, discussion=discussion, writing=Writing("Une autre."))
    written = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(written) <= 20, "\n".join(written)


def test_sending_an_answer_costs_twenty_queries_at_most() -> None:
    """The whole request: who asks, their rights, the form, twice-sent forms and limits, the ledger, search."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, discussion = signed_in(UserFactory()), reread(make_discussion())
    address = f"{discussion.get_absolute_url()}repondre/"
    client.post(address, {"content": "Une première.", "action": "publier", "envoi": "a" * 32})
    with CaptureQueriesContext(connection) as captured:
        sent = client.post(address, {"content": "Une autre.", "action": "publier", "envoi": "b" * 32})
    assert sent.status_code == 302
    written = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    # Two more are written once the transaction is committed, and one less is read where it is not a test.
    assert len(written) <= 18, "\n".join(sql[:150] for sql in written)


def test_a_message_leads_to_its_page() -> None:
    discussion, author = make_discussion(), UserFactory()
    for _number in range(20):
        message = make_answer(discussion, author)
    address = Client().get(f"/forum/messages/{message.pk}/")["Location"]
    assert address == f"{reread(discussion).get_absolute_url()}?page=2#message-{message.pk}"
    assert first_message(discussion)


def test_addresses_are_those_of_the_resolver() -> None:
    from django.urls import reverse

    from forum.community import addresses

    assert addresses.space_path("sante") == reverse("community_forum:space", args=["sante"])
    assert addresses.discussion_path("sante", 4, "un-titre") == reverse(
        "community_forum:discussion", args=["sante", 4, "un-titre"]
    )
    assert addresses.message_path(7) == reverse("community_forum:message", args=[7])
    for below, name in (("historique/", "history"), ("utile/", "useful"), ("aide/", "helpful"), ("modifier/", "edit")):
        assert addresses.message_path(7, below) == reverse(f"community_forum:{name}", args=[7])
    for below, name in (("supprimer/", "delete"), ("retirer/", "withhold"), ("publier/", "approve")):
        assert addresses.message_path(7, below) == reverse(f"community_forum:{name}", args=[7])
