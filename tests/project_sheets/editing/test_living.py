"""A published sheet stays right: reminders, confirmations, corrections of readers."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from portal.notifications.selectors import unread_count
from project_sheets.living.services import confirm_sheet, forget_addresses, remind_of_stale_sheets
from project_sheets.living.tokens import confirmation_token
from project_sheets.models import ProjectSheetPage, SheetCorrection, SheetReminder
from project_sheets.presentation import header_badges
from project_sheets.selectors import SheetPresentation
from tests.factories.accounts import UserFactory
from tests.factories.sheets import LeadFactory
from tests.notifications.support import tell_now
from tests.project_sheets.editing.conftest import Desk, client_of

Mails = Callable[[str], list[OutboxMessage]]


@pytest.fixture
def old(desk: Desk) -> Desk:
    """A sheet that was published more than half a year ago."""
    ProjectSheetPage.objects.filter(pk=desk.sheet.pk).update(last_published_at=timezone.now() - timedelta(days=181))
    desk.sheet.refresh_from_db()
    return desk


def link_of(mail: OutboxMessage) -> str:
    line = next(line for line in mail.text.splitlines() if "/fiches/confirmer/" in line)
    return urlsplit(line.strip()).path


def test_the_leads_of_an_old_sheet_are_asked_once_in_thirty_days(old: Desk, animator: object, mails: Mails) -> None:
    now = timezone.now()
    assert remind_of_stale_sheets(now) == 1
    assert remind_of_stale_sheets(now) == 0
    assert remind_of_stale_sheets(now + timedelta(days=29)) == 0
    assert [tell_now(), tell_now()] == [1, 0]
    (mail,) = mails("still_true")
    assert mail.to == old.user.email
    assert mail.unsubscribe_url, "it is asked through the ledger: as each chose, and left by one click"
    row = Notification.objects.get(kind="sheet.still_true")
    assert (row.user, row.rhythm, bool(row.reason)) == (old.user, "now", True)
    assert mail.subject == "Votre fiche\xa0: toujours exacte\u202f?"
    assert remind_of_stale_sheets(now + timedelta(days=31)) == 1
    assert SheetReminder.objects.count() == 2


def test_a_sheet_that_is_new_or_confirmed_is_left_alone(old: Desk) -> None:
    confirm_sheet(sheet=old.sheet, by=old.user)
    assert remind_of_stale_sheets() == 0
    assert remind_of_stale_sheets(timezone.now() + timedelta(days=181)) == 1


def test_once_one_lead_confirms_the_others_are_asked_no_more(old: Desk, mails: Mails) -> None:
    other = LeadFactory(sheet=old.sheet)
    assert remind_of_stale_sheets() == 1
    fan_out_due()
    assert unread_count(other) == 1
    confirm_sheet(sheet=old.sheet, by=old.user)
    assert (tell_now(), mails("still_true"), unread_count(other)) == (0, [], 0)


def test_the_link_confirms_by_post_without_signing_in(old: Desk, mails: Mails) -> None:
    remind_of_stale_sheets()
    tell_now()
    path, visitor = link_of(mails("still_true")[0]), Client()
    assert visitor.get(path).status_code == 200
    old.sheet.refresh_from_db()
    assert old.sheet.last_confirmed_at is None, "mail scanners open links"
    assert visitor.post(path).status_code == 200
    old.sheet.refresh_from_db()
    confirmed = old.sheet.last_confirmed_at
    # It has confirmed what it was sent for; a later state is not its own.
    assert "a déjà servi" in visitor.post(path).content.decode()
    old.sheet.refresh_from_db()
    assert old.sheet.last_confirmed_at == confirmed
    assert old.sheet.events.filter(kind="confirmed").count() == 1
    day = timezone.localdate()
    assert f"Vérifiée le {day:%d/%m/%Y}" in visitor.get(old.sheet.public_path).content.decode()


def test_a_link_of_somebody_who_left_confirms_nothing(old: Desk, colleague: Desk) -> None:
    token = confirmation_token(sheet=old.sheet, user_id=colleague.user.pk)
    colleague.sheet.leads.filter(user=colleague.user).delete()
    for path in (f"/fiches/confirmer/{token}/", f"/fiches/confirmer/{token[:-2]}xx/"):
        assert Client().post(path).status_code == 404
    old.sheet.refresh_from_db()
    assert old.sheet.last_confirmed_at is None


def test_a_reader_proposes_a_correction_that_is_answered(desk: Desk, mails: Mails) -> None:
    cache.clear()
    path, visitor = f"{desk.sheet.public_path}corriger/", Client()
    assert "corriger/" in visitor.get(desk.sheet.public_path).content.decode()
    assert visitor.post(path, {"text": ""}).status_code == 422
    assert visitor.post(path, {"text": "a\x00b"}).status_code == 422
    typed = {"text": "Le numéro a changé.", "part": "identite", "email": "lecteur@test.example"}
    assert visitor.post(path, typed).status_code == 302
    assert "Le numéro a changé." in mails("correction")[0].text
    assert mails("correction")[0].to == desk.user.email
    assert "Le numéro a changé." in desk.client.get(desk.url("corrections")).content.decode()
    correction = SheetCorrection.objects.get()
    answer = {"decision": "accept", f"c{correction.pk}-answer": "C’est corrigé."}
    url = desk.url("answer_correction", correction.uid)
    assert client_of(UserFactory()).post(url, answer).status_code == 403
    assert desk.client.post(url, answer).url == desk.url("step", "identite")
    desk.client.post(url, {**answer, "decision": "refuse"})
    correction.refresh_from_db()
    assert (correction.status, correction.email) == ("accepted", "")
    (mail,) = mails("correction_answered")
    assert (mail.to, "C’est corrigé." in mail.text) == ("lecteur@test.example", True)


def test_corrections_of_a_sheet_without_a_lead_are_its_team_s(desk: Desk, animator: User, mails: Mails) -> None:
    cache.clear()
    desk.sheet.leads.all().delete()
    Client().post(f"{desk.sheet.public_path}corriger/", {"text": "Le numéro a changé."})
    (mail,) = mails("correction")
    assert mail.to == animator.email
    team, to_approve = client_of(animator), reverse("sheet_review:list")
    page = team.get(to_approve).content.decode()
    assert desk.url("corrections") in page
    assert "À valider (1)" in page
    url = desk.url("answer_correction", SheetCorrection.objects.get().uid)
    assert team.post(url, {"decision": "refuse"}).status_code == 302
    assert desk.url("corrections") not in team.get(to_approve).content.decode()
    # Where somebody is there to answer, the team is left alone.
    LeadFactory(sheet=desk.sheet)
    Client().post(f"{desk.sheet.public_path}corriger/", {"text": "Encore."})
    assert desk.url("corrections") not in team.get(to_approve).content.decode()


def test_the_page_says_plainly_how_old_it_is(old: Desk) -> None:
    def badge() -> dict[str, str]:
        sheet = ProjectSheetPage.objects.get(pk=old.sheet.pk)
        return header_badges(SheetPresentation(sheet, with_members_part=False))[-1]

    sheets, now = ProjectSheetPage.objects.filter(pk=old.sheet.pk), timezone.now()
    assert badge()["kind"] == "warning"
    assert badge()["label"].startswith("Non vérifiée depuis le ")
    sheets.update(last_confirmed_at=now - timedelta(days=200))
    assert badge()["label"].endswith(f"{timezone.localtime(now - timedelta(days=181)):%d/%m/%Y}")
    sheets.update(last_confirmed_at=now - timedelta(days=90))
    assert badge()["kind"] == "success"
    # Published since: the older confirmation is not what readers should see.
    sheets.update(last_published_at=now)
    assert badge()["label"].startswith("Mise à jour le ")


def test_corrections_come_in_measure_and_addresses_are_forgotten(desk: Desk) -> None:
    cache.clear()
    path = f"{desk.sheet.public_path}corriger/"
    statuses = [Client().post(path, {"text": f"Numéro {n}", "email": "a@b.example"}).status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]
    assert forget_addresses(timezone.now() + timedelta(days=181)) == 5
    assert forget_addresses(timezone.now() + timedelta(days=181)) == 0
