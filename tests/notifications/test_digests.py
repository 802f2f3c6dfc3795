"""Summaries of the day and of the week."""

import os
from datetime import datetime, time, timedelta
from signal import SIGKILL
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.mail.delivery import deliver_due
from portal.mail.models import OutboxMessage
from portal.notifications import digests
from portal.notifications.digests import periods_at, send_digests, told_in_summary
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.mailing import with_events
from portal.notifications.models import Digest, Event, MailSettings, Notification
from portal.notifications.services import mark_seen
from portal.taxonomy.models import Theme
from tests.factories import ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN, break_kind
from tests.notifications.support import happen
from tests.support.smtp_server import SmtpServer

PARIS = ZoneInfo("Europe/Paris")
#: A Thursday.
EVENING, MORNING = datetime(2026, 3, 12, 18, tzinfo=PARIS), datetime(2026, 3, 13, 8, 5, tzinfo=PARIS)
MONDAY = datetime(2026, 3, 16, 8, 5, tzinfo=PARIS)


@pytest.mark.django_db
def test_the_summary_of_the_day_says_why_and_leaves_once(smtp_server: SmtpServer) -> None:
    user = UserFactory()
    housing, travel = ThemeFactory(name="Logement"), ThemeFactory(name="Mobilité")
    with time_machine.travel(EVENING, tick=False):
        for n in range(3):
            happen("tests.daily", user, theme=housing, title=f"Réponse {n}")
        happen("tests.daily", user, theme=travel, title="Un atelier")
        read = happen("tests.daily", user, theme=ThemeFactory())
        mark_seen(user=user, group=read.group)
        assert send_digests() == 0, "it is due tomorrow at 8"
    with time_machine.travel(MORNING, tick=False):
        happen("tests.daily", user, theme=travel, title="De ce matin : pour demain")
        Notification.objects.filter(title__startswith="De ce matin").update(created_at=MORNING)
        assert send_digests() == 1
        assert send_digests() == 0
        deliver_due()
    [mail] = smtp_server.messages
    assert mail["List-Id"] == "<notifications.daily.testserver>"
    assert mail["Subject"].strip() == "Votre résumé du jour\u00a0: 4 nouveautés"
    text = mail.get_body(("plain",)).get_content()
    assert "Vous suivez le thème Logement." in text
    assert "Logement" in text
    assert "3" in text
    assert "Un atelier" in text
    assert "De ce matin" not in text
    assert f"{django_settings.BASE_URL}/notifications/" in text
    assert Digest.objects.get().item_count == 4
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert send_digests() == 1


@pytest.mark.django_db
def test_the_summary_of_the_week_leaves_on_monday_or_as_soon_as_a_worker_runs() -> None:
    with time_machine.travel(EVENING, tick=False):
        happen("tests.answer", UserFactory())
        assert [period.rhythm for period in periods_at(EVENING)] == ["daily", "weekly"]
        assert send_digests() == 0
    late = MONDAY + timedelta(days=2)
    with time_machine.travel(late, tick=False):
        happen("tests.answer", UserFactory())
        assert send_digests() == 1
        assert Digest.objects.get().period == "2026-W12"
    early = datetime(2026, 3, 16, 7, 59, tzinfo=PARIS)
    assert periods_at(early) == []


@pytest.mark.django_db
def test_who_left_paused_switched_off_or_may_not_see_gets_none() -> None:
    theme = ThemeFactory()
    paused, off, gone, blind, kept = UserFactory.create_batch(5)
    MailSettings.objects.create(user=kept, quiet_from=time(20), quiet_until=time(9))
    with time_machine.travel(EVENING, tick=False):
        happen("tests.daily", paused, off, gone, blind, kept, theme=theme)
    MailSettings.objects.create(user=paused, paused_until=MORNING.date())
    MailSettings.objects.create(user=off, receives_daily=False)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=blind.pk).update(last_name="Aveugle")
    with time_machine.travel(MORNING, tick=False):
        assert send_digests() == 1
    ended = dict(Notification.objects.filter(mail_state=MailState.CANCELLED).values_list("user", "why"))
    assert ended == {paused.pk: Why.PAUSED, off.pk: Why.STOPPED, gone.pk: Why.WITHDRAWN, blind.pk: Why.WITHDRAWN}
    mail = OutboxMessage.objects.get()
    assert mail.to == kept.email
    # Quiet hours hold for summaries as well.
    assert mail.next_attempt_at == datetime(2026, 3, 13, 9, tzinfo=PARIS)


@pytest.mark.django_db
def test_a_summary_costs_no_query_a_line_of_its_own() -> None:
    users = UserFactory.create_batch(2)

    def cost(lines: int, day: int) -> int:
        with time_machine.travel(EVENING + timedelta(days=day), tick=False):
            for _n in range(lines):
                happen("tests.daily", users[day % 2])
        with time_machine.travel(MORNING + timedelta(days=day), tick=False), CaptureQueriesContext(connection) as run:
            assert send_digests() == 1
        return len(run)

    cost(1, 0)
    # The rights of each line are asked again, by its kind: one query a line in these tests, and nothing else.
    assert cost(5, 1) == cost(1, 2) + 4


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [2, 12])
def test_news_that_are_only_counted_are_asked_of_together(monkeypatch: pytest.MonkeyPatch, answers: int) -> None:
    user, theme, hidden = UserFactory(), ThemeFactory(), ThemeFactory()
    break_kind(monkeypatch, "tests.answer", default=Rhythm.DAILY)
    with time_machine.travel(EVENING, tick=False):
        for _n in range(answers):
            happen("tests.answer", user, theme=theme)
        # Grouped with the others then; its own theme is not shown any more.
        Notification.objects.filter(pk=happen("tests.answer", user, theme=hidden).pk).update(group=f"theme:{theme.pk}")
        Theme.objects.filter(pk=hidden.pk).update(name=HIDDEN)
    rows = list(with_events(Notification.objects.order_by("-pk")))

    with CaptureQueriesContext(connection) as run:
        told = told_in_summary(user, rows)

    assert [one.row for one in told] == rows[1:]
    assert list(Notification.objects.filter(why=Why.WITHDRAWN)) == rows[:1]
    # What is visible, the one line that is shown, and the end of the hidden one (in a transaction).
    assert len(run) <= 4


@pytest.mark.django_db
def test_whom_a_thousand_things_happened_to_gets_one_summary() -> None:
    user = UserFactory()
    with time_machine.travel(EVENING, tick=False):
        one = happen("tests.daily", user)
        about = {"content_type": one.event.content_type, "object_id": one.event.object_id, "state": "done"}
        events = Event.objects.bulk_create(Event(kind="tests.daily", key=f"many-{n}", **about) for n in range(1_100))
        told = {field.name: getattr(one, field.name) for field in Notification._meta.fields if field.name != "id"}
        Notification.objects.bulk_create(Notification(**told | {"event": event}) for event in events)

    with time_machine.travel(MORNING, tick=False):
        assert send_digests() == 1

    assert Notification.objects.filter(user=user, mail_state=MailState.SENT).count() == 1_101


def _scheduler() -> int:
    """Start a process that writes the summaries of the morning; returns its number."""
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        send_digests(now=MORNING)
        status = 0
    finally:
        os._exit(status)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_kills_and_restarts_write_each_summary_once(
    monkeypatch: pytest.MonkeyPatch, smtp_server: SmtpServer
) -> None:
    monkeypatch.setattr(digests, "BATCH", 2)
    users = UserFactory.create_batch(80)
    with time_machine.travel(EVENING, tick=False):
        happen("tests.daily", *users, theme=ThemeFactory())
    running = [_scheduler(), _scheduler()]
    for victim, written in enumerate((8, 24, 40, 56)):
        limit = monotonic() + 60
        while Digest.objects.count() < written:
            assert monotonic() < limit, "the schedulers are stuck"
            sleep(0.002)
        os.kill(running[victim % 2], SIGKILL)
        _pid, status = os.waitpid(running[victim % 2], 0)
        assert os.WIFSIGNALED(status), "it was at work"
        running[victim % 2] = _scheduler()
    assert [os.waitpid(pid, 0)[1] for pid in running] == [0, 0]
    assert OutboxMessage.objects.count() == Digest.objects.count() == 80
    assert deliver_due() == 80
    assert sorted(mail["To"] for mail in smtp_server.messages) == sorted(user.email for user in users)
