"""Whom the forum tells, what waits, and answers that come by e-mail."""

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO, TextIOWrapper
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from django.utils.text import slugify
from pytest_django import Settings

from directory.models import Profile
from forum.community.models import AnswerRequest, Discussion
from forum.community.reply_addresses import read_reply_address, reply_address
from forum.community.services import moderating
from forum.community.services.competence import offer_to_answer, pass_on_unanswered
from forum.community.services.receiving import Outcome, receive_reply
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.data_rights.erasure import erase_account
from portal.accounts.models import User
from portal.core.working_days import easter, is_working_day, working_hours_before
from portal.mail.delivery import deliver_due
from portal.notifications.fan_out import fan_out_due
from portal.notifications.kinds import notification_kinds
from portal.notifications.mailing import send_due
from portal.notifications.models import Event
from portal.notifications.services import follow
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.forum.factories import first_message, make_answer, make_discussion, make_space
from tests.support.smtp_server import SmtpServer
from tests.taxonomy.factories import RegionFactory, ThemeFactory

PARIS = ZoneInfo("Europe/Paris")


def told(kind: str) -> dict[int, str]:
    """Return whom the latest event of ``kind`` concerns, with the reason, in the order of the audience."""
    event = Event.objects.filter(kind=kind).order_by("-pk")[0]
    declared = notification_kinds.get(kind)
    found: dict[int, str] = {}
    for recipient in declared.audience(event):
        user = User.objects.get(pk=recipient.user_id)
        if user.pk != event.actor_id and declared.telling(event, user) is not None:
            found.setdefault(user.pk, recipient.reason)
    return found


@pytest.mark.django_db
def test_a_question_is_told_to_followers_who_may_read_it() -> None:
    theme = ThemeFactory()
    space = make_space(theme=theme, access="members")
    author, of_space, of_theme, of_author, outsider = (UserFactory() for _ in range(5))
    follow(user=of_space, target=space)
    follow(user=of_theme, target=theme)
    follow(user=of_author, target=Profile.objects.get(user=author))
    follow(user=outsider, target=space)
    User.objects.filter(pk=outsider.pk).update(membership_status=User.MembershipStatus.SUSPENDED)
    make_discussion(space, author)
    assert set(told("forum.question")) == {of_space.pk, of_theme.pk, of_author.pk}
    make_discussion(space, author, is_anonymous=True)
    # Who follows a person would learn who asked.
    assert set(told("forum.question")) == {of_space.pk, of_theme.pk}


@pytest.mark.django_db
def test_an_answer_is_told_to_who_asked_and_who_takes_part() -> None:
    asked, first, second = UserFactory(), UserFactory(), UserFactory()
    discussion = make_discussion(author=asked, is_anonymous=True)
    make_answer(discussion, first)
    assert set(told("forum.answer")) == {asked.pk}
    message = make_answer(discussion, second)
    assert set(told("forum.answer")) == {asked.pk, first.pk}
    moderating.withhold(message=message, by=AdministratorFactory(), reason="Hors charte")
    assert told("forum.answer") == {}


def test_working_hours_leave_out_weekends_and_holidays() -> None:
    assert easter(2026).isoformat() == "2026-04-05"
    assert not is_working_day(datetime(2026, 4, 6, tzinfo=PARIS).date())
    monday = datetime(2026, 3, 16, 10, tzinfo=PARIS)
    assert working_hours_before(monday, 48) == datetime(2026, 3, 12, 10, tzinfo=PARIS)
    after_easter = datetime(2026, 4, 8, 10, tzinfo=PARIS)
    assert working_hours_before(after_easter, 48) == datetime(2026, 4, 3, 10, tzinfo=PARIS)


@pytest.mark.django_db
def test_what_waits_is_passed_on_to_competent_members_twice_a_week_at_most() -> None:
    theme = ThemeFactory(name="Mobilité")
    space = make_space(theme=theme)
    asked = UserFactory()
    competent, silent, other, animator = UserFactory(), UserFactory(), UserFactory(), AnimatorFactory()
    for user in (competent, silent, asked):
        Profile.objects.get(user=user).themes.add(theme)
    for user in (competent, other, asked):
        offer_to_answer(user=user, offers=True)
    now = datetime(2026, 3, 19, 10, tzinfo=PARIS)
    discussions = [make_discussion(space, asked) for _number in range(3)]
    answered = make_discussion(space, asked)
    make_answer(answered)
    Topic.objects.update(created=datetime(2026, 3, 16, 9, tzinfo=PARIS))
    recent = make_discussion(space, asked)
    Topic.objects.filter(pk=recent.pk).update(created=datetime(2026, 3, 18, 9, tzinfo=PARIS))
    assert pass_on_unanswered(now=now) == 3
    assert pass_on_unanswered(now=now) == 0
    assert [request.user for request in AnswerRequest.objects.all()] == [competent, competent]
    assert "Mobilité" in AnswerRequest.objects.first().reason
    assert set(told("forum.unanswered_animator")) == {animator.pk}
    assert Discussion.objects.filter(escalated_at=None).count() == 2
    assert discussions


@pytest.mark.django_db
def test_who_leaves_the_community_leaves_their_answers(client: object) -> None:
    author = UserFactory(first_name="Zpartante")
    discussion = make_discussion(author=author, subject="Une question qui reste là")
    make_discussion(author=author, is_anonymous=True)
    erase_account(user=author, reason="asked")
    page = client.get(Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk).get_absolute_url())  # type: ignore[attr-defined]
    assert "Ancien membre" in page.content.decode()
    assert "Zpartante" not in page.content.decode()
    assert Post.objects.count() == 2


def mail(user: User, text: str, discussion: Discussion, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"Moi <{user.email.upper()}>"
    made["To"] = reply_address(user, discussion.pk)
    made["Message-ID"] = f"<{slugify(text)[:40]}@test.example>"
    made.set_content(text)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    return made


ANSWER = """Nous passons par la PASS.

Bien à vous

Le lun. 16 mars 2026 à 10:00, Notre communauté <x@y.fr> a écrit :
> Bonjour
"""


@pytest.mark.django_db
def test_an_answer_by_mail_is_published_without_what_it_quotes(settings: Settings) -> None:
    settings.REPLY_ADDRESS = "reponse@portail.example"
    user, discussion = UserFactory(), make_discussion()
    assert receive_reply(mail=mail(user, ANSWER, discussion)) == Outcome.PUBLISHED
    assert Post.objects.latest("pk").content.raw == "Nous passons par la PASS.\n\nBien à vous"
    # Handed over again by the mail server.
    assert receive_reply(mail=mail(user, ANSWER, discussion)) == Outcome.IGNORED
    assert Post.objects.count() == 2


@pytest.mark.django_db
def test_a_mail_that_is_no_answer_publishes_nothing(settings: Settings) -> None:
    settings.REPLY_ADDRESS = "reponse@portail.example"
    user, other, discussion = UserFactory(), UserFactory(), make_discussion()
    away = mail(user, "Je suis absente", discussion, Auto_Submitted="auto-replied")
    assert receive_reply(mail=away) == Outcome.IGNORED
    stolen = mail(other, "Volée", discussion)
    stolen.replace_header("To", reply_address(user, discussion.pk))
    assert receive_reply(mail=stolen) == Outcome.WRONG_SENDER
    forged = mail(user, "Forgée", discussion)
    forged.replace_header("To", reply_address(user, discussion.pk).replace(".", "0.", 1))
    assert receive_reply(mail=forged) == Outcome.UNKNOWN_ADDRESS
    assert receive_reply(mail=mail(user, "> tout cité", discussion)) == Outcome.EMPTY
    secret = make_discussion(make_space(access="circle", circle="laureates:none"))
    assert receive_reply(mail=mail(user, "Dedans", secret)) == Outcome.NOT_ALLOWED
    moderating.sanction(user=user, by=AdministratorFactory(), kind="suspension", reason="Propos contraires")
    assert receive_reply(mail=mail(user, "Suspendue", discussion)) == Outcome.NOT_ALLOWED
    assert Post.objects.count() == 2
    address = reply_address(user, discussion.pk)
    assert len(address.partition("@")[0]) <= 64
    assert read_reply_address(address.upper()) == (user, discussion.pk)
    User.objects.filter(pk=user.pk).update(link_stamp="autre")
    assert read_reply_address(address) is None


@pytest.mark.django_db
def test_a_notification_is_answered_from_a_mail_program(
    settings: Settings, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Out through a real SMTP server, back through it, into the command that a mail server runs."""
    settings.REPLY_ADDRESS = "reponse@portail.example"
    asked = UserFactory()
    discussion = make_discussion(author=asked)
    make_answer(discussion)
    fan_out_due()
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert send_due() == 1
        deliver_due()
    received = smtp_server.messages[-1]
    assert received["Reply-To"] == reply_address(asked, discussion.pk)
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = asked.email, received["Reply-To"], f"Re: {received['Subject']}"
    answer["Message-ID"] = "<reponse-1@test.example>"
    answer.set_content(f"Merci, c’est clair.\n\n{received.get_body(('plain',)).get_content()}".replace("\n", "\n> ", 3))
    smtp_server.clear()
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as server:
        server.send_message(answer)
    raw = smtp_server.envelopes[-1]["data"].encode("utf-8", "surrogateescape")
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))
    call_command("receive_reply", smtp_server.envelopes[-1]["to"][0])
    assert Post.objects.latest("pk").content.raw == "Merci, c’est clair."
    assert Post.objects.latest("pk").poster == asked


@pytest.mark.django_db
def test_moderators_act_and_the_journal_says_so() -> None:
    from wagtail.models import ModelLogEntry

    region = RegionFactory()
    moderator = AnimatorFactory(region=region)
    space, other = make_space(region=region), make_space(region=region)
    discussion, into = make_discussion(space), make_discussion(space)
    answers = [make_answer(discussion) for _number in range(3)]
    moderating.move(discussion=reread(discussion), by=moderator, space=other, reason="Hors sujet ici")
    made = moderating.split(
        discussion=reread(discussion), messages=answers[1:], by=moderator, subject="Une discussion à part"
    )
    assert (reread(discussion).topic.posts_count, reread(made).topic.posts_count) == (2, 2)
    with pytest.raises(moderating.NotAllowedHereError):
        moderating.split(
            discussion=reread(discussion), messages=[first_message(discussion)], by=moderator, subject="Tout"
        )
    moderating.merge(discussion=reread(made), into=reread(into), by=moderator)
    assert reread(into).topic.posts_count == 3
    counts = {one.pk: one.forum.direct_topics_count for one in map(refreshed, (space, other))}
    assert counts == {space.pk: 1, other.pk: 1}
    acts = set(ModelLogEntry.objects.filter(user=moderator).values_list("action", flat=True))
    assert acts == {"forum.move", "forum.split", "forum.merge"}


def reread(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


def refreshed(space: object) -> object:
    return type(space).objects.select_related("forum").get(pk=space.pk)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_merged_discussion_leads_to_where_its_messages_are(client: object) -> None:
    from forum.community.services.moderating import merge

    space, moderator = make_space(), AdministratorFactory()
    gone, stays = make_discussion(space), make_discussion(space)
    address = reread(gone).get_absolute_url()
    merge(discussion=reread(gone), into=reread(stays), by=moderator)
    response = client.get(address)  # type: ignore[attr-defined]
    assert (response.status_code, response["Location"]) == (302, reread(stays).get_absolute_url())


@pytest.mark.django_db
def test_what_waits_is_read_once_it_is_published() -> None:
    author, follower, moderator = UserFactory(), UserFactory(), AnimatorFactory()
    space = make_space(needs_approval=True)
    follow(user=follower, target=space)
    discussion = make_discussion(space, author)
    assert set(told("forum.to_moderate")) == {moderator.pk}
    assert not Event.objects.filter(kind="forum.question").exists()
    moderating.approve(message=first_message(discussion), by=moderator)
    assert set(told("forum.question")) == {follower.pk}
    assert set(told("forum.decision")) == {author.pk}
    assert list(Discussion.objects.visible_to(follower)) == [discussion]
