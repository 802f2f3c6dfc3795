"""What moderators do to messages, and what it changes for readers, for search and for the author."""

import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from forum.community.enums import MessageState
from forum.community.models import Discussion, Draft, Message, Revision
from forum.community.services import moderating
from forum.community.services.files import keep_file
from forum.community.services.writing import AnsweredMeanwhileError, delete_message, edit_message
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.models import Post
from portal.accounts.models import User
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Event, Notification
from search.models import IndexTask
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.forum.factories import first_message, make_answer, make_discussion, make_space
from tests.forum.test_machina_bugs import PDF

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def reread(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


def asked_to_index(discussion: Discussion) -> bool:
    """Return whether search was asked to read ``discussion`` again since the last time."""
    found = IndexTask.objects.filter(key=f"discussion:{discussion.pk}")
    return bool(found.delete()[0])


def test_a_withdrawn_message_of_a_long_discussion_leaves_search() -> None:
    discussion, author, moderator = make_discussion(), UserFactory(), AdministratorFactory()
    answers = [make_answer(discussion, author) for _number in range(14)]
    asked_to_index(discussion)
    moderating.withhold(message=answers[0], by=moderator, reason="Nomme une personne")
    assert asked_to_index(discussion)
    edit_message(message=Message.objects.get(pk=answers[1].pk), by=author, content="Mieux dit")
    assert asked_to_index(discussion)
    # Beyond the first twelve nothing is searched.
    moderating.withhold(message=answers[13], by=moderator, reason="Hors charte")
    assert not asked_to_index(discussion)


def test_search_follows_messages_that_change_discussions() -> None:
    space, moderator = make_space(), AdministratorFactory()
    gone, stays = make_discussion(space), make_discussion(space)
    answer = make_answer(stays)
    for one in (gone, stays):
        asked_to_index(one)
    moderating.merge(discussion=reread(gone), into=reread(stays), by=moderator)
    assert asked_to_index(stays)
    assert asked_to_index(gone)
    made = moderating.split(discussion=reread(stays), messages=[answer], by=moderator, subject="Une autre question")
    assert asked_to_index(stays)
    assert asked_to_index(made)


def test_two_circles_are_not_the_same_readers() -> None:
    one = make_space(access="circle", circle="laureates:one")
    other = make_space(access="circle", circle="laureates:other")
    moderator = AdministratorFactory()
    said_to_one, of_other = make_discussion(one, moderator), make_discussion(other, moderator)
    with pytest.raises(moderating.NotAllowedHereError):
        moderating.merge(discussion=reread(said_to_one), into=reread(of_other), by=moderator)
    same = make_discussion(one, moderator)
    moderating.merge(discussion=reread(said_to_one), into=reread(same), by=moderator)
    assert reread(same).topic.posts_count == 2


def test_the_answers_of_a_withdrawn_discussion_are_withdrawn_with_it() -> None:
    asked, helper, reader = UserFactory(), UserFactory(), UserFactory()
    discussion = make_discussion(author=asked)
    draft = Draft.objects.create(user=helper, key="reply")
    kept = keep_file(draft=draft, upload=ContentFile(PDF, name="liste.pdf"))
    answer = make_answer(discussion, helper, files=[kept])
    addresses = (
        f"/forum/messages/{answer.pk}/",
        f"/forum/messages/{answer.pk}/historique/",
        f"/forum/pieces-jointes/{Attachment.objects.get().uid}/",
    )
    for address in addresses:
        response = signed_in(reader).get(address)
        assert response.status_code in {200, 302}
        # A file that is served is closed once it is read.
        b"".join(getattr(response, "streaming_content", ()))
    moderating.withhold(message=first_message(discussion), by=AdministratorFactory(), reason="Nomme une personne")
    assert [signed_in(reader).get(address).status_code for address in addresses] == [404] * 3
    # Who asked still opens the discussion, and who answered their own message.
    for user in (asked, helper):
        assert signed_in(user).get(addresses[1]).status_code == 200


def test_a_sanction_is_told_to_the_person_with_its_reason() -> None:
    user = UserFactory()
    moderating.sanction(user=user, by=AdministratorFactory(), kind="warning", reason="Le ton du 3 mars")
    fan_out_due()
    told = Notification.objects.get(kind="forum.sanction")
    assert (told.user, told.rhythm, told.on_site) == (user, "now", True)
    assert "Le ton du 3 mars" in told.reason
    assert "Le ton du 3 mars" in signed_in(user).get("/notifications/").content.decode()


def test_the_button_that_withdraws_a_message_does_not_say_cancel() -> None:
    discussion = make_discussion()
    page = signed_in(AnimatorFactory()).get(reread(discussion).get_absolute_url()).content.decode()
    button = page.partition(f"/forum/messages/{discussion.topic.first_post_id}/retirer/")[2][:400]
    assert "Retirer" in button
    assert "Annuler" not in button
    form = signed_in(AnimatorFactory()).get(f"/forum/messages/{discussion.topic.first_post_id}/retirer/")
    assert form.context["submit"] == "Retirer"


def test_a_published_message_that_changes_waits_again_where_moderators_read_first() -> None:
    author, moderator = UserFactory(), AnimatorFactory()
    discussion = make_discussion(make_space(needs_approval=True), author)
    moderating.approve(message=first_message(discussion), by=moderator)
    pk, edit = discussion.topic.first_post_id, f"/forum/messages/{discussion.topic.first_post_id}/modifier/"
    values = {"subject": "Tout autre chose", "content": "Une annonce commerciale", "reason": ""}
    assert signed_in(author).post(edit, values).status_code == 302
    message = Message.objects.get(pk=pk)
    assert (message.state, message.post.approved) == (MessageState.WAITING, False)
    assert Revision.objects.get().content == "Comment faites-vous ?"
    assert not Discussion.objects.published().exists()
    assert Event.objects.filter(kind="forum.to_moderate").count() == 2
    moderating.approve(message=message, by=moderator)
    assert Event.objects.filter(kind="forum.decision").count() == 2
    # Moderators' own changes are published.
    assert edit_message(message=Message.objects.get(pk=pk), by=moderator, content="Sans publicité") is False
    assert Post.objects.get(pk=pk).approved


def test_the_queue_names_who_hides_their_name_to_moderators() -> None:
    make_discussion(make_space(needs_approval=True), UserFactory(first_name="Zcachée"), is_anonymous=True)
    page = signed_in(AnimatorFactory()).get(reverse("forum_animation:queue")).content.decode()
    assert "Zcachée" in page
    assert "anonyme pour les autres membres" in page


def test_a_question_goes_with_nobody_s_answer() -> None:
    author = UserFactory()
    discussion = make_discussion(make_space(), author)
    seen = first_message(discussion)
    make_answer(discussion)
    with pytest.raises(AnsweredMeanwhileError):
        delete_message(message=seen, by=author)
    # Answers that wait for a moderator, which no count says, would go too.
    waiting = make_discussion(make_space(needs_approval=True), author)
    make_answer(waiting)
    assert signed_in(author).post(f"/forum/messages/{waiting.topic.first_post_id}/supprimer/").status_code == 403
    assert delete_message(message=first_message(discussion), by=AdministratorFactory())


def test_a_question_waits_until_somebody_else_answers() -> None:
    asked, helper = UserFactory(), UserFactory()
    discussion = make_discussion(author=asked)
    unanswered = Discussion.objects.unanswered().filter(pk=discussion.pk)
    make_answer(discussion, asked, text="Je précise : il commence lundi.")
    assert unanswered.exists()
    answer = make_answer(discussion, helper)
    assert not unanswered.exists()
    moderating.withhold(message=answer, by=AdministratorFactory(), reason="Hors sujet ici")
    assert unanswered.exists()
    moderating.approve(message=answer, by=AdministratorFactory())
    other = make_answer(discussion, helper)
    delete_message(message=Message.objects.get(pk=answer.pk), by=helper)
    assert reread(discussion).first_answer_at == other.post.created
    delete_message(message=other, by=helper)
    assert unanswered.exists()
    apart = make_answer(discussion, helper)
    moderating.split(discussion=reread(discussion), messages=[apart], by=AdministratorFactory(), subject="À part")
    assert unanswered.exists()
    Discussion.objects.filter(pk=discussion.pk).update(solved_at="2026-03-01T10:00:00+00:00")
    assert not unanswered.exists()


def test_the_history_names_no_anonymous_author() -> None:
    author = UserFactory()
    message = make_answer(make_discussion(), author, is_anonymous=True)
    Post.objects.filter(pk=message.pk).update(created="2026-01-05T10:00:00+00:00")
    edit_message(message=Message.objects.get(pk=message.pk), by=author, content="Autrement dit")
    assert Revision.objects.get().edited_by is None
    assert Post.objects.get(pk=message.pk).updated_by is None
    moderator = AdministratorFactory()
    edit_message(message=Message.objects.get(pk=message.pk), by=moderator, content="Sans le nom")
    assert Revision.objects.filter(edited_by=moderator).exists()


def test_a_wrong_file_is_taken_away() -> None:
    author, other = UserFactory(), UserFactory()
    draft = Draft.objects.create(user=author, key="reply")
    files = [
        keep_file(draft=draft, upload=ContentFile(PDF + name, name=f"{name.decode()}.pdf")) for name in (b"a", b"b")
    ]
    discussion = make_discussion()
    message = make_answer(discussion, author, files=files)
    foreign = make_answer(discussion, other)
    wrong, right = message.post.attachments.order_by("pk")
    address = f"/forum/messages/{message.pk}/modifier/"
    client = signed_in(author)
    assert "a.pdf" in client.get(address).content.decode()
    values = {"content": "Voici comment.", "reason": "", "taken_away": [wrong.pk]}
    assert signed_in(other).post(f"/forum/messages/{foreign.pk}/modifier/", values).status_code == 302
    assert Attachment.objects.count() == 2
    assert client.post(address, {**values, "taken_away": ["999999"]}).status_code == 422
    assert client.post(address, values).status_code == 302
    assert list(message.post.attachments.all()) == [right]
    assert not Revision.objects.exists()


def aged(message: Message) -> Message:
    """Return ``message`` written long enough ago for a change of it to be noted."""
    Post.objects.filter(pk=message.pk).update(created="2026-01-05T10:00:00+00:00")
    return Message.objects.get(pk=message.pk)


def history(message: Message) -> str:
    """Return what a visitor reads in the history of ``message``."""
    response = Client().get(f"/forum/messages/{message.pk}/historique/")
    return response.content.decode() if response.status_code == 200 else ""


def test_the_history_holds_nothing_that_no_moderator_let_through() -> None:
    author, moderator, space = UserFactory(), AnimatorFactory(), make_space(needs_approval=True)
    message = aged(first_message(make_discussion(space, author, text="Zpremier jet")))
    edit_message(message=message, by=author, content="Mme Zbénéficiaire attend")
    edit_message(message=Message.objects.get(pk=message.pk), by=moderator, content="Une personne attend")
    moderating.approve(message=message, by=moderator)
    page = history(message)
    assert "Ce message n’a jamais été modifié" in page
    assert "Zpremier" not in page
    assert "Zbénéficiaire" not in page
    # What readers have read stays there.
    edit_message(message=Message.objects.get(pk=message.pk), by=moderator, content="Deux personnes attendent")
    assert "Une personne attend" in history(message)


def test_a_text_that_its_author_changed_is_not_published_unread() -> None:
    author, moderator = UserFactory(), AnimatorFactory()
    message = first_message(make_discussion(make_space(needs_approval=True), author, text="Ce qui a été lu"))
    client = signed_in(moderator)
    found = re.search(r'name="lu" value="(\w+)"', client.get(reverse("forum_animation:queue")).content.decode())
    assert found is not None
    edit_message(message=message, by=author, content="Ce que personne n’a lu")
    sent = {"lu": found[1], "suite": "file"}
    page = client.post(f"/forum/messages/{message.pk}/publier/", sent, follow=True).content.decode()
    assert "a modifié ce message depuis que vous l’avez lu" in page
    assert not Message.objects.get(pk=message.pk).post.approved
    found = re.search(r'name="lu" value="(\w+)"', page)
    assert found is not None
    client.post(f"/forum/messages/{message.pk}/publier/", {"lu": found[1], "suite": "file"})
    assert Message.objects.get(pk=message.pk).post.approved


def test_a_refused_text_is_not_in_the_history_of_its_correction() -> None:
    author, moderator = UserFactory(), AnimatorFactory()
    message = aged(first_message(make_discussion(make_space(needs_approval=True), author, text="Zsecret d’abord")))
    moderating.withhold(message=message, by=moderator, reason="Nomme une personne")
    edit_message(message=Message.objects.get(pk=message.pk), by=author, content="Sans nom")
    moderating.approve(message=message, by=moderator)
    assert "Ce message n’a jamais été modifié" in history(message)


@pytest.mark.parametrize("corrects", ["author", "moderator"])
def test_a_withdrawn_text_comes_back_through_no_history(corrects: str) -> None:
    """Neither the text that was withdrawn nor the ones before it, which may say the same."""
    author, moderator = UserFactory(), AnimatorFactory()
    message = aged(make_answer(make_discussion(), author, text="Zsecret d’abord"))
    edit_message(message=message, by=author, content="Zsecret encore")
    assert "Zsecret d’abord" in history(message)
    moderating.withhold(message=message, by=moderator, reason="Nomme une personne")
    by = author if corrects == "author" else moderator
    edit_message(message=Message.objects.get(pk=message.pk), by=by, content="Sans nom")
    moderating.approve(message=message, by=moderator)
    page = history(message)
    assert page
    assert "Zsecret" not in page
    assert "Sans nom" in Client().get(reread(message.post.topic.discussion).get_absolute_url()).content.decode()
    # What it says from now on is noted again.
    edit_message(message=Message.objects.get(pk=message.pk), by=author, content="Mieux dit")
    assert "Sans nom" in history(message)


def test_an_answer_that_is_published_again_answers_again() -> None:
    discussion, moderator = make_discussion(), AdministratorFactory()
    answer = make_answer(discussion)
    moderating.withhold(message=answer, by=moderator, reason="Hors sujet ici")
    assert Discussion.objects.unanswered().filter(pk=discussion.pk).exists()
    moderating.approve(message=answer, by=moderator)
    assert not Discussion.objects.unanswered().filter(pk=discussion.pk).exists()
    assert reread(discussion).first_answer_at == answer.post.created


@pytest.mark.parametrize(("needs_approval", "state"), [(True, MessageState.REFUSED), (False, MessageState.REMOVED)])
def test_a_withheld_message_that_its_author_corrects_waits_again(needs_approval: bool, state: str) -> None:
    author, moderator = UserFactory(), AnimatorFactory()
    message = first_message(make_discussion(make_space(needs_approval=needs_approval), author))
    moderating.withhold(message=message, by=moderator, reason="Nomme une personne")
    assert Message.objects.get(pk=message.pk).state == state
    told = Event.objects.filter(kind="forum.to_moderate")
    before = told.count()
    values = {"subject": "Comment loger un apprenti ?", "content": "Sans le nom", "reason": ""}
    page = signed_in(author).post(f"/forum/messages/{message.pk}/modifier/", values, follow=True).content.decode()
    assert "Votre message attend d’être relu par la modération" in page
    message = Message.objects.get(pk=message.pk)
    assert (message.state, message.state_reason, message.post.approved) == (MessageState.WAITING, "", False)
    assert told.count() == before + 1
    assert "Sans le nom" in signed_in(moderator).get(reverse("forum_animation:queue")).content.decode()
    moderating.withhold(message=message, by=moderator, reason="Nomme une personne")
    assert Message.objects.get(pk=message.pk).state == MessageState.REFUSED
    # A moderator's correction does not wait for a moderator: they publish it.
    assert not edit_message(message=Message.objects.get(pk=message.pk), by=moderator, content="Sans rien")
    assert Message.objects.get(pk=message.pk).state == MessageState.REFUSED
    assert told.count() == before + 1


def test_a_message_refused_for_a_file_waits_again_without_it() -> None:
    author, moderator = UserFactory(), AnimatorFactory()
    kept = keep_file(draft=Draft.objects.create(user=author, key="reply"), upload=ContentFile(PDF, name="nom.pdf"))
    message = make_answer(make_discussion(make_space(needs_approval=True)), author, files=[kept])
    moderating.withhold(message=message, by=moderator, reason="Le fichier nomme une personne")
    refused = Message.objects.get(pk=message.pk)
    text = refused.post.content.raw
    assert not edit_message(message=refused, by=author, content=text)
    assert edit_message(message=refused, by=author, content=text, taken_away=refused.post.attachments.all())
    assert Message.objects.get(pk=message.pk).state == MessageState.WAITING
    assert not Attachment.objects.exists()


def test_each_decision_is_told_and_a_double_click_is_none() -> None:
    author, moderator = UserFactory(), AdministratorFactory()
    message = make_answer(make_discussion(), author)
    for number in (1, 2):
        moderating.withhold(message=message, by=moderator, reason="Hors charte")
        moderating.withhold(message=message, by=moderator, reason="Hors charte")
        assert Event.objects.filter(kind="forum.decision", data__decision="removed").count() == number
        moderating.approve(message=message, by=moderator)
        moderating.approve(message=message, by=moderator)
        assert Event.objects.filter(kind="forum.decision", data__decision="published").count() == number


def test_a_refusal_sent_twice_stays_a_refusal() -> None:
    moderator = AnimatorFactory()
    message = first_message(make_discussion(make_space(needs_approval=True)))
    for reason in ("Hors charte", "Hors charte", "Nomme une personne"):
        moderating.withhold(message=message, by=moderator, reason=reason)
    refused = Message.objects.get(pk=message.pk)
    assert (refused.state, refused.state_reason) == (MessageState.REFUSED, "Nomme une personne")
    assert Event.objects.filter(kind="forum.decision").count() == 2
