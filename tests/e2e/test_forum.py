"""Asking, being helped, reporting: journeys P2.2, P2.3 and P2.5, in both themes, wide and narrow."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.forum.corpus import XSS
from tests.support.browser import WIDE, look_at, tab_to, theme_of
from tests.support.server import demo_environment, manage
from tests.support.smtp_server import SmtpServer

_numbers = count(1)

#: What workers do: a week of working days passes over the questions, then everything is told and sent.
WORKERS = """
from datetime import timedelta
from django.utils import timezone
from directory.models import Profile
from forum.community.services.competence import offer_to_answer, pass_on_unanswered
from forum.machina_apps.forum_conversation.models import Topic
from portal.accounts.models import User
from portal.mail.delivery import deliver_due
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Notification, Subscription
from portal.taxonomy.models import Theme
for role in ("porteur", "structure", "animateur-autre-region"):
    user = User.objects.get(email=f"{role}@demo.example")
    Profile.objects.get(user=user).themes.add(Theme.objects.get(slug="logement"))
    offer_to_answer(user=user, offers=True)
Subscription.objects.filter(user__email="structure@demo.example").update(rhythm="now")
Topic.objects.filter(subject__contains="essai").update(created=timezone.now() - timedelta(days=8))
pass_on_unanswered()
fan_out_due()
Notification.objects.filter(rhythm="now").update(mail_due_at=timezone.now())
send_due()
deliver_due()
"""


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """A real mail server for what the portal under test sends."""
    smtp = SmtpServer(tmp_path_factory.mktemp("forum"))
    smtp.start()
    yield smtp
    smtp.stop()


def mails(demo_data: Path, smtp: SmtpServer, site: str, about: str) -> dict[str, tuple[str, str]]:
    """Let the workers run; return the subject and the text of the mail that tells each person of ``about``."""
    smtp.clear()
    env = demo_environment(demo_data, EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}", BASE_URL=site)
    manage("shell", "--verbosity=0", "-c", WORKERS, env=env)
    told = ((mail["To"], mail["Subject"], mail.get_body(("plain",)).get_content()) for mail in smtp.messages)
    return {to: (subject, text) for to, subject, text in told if about in f"{subject} {text}"}


def member(browser: Browser, site: str, role: str) -> Page:
    page = browser.new_context(locale="fr-FR", viewport=WIDE).new_page()
    sign_in(page, site, role)
    return page


def test_a_question_is_asked_and_settled(
    browser: Browser, page: Page, site: str, demo_data: Path, mailbox: SmtpServer, request: pytest.FixtureRequest
) -> None:
    """P2.2 then P2.3."""
    theme, number = theme_of(request), next(_numbers)
    sign_in(page, site, "membre")
    page.goto(f"{site}/forum/")
    look_at(page, f"{theme}-forum")
    page.locator("main").get_by_role("link", name="Poser une question").click()
    page.locator("[name=subject]").fill("Récépissé expiré : que répondre à un employeur qui")
    # Discussions close to the question, while it is typed.
    expect(page.locator(".similar a").first).to_contain_text("Récépissé")
    page.locator("[name=subject]").fill(f"Un employeur refuse un récépissé, essai {theme} {number}")
    page.locator("[name=space]").select_option(label="Logement")
    page.locator("[name=territory]").select_option(label="\u00a0\u00a0Finistère (29)")
    page.locator("[name=content]").fill("Que lui **montrer** ?")
    expect(page.locator("[data-draft-state]")).to_contain_text("Brouillon enregistré")
    look_at(page, f"{theme}-forum-question")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#apercu strong")).to_have_text("montrer")
    expect(page.locator("[name=subject]")).to_have_value(re.compile("Un employeur refuse"))
    page.get_by_role("button", name="Publier ma question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Un employeur refuse")
    address, subject = page.url, f"essai {theme} {number}"
    look_at(page, f"{theme}-forum-sans-reponse")
    # Told to who follows the theme; 48 working hours later to competent members, and to the animator.
    told = mails(demo_data, mailbox, site, "Un employeur refuse")
    assert {f"{role}@demo.example" for role in ("porteur", "structure", "animateur-autre-region")} <= set(told)
    assert "Vous suivez le thème" in told["structure@demo.example"][1]
    assert "Pouvez-vous répondre" in told["porteur@demo.example"][0]
    animator = member(browser, site, "animateur")
    animator.goto(f"{site}/animation/forum/sans-reponse/")
    expect(animator.locator("main")).to_contain_text(subject)
    animator.context.close()
    helper = member(browser, site, "structure")
    helper.goto(address)
    helper.locator("[name=content]").fill("Montrez-lui l’attestation de prolongation : @Conseiller en mission locale.")
    helper.get_by_role("button", name="Publier ma réponse").click()
    expect(helper.locator("article:target")).to_contain_text("attestation de prolongation")
    helper.context.close()
    # Who asked is told at once; the mail leads to the answer itself, which stands out.
    _subject, text = mails(demo_data, mailbox, site, "Un employeur refuse")["membre@demo.example"]
    assert "Une personne a répondu à «" in text
    found = re.search(rf"{site}/notifications/[^\s>]+", text)
    assert found
    page.goto(found[0])
    expect(page.locator("article:target")).to_contain_text("attestation de prolongation")
    expect(page.locator("article:target")).to_be_in_viewport()
    look_at(page, f"{theme}-forum-reponse-recue")
    page.get_by_role("button", name="Cette réponse m’a aidé").click()
    expect(page.locator("main")).to_contain_text("Résolue")
    expect(page.locator("article:target")).to_contain_text("Cette réponse a aidé")
    page.get_by_role("link", name="Relier à une fiche").click()
    page.locator("main [name=q]").fill("ADVENTUS")
    page.locator("main [type=search]").press("Enter")
    look_at(page, f"{theme}-forum-relier")
    page.get_by_role("button", name="Relier à « ADVENTUS »").click()
    page.locator("main").get_by_role("link", name="ADVENTUS", exact=True).click()
    expect(page.locator("#discussions")).to_contain_text("Cité dans")
    expect(page.locator("#discussions")).to_contain_text("Un employeur refuse")
    page.goto(address)
    look_at(page, f"{theme}-forum-resolue")


def test_a_discussion_is_read_and_reported_with_the_keyboard(
    page: Page, site: str, request: pytest.FixtureRequest
) -> None:
    """P2.5, without a mouse; and the visitor's pages."""
    theme = theme_of(request)
    page.goto(f"{site}/forum/sante/")
    look_at(page, f"{theme}-forum-theme")
    tab_to(page, "Un rendez-vous de santé")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Un rendez-vous de santé")
    look_at(page, f"{theme}-forum-visiteur")
    sign_in(page, site, "membre")
    page.goto(f"{site}/forum/sante/")
    tab_to(page, "Interprétariat médical")
    page.keyboard.press("Enter")
    tab_to(page, "Signaler", limit=160)
    page.keyboard.press("Enter")
    expect(page.locator("main blockquote")).to_contain_text("Interprétariat médical")
    page.get_by_label("données personnelles").check()
    page.locator("main form").get_by_role("button").last.click()
    expect(page.locator("body")).to_contain_text(re.compile("prévenue|Merci"))
    for path in ("/forum/toutes/?etat=resolues", "/forum/non-lues/", "/forum/repondre-aux-questions/"):
        page.goto(f"{site}{path}")
        look_at(page, f"{theme}-{path.strip('/').replace('/', '-').split('?')[0]}")


def test_personal_data_are_noticed_before_they_are_read(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> None:
    # A page of its own: Chromium complains of the refusal itself.
    page = member(browser, site, "porteur")
    page.goto(f"{site}/forum/poser-une-question/")
    page.locator("[name=subject]").fill("Une personne sans réponse depuis trois mois")
    page.locator("[name=space]").select_option(label="Santé")
    page.locator("[name=content]").fill("Son numéro étranger est le 7503012345.")
    page.get_by_role("button", name="Publier ma question").click()
    expect(page.locator("main")).to_contain_text("Ce message semble contenir une donnée personnelle")
    expect(page.locator("[name=content]")).to_have_value("Son numéro étranger est le 7503012345.")
    look_at(page, f"{theme_of(request)}-forum-donnee-personnelle")
    page.context.close()


def test_everything_works_without_script(browser: Browser, neutral_site: str) -> None:
    page = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport=WIDE).new_page()
    sign_in(page, neutral_site, "structure")
    page.goto(f"{neutral_site}/forum/poser-une-question/?theme=mobilite")
    page.locator("[name=subject]").fill("Interprétariat médical en ville, sans script")
    page.get_by_role("button", name="Voir si la question a déjà été posée").click()
    expect(page.locator(".similar a").first).to_contain_text("Interprétariat")
    page.locator("[name=content]").fill("Comment faites-vous ?")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("[name=content]")).to_have_value("Comment faites-vous ?")
    page.get_by_role("button", name="Publier ma question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sans script")
    page.locator("[name=content]").fill("Je réponds moi-même.")
    page.get_by_role("button", name="Publier ma réponse").click()
    expect(page.locator("article:target")).to_contain_text("Je réponds moi-même.")
    page.context.close()


def test_no_script_typed_in_a_message_runs(browser: Browser, neutral_site: str) -> None:
    page = member(browser, neutral_site, "animateur")
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto(f"{neutral_site}/forum/poser-une-question/?theme=numerique")
    page.locator("[name=subject]").fill("<img src=x onerror=alert(1)> dans un titre")
    page.locator("[name=content]").fill("\n\n".join(XSS))
    page.get_by_role("button", name="Publier ma question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dans un titre")
    for link in page.locator("article.message .message__text a").all():
        link.hover()
        assert re.match("https?:|mailto:|tel:|/", link.get_attribute("href") or "/")
    page.goto(f"{neutral_site}/forum/toutes/")
    page.goto(f"{neutral_site}/recherche/?q=titre")
    assert not ran
    page.context.close()


def test_moderators_have_their_pages(page: Page, site: str, demo_data: object, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "animateur")
    for path in ("", "sans-reponse/", "sanctions/", "espaces/"):
        page.goto(f"{site}/animation/forum/{path}")
        look_at(page, f"{theme}-animation-forum-{path.strip('/') or 'file'}")
    page.goto(f"{site}/forum/mobilite/")
    page.locator("main article a").first.click()
    page.get_by_role("button", name="Fermer aux réponses").click()
    expect(page.locator("main")).to_contain_text("Fermée")
    page.get_by_role("button", name="Rouvrir aux réponses").click()
    look_at(page, f"{theme}-forum-moderation")
