"""Finding, comparing, reusing: P4.1, P4.4 and P3.5, by keyboard where it matters."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import look_at, tab_to, theme_of

CALL = "/appels/integration-professionnelle-des-refugies/"


def test_a_visitor_discovers_a_project_on_the_map(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    page.goto(site)
    page.get_by_role("link", name=re.compile("Découvrir les projets")).first.click()
    page.wait_for_url(re.compile("/projets/$"))
    page.get_by_role("link", name="Carte", exact=True).click()
    look_at(page, f"{theme}-carte")
    # The drawing, then the list, lead to the same place; the drawing by keyboard.
    area = page.locator(".map__drawing").get_by_role("link", name=re.compile(r"Ille-et-Vilaine \(35\)"))
    area.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("territoire=dep-35"))
    page.get_by_role("link", name="ADVENTUS").first.click()
    expect(page.get_by_text("Contenu complet réservé aux membres")).to_be_visible()
    assert page.context.cookies() == []


def test_the_map_to_zoom_into_obeys_the_policy(page: Page, site: str) -> None:
    page.goto(f"{site}/projets/?vue=carte")
    page.get_by_role("button", name="Carte à agrandir").click()
    shape = page.locator("path.leaflet-interactive[role=link]").first
    expect(shape).to_have_attribute("aria-label", re.compile("projet"))
    page.get_by_role("button", name="Agrandir").click()
    page.get_by_role("button", name="Revenir au dessin").click()
    expect(page.locator(".map__drawing")).to_be_visible()


def test_projects_side_by_side_by_keyboard(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    sign_in(page, site, "membre")
    page.goto(f"{site}/projets/")
    for title in ("ADVENTUS", "Une plateforme"):
        page.get_by_label(re.compile(f"Comparer : {title}")).focus()
        page.keyboard.press("Space")
    tab_to(page, "Comparer les projets cochés")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/projets/comparer/"))
    expect(page.get_by_role("rowheader", name="Budget total")).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile("2.000.845.€"))).to_be_visible()
    look_at(page, f"{theme_of(request)}-comparer")


def test_data_to_reuse(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    page.goto(f"{site}/donnees/")
    expect(page.get_by_role("link", name="Licence Ouverte 2.0")).to_be_visible()
    for word in ("Dictionnaire des données", "JSON"):
        expect(page.locator("main")).to_contain_text(word)
    expect(page.locator("#fiches-projets")).to_be_visible()
    look_at(page, f"{theme_of(request)}-donnees")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    assert download.value.suggested_filename.endswith(".csv")
    assert "@" not in Path(download.value.path()).read_text("utf-8-sig")
    page.goto(f"{site}{CALL}bilan/")
    expect(page.get_by_text("moins de 5").first).to_be_visible()
    look_at(page, f"{theme_of(request)}-bilan")


def test_an_animator_steers(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/")
    expect(page.get_by_role("heading", name="Tableau de bord")).to_be_visible()
    look_at(page, f"{theme}-tableau-de-bord")
    for figure in ("fiches à jour", "questions sans réponse", "comptes à valider"):
        expect(page.locator("main")).to_contain_text(figure)
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Exporter en {kind}").click()
        assert download.value.suggested_filename.startswith("tableau-de-bord")
    page.get_by_role("link", name=re.compile("IPR.* : fiches publiées")).click()
    page.wait_for_url(re.compile("/bilan/"))
    expect(page.get_by_role("cell", name=re.compile("2.000.845.€")).first).to_be_visible()
    look_at(page, f"{theme}-bilan-animation")
    # A figure opens its list, as long as it says.
    row = page.locator("#theme tbody tr").first
    count = row.locator("td a").first.inner_text().split()[0]
    row.locator("td a").last.click()
    page.wait_for_url(re.compile("theme="))
    expect(page.locator("main")).to_contain_text(re.compile(rf"\b{count} projet"))
    page.go_back()
    page.locator("#indicateurs td a").first.click()
    page.wait_for_url(re.compile("/resultats/"))
    look_at(page, f"{theme}-bilan-resultat")
    page.goto(f"{site}/animation/appels/")
    look_at(page, f"{theme}-appels")
    page.goto(f"{site}/animation/appels/nouveau/")
    look_at(page, f"{theme}-appel-nouveau")
    page.goto(f"{site}/animation/laureats/")
    look_at(page, f"{theme}-laureats")
