"""Mails at once: grouped, cancelled by reading, refused by rights, through a real SMTP server."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.delivery import deliver_due
from portal.mail.enums import MailStatus
from portal.mail.models import AddressMark, OutboxMessage
from portal.notifications.enums import MailState, Why
from portal.notifications.mailing import send_due
from portal.notifications.models import MailSettings, Notification
from portal.notifications.rules import after_quiet_hours
from portal.notifications.services import mark_all_seen, mark_seen
from tests.factories import ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN
from tests.notifications.support import happen, is_due
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def test_a_mail_at_once_arrives_with_all_that_it_must_say(smtp_server: SmtpServer) -> None:
    user, theme = UserFactory(email="camille@test.example"), ThemeFactory(name="Logement")
    row = happen("tests.now", user, theme=theme, title="Une personne a répondu à « Garde d’enfants »")
    assert send_due() == 0, "it waits a minute, in case the site is read"
    is_due(row)
    assert send_due() == 1
    assert send_due() == 0
    deliver_due()
    [mail] = smtp_server.messages
    assert mail["To"] == "camille@test.example"
    # The parser keeps the space of a folded header.
    assert mail["Subject"].strip() == "Une personne a répondu à « Garde d’enfants »"
    assert len(mail["Subject"]) <= 60
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<notifications.news.testserver>"
    assert mail["List-Unsubscribe"].strip().startswith(f"<{django_settings.BASE_URL}/desabonnement/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    for part in (text, html):
        assert f"{django_settings.BASE_URL}/notifications/{row.pk}/" in part
        assert "Vous suivez le thème Logement." in part
        assert "/mon-espace/mes-courriels/" in part
        assert "/desabonnement/" in part
    assert 'lang="fr"' in html
    assert "<img" not in html


def test_ten_answers_make_one_mail_and_threads_hold_together(smtp_server: SmtpServer) -> None:
    user, theme = UserFactory(), ThemeFactory(name="Mobilité")
    rows = [happen("tests.now", user, theme=theme, title=f"Réponse {n}") for n in range(10)]
    is_due(*rows[:1])
    assert send_due() == 1
    deliver_due()
    [mail] = smtp_server.messages
    assert "10" in mail["Subject"]
    assert "Mobilité" in mail["Subject"]
    html = mail.get_body(("html",)).get_content()
    assert all(f'href="{django_settings.BASE_URL}/notifications/{row.pk}/"' in html for row in rows)
    assert "Réponse 3" in mail.get_body(("plain",)).get_content()
    # An eleventh waits for an hour, unless the site was read meanwhile.
    eleventh = happen("tests.now", user, theme=theme)
    is_due(eleventh)
    assert send_due() == 0
    eleventh.refresh_from_db()
    assert eleventh.mail_due_at > timezone.now() + timedelta(minutes=55)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert send_due() == 1
        deliver_due()
    mark_seen(user=user, group=rows[0].group)
    twelfth = happen("tests.now", user, theme=theme)
    is_due(twelfth)
    assert send_due() == 1
    deliver_due()
    first, second, third = smtp_server.messages
    assert first["References"] == second["References"] == third["References"]
    assert len({message["Message-ID"] for message in (first, second, third)}) == 3


def test_reading_cancels_a_mail_that_waits_and_one_that_is_in_the_outbox() -> None:
    user = UserFactory()
    row = happen("tests.now", user)
    mark_all_seen(user=user)
    is_due(row)
    assert send_due() == 0
    row = happen("tests.now", user)
    is_due(row)
    send_due()
    mark_seen(user=user, group=row.group)
    assert OutboxMessage.objects.get().status == MailStatus.CANCELLED


@pytest.mark.parametrize("reason", ["hidden", "deleted", "suspended", "blind", "unknown kind", "paused", "bounced"])
def test_rights_and_choices_are_asked_again_when_the_mail_leaves(reason: str) -> None:
    user, theme = UserFactory(), ThemeFactory()
    row = happen("tests.now", user, theme=theme)
    is_due(row)
    why = {"paused": Why.PAUSED, "bounced": Why.ADDRESS}.get(reason, Why.WITHDRAWN)
    if reason == "hidden":
        theme.name = HIDDEN
        theme.save()
    elif reason == "deleted":
        theme.delete()
    elif reason == "suspended":
        User.objects.filter(pk=user.pk).update(membership_status=User.MembershipStatus.SUSPENDED)
    elif reason == "blind":
        User.objects.filter(pk=user.pk).update(last_name="Aveugle")
    elif reason == "unknown kind":
        Notification.objects.update(kind="tests.gone")
    elif reason == "paused":
        MailSettings.objects.create(user=user, paused_until=timezone.localdate() + timedelta(days=3))
    else:
        AddressMark.objects.create(address=user.email, reason="bounce", marked_at=timezone.now())
    assert send_due() == 0
    assert not OutboxMessage.objects.exists()
    row.refresh_from_db()
    assert (row.mail_state, row.why) == (MailState.CANCELLED, why)


def test_a_step_that_cannot_be_switched_off_leaves_through_pauses_without_unsubscription() -> None:
    user = UserFactory()
    MailSettings.objects.create(
        user=user, paused_until=timezone.localdate(), quiet_from=time(0), quiet_until=time(23, 59)
    )
    is_due(happen("tests.step", user))
    assert send_due() == 1
    mail = OutboxMessage.objects.get()
    assert (mail.kind, mail.category, mail.unsubscribe_url) == ("notifications.step", "account", "")


def test_a_mail_waits_for_the_end_of_the_quiet_hours() -> None:
    user = UserFactory()
    MailSettings.objects.create(user=user, quiet_from=time(19), quiet_until=time(8))
    with time_machine.travel(datetime(2026, 3, 12, 22, 0, tzinfo=PARIS), tick=False):
        row = happen("tests.now", user)
        is_due(row)
        assert send_due() == 0
        row.refresh_from_db()
        assert row.mail_due_at == datetime(2026, 3, 13, 8, 0, tzinfo=PARIS)
    with time_machine.travel(datetime(2026, 3, 13, 8, 1, tzinfo=PARIS), tick=False):
        assert send_due() == 1


@pytest.mark.parametrize(
    ("start", "end", "hour", "expected"),
    [(19, 8, 23, (13, 8)), (19, 8, 3, (12, 8)), (19, 8, 12, (12, 12)), (12, 14, 13, (12, 14)), (12, 14, 14, (12, 14))],
)
def test_quiet_hours_are_a_night_or_a_part_of_a_day(start: int, end: int, hour: int, expected: tuple[int, int]) -> None:
    chosen = MailSettings(quiet_from=time(start), quiet_until=time(end))
    moment = datetime(2026, 3, 12, hour, tzinfo=PARIS)
    after = after_quiet_hours(chosen, moment).astimezone(PARIS)
    assert (after.day, after.hour) == expected
