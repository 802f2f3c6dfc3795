"""Choices, rights and what was read are asked again by the sender, and once more when the mail leaves."""

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.delivery import deliver_due
from portal.mail.enums import MailStatus
from portal.mail.kinds import mail_kinds
from portal.mail.models import OutboxMessage
from portal.mail.services import queue_mail, replay_dead
from portal.notifications.digests import send_digests
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.last_look import look
from portal.notifications.mailing import send_due
from portal.notifications.models import MailSettings, Notification, Preference, Subscription
from portal.notifications.services import choose_subscription_rhythm, mark_seen, save_preferences, unfollow
from portal.notifications.tokens import Scope, unsubscribe_path
from portal.taxonomy.models import Theme
from tests.factories import ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN, break_kind
from tests.notifications.support import happen, is_due, tomorrow
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NIGHT, MORNING = datetime(2026, 3, 12, 22, tzinfo=PARIS), datetime(2026, 3, 13, 8, 1, tzinfo=PARIS)

#: What happens between the decision and the mail: how, and what the ledger then says of it.
CHANGES: dict[str, tuple[Callable[[Notification], object], str, str]] = {
    "kind switched off": (
        lambda row: Preference.objects.create(user=row.user, kind=row.kind, rhythm=Rhythm.NEVER),
        MailState.CANCELLED,
        Why.STOPPED,
    ),
    "subscription switched off": (
        lambda row: Subscription.objects.filter(pk=row.subscription_id).update(rhythm=Rhythm.NEVER),
        MailState.CANCELLED,
        Why.STOPPED,
    ),
    "unfollowed": (lambda row: unfollow(user=row.user, target=row.event.about), MailState.CANCELLED, Why.STOPPED),
    "left to the summary": (
        lambda row: Preference.objects.create(user=row.user, kind=row.kind, rhythm=Rhythm.WEEKLY),
        MailState.PENDING,
        Why.DEFAULT,
    ),
    "paused": (
        lambda row: MailSettings.objects.create(user=row.user, paused_until=timezone.localdate()),
        MailState.CANCELLED,
        Why.PAUSED,
    ),
    "no longer visible": (
        lambda row: Theme.objects.filter(pk=row.event.object_id).update(name=HIDDEN),
        MailState.CANCELLED,
        Why.WITHDRAWN,
    ),
}


@pytest.mark.parametrize("stage", ["in the ledger", "in the outbox"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_choice_made_between_the_decision_and_the_mail_holds(change: str, stage: str) -> None:
    user = UserFactory()
    row, other = happen("tests.now", user), happen("tests.daily", user)
    is_due(row)
    make, state, why = CHANGES[change]
    if stage == "in the outbox":
        assert send_due() == 1
    make(Notification.objects.get(pk=row.pk))
    assert send_due() == 0
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.mail_state, row.why) == (state, why)
    assert row.rhythm == (Rhythm.WEEKLY if state == MailState.PENDING else Rhythm.NOW)
    assert set(OutboxMessage.objects.values_list("status", flat=True)) <= {MailStatus.CANCELLED}
    other.refresh_from_db()
    assert other.mail_state == MailState.PENDING, "what else waits is left alone"


def test_what_was_moved_to_the_summary_is_in_the_summary() -> None:
    user = UserFactory()
    row = happen("tests.now", user)
    is_due(row)
    send_due()
    Preference.objects.create(user=user, kind="tests.now", rhythm=Rhythm.DAILY)
    assert deliver_due() == 0
    assert send_digests(now=tomorrow()) == 1
    row.refresh_from_db()
    assert (row.rhythm, row.mail_state) == (Rhythm.DAILY, MailState.SENT)


@pytest.mark.parametrize("choice", ["kind", "subscription"])
def test_going_back_to_the_default_holds(choice: str) -> None:
    """And what comes back after a mail that was withdrawn because of it is mailed anew."""
    user, theme = UserFactory(), ThemeFactory()
    row = happen("tests.now", user, theme=theme)
    is_due(row)
    send_due()
    followed = Subscription.objects.get()
    if choice == "kind":
        save_preferences(user=user, choices={"tests.now": (True, Rhythm.DAILY)})
    else:
        choose_subscription_rhythm(subscription=followed, rhythm=Rhythm.DAILY)
    assert deliver_due() == 0
    decided_since = happen("tests.now", user, theme=theme)
    save_preferences(user=user, choices={"tests.now": (True, Rhythm.NOW)})
    choose_subscription_rhythm(subscription=followed, rhythm="")
    assert send_digests(now=tomorrow()) == 0
    assert send_due() == 1
    assert set(Notification.objects.values_list("pk", "rhythm")) == {(row.pk, "now"), (decided_since.pk, "now")}
    assert deliver_due() == 1
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {MailStatus.CANCELLED, MailStatus.SENT}


def test_a_worker_that_dies_at_the_last_look_tells_nothing_twice(smtp_server: SmtpServer) -> None:
    user, theme = UserFactory(), ThemeFactory()
    Preference.objects.create(user=user, kind="tests.answer", rhythm=Rhythm.NOW)
    titles = {"tests.now": "Pour le résumé", "tests.answer": "Tout de suite"}
    is_due(*[happen(kind, user, theme=theme, title=title) for kind, title in titles.items()])
    assert send_due() == 1
    Preference.objects.create(user=user, kind="tests.now", rhythm=Rhythm.WEEKLY)
    assert look(OutboxMessage.objects.get()).rewritten, "and nobody noted it"
    assert deliver_due() == 1
    [mail] = smtp_server.messages
    assert mail["Subject"].strip() == "Tout de suite"
    assert "Pour le résumé" not in mail.get_body(("plain",)).get_content()


def test_who_asks_for_summaries_later_than_the_decision_gets_no_second_mail() -> None:
    user = UserFactory()
    row = happen("tests.daily", user)
    Preference.objects.create(user=user, kind="tests.daily", rhythm=Rhythm.NEVER)
    assert send_digests(now=tomorrow()) == 0
    row.refresh_from_db()
    assert (row.mail_state, row.why) == (MailState.CANCELLED, Why.STOPPED)


def test_a_summary_that_waits_is_written_anew_without_what_is_gone(smtp_server: SmtpServer) -> None:
    user = UserFactory()
    kept, read, hidden = (ThemeFactory(name=name) for name in ("Logement", "Mobilité", "Numérique"))
    rows = {theme: happen("tests.daily", user, theme=theme) for theme in (kept, read, hidden)}
    assert send_digests(now=tomorrow()) == 1
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    identifier = OutboxMessage.objects.get().message_id
    mark_seen(user=user, group=rows[read].group)
    Theme.objects.filter(pk=hidden.pk).update(name=HIDDEN)
    assert deliver_due() == 1
    [mail] = smtp_server.messages
    for part in ("plain", "html"):
        said = mail.get_body((part,)).get_content()
        assert "Logement" in said
        assert not [word for word in ("Mobilité", "Numérique", HIDDEN) if word in said]
    assert mail["Subject"].strip() == "Votre résumé du jour\u00a0: 1 nouveauté"
    assert mail["Message-ID"] == identifier
    assert mail["List-Unsubscribe"]


def test_nothing_leaves_in_quiet_hours_and_waiting_is_no_attempt(smtp_server: SmtpServer) -> None:
    user = UserFactory()
    with time_machine.travel(NIGHT, tick=False):
        is_due(happen("tests.now", user))
        assert send_due() == 1
        MailSettings.objects.create(user=user, quiet_from=time(19), quiet_until=time(8))
        assert deliver_due() == 0
        message = OutboxMessage.objects.get()
        assert (message.status, message.attempts) == (MailStatus.PENDING, 0)
        assert message.next_attempt_at == datetime(2026, 3, 13, 8, tzinfo=PARIS)
    with time_machine.travel(MORNING, tick=False):
        assert deliver_due() == 1
    assert len(smtp_server.messages) == 1


def test_what_is_given_up_and_sent_again_is_looked_at_too() -> None:
    user = UserFactory()
    row = happen("tests.step", user)
    is_due(row)
    send_due()
    OutboxMessage.objects.update(status=MailStatus.DEAD, attempts=7)
    User.objects.filter(pk=user.pk).update(membership_status=User.MembershipStatus.SUSPENDED)
    assert replay_dead(pks=[OutboxMessage.objects.get().pk]) == 1
    assert deliver_due() == 0
    assert OutboxMessage.objects.get().status == MailStatus.CANCELLED


def test_rights_that_cannot_be_asked_keep_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    is_due(happen("tests.now", UserFactory()))
    send_due()
    with monkeypatch.context() as patched:
        break_kind(patched, "tests.now", telling=lambda event, user: 1 / 0)
        assert deliver_due() == 0
    message = OutboxMessage.objects.get()
    assert message.status == MailStatus.FAILED
    assert message.last_error == "ZeroDivisionError", "its words may quote anything"
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 1


def test_a_mail_that_its_app_writes_itself_asks_the_choices_behind_its_address() -> None:
    off, paused, kept = UserFactory.create_batch(3)
    for user in (off, paused, kept):
        queue_mail(
            "agenda.announcement",
            to=user.email,
            key=f"agenda:announcement:essai:{user.pk}",
            context=mail_kinds.get("agenda.announcement").sample(),
            url="http://testserver/agenda/",
            unsubscribe_url=f"http://testserver{unsubscribe_path(user, Scope('kind', 'tests.now'))}",
        )
    Preference.objects.create(user=off, kind="tests.now", rhythm=Rhythm.NEVER)
    MailSettings.objects.create(user=paused, paused_until=timezone.localdate())
    assert deliver_due() == 1
    assert OutboxMessage.objects.get(status=MailStatus.SENT).to == kept.email
