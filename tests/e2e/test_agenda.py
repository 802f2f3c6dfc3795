"""The agenda as people live it: a guest without account, an organiser, the mails read where they arrived."""

import re

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_joining import Mailbox, mailbox, press, write
from tests.support.browser import WIDE, look_at, theme_of

__all__ = ["mailbox"]

LAB = "/agenda/session-lab-logement-et-emploi/"


def calendar_in(message: object) -> icalendar.Event:
    """Return the date that a mail brings to a calendar."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]  # type: ignore[attr-defined]
    assert len(parts) == 1
    return icalendar.Calendar.from_ical(parts[0].get_payload(decode=True)).walk("VEVENT")[0]


def test_a_guest_comes_to_the_morning(page: Page, site: str, mailbox: Mailbox, request: pytest.FixtureRequest) -> None:
    """P4.2 and P4.3: subscribe without account, register without account, confirm, cancel by the link."""
    theme = theme_of(request)
    email = f"elue-{theme}@ville.example"
    page.goto(f"{site}/agenda/")
    look_at(page, f"{theme}-agenda")
    page.set_viewport_size(WIDE)
    subscribe = page.get_by_role("link", name="S’abonner (webcal)").get_attribute("href") or ""
    assert subscribe.startswith("webcal://")
    feed = icalendar.Calendar.from_ical(page.request.get(f"{site}/agenda/calendrier.ics").body())
    addresses = [str(event["url"]) for event in feed.walk("VEVENT")]
    assert any(LAB in address for address in addresses)
    for path in ("/actualites/flux/", "/agenda/flux/", "/agenda/flux/theme/logement/"):
        feed_of_news = page.request.get(site + path)
        assert feed_of_news.ok
        assert "<rss" in feed_of_news.text()
    for name, path in (("mois", "/agenda/mois/"), ("semaine", "/agenda/semaine/"), ("carte", "/agenda/carte/")):
        page.goto(site + path)
        look_at(page, f"{theme}-agenda-{name}")
    page.set_viewport_size(WIDE)
    page.goto(f"{site}/agenda/")
    press(page, "Session Lab « Logement et emploi »")
    page.wait_for_url(re.compile(LAB))
    look_at(page, f"{theme}-evenement")
    page.set_viewport_size(WIDE)
    press(page, "Matinée ouverte à tous")
    page.wait_for_url(re.compile("/inscription/"))
    look_at(page, f"{theme}-inscription-evenement")
    page.set_viewport_size(WIDE)
    write(page, "Prénom et nom", "Élue locale")
    write(page, "Adresse électronique", email)
    write(page, "Structure", "Ville d’essai")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/inscriptions/envoyee/$"))
    look_at(page, f"{theme}-inscription-evenement-envoyee")
    page.goto(site + mailbox.path_in(mailbox.wait_for(email, "Confirmez votre inscription")))
    look_at(page, f"{theme}-inscription-a-confirmer")
    page.set_viewport_size(WIDE)
    press(page, "Confirmer mon inscription")
    expect(page.locator("main")).to_contain_text("Votre place est réservée")
    look_at(page, f"{theme}-inscription-confirmee")
    page.set_viewport_size(WIDE)
    told = mailbox.wait_for(email, "Inscription")
    assert str(calendar_in(told)["status"]) == "CONFIRMED"
    page.goto(site + mailbox.path_in(told))
    page.locator("summary", has_text="Annuler mon inscription").click()
    page.get_by_role("button", name="Annuler mon inscription").click()
    expect(page.locator("main")).to_contain_text("Votre inscription est annulée")
    gone = mailbox.wait_for(email, "Inscription annulée")
    assert str(calendar_in(gone)["status"]) == "CANCELLED"


def test_an_organiser_makes_a_session_lab(page: Page, state_site: str, mailbox: Mailbox) -> None:
    """P3.1: from the template to the announcement, with the number of people that it writes to."""
    site = state_site
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/evenements/")
    look_at(page, "state-evenements")
    page.set_viewport_size(WIDE)
    press(page, "Nouvelle Session Lab")
    page.wait_for_url(re.compile("modele=session-lab"))
    page.locator("[name=title]").fill("Session Lab « Santé »")
    page.locator("[name=organiser]").select_option(label="DREETS Bretagne")
    page.locator("[name=territory]").select_option(label="Bretagne")
    look_at(page, "state-nouvelle-session-lab")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url(re.compile("/dates/$"))
    expect(page.locator("[name=parts-0-capacity_onsite]")).to_have_value("40")
    expect(page.locator("[name=parts-1-capacity_onsite]")).to_have_value("20")
    # Without a date nothing is lost and the field says so.
    page.locator("[name=venue]").fill("Ti Lab")
    page.locator("[name=starts_on]").fill("2027-05-20")
    look_at(page, "state-dates")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(re.compile(r"/evenements/[0-9a-f-]{36}/$"))
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("main")).to_contain_text("2 séances, chacune avec sa règle d’accès")
    look_at(page, "state-evenement-publie")
    page.set_viewport_size(WIDE)
    page.locator("main label", has_text="Les lauréats de la région").click()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"\d+ personnes? recevr(a|ont) une annonce"))
    look_at(page, "state-annonce")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Envoyer l’annonce").click()
    page.wait_for_url(re.compile(r"/evenements/[0-9a-f-]{36}/$"))
    told = mailbox.wait_for("porteur@demo.example", "Session Lab « Santé »")
    assert "Session Lab « Santé »" in str(calendar_in(told)["summary"])


def test_a_place_that_comes_free_goes_to_the_next(
    page: Page, browser: Browser, neutral_site: str, mailbox: Mailbox
) -> None:
    """P3.2: the table, a withdrawal, the mail to the first who waits, the export."""
    site = neutral_site
    sign_in(page, site, "animateur")
    page.goto(site + LAB)
    press(page, "Préparer cet évènement")
    page.wait_for_url(re.compile("/animation/evenements/"))
    page.locator("main table a").first.click()
    page.wait_for_url(re.compile(r"/dates/\d+/$"))
    page.locator("summary", has_text="Modifier le nombre de places").first.click()
    page.get_by_label("Places sur place").first.fill("1")
    page.get_by_role("button", name="Modifier", exact=True).first.click()
    people = {}
    for role, state in (("membre", "Votre place est réservée"), ("structure", "Vous êtes sur la liste d’attente")):
        people[role] = browser.new_page(viewport=WIDE, locale="fr-FR")
        sign_in(people[role], site, role)
        people[role].goto(site + LAB)
        people[role].get_by_role("link", name=re.compile("Matinée|liste d’attente")).first.click()
        people[role].locator("main form [type=submit]").last.click()
        expect(people[role].locator("main")).to_contain_text(state)
    look_at(people["structure"], "neutral-liste-d-attente")
    page.reload()
    table = page.locator("main table").first
    for told in ("sur liste d’attente", "Sur place", "ARML"):
        expect(table).to_contain_text(told)
    look_at(page, "neutral-inscriptions")
    page.set_viewport_size(WIDE)
    people["membre"].locator("summary", has_text="Annuler mon inscription").click()
    people["membre"].get_by_role("button", name="Annuler mon inscription").click()
    offer = mailbox.wait_for("structure@demo.example", "Une place se libère")
    people["structure"].goto(site + mailbox.path_in(offer))
    people["structure"].set_viewport_size(WIDE)
    press(people["structure"], "Prendre cette place")
    expect(people["structure"].locator("main")).to_contain_text("Votre place est réservée")
    export = page.request.get(f"{page.url}inscriptions.csv").body()
    assert export.startswith(b"\xef\xbb\xbf")
    assert "ARML" in export.decode("utf-8-sig")
    for one in people.values():
        one.close()
