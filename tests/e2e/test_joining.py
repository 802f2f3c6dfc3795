"""Joining and one's rights, from the first page to the last mail, read where it arrived: on an SMTP server.

A real worker sends what the pages have queued. Whatever is typed is typed on the keyboard.
"""

import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import NARROW, WIDE, look_at, tab_to, theme_of, watch
from tests.support.openid_provider import OpenIdProvider
from tests.support.server import ROOT, demo_environment, free_port, served
from tests.support.smtp_server import SmtpServer

MAIL_SECONDS = 30


@dataclass
class Mailbox:
    """What has arrived."""

    smtp: SmtpServer

    def wait_for(self, to: str, subject: str) -> EmailMessage:
        """Return the last message to an address whose subject holds ``subject``, once it is there."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for message in reversed(self.smtp.messages):
                if message["To"] == to and subject in message["Subject"]:
                    return message
            time.sleep(0.2)
        arrived = [(message["To"], message["Subject"]) for message in self.smtp.messages]
        raise AssertionError(f"no “{subject}” for {to}; arrived: {arrived}")

    @staticmethod
    def path_in(message: EmailMessage) -> str:
        """Return the path of the only button: the same address in the text and in the HTML."""
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
        link = next(line for line in text.splitlines() if line.startswith("http"))
        assert html.count(f'href="{link}"') >= 1
        return urlsplit(link).path


@pytest.fixture(scope="module")
def mailbox(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """An SMTP server, and the worker of the demo that sends to it."""
    smtp = SmtpServer(tmp_path_factory.mktemp("mailbox"))
    smtp.start()
    environment = demo_environment(demo_data, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}")
    with (demo_data / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        yield Mailbox(smtp)
        worker.terminate()
        worker.wait(timeout=15)
    smtp.stop()


def press(page: Page, text: str) -> None:
    """Go to a link or a button with Tab, and press Enter."""
    tab_to(page, text, limit=120)
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label, limit=120)
    page.keyboard.type(text)


def ask_to_join(page: Page, email: str, *, organisation: str = "") -> None:
    """Fill in the form of registration and send it, by the keyboard alone."""
    write(page, "Votre adresse électronique", email)
    write(page, "Prénom", "Candidate")
    write(page, "Nom", "D’essai")
    write(page, "Votre fonction", "Conseillère")
    write(page, "Votre structure", organisation)
    # Out of the list of suggestions.
    page.keyboard.press("Escape")
    write(page, "Pourquoi", "Pour partager nos pratiques.")
    tab_to(page, "J’accepte la charte")
    page.keyboard.press("Space")
    press(page, "Demander mon compte")
    page.wait_for_url(re.compile("/inscription/envoyee/$"))


def confirm(page: Page, site: str, mailbox: Mailbox, email: str) -> None:
    page.goto(site + mailbox.path_in(mailbox.wait_for(email, "Confirmez votre adresse")))
    press(page, "Confirmer mon adresse")
    page.wait_for_url(re.compile("/inscription/en-attente/$"))


def as_animator(browser: Browser, site: str, mailbox: Mailbox) -> Page:
    """Open the request of which the animator was told last."""
    page = browser.new_page(viewport=WIDE, locale="fr-FR")
    sign_in(page, site, "animateur")
    page.goto(site + mailbox.path_in(mailbox.wait_for("animateur@demo.example", "Compte à valider")))
    return page


def test_somebody_joins(
    page: Page, browser: Browser, site: str, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    """P1.1: from « Créer un compte » to the first steps."""
    theme = theme_of(request)
    email = f"admise-{theme}@exemple.example"
    page.goto(site)
    press(page, "Créer un compte")
    page.wait_for_url(re.compile("/inscription/$"))
    look_at(page, f"{theme}-inscription")
    page.set_viewport_size(WIDE)
    ask_to_join(page, email, organisation="Défis emploi du Pays de Brest")
    look_at(page, f"{theme}-inscription-envoyee")
    asked = mailbox.wait_for(email, "Confirmez votre adresse")
    assert "24 heures" in asked.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page.goto(site + mailbox.path_in(asked))
    look_at(page, f"{theme}-inscription-confirmer")
    press(page, "Confirmer mon adresse")
    page.wait_for_url(re.compile("/inscription/en-attente/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Compte en attente de validation")
    look_at(page, f"{theme}-inscription-en-attente")

    animator = as_animator(browser, site, mailbox)
    look_at(animator, f"{theme}-compte-a-valider")
    animator.set_viewport_size(WIDE)
    press(animator, "Accepter comme membre")
    animator.wait_for_url(re.compile("/animation/comptes/$"))
    expect(animator.locator("main, [role=status]").first).to_contain_text("Candidate")
    look_at(animator, f"{theme}-comptes-a-valider")
    animator.close()

    welcome = mailbox.wait_for(email, "Bienvenue")
    html = welcome.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert html.count("Compléter mon profil") == 1
    page.goto(site + mailbox.path_in(welcome))
    expect(page.get_by_role("heading", level=1)).to_have_text("Premiers pas")
    expect(page.locator("main")).to_contain_text("0/5")
    look_at(page, f"{theme}-premiers-pas")
    page.goto(site)
    expect(page.locator("#first-steps")).to_be_visible()


def test_somebody_is_refused_and_told_why(
    page: Page, browser: Browser, site: str, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    email = f"refusee-{theme}@exemple.example"
    page.goto(f"{site}/inscription/")
    page.locator("[name=region]").select_option("53")
    ask_to_join(page, email)
    confirm(page, site, mailbox, email)

    animator = as_animator(browser, site, mailbox)
    press(animator, "Refuser cette demande")
    write(animator, "Motif du refus", "Votre activité ne relève pas de l’insertion.")
    press(animator, "Refuser et prévenir")
    animator.wait_for_url(re.compile("/animation/comptes/$"))
    animator.close()

    text = mailbox.wait_for(email, "Votre demande de compte").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Votre activité ne relève pas de l’insertion." in text
    assert "/contact/" in text
    page.reload()
    expect(page.locator("main")).to_contain_text("Votre activité ne relève pas de l’insertion.")
    look_at(page, f"{theme}-inscription-refusee")


@pytest.fixture(scope="module")
def agents_site(demo_data: Path) -> Iterator[str]:
    """The demo as agents reach it: with an OpenID provider, which knows its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    provider = OpenIdProvider(address)
    provider.start()
    with served(demo_data, "neutral", port=port, BASE_URL=address, **provider.environment):
        yield address
    provider.stop()


def test_an_agent_joins_with_proconnect_and_signs_out_of_both(
    browser: Browser, agents_site: str, mailbox: Mailbox
) -> None:
    """The browser's own policies let it through: forms that lead to another site, both ways."""
    # A page of its own: Chromium complains of the font that the provider's pages want and do not get.
    page = browser.new_page(viewport=WIDE, locale="fr-FR")
    page.route("**/fonts.googleapis.com/**", lambda route: route.abort())
    page.goto(f"{agents_site}/connexion/")
    press(page, "S’identifier avec ProConnect")
    page.locator("[name=login]").fill("agente@dreets.example")
    page.locator("[name=password]").fill("indifférent")
    page.locator("[name=password]").press("Enter")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{agents_site}/inscription/proconnect/")
    expect(page.locator("main")).to_contain_text("agente@dreets.example")
    write(page, "Votre fonction", "Chargée de mission")
    page.locator("[name=region]").select_option("53")
    page.locator("[name=consent]").press("Space")
    look_at(page, "neutral-inscription-proconnect")
    page.set_viewport_size(WIDE)
    press(page, "Demander mon compte")
    page.wait_for_url(f"{agents_site}/inscription/en-attente/")
    assert mailbox.wait_for("animateur@demo.example", "Agente D’essai")
    page.goto(f"{agents_site}/deconnexion/")
    page.locator("main form [type=submit]").press("Enter")
    # The provider asks whether to end its own session too.
    page.locator("[name=logout]").click()
    page.wait_for_url(f"{agents_site}/")
    expect(page.locator("body")).to_contain_text("déconnecté du portail et de ProConnect")
    page.close()


def test_an_address_that_has_an_account_sees_the_same_page(page: Page, neutral_site: str, mailbox: Mailbox) -> None:
    told = []
    for email in ("inconnue@exemple.example", "MEMBRE@demo.example"):
        page.goto(f"{neutral_site}/inscription/")
        ask_to_join(page, email)
        told.append(page.locator("main").inner_text())
    assert told[0] == told[1]
    assert mailbox.wait_for("membre@demo.example", "Vous avez déjà un compte")
    assert mailbox.wait_for("inconnue@exemple.example", "Confirmez votre adresse")


def test_a_list_is_invited_and_one_of_it_joins_without_script(
    page: Page, browser: Browser, site: str, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    email = f"invitee-{theme}@exemple.example"
    sign_in(page, site, "structure")
    page.goto(f"{site}/mon-espace/ma-structure/invitations/")
    look_at(page, f"{theme}-invitations")
    page.set_viewport_size(WIDE)
    press(page, "Inviter à partir d’une liste")
    page.wait_for_url(re.compile("/fichier/$"))
    look_at(page, f"{theme}-invitations-fichier")
    content = f"courriel;prénom;nom;rôle\n{email};Invitée;D’essai;rédactrice\nmembre@demo.example;;;membre\n"
    listed = {"name": "equipe.csv", "mimeType": "text/csv", "buffer": content.encode("cp1252")}
    page.locator("[type=file]").set_input_files(files=[listed])  # type: ignore[list-item]
    page.locator("main form [type=submit]").click()
    expect(page.locator("main table")).to_contain_text(email)
    look_at(page, f"{theme}-invitations-apercu")
    page.set_viewport_size(WIDE)
    page.locator("main form [type=submit]").click()
    page.wait_for_url(re.compile("/invitations/$"))

    context = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="fr-FR")
    guest = context.new_page()
    complaints = watch(guest)
    guest.goto(site + mailbox.path_in(mailbox.wait_for(email, "Vous êtes invité")))
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Rejoindre")
    guest.locator("[name=job_title]").fill("Conseillère")
    # By the keyboard: the State's theme draws its box with the label, over the input.
    guest.locator("[name=consent]").press("Space")
    guest.locator("main form [type=submit]").click()
    guest.wait_for_url(re.compile("/premiers-pas/$"))
    expect(guest.locator("main")).to_contain_text("0/5")
    assert not complaints
    context.close()
    assert mailbox.wait_for(email, "Bienvenue")


def test_a_link_signs_in_and_a_forgotten_password_is_replaced(page: Page, neutral_site: str, mailbox: Mailbox) -> None:
    page.goto(f"{neutral_site}/connexion/?next=/mon-espace/mon-profil/")
    press(page, "Recevoir un lien")
    page.wait_for_url(re.compile("/connexion/lien/"))
    write(page, "Adresse", "animateur-autre-region@demo.example")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/envoye/$"))
    message = mailbox.wait_for("animateur-autre-region@demo.example", "Votre lien de connexion")
    page.goto(neutral_site + mailbox.path_in(message))
    # The header has a link of the same name.
    page.locator("main form [type=submit]").press("Enter")
    page.wait_for_url(f"{neutral_site}/mon-espace/mon-profil/")
    # The link has served: it opens nothing any more.
    response = page.request.get(neutral_site + mailbox.path_in(message))
    assert response.status == 404


def write_to_the_team(page: Page, subject: str, email: str, message: str) -> None:
    """Fill in the contact form, whose subject the link has chosen, by the keyboard alone."""
    page.wait_for_url(re.compile("/contact/"))
    expect(page.locator("[name=subject]")).to_have_value(subject)
    write(page, "Votre nom", "Visiteuse d’essai")
    write(page, "Votre adresse électronique", email)
    write(page, "Votre message", message)
    press(page, "Envoyer")
    page.wait_for_url(re.compile("/contact/merci/"))


def test_one_exercises_one_s_rights(
    browser: Browser, site: str, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    """P4.5: the foot leads to one's rights, to a defect of accessibility, to the map; a lost page helps."""
    theme = theme_of(request)
    # A page of its own: Chromium complains of the lost page.
    page = browser.new_page(viewport=WIDE, locale="fr-FR")
    page.goto(site)
    press(page, "Données personnelles")
    page.wait_for_url(re.compile("/donnees-personnelles/$"))
    page.locator("main a[href^='/contact/']").first.press("Enter")
    email, message = f"visiteuse-{theme}@exemple.example", "Je souhaite savoir ce que vous gardez de moi."
    write_to_the_team(page, "rights", email, message)
    look_at(page, f"{theme}-contact-envoye")
    page.set_viewport_size(WIDE)
    told = mailbox.wait_for("contact@demo.example", "droits")
    assert told["Reply-To"] == email
    assert message in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    page.goto(site)
    expect(page.get_by_role("contentinfo")).to_contain_text(
        re.compile(r"Accessibilité\s: (non|partiellement|totalement) conforme")
    )
    press(page, "Accessibilité")
    page.wait_for_url(re.compile("/accessibilite/$"))
    page.locator("main a[href^='/contact/']").first.press("Enter")
    write_to_the_team(page, "accessibility", email, "Le menu ne se lit pas à la loupe.")
    defect = mailbox.wait_for("contact@demo.example", "accessibilité")
    assert "à la loupe" in defect.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    page.goto(site)
    listed = "header nav a[href^='/'], footer a[href^='/']"
    everywhere = set(page.locator(listed).evaluate_all("links => links.map(link => link.getAttribute('href'))"))
    press(page, "Plan du site")
    page.wait_for_url(re.compile("/plan-du-site/$"))
    mapped = set(page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))"))
    assert len(everywhere) > 8
    assert everywhere - {"/plan-du-site/"} <= mapped
    page.goto(f"{site}/page-perdue/")
    search = page.locator("main").get_by_role("searchbox")
    search.fill("logement")
    search.press("Enter")
    page.wait_for_url(re.compile(r"/recherche/\?q=logement"))
    page.close()


def test_a_member_takes_a_copy_and_plans_to_leave(
    page: Page, site: str, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    role = {"neutral": "membre", "state": "animateur-autre-region"}[theme_of(request)]
    sign_in(page, site, role)
    page.goto(f"{site}/mon-espace/mes-donnees/")
    press(page, "Demander une copie")
    page.wait_for_load_state()
    ready = mailbox.wait_for(f"{role}@demo.example", "La copie de vos données est prête")
    page.goto(site + mailbox.path_in(ready))
    with page.expect_download() as waiting:
        press(page, "Télécharger mes données")
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert f"{role}@demo.example" in archive.read("donnees.json").decode()
    press(page, "Supprimer mon compte")
    page.wait_for_url(re.compile("/suppression/$"))
    look_at(page, f"{theme_of(request)}-suppression")
    page.set_viewport_size(WIDE)
    press(page, "Supprimer mon compte dans une semaine")
    page.wait_for_url(re.compile("/mes-donnees/$"))
    planned = mailbox.wait_for(f"{role}@demo.example", "Votre compte sera supprimé le")
    page.goto(site + mailbox.path_in(planned))
    press(page, "Garder mon compte")
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Supprimer mon compte")
