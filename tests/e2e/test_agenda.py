"""The agenda as people live it: a guest without account, an organiser, the mails read where they arrived."""

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_joining import Mailbox, mailbox, press, write
from tests.support.browser import WIDE, look_at, theme_of

__all__ = ["mailbox"]

PARIS = ZoneInfo("Europe/Paris")
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


def test_an_organiser_makes_a_session_lab(browser: Browser, state_site: str, mailbox: Mailbox) -> None:
    """P3.1: from the template to the announcement, with the number of people that it writes to."""
    site = state_site
    # A page of its own: Chromium complains of the refusal itself.
    page = browser.new_page(viewport=WIDE, locale="fr-FR")
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/")
    page.locator("main").get_by_role("link", name=re.compile("^Évènements")).first.click()
    page.wait_for_url(re.compile("/animation/evenements/$"))
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
    # The morning is open to all, the afternoon is the project holders'.
    expect(page.locator("[name=parts-0-access]")).to_have_value("public")
    expect(page.locator("[name=parts-1-access]")).to_have_value("laureates")
    # Without a date nothing is lost and the field says so.
    page.locator("[name=venue]").fill("Ti Lab")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[name=starts_on]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=venue]")).to_have_value("Ti Lab")
    # One more part, then without it: what is typed stays.
    page.get_by_role("button", name="Ajouter une séance").click()
    expect(page.locator("[name=parts-2-title]")).to_have_value("")
    expect(page.locator("[name=venue]")).to_have_value("Ti Lab")
    page.locator("main label[for=id_parts-2-is_removed]").click()
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
    page.close()


def move_to(page: Page, date_page: str, moment: datetime) -> None:
    """Give a date another day and hour by its form; those registered are told."""
    page.goto(f"{date_page}modifier/")
    page.locator("[name=day]").fill(f"{moment:%Y-%m-%d}")
    page.locator("[name=start_time]").fill(f"{moment:%H:%M}")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(date_page)


def remind_of(page: Page, data: Path, mailbox: Mailbox) -> None:
    """Bring the date nearer: a reminder leaves seven days before, another on the eve."""
    date_page = page.url
    page.goto(f"{date_page}modifier/")
    day, clock = (page.locator(f"[name={name}]").input_value() for name in ("day", "start_time"))
    for hours in (6 * 24 + 12, 12):
        moment = datetime.now(PARIS) + timedelta(hours=hours)
        move_to(page, date_page, moment)
        have_run(data, "agenda.reminders")
        assert mailbox.wait_for("structure@demo.example", f"Le {moment.day}")
    # As it was: other journeys come here too.
    move_to(page, date_page, datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PARIS))


def note_arrivals(page: Page, participant: Page, site: str) -> None:
    """Tick who is there; the certificate is theirs at once. Then the figures of the whole event."""
    date_page = page.url
    press(page, "Pointage")
    page.wait_for_url(re.compile("/pointage/$"))
    look_at(page, "neutral-pointage")
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name=re.compile("est là")).first.click()
    expect(page.locator("main table").first).to_contain_text("présent")
    participant.reload()
    certificate = participant.get_by_role("link", name="Attestation").get_attribute("href") or ""
    assert participant.request.get(site + certificate).body().startswith(b"%PDF")
    page.goto(f"{date_page}restitution/")
    look_at(page, "neutral-restitution-a-ecrire")
    page.goto(f"{date_page}statistiques/")
    page.set_viewport_size(WIDE)
    page.get_by_role("link", name="Chiffres de tout l’évènement").click()
    expect(page.locator("main tfoot")).to_contain_text("100")
    look_at(page, "neutral-chiffres-evenement")
    page.set_viewport_size(WIDE)


def have_run(data: Path, job: str) -> None:
    """Make a scheduled job due now: the worker does the rest, as it does when the time comes."""
    with closing(sqlite3.connect(data / "portal.sqlite3", timeout=20)) as database, database:
        changed = database.execute(
            "UPDATE core_scheduledjob SET next_run_at = '2000-01-01 00:00:00' WHERE name = ?", [job]
        ).rowcount
    assert changed == 1


def test_a_place_that_comes_free_goes_to_the_next(
    page: Page, browser: Browser, neutral_site: str, mailbox: Mailbox, demo_data: Path
) -> None:
    """P3.2: the table, a withdrawal, the mail to the first who waits, the export, both reminders; then who came."""
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
    kept = re.search(r"jusqu’au\s+\S+\s+(\d+)", offer.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert kept is not None
    assert int(kept[1]) == (datetime.now(PARIS) + timedelta(hours=24)).day
    people["structure"].goto(site + mailbox.path_in(offer))
    people["structure"].set_viewport_size(WIDE)
    press(people["structure"], "Prendre cette place")
    expect(people["structure"].locator("main")).to_contain_text("Votre place est réservée")
    export = page.request.get(f"{page.url}inscriptions.csv").body()
    assert export.startswith(b"\xef\xbb\xbf")
    assert re.search(r";[^;]*ARML[^;]*;", export.decode("utf-8-sig"))
    remind_of(page, demo_data, mailbox)
    note_arrivals(page, people["structure"], site)
    for one in people.values():
        one.close()
