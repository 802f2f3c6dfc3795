"""One's own profile and data, in a real browser: both themes, wide and narrow."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.support.browser import WIDE, look_at, overflows, theme_of
from tests.support.server import demo_environment, manage

#: What the worker does with the tasks that wait; the server under test has none beside it.
MAKE_EXPORTS = """
from portal.accounts.data_rights.models import DataExport
from portal.accounts.data_rights.tasks import make_export
for export in DataExport.objects.filter(ready_at=None):
    make_export.call(export.pk)
"""


def test_a_profile_is_written_and_read_by_whom_it_says(
    page: Page, browser: Browser, site: str, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    sign_in(page, site, "membre")
    page.goto(f"{site}/mon-espace/mon-profil/")
    page.locator("[name=presentation]").fill("Je réponds sur la garde d’enfants.")
    page.locator("[name=skills]").fill("Garde d’enfants")
    page.locator("[name=phone]").fill("02 96 12 34 56")
    page.locator("[name=phone_visibility]").select_option("members")
    page.locator("[name=name_visibility]").select_option("public")
    page.locator("main form [type=submit]").last.click()
    page.wait_for_url(re.compile("/mon-espace/mon-profil/$"))
    expect(page.locator("[name=phone]")).to_have_value(re.compile("02.96.12.34.56"))
    look_at(page, f"{theme}-profil")
    page.goto(f"{site}/mon-espace/mon-profil/apercu/")
    expect(page.locator("main")).to_contain_text("garde d’enfants")
    look_at(page, f"{theme}-profil-apercu")
    page.goto(f"{site}/annuaire/membres/?q=garde")
    page.locator("main").get_by_role("link", name="Conseiller en mission locale").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conseiller en mission locale")
    expect(page.locator("main")).to_contain_text(re.compile("02.96.12.34.56"))
    look_at(page, f"{theme}-membre")
    visitor = browser.new_page()
    response = visitor.goto(page.url)
    assert response is not None
    assert response.status == 200
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Conseiller en mission locale")
    expect(visitor.locator("main")).not_to_contain_text("garde d’enfants")
    look_at(visitor, f"{theme}-membre-visiteur")
    visitor.close()


def test_a_profile_with_a_mistake_loses_nothing(browser: Browser, site: str, request: pytest.FixtureRequest) -> None:
    # A page of its own: Chromium complains of the refusal itself.
    page = browser.new_page(viewport=WIDE)
    sign_in(page, site, "animateur-autre-region")
    page.goto(f"{site}/mon-espace/mon-profil/")
    page.locator("[name=presentation]").fill("Un texte tapé")
    page.locator("[name=phone]").fill("appelez-moi")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator("[name=phone]")).to_have_value("appelez-moi")
    expect(page.locator("[name=presentation]")).to_have_value("Un texte tapé")
    look_at(page, f"{theme_of(request)}-profil-erreur")
    page.locator("main a[href='#id_phone']").click()
    expect(page.locator("[name=phone]")).to_be_focused()
    page.close()


def test_the_members_directory_is_filtered(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    sign_in(page, site, "membre")
    page.goto(f"{site}/annuaire/")
    page.locator("main a[href='/annuaire/membres/']").click()
    look_at(page, f"{theme_of(request)}-membres")
    page.goto(f"{site}/annuaire/membres/?territoire=dep-29&theme=langue-francaise")
    expect(page.locator("main article")).to_have_count(1)
    expect(page.locator("main article")).to_contain_text("ADVENTUS")


def test_my_data_are_copied_and_downloaded(
    browser: Browser, demo_data: Path, site: str, request: pytest.FixtureRequest
) -> None:
    """Without JavaScript: asked for, made by the worker, told by mail, downloaded."""
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    sign_in(page, site, "membre")
    page.goto(f"{site}/mon-espace/mes-donnees/")
    page.locator("main form[action$='/export/'] [type=submit]").click()
    # It is on its way, and not asked for twice.
    assert page.locator("main form[action$='/export/']").count() == 0
    manage("shell", "-c", MAKE_EXPORTS, env=demo_environment(demo_data))
    page.goto(f"{site}/mon-espace/mes-donnees/")
    with page.expect_download() as waiting:
        page.locator("main a[href*='/export/']").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert {"index.html", "donnees.json"} <= set(archive.namelist())
        copy = archive.read("index.html").decode()
    assert "membre@demo.example" in copy
    page.set_content(copy)
    assert not overflows(page)
    context.close()


def test_my_data_and_leaving(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "structure")
    page.goto(f"{site}/mon-espace/mes-donnees/")
    look_at(page, f"{theme}-mes-donnees")
    page.locator("main a[href='/mon-espace/mes-donnees/suppression/']").click()
    # The only manager of an organisation is told what to do first.
    expect(page.locator("main").get_by_role("button", name="Supprimer mon compte")).to_have_count(0)
    look_at(page, f"{theme}-suppression-refusee")
    page.locator("main a[href='/mon-espace/ma-structure/']").last.click()
    expect(page.locator("main article").first).to_contain_text("ARML")
    look_at(page, f"{theme}-ma-structure")
    page.locator("main a[href$='/role/']").first.click()
    look_at(page, f"{theme}-role")
