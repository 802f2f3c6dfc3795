"""The pages that people see first: both themes, wide and narrow, by visitor and member."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import (
    NARROW,
    axe_violations,
    look_at,
    picture,
    tab_to,
    theme_of,
    third_party_requests,
    watch,
)

pytestmark = pytest.mark.both_themes

PAGES = {
    "accueil": "/",
    "projets": "/projets/",
    "appel": "/appels/integration-professionnelle-des-refugies/",
    "annuaire": "/annuaire/",
    "forum": "/forum/",
    "agenda": "/agenda/",
    "ressources": "/ressources/",
    "actualites": "/actualites/",
    "recherche": "/recherche/?q=réfugiés",
    "recherche-vide": "/recherche/?q=introuvablissime",
    "glossaire": "/glossaire/",
    "theme": "/themes/logement/",
    "territoire": "/territoires/dep-29/",
    "connexion": "/connexion/",
    "contact": "/contact/",
    "plan-du-site": "/plan-du-site/",
    "accessibilite": "/accessibilite/",
    "mentions-legales": "/mentions-legales/",
    "donnees-personnelles": "/donnees-personnelles/",
    "cookies": "/gestion-des-cookies/",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(page: Page, site: str, request: pytest.FixtureRequest, name: str) -> None:
    foreign = third_party_requests(page, site)
    response = page.goto(site + PAGES[name])
    assert response is not None
    assert response.status == 200
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "fr"
    look_at(page, f"{theme_of(request)}-{name}", closely=True)
    assert not foreign
    assert page.context.cookies() == [] or name in {"connexion", "contact"}


@pytest.mark.parametrize("role", ["visiteur", "membre"])
def test_sheet_in_its_two_depths(page: Page, site: str, request: pytest.FixtureRequest, role: str) -> None:
    if role != "visiteur":
        sign_in(page, site, role)
    page.goto(f"{site}/projets/")
    page.get_by_role("link", name=re.compile("Loir-et-Cher")).first.click()
    heading = page.get_by_role("heading", name="Financement")
    if role == "visiteur":
        expect(page.get_by_text("Contenu complet réservé aux membres")).to_be_visible()
        assert heading.count() == 0
    else:
        expect(heading).to_be_visible()
        expect(page.get_by_text("54,7").first).to_be_visible()
    look_at(page, f"{theme_of(request)}-fiche-{role}", closely=True)


def test_member_s_home(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    sign_in(page, site, "membre")
    page.goto(site)
    look_at(page, f"{theme_of(request)}-accueil-membre", closely=True)


def test_not_found_page_helps(browser: Browser, site: str, request: pytest.FixtureRequest) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    response = page.goto(f"{site}/nulle-part/")
    assert response is not None
    assert response.status == 404
    search = page.locator("main").get_by_role("searchbox")
    expect(search).to_be_visible()
    look_at(page, f"{theme_of(request)}-404", closely=True)
    search.fill("ADVENTUS")
    search.press("Enter")
    page.wait_for_url(re.compile("/recherche/"))
    expect(page.get_by_role("link", name=re.compile("ADVENTUS")).first).to_be_visible()
    context.close()


def test_admin(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    """Wagtail's own screens: in French, under their own policy, without a violation of it."""
    sign_in(page, site, "animateur")
    page.goto(f"{site}/admin/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert axe_violations(page) == []
    picture(page, f"{theme_of(request)}-admin-1280")
    page.goto(f"{site}/admin/pages/")
    page.get_by_role("link", name=re.compile("Bretagne")).first.click()
    page.get_by_role("link", name=re.compile("ADVENTUS")).first.click()
    expect(page.get_by_role("tab", name="Financement")).to_be_visible()
    assert axe_violations(page) == []
    picture(page, f"{theme_of(request)}-admin-fiche-1280")
    page.set_viewport_size(NARROW)
    picture(page, f"{theme_of(request)}-admin-fiche-320")


def test_keyboard_alone_from_home_to_a_filtered_list(page: Page, neutral_site: str) -> None:
    page.goto(neutral_site)
    page.keyboard.press("Tab")
    assert "contenu" in page.evaluate("document.activeElement.innerText").lower()
    page.keyboard.press("Enter")
    page.goto(f"{neutral_site}/projets/")
    tab_to(page, "Ille-et-Vilaine", limit=120)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("territoire=dep-35"))
    expect(page.get_by_role("link", name=re.compile("ADVENTUS")).first).to_be_visible()
    assert page.get_by_role("link", name=re.compile("Loir-et-Cher")).count() == 0


def test_every_journey_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    complaints = watch(page)
    sign_in(page, site, "membre")
    page.goto(f"{site}/projets/?theme=logement")
    page.goto(f"{site}/projets/")
    page.get_by_role("link", name=re.compile("ADVENTUS")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ADVENTUS")
    page.goto(site)
    page.goto(f"{site}/recherche/?q=hébergement")
    assert not complaints
    context.close()


def test_a_first_visit_is_light(browser: Browser, neutral_site: str) -> None:
    """At most 100 kB and 10 requests, as a browser that accepts brotli receives them."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(neutral_site, wait_until="networkidle")
    assert len(received) <= 10
    assert sum(received) <= 100_000
    context.close()
