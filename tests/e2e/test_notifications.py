"""Mastering one's mails: the summary, leaving it from the mail program, preferences, announcements; both themes."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import look_at, tab_to, theme_of
from tests.support.server import demo_environment, manage
from tests.support.smtp_server import SmtpServer

#: What a worker does, a week later: it tells an event to who follows the theme, writes summaries, sends.
A_WEEK_LATER = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from portal.mail.delivery import deliver_due
from portal.notifications.digests import send_digests
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Digest, Notification
from portal.notifications.services import record_event
from project_sheets.models import ProjectSheetPage
sheet = ProjectSheetPage.objects.live().filter(themes__slug="mobilite").first()
record_event("sheet.published", about=sheet, key=str(uuid4()))
fan_out_due()
Notification.objects.filter(rhythm="weekly").update(created_at=timezone.now() - timedelta(days=8))
Notification.objects.filter(rhythm="now").update(mail_due_at=timezone.now())
Digest.objects.all().delete()
send_digests()
send_due()
deliver_due()
"""


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """A real mail server for what the portal under test sends."""
    smtp = SmtpServer(tmp_path_factory.mktemp("notified"))
    smtp.start()
    yield smtp
    smtp.stop()


def a_week_later(demo_data: Path, smtp: SmtpServer, site: str) -> None:
    smtp.clear()
    env = demo_environment(demo_data, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}", BASE_URL=site)
    manage("shell", "--verbosity=0", "-c", A_WEEK_LATER, env=env)


def test_a_member_masters_their_mails(
    page: Page, site: str, demo_data: Path, mailbox: SmtpServer, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    sign_in(page, site, "membre")
    page.goto(f"{site}/mon-espace/mes-courriels/")
    page.get_by_label("Recevoir le résumé hebdomadaire").check()
    page.get_by_role("button", name="Enregistrer mes préférences").click()
    page.context.clear_cookies()
    a_week_later(demo_data, mailbox, site)
    summary = next(one for one in mailbox.messages if one["To"] == "membre@demo.example" and "résumé" in one["Subject"])
    assert "Vous suivez le thème Mobilité." in summary.get_body(("plain",)).get_content()
    address = summary["List-Unsubscribe"].strip().strip("<>")
    assert address.startswith(f"{site}/desabonnement/")

    # A scanner of mails follows the link: nothing changes. The mail program's button does: no cookie, no form.
    page.goto(address)
    look_at(page, f"{theme}-desabonnement")
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data=body), timeout=10) as answer:
        assert answer.status == 200
        assert "Vous ne recevrez plus le résumé hebdomadaire" in answer.read().decode()

    # The same by hand, with the keyboard, and back.
    tab_to(page, "Se désabonner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Vous ne recevrez plus le résumé hebdo"))
    look_at(page, f"{theme}-desabonne")
    tab_to(page, "Annuler")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("de nouveau"))

    sign_in(page, site, "membre")
    page.goto(f"{site}/mon-espace/mes-courriels/")
    expect(page.get_by_label("Recevoir le résumé hebdomadaire")).to_be_checked()
    look_at(page, f"{theme}-mes-courriels")
    page.get_by_label("Courriel – Une nouvelle fiche sur ce que je suis").select_option("never")
    page.get_by_label("Sur le site – Annonces de l’équipe d’animation").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Enregistrer mes préférences").click()
    expect(page.get_by_role("status")).to_contain_text("enregistrées")
    expect(page.get_by_label("Courriel – Une nouvelle fiche sur ce que je suis")).to_have_value("never")
    expect(page.get_by_label("Sur le site – Annonces de l’équipe d’animation")).not_to_be_checked()
    page.get_by_label("Courriel – Une nouvelle fiche sur ce que je suis").select_option("weekly")
    page.get_by_label("Sur le site – Annonces de l’équipe d’animation").check()
    page.get_by_role("button", name="Enregistrer mes préférences").click()


def test_what_is_new_is_counted_opened_and_read(
    page: Page, site: str, demo_data: Path, mailbox: SmtpServer, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    a_week_later(demo_data, mailbox, site)
    sign_in(page, site, "membre")
    count = page.locator("[data-count-url] [data-number]")
    before = int(count.inner_text())
    assert before >= 1
    page.goto(f"{site}/notifications/")
    look_at(page, f"{theme}-notifications")
    page.locator("main article a").first.click()
    page.wait_for_url(lambda url: "/notifications/" not in url)
    assert int(count.inner_text() or 0) < before
    page.goto(f"{site}/notifications/")
    mark_all = page.get_by_role("button", name="Tout marquer comme lu")
    if mark_all.count():
        mark_all.click()
    page.goto(f"{site}/notifications/?filtre=non-lues")
    expect(page.locator("main")).to_contain_text("Vous êtes à jour")
    look_at(page, f"{theme}-notifications-vide")
    expect(page.locator("[data-count]")).to_be_hidden()
    page.goto(f"{site}/themes/numerique/")
    page.get_by_role("button", name="Suivre").click()
    expect(page.get_by_role("status")).to_contain_text("Vous suivez")
    page.goto(f"{site}/mon-espace/mes-abonnements/")
    look_at(page, f"{theme}-mes-abonnements")
    page.get_by_role("form", name="Numérique").get_by_role("button", name="Ne plus suivre").click()
    expect(page.get_by_role("form", name="Numérique")).to_have_count(0)


def test_an_announcement_is_counted_before_it_leaves(
    page: Page, site: str, demo_data: Path, mailbox: SmtpServer, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/annonces/")
    look_at(page, f"{theme}-annonces")
    page.get_by_role("link", name="Écrire une annonce").first.click()
    title = f"Matinée ouverte à tous ({theme})"
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill("Venez.\n\n- 9 h : accueil\n- 10 h : ateliers")
    page.locator("[name=to_call]").select_option(index=1)
    look_at(page, f"{theme}-annonce-ecrire")
    page.get_by_role("button", name="Enregistrer et voir qui la reçoit").click()
    expect(page.locator("main")).to_contain_text(re.compile("1 personne la reçoit"))
    look_at(page, f"{theme}-annonce")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.get_by_role("status")).to_contain_text("part vers 1 personne")
    a_week_later(demo_data, mailbox, site)
    mail = next(one for one in mailbox.messages if title in one["Subject"])
    assert mail["To"] == "porteur@demo.example"
    page.reload()
    look_at(page, f"{theme}-annonce-envoyee")
    assert re.search(rf"{site}/notifications/annonces/\S+/lien/", mail.get_body(("plain",)).get_content())


#: A mail that the server of its person has refused too often.
REFUSED = """
from uuid import uuid4
from portal.mail.kinds import mail_kinds
from portal.mail.models import OutboxMessage
from portal.mail.services import queue_mail
said = mail_kinds.get("notifications.step").sample()
mail = queue_mail("notifications.step", to="porteur@demo.example", key=f"e2e:{uuid4()}", context=said, url="http://x/")
refusal = "SMTPRecipientsRefused: 552 5.2.2 Mailbox full, see https://mx.example/secret"
OutboxMessage.objects.filter(pk=mail.pk).update(status="dead", attempts=7, last_error=refusal)
"""


def test_an_animator_sends_again_what_did_not_arrive(
    page: Page, site: str, demo_data: Path, mailbox: SmtpServer, request: pytest.FixtureRequest
) -> None:
    manage("shell", "--verbosity=0", "-c", REFUSED, env=demo_environment(demo_data))
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/")
    page.get_by_role("link", name="Courriels non remis (1)").click()
    expect(page.locator("main")).to_contain_text("Mailbox full, see …")
    expect(page.locator("main")).not_to_contain_text("secret")
    look_at(page, f"{theme_of(request)}-courriels-non-remis")
    page.get_by_role("button", name="Renvoyer à Référente ADVENTUS").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 courriel")
    page.goto(f"{site}/animation/journal/")
    expect(page.locator("main")).to_contain_text("Courriel renvoyé")
    a_week_later(demo_data, mailbox, site)
    assert "porteur@demo.example" in {mail["To"] for mail in mailbox.messages}
