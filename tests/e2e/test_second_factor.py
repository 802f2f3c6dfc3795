"""Second factors in a real browser: a passkey, and an application without any script."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import NARROW, look_at, theme_of, watch
from tests.support.server import DEMO_PASSWORD

SECURITY = "/mon-espace/securite/"
FACTORS = f"{SECURITY}second-facteur/"


def named(site: str) -> str:
    """Return the site under a name: a passkey belongs to one, and an address in figures is none."""
    return site.replace("127.0.0.1", "localhost")


def add_authenticator(page: Page) -> None:
    """Give the browser a device with a fingerprint reader, whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/deconnexion/")
    page.locator("main form button").click()
    page.wait_for_url(f"{site}/")


def type_password(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}/connexion/")
    page.locator("[name=login]").fill(f"{role}@demo.example")
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    page.locator("[name=password]").press("Enter")


def test_a_passkey_is_made_signs_in_and_is_removed(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    site, theme = named(site), theme_of(request)
    add_authenticator(page)
    sign_in(page, site, "porteur")
    page.goto(f"{site}{FACTORS}cle/")
    look_at(page, f"{theme}-cle-d-acces")
    page.locator("[data-passkey] button").click()
    page.wait_for_url(re.compile("/codes/"))
    look_at(page, f"{theme}-codes-de-secours")
    page.locator("main [name=action][value=noted]").click()
    page.wait_for_url(f"{site}{FACTORS}")
    look_at(page, f"{theme}-second-facteur")

    sign_out(page, site)
    page.goto(f"{site}/connexion/?next=/mon-espace/")
    page.locator("[data-passkey] button").click()
    page.wait_for_url(f"{site}/mon-espace/")

    sign_out(page, site)
    type_password(page, site, "porteur")
    page.wait_for_url(f"{site}/connexion/code/")
    look_at(page, f"{theme}-connexion-code")
    page.locator("[data-passkey] button").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)

    page.goto(f"{site}{FACTORS}")
    page.locator("main table a").click()
    page.locator("main form button").click()
    page.wait_for_url(f"{site}{FACTORS}")
    expect(page.locator("main table")).to_have_count(0)


def test_an_address_in_figures_offers_no_passkey(page: Page, neutral_site: str) -> None:
    page.goto(f"{neutral_site}/connexion/")
    expect(page.locator("[data-passkey]")).to_be_hidden()


def test_an_application_without_script_then_signed_out_everywhere(browser: Browser, state_site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW, locale="fr-FR")
    page = context.new_page()
    complaints = watch(page)
    type_password(page, state_site, "structure")
    page.goto(f"{state_site}{FACTORS}application/")
    secret = page.locator("main strong[translate=no]").inner_text().replace(" ", "")
    assert page.locator("main img[src^='data:image/svg+xml']").bounding_box()["width"] > 150  # type: ignore[index]

    def code(shift: int = 0) -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))

    page.locator("[name=code]").fill(code())
    page.locator("[name=code]").press("Enter")
    page.wait_for_url(re.compile("/codes/"))
    recovery = page.locator("main li strong").first.inner_text()
    page.locator("main [name=action][value=noted]").click()

    other = browser.new_context(java_script_enabled=False, locale="fr-FR")
    elsewhere = other.new_page()
    type_password(elsewhere, state_site, "structure")
    elsewhere.locator("[name=code]").fill(recovery)
    elsewhere.locator("[name=code]").press("Enter")
    elsewhere.wait_for_url(lambda url: "/connexion/" not in url)

    page.goto(f"{state_site}{SECURITY}appareils/")
    page.locator("main [name=others]").click()
    page.wait_for_load_state()
    elsewhere.goto(f"{state_site}/mon-espace/")
    assert "/connexion/" in elsewhere.url

    page.goto(f"{state_site}{FACTORS}")
    page.locator("main a[href$='/retirer/']").click()
    page.locator("main form button").click()
    page.wait_for_url(f"{state_site}{FACTORS}")
    assert not complaints
    for done in (context, other):
        done.close()


def test_a_typed_password_can_be_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/connexion/")
    field, toggle = page.locator("[name=password]"), page.locator("[data-show-password] button")
    field.fill("une phrase")
    toggle.click()
    expect(field).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.click()
    expect(field).to_have_attribute("type", "password")


@pytest.mark.both_themes
@pytest.mark.parametrize("path", ["", "securite/", "securite/appareils/", "securite/second-facteur/application/"])
def test_pages_of_my_space(page: Page, site: str, request: pytest.FixtureRequest, path: str) -> None:
    sign_in(page, site, "membre")
    response = page.goto(f"{site}/mon-espace/{path}")
    assert response is not None
    assert response.status == 200
    assert page.locator("h1").count() == 1
    look_at(page, f"{theme_of(request)}-mon-espace-{path.strip('/').replace('/', '-') or 'apercu'}")
