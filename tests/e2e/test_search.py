"""Searching without an account, by mouse and by keyboard, in both themes, wide and narrow."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import look_at


def test_a_visitor_searches_narrows_and_is_helped(page: Page, site: str, request: object) -> None:
    theme = "state" if "state" in request.node.name else "neutral"  # type: ignore[attr-defined]
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
    look_at(page, f"{theme}-recherche-sans-resultat")


def test_the_box_works_without_script(page: Page, site: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    plain.goto(f"{site}/recherche/")
    plain.locator("main [name=q]").fill("titre de séjour")
    plain.locator("main form [type=submit]").first.click()
    expect(plain.locator("main")).to_contain_text("résultat")
    context.close()


def test_a_member_keeps_a_search(page: Page, site: str, request: object) -> None:
    theme = "state" if "state" in request.node.name else "neutral"  # type: ignore[attr-defined]
    sign_in(page, site, "membre")
    page.goto(f"{site}/recherche/?q=logement")
    page.get_by_role("button", name="Enregistrer cette recherche").click()
    expect(page.locator("body")).to_contain_text("Recherche enregistrée")
    page.goto(f"{site}/mon-espace/mes-recherches/")
    expect(page.locator("main")).to_contain_text("logement")
    look_at(page, f"{theme}-mes-recherches")
    page.get_by_role("button", name=re.compile("Supprimer")).first.click()
    expect(page.locator("body")).to_contain_text("supprimée")
