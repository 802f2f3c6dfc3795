"""Searching without an account, by mouse and by keyboard, in both themes, wide and narrow."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import look_at, theme_of


def test_a_visitor_searches_narrows_and_is_helped(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    page.goto(f"{site}/recherche/")
    box = page.get_by_role("combobox", name=re.compile("Que cherchez-vous"))
    expect(box).to_have_attribute("aria-expanded", "false")
    # Completed by the keyboard: arrows choose, Escape gives up, Enter takes.
    box.press_sequentially("log", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    look_at(page, f"{theme}-recherche-suggestions")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("log")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    box.press("Escape")
    box.fill("logements")
    box.press("Enter")
    page.wait_for_url(re.compile(r"q=logements"))
    expect(page.locator("main mark").first).to_be_visible()
    look_at(page, f"{theme}-recherche-resultats")
    # Narrowed by a facet, and widened again.
    page.locator("main [name=type]").first.check(force=True)
    page.get_by_role("button", name="Appliquer les filtres").click()
    page.wait_for_url(re.compile(r"type="))
    look_at(page, f"{theme}-recherche-filtree")
    # A slip of the pen.
    page.goto(f"{site}/recherche/?q=logemant")
    expect(page.locator("main")).to_contain_text("Essayez avec l’orthographe")
    look_at(page, f"{theme}-recherche-corrigee")
    page.goto(f"{site}/recherche/?q=zzzzqx")
    expect(page.locator("main")).to_contain_text("zzzzqx")
    # Ten kilobytes reach the page through the server, which tells what to do.
    too_long = page.request.get(f"{site}/recherche/", params={"q": "é" * 5_000})
    assert too_long.ok
    assert "Votre recherche compte 5000 signes" in too_long.text()
    look_at(page, f"{theme}-recherche-sans-resultat")


def test_a_visitor_searches_without_an_account(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    """P2.1: public results alone, facets, nothing of what is reserved, an account to be had."""
    page.goto(f"{site}/")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("titre de séjour")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/recherche/\?q="))
    main = page.locator("main")
    look_at(page, f"{theme_of(request)}-recherche-sans-compte")
    for facet in ("Type", "Thème", "Territoire"):
        expect(main.get_by_role("group", name=facet).or_(main.get_by_text(facet, exact=True)).first).to_be_attached()
    addresses = [link.get_attribute("href") or "" for link in main.locator("h2 a").all()]
    assert addresses
    assert not re.search(r"après connexion|\d+ (autres )?résultats? réservé", main.inner_text())
    for address in addresses:
        assert page.request.get(f"{site}{address}").ok, address
    main.get_by_role("link", name="Créer un compte").click()
    page.wait_for_url(re.compile("/inscription/"))


def test_the_box_works_without_script(page: Page, site: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto(f"{site}/recherche/")
    plain.locator("main [name=q]").fill("titre de séjour")
    plain.locator("main form [type=submit]").first.click()
    expect(plain.locator("main")).to_contain_text("résultat")
    context.close()


def test_a_member_keeps_a_search(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "membre")
    page.goto(f"{site}/recherche/?q=logement")
    page.get_by_role("button", name="Enregistrer cette recherche").click()
    expect(page.locator("body")).to_contain_text("Recherche enregistrée")
    page.goto(f"{site}/mon-espace/mes-recherches/")
    expect(page.locator("main")).to_contain_text("logement")
    look_at(page, f"{theme}-mes-recherches")
    page.get_by_role("button", name=re.compile("Supprimer")).first.click()
    expect(page.locator("body")).to_contain_text("supprimée")
