"""A sheet from the first word to the public, kept right, shared: the mails are read where they arrive.

By the keyboard where one writes, in both themes where one looks; a real worker sends the mails.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in, sign_in_here
from tests.e2e.test_joining import Mailbox, mailbox  # noqa: F401
from tests.support.browser import NARROW, WIDE, look_at, tab_to, theme_of
from tests.support.server import demo_environment, manage

STEPS = ("identite", "publics", "territoire", "partenaires", "financement", "resultats", "pieces-jointes")


def open_sheet(page: Page, site: str, title: str) -> str:
    """Open a sheet from "Mes fiches"; returns its address."""
    page.goto(f"{site}/mon-espace/mes-fiches/")
    page.locator("main").get_by_role("link", name=title, exact=True).click()
    page.wait_for_url(re.compile("/mes-fiches/[0-9a-f-]{36}/$"))
    return page.url


def press(page: Page, text: str, limit: int = 160) -> None:
    tab_to(page, text, limit=limit)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, limit=160)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@pytest.mark.both_themes
def test_every_step_is_legible_and_accessible(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "porteur")
    address = open_sheet(page, site, "ADVENTUS")
    look_at(page, f"{theme}-fiche")
    for step in (*STEPS, "proposer", "historique", "referents", "corrections", "apercu"):
        page.goto(f"{address}{step}/")
        look_at(page, f"{theme}-fiche-{step}")


def test_a_sheet_is_written_reviewed_and_published(
    browser: Browser,
    neutral_site: str,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    # A page of its own: Chromium complains of the refusal itself.
    site, page = neutral_site, browser.new_page(viewport=WIDE, locale="fr-FR")
    sign_in(page, site, "porteur")
    page.goto(f"{site}/mon-espace/")
    press(page, "Mes fiches")
    page.wait_for_url(re.compile("/mes-fiches/$"))
    press(page, "Créer une fiche projet")
    page.wait_for_url(re.compile("/nouvelle/$"))
    write(page, "Nom du projet", "Kodiko Brest")
    write(page, "Porteur de projet", "Défis emploi du Pays de Brest")
    page.keyboard.press("Escape")
    press(page, "Commencer la fiche")
    page.wait_for_url(re.compile("/identite/$"))
    write(page, "Résumé", "Un parcours vers l’emploi.")
    # Written, and saved without being asked.
    expect(page.locator("[data-save-status]")).to_contain_text(re.compile(r"Brouillon enregistré à \d\d:\d\d"))
    page.locator("[name=call]").select_option(index=1)
    press(page, "Enregistrer et continuer")
    page.wait_for_url(re.compile("/publics/$"))
    page.locator("[name=audiences]").first.check()
    page.locator("[name=themes]").first.check()
    # A row by the keyboard: the focus is in it.
    press(page, "Ajouter une action")
    expect(page.locator("[name='actions-1-title']")).to_be_focused()
    page.keyboard.type("Accompagner")
    press(page, "Enregistrer et continuer")
    page.wait_for_url(re.compile("/territoire/$"))
    page.locator("[name='territories-0-value']").fill("Syldavie")
    with page.expect_response(lambda response: response.status == 422):
        page.locator("main form button[value=next]").click()
    expect(page.locator("[role=alert]")).to_contain_text("Syldavie")
    look_at(page, "neutral-fiche-erreur")
    page.locator("[name='territories-0-value']").fill("Finistère (29)")
    page.locator("main form button[value=next]").click()
    page.wait_for_url(re.compile("/partenaires/$"))
    page.goto(page.url.replace("partenaires", "financement"))
    _write_financing(page)
    page.locator("main form button[value=next]").click()
    page.wait_for_url(re.compile("/resultats/$"))
    page.goto(page.url.replace("resultats", "proposer"))
    press(page, "Proposer à la publication")
    expect(page.locator("main")).to_contain_text("En relecture")
    _publish(browser, site, mailbox, page)
    message = mailbox.wait_for("porteur@demo.example", "Votre fiche est en ligne")
    visitor = browser.new_page(viewport=WIDE)
    visitor.goto(site + mailbox.path_in(message))
    expect(visitor.locator("main")).to_contain_text("Un parcours vers l’emploi.")
    expect(visitor.locator("main")).to_contain_text("Contenu complet réservé aux membres")
    expect(visitor.locator("main")).not_to_contain_text("2 000 845")
    visitor.close()


def _write_financing(page: Page) -> None:
    """The shares follow what is typed, and a sum over the total is told."""
    page.locator("[name=total_budget]").fill("2 000 845 €")
    row = page.locator("[data-rows=funding_lines] > fieldset")
    row.first.locator("[name$='-label']").fill("Banque des territoires")
    row.first.locator("[name$='-category']").select_option("state")
    row.first.locator("[name$='-amount']").fill("1 094 349")
    expect(row.first.locator("[data-figure=share]")).to_have_text("54,7\xa0%")
    page.get_by_role("button", name="Ajouter un financement").click()
    second = row.nth(1)
    second.locator("[name$='-label']").fill("État, complément")
    second.locator("[name$='-category']").select_option("state")
    second.locator("[name$='-amount']").fill("9501177")
    expect(page.locator("[data-sum-error]")).to_contain_text("plus que le total")
    second.locator("[name$='-amount']").fill("501177")
    expect(page.locator("[data-figure=state]")).to_contain_text("79,7\xa0%")
    look_at(page, "neutral-fiche-financement-rempli")


def _publish(browser: Browser, site: str, mailbox: Mailbox, writer: Page) -> None:  # noqa: F811
    """Accept the sheet for another day, put that off, then publish at once."""
    message = mailbox.wait_for("animateur@demo.example", "Fiche à relire")
    team = browser.new_page(viewport=WIDE)
    sign_in(team, site, "animateur")
    team.goto(f"{site}/animation/a-valider/")
    expect(team.get_by_role("navigation", name="Animation")).to_contain_text("À valider (1)")
    look_at(team, "neutral-a-valider")
    team.goto(site + mailbox.path_in(message))
    look_at(team, "neutral-a-valider-fiche")
    later = datetime.now(UTC) + timedelta(days=30)
    team.locator("[name='approve-publish_at']").fill(f"{later:%Y-%m-%d}T09:30")
    team.get_by_role("button", name="Publier", exact=True).click()
    expect(team.locator("#publications-prevues")).to_contain_text("à 09:30")
    look_at(team, "neutral-a-valider-prevue")
    team.locator("#publications-prevues a").click()
    later += timedelta(days=1)
    team.locator("[name='plan-publish_at']").fill(f"{later:%Y-%m-%d}T14:00")
    press(team, "Changer la date")
    expect(team.locator("main")).to_contain_text("à 14:00")
    look_at(team, "neutral-publication-prevue")
    writer.reload()
    expect(writer.locator("main")).to_contain_text("à 14:00")
    look_at(writer, "neutral-fiche-prevue")
    press(team, "Publier maintenant")
    expect(team.locator(".page-messages")).to_contain_text("est en ligne")
    team.close()


#: Half a year passes for one sheet.
AGE = """
from datetime import timedelta
from django.utils import timezone
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from project_sheets.models import ProjectSheetPage
from project_sheets.living.services import remind_of_stale_sheets
sheets = ProjectSheetPage.objects.filter(title="ADVENTUS")
sheets.update(last_published_at=timezone.now() - timedelta(days=181), last_confirmed_at=None)
assert remind_of_stale_sheets() == 1
told = Notification.objects.filter(kind="sheet.still_true")
while not told.update(mail_due_at=timezone.now()):
    fan_out_due()
"""


def test_a_sheet_is_written_without_script(browser: Browser, state_site: str) -> None:
    """Saved step by step, with rows by their buttons, on a phone."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="fr-FR")
    page = context.new_page()
    sign_in(page, state_site, "structure")
    page.goto(f"{state_site}/mon-espace/mes-fiches/nouvelle/")
    page.locator("[name=title]").fill("Sans script")
    page.locator("[name=holder]").fill("ADVENTUS inconnue")
    page.get_by_role("button", name="Commencer la fiche").click()
    expect(page.locator("[name=title]")).to_have_value("Sans script")
    page.locator("[name=holder]").fill("Défis emploi du Pays de Brest")
    page.get_by_role("button", name="Commencer la fiche").click()
    page.wait_for_url(re.compile("/identite/$"))
    page.locator("[name=summary]").fill("Écrite sans script.")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url(re.compile("/publics/$"))
    expect(page.locator("body")).to_contain_text(re.compile(r"Brouillon enregistré à \d\d:\d\d"))
    page.goto(page.url.replace("publics", "financement"))
    page.locator("[name=total_budget]").fill("1 000")
    page.locator("[name='funding_lines-0-label']").fill("Première")
    page.locator("[name='funding_lines-0-category']").select_option("state")
    page.locator("[name='funding_lines-0-amount']").fill("800")
    page.get_by_role("button", name="Ajouter un financement").click()
    expect(page.locator("[name='funding_lines-0-amount']")).to_have_value("800")
    page.locator("[name='funding_lines-1-label']").fill("Seconde")
    page.locator("[name='funding_lines-1-category']").select_option("own")
    page.locator("[name='funding_lines-1-amount']").fill("300")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    # Nothing is lost, and the fault is at its field.
    expect(page.locator("#id_total_budget")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("main")).to_contain_text("1 100")
    page.locator("[name='funding_lines-1-amount']").fill("200")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.locator("[name='funding_lines-1-amount']")).to_have_value("200")
    expect(page.locator("main")).to_contain_text("80\xa0%")
    context.close()


def test_an_old_sheet_is_confirmed_from_its_mail(
    page: Page,
    neutral_site: str,
    demo_data: Path,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    manage("shell", "-c", AGE, env=demo_environment(demo_data))
    message = mailbox.wait_for("porteur@demo.example", "toujours exacte")
    page.goto(neutral_site + mailbox.path_in(message))
    look_at(page, "neutral-toujours-exacte")
    press(page, "Oui, elle est exacte")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    page.locator("main").get_by_role("link", name="Voir la fiche").click()
    today = datetime.now(UTC) + timedelta(hours=1)
    expect(page.locator("main")).to_contain_text(f"Vérifiée le {today:%d/%m}")
    # The link has served; its other way leads to the form.
    page.goto(neutral_site + mailbox.path_in(message))
    expect(page.get_by_role("heading", level=1)).to_contain_text("déjà servi")
    press(page, "La mettre à jour")
    sign_in_here(page, "porteur")
    page.wait_for_url(re.compile("/mes-fiches/[0-9a-f-]{36}/$"))


def test_a_sheet_is_handed_over_to_a_colleague(
    page: Page,
    browser: Browser,
    neutral_site: str,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    site = neutral_site
    sign_in(page, site, "porteur")
    address = open_sheet(page, site, "ADVENTUS")
    page.goto(f"{address}referents/")
    write(page, "Adresse électronique de votre collègue", "membre@demo.example")
    press(page, "Envoyer l’invitation")
    expect(page.locator("main")).to_contain_text("membre@demo.example")
    message = mailbox.wait_for("membre@demo.example", "suivre une fiche")
    colleague = browser.new_page(viewport=WIDE)
    sign_in(colleague, site, "membre")
    colleague.goto(site + mailbox.path_in(message))
    look_at(colleague, "neutral-invitation-fiche")
    press(colleague, "Accepter")
    expect(colleague.get_by_role("heading", level=1)).to_have_text("ADVENTUS")
    page.goto(f"{address}referents/")
    expect(page.locator("main")).to_contain_text("Conseiller en mission locale")
    page.get_by_role("button", name="Ne plus suivre cette fiche").click()
    page.wait_for_url(re.compile("/mon-espace/mes-fiches/$"))
    colleague.close()
