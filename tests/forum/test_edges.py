"""What lies at the edges: numbers that no key is, old charsets, the second page, what is hidden from whom."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from forum.community.citation_panels import _find
from forum.community.incoming import text_of
from forum.community.models import AnswerRequest, Discussion, Draft, HiddenAuthor, Message, Space
from forum.community.models.discussions import readable_space_ids
from forum.community.reply_addresses import reply_address
from forum.community.selectors.discussions import unanswered_ids, waiting_among
from forum.community.selectors.people import members_named
from forum.community.services.receiving import Outcome, receive_reply
from forum.community.services.settling import cite
from portal.accounts.models import User
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Event, Notification, Preference, Subscription
from portal.notifications.services import unfollow
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.forum.factories import make_answer, make_discussion, make_space

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def reread(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


@pytest.mark.parametrize(
    "address",
    [
        "/forum/messages/{huge}/",
        "/forum/messages/{huge}/historique/",
        "/forum/discussions/{huge}/deplacer/",
        "/forum/un-espace/{huge}-titre/",
        "/animation/forum/espaces/{huge}/",
        "/signaler/community_forum-message/{huge}/",
    ],
)
def test_a_number_that_no_key_is_leads_nowhere(address: str) -> None:
    client = signed_in(AdministratorFactory())
    for huge in (2**63, 10**30):
        assert client.get(address.format(huge=huge)).status_code == 404


def test_nobody_follows_a_number_that_no_key_is() -> None:
    client = signed_in(UserFactory())
    for number in (2**63, 10**30, -(10**30)):
        values = {"target": f"community_forum.discussion:{number}", "action": "follow"}
        assert client.post("/notifications/suivre/", values).status_code == 404


def test_what_only_looks_like_a_number_takes_no_file_away() -> None:
    user, space = UserFactory(), make_space()
    client = signed_in(user)
    values = {"subject": "Une question entière", "space": space.pk, "content": "Un texte", "retirer": ["²", "9" * 40]}
    assert client.post("/forum/poser-une-question/", {**values, "action": "brouillon"}).status_code == 302
    assert Draft.objects.get().values["content"] == "Un texte"
    assert client.get("/forum/poser-une-question/?theme=%00&titre=%00Une question lourde").status_code == 200


def test_many_names_make_a_condition_that_databases_accept() -> None:
    reader, seen = UserFactory(), UserFactory(first_name="Jeanne", last_name="Le Gall")
    typed = ["Jeanne Le Gall", *(f"Un Deux Trois N{number}" for number in range(2_000))]
    assert list(members_named(typed, reader=reader)) == ["jeanne le gall"]
    assert seen


def test_a_mail_in_an_unknown_charset_is_read() -> None:
    raw = b"Content-Type: text/plain; charset=x-inconnu\r\n\r\nAppelez la r\xe9gion\r\n"
    assert text_of(message_from_bytes(raw, policy=policy.default)) == "Appelez la région"


def test_who_hides_their_name_goes_on_hiding_it(settings: object) -> None:
    settings.REPLY_ADDRESS = "reponse@portail.example"  # type: ignore[attr-defined]
    asked, other = UserFactory(), UserFactory()
    discussion = make_discussion(author=asked, is_anonymous=True)
    for number, user in enumerate((asked, other)):
        mail = EmailMessage()
        mail["From"], mail["To"] = user.email, reply_address(user, discussion.pk)
        mail["Message-ID"] = f"<{number}@test.example>"
        mail.set_content("Merci beaucoup.")
        assert receive_reply(mail=mail) == Outcome.PUBLISHED
    by_mail = list(Message.objects.exclude(pk=discussion.topic.first_post_id).order_by("pk"))
    assert [message.is_anonymous for message in by_mail] == [True, False]
    assert by_mail[0].post.poster is None
    assert HiddenAuthor.objects.get(post=by_mail[0].pk).user == asked
    # The form below the discussion proposes it, and keeps what was unticked in a draft.
    address = reread(discussion).get_absolute_url()
    proposed = [
        bool(signed_in(user).get(address).context["form"]["form"]["is_anonymous"].value()) for user in (asked, other)
    ]
    assert proposed == [True, False]
    signed_in(asked).post("/forum/brouillon/", {"brouillon": f"reply:{discussion.pk}", "content": "En mon nom"})
    assert not signed_in(asked).get(address).context["form"]["form"]["is_anonymous"].value()


def test_an_anonymous_asker_settles_from_every_page() -> None:
    asked, helper = UserFactory(), UserFactory()
    discussion = make_discussion(author=asked, is_anonymous=True)
    address, client = reread(discussion).get_absolute_url(), signed_in(asked)
    first = discussion.topic.first_post_id
    assert f"/forum/messages/{first}/supprimer/" in client.get(address).content.decode()
    for _number in range(20):
        last = make_answer(discussion, helper)
    assert f"/forum/messages/{last.pk}/aide/" in client.get(f"{address}?page=2").content.decode()
    assert f"/forum/messages/{last.pk}/aide/" not in signed_in(helper).get(f"{address}?page=2").content.decode()
    assert f"/forum/messages/{first}/supprimer/" not in client.get(address).content.decode()


def rhythm_told(discussion: Discussion, user: User) -> str | None:
    """Return how soon a mail tells ``user`` of a new answer; None where nothing tells it."""
    message = make_answer(discussion)
    fan_out_due()
    told = Notification.objects.filter(event__object_id=message.pk, kind="forum.answer", user=user).first()
    return told.rhythm if told else None


def test_who_asked_is_told_at_once_unless_they_chose_otherwise() -> None:
    asked = UserFactory()
    discussion = make_discussion(author=asked)
    assert rhythm_told(discussion, asked) == "now"
    assert Notification.objects.get(user=asked).subscription == Subscription.objects.get(user=asked)
    Preference.objects.create(user=asked, kind="forum.answer", rhythm="never")
    assert rhythm_told(discussion, asked) == "never"
    Preference.objects.all().delete()
    Subscription.objects.filter(user=asked).update(rhythm="weekly")
    assert rhythm_told(discussion, asked) == "weekly"
    unfollow(user=asked, target=discussion)
    assert rhythm_told(discussion, asked) is None


def test_a_link_typed_by_hand_mentions_nobody_whom_its_author_may_not_meet() -> None:
    author, seen, hidden, quoted = (UserFactory() for _number in range(4))
    type(hidden.profile).objects.filter(user=hidden).update(is_listed=False)
    links = {user: f"[@Prénom Nom](/annuaire/membres/{user.short_id}/)" for user in (seen, hidden, quoted)}
    make_answer(make_discussion(), author, text=f"> {links[quoted]}\n\nVoyez {links[seen]} et {links[hidden]}")
    assert Event.objects.get(kind="forum.mention").data == {"short_ids": [seen.short_id]}
    make_answer(make_discussion(), author, text=f"Voyez {links[hidden]}")
    assert Event.objects.filter(kind="forum.mention").count() == 1


def test_questions_that_one_was_asked_are_those_that_one_still_reads() -> None:
    user, space = UserFactory(), make_space(access="members")
    discussion = make_discussion(space, subject="Entre membres seulement")
    AnswerRequest.objects.create(user=user, topic=discussion.topic, reason="Vous avez proposé de répondre.")
    client = signed_in(user)
    assert "Entre membres seulement" in client.get("/forum/repondre-aux-questions/").content.decode()
    Space.objects.filter(pk=space.pk).update(access="circle", circle="laureates:none")
    assert "Entre membres seulement" not in client.get("/forum/repondre-aux-questions/").content.decode()


def test_a_sheet_says_in_how_many_discussions_it_is_cited() -> None:
    space, author = make_space(), UserFactory()
    for _number in range(8):
        cite(topic=make_discussion(space, author).topic, key="sheet:12", by=author)
    request = RequestFactory().get("/projets/")
    request.user = AnonymousUser()
    found = _find(request, "sheet:12")
    assert found is not None
    assert (len(found["rows"]), found["total"]) == (5, 8)  # type: ignore[arg-type]


def test_a_visitor_s_discussion_follows_the_sheets_and_events_that_it_shows() -> None:
    response = Client().get(reread(make_discussion()).get_absolute_url())
    assert {"forum", "people", "sheets", "agenda", "found-sheet", "found-event"} <= response.wsgi_request.cache_areas


def test_the_questions_that_wait_are_the_reader_s() -> None:
    circle, space = make_space(access="circle", circle="laureates:none"), make_space()
    moderator = AdministratorFactory()
    hidden = [make_discussion(circle, moderator).pk for _number in range(2)]
    seen = [make_discussion(space, moderator).pk for _number in range(3)]
    assert unanswered_ids(readable_space_ids(AnonymousUser())) == seen
    assert unanswered_ids(readable_space_ids(moderator)) == [*hidden, *seen]
    # Whatever ids come, those of spaces that the reader does not read are left out.
    spaces = readable_space_ids(AnonymousUser())
    assert [one.pk for one in waiting_among(spaces, [seen[2], hidden[0], seen[0]])] == [seen[2], seen[0]]
