"""The directory in a real browser: one's organisation shared, its page found, corrected and reached."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_joining import Mailbox, mailbox, press, write  # noqa: F401 -- mailbox is a fixture
from tests.support.browser import look_at, theme_of

#: Whom each theme's run invites: the demonstration is shared by both.
INVITED = {"neutral": "membre", "state": "animateur-autre-region"}


def test_a_manager_shares_the_organisation_and_may_not_leave_it_alone(
    page: Page,
    browser: Browser,
    site: str,
    request: pytest.FixtureRequest,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    """Journey P1.5, by the keyboard: invite a colleague as editor, the mail, acceptance, leaving is refused."""
    theme = theme_of(request)
    invited = f"{INVITED[theme]}@demo.example"
    sign_in(page, site, "structure")
    page.goto(f"{site}/mon-espace/ma-structure/")
    section = page.locator("main section").first
    before = section.locator("article").count()
    look_at(page, f"{theme}-ma-structure")
    press(page, "Inviter un collègue")
    page.wait_for_url(re.compile("/invitations/"))
    page.locator("[name=email]").focus()
    page.keyboard.type(invited)
    page.locator("[name=role]").select_option("editor")
    press(page, "Envoyer l’invitation")
    expect(page.locator("body")).to_contain_text("invitation a été envoyée")
    message = mailbox.wait_for(invited, "invit")
    colleague = browser.new_context(locale="fr-FR").new_page()
    sign_in(colleague, site, INVITED[theme])
    colleague.goto(site + Mailbox.path_in(message))
    look_at(colleague, f"{theme}-invitation-structure")
    press(colleague, "Accepter l’invitation")
    expect(colleague.locator("body")).to_contain_text("Vous agissez désormais")
    colleague.context.close()
    page.goto(f"{site}/mon-espace/ma-structure/")
    expect(section.locator("article")).to_have_count(before + 1)
    section.locator("a[href$='/quitter/']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Désignez d’abord")
    assert page.locator("main form").count() == 0
    look_at(page, f"{theme}-quitter-refuse")


def test_a_page_is_found_near_then_corrected_and_written_to(
    page: Page, site: str, request: pytest.FixtureRequest
) -> None:
    theme = theme_of(request)
    page.goto(f"{site}/annuaire/?q=misions+locles")
    expect(page.locator("main")).to_contain_text("Missions locales")
    look_at(page, f"{theme}-annuaire-faute")
    page.goto(f"{site}/annuaire/")
    look_at(page, f"{theme}-annuaire")
    press(page, "Voir la carte")
    page.wait_for_url(re.compile("/carte/"))
    look_at(page, f"{theme}-annuaire-carte")
    # The list that says the same as the map leads to those of a département.
    page.locator("main a[href*='territoire=dep-29']:visible").last.click()
    page.wait_for_url(re.compile("territoire=dep-29"))
    expect(page.locator("main")).to_contain_text("Défis emploi du Pays de Brest")
    page.goto(f"{site}/annuaire/structures/association-regionale-des-missions-locales-de-bretagne/")
    look_at(page, f"{theme}-structure")
    press(page, "Proposer une correction")
    write(page, "Ce qui est faux", f"Le téléphone a changé ({theme}).")
    look_at(page, f"{theme}-correction")
    press(page, "Envoyer la correction")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    page.goto(f"{site}/annuaire/structures/association-regionale-des-missions-locales-de-bretagne/ecrire/")
    look_at(page, f"{theme}-ecrire-structure")
    page.goto(f"{site}/annuaire/api/v1/")
    look_at(page, f"{theme}-api")


def test_the_page_of_an_organisation_is_written(page: Page, site: str, request: pytest.FixtureRequest) -> None:
    theme = theme_of(request)
    sign_in(page, site, "structure")
    page.goto(f"{site}/mon-espace/ma-structure/")
    page.locator("main a[href$='/modifier/']").first.click()
    look_at(page, f"{theme}-structure-modifier")
    page.locator("[name=phone]").fill("39 49")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator("main")).to_contain_text(re.compile("39.49"))


FILE = """Nom;Type;Identifiant;Commune;Code postal;Site
Maison de l’emploi de Quimper;Association;;Quimper;29000;maison-emploi.example
Maison de l’emploi Quimper;Association;;Quimper;29000;
Défis emploi du Pays de Brest;;{known};;;defis-emploi.example
Une structure sans type;;;Quimper;29000;
"""


def test_a_file_tells_what_each_line_does(
    page: Page,
    site: str,
    mailbox: Mailbox,  # noqa: F811 -- its worker reads the file
) -> None:
    found = page.request.get(f"{site}/annuaire/api/v1/structures/?q=defis+emploi").json()["structures"]
    content = FILE.format(known=found[0]["identifiant"]).encode("cp1252")
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/structures/importer/")
    page.locator("[name=file]").set_input_files({"name": "quimper.csv", "mimeType": "text/csv", "buffer": content})
    press(page, "Lire le fichier")
    expect(page.get_by_role("button", name="Écrire les lignes justes")).to_be_visible(timeout=30_000)
    expect(page.locator("#rapport tbody tr")).to_have_count(1)
    page.locator("#rapport").get_by_role("link", name="Toutes (4)").click()
    expect(page.locator("#rapport tbody tr")).to_have_count(4)
    expect(page.locator("#rapport")).to_contain_text("defis-emploi.example")


TWINS = """Nom;Type;Commune;Code postal;Site;Thèmes
Atelier des métiers de Quimper;Association;Quimper;29000;atelier-metiers.example;
Atelier des métiers Quimper;Association;Quimper;29000;;Logement
"""


def test_two_that_are_one_are_merged_and_parted_again(
    page: Page,
    site: str,
    request: pytest.FixtureRequest,
    mailbox: Mailbox,  # noqa: F811 -- its worker reads the file, then looks for duplicates
) -> None:
    theme = theme_of(request)
    kept, absorbed = (f"{site}/annuaire/structures/atelier-des-metiers-{end}/" for end in ("de-quimper", "quimper"))
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/structures/importer/")
    file = {"name": "ateliers.csv", "mimeType": "text/csv", "buffer": TWINS.encode()}
    page.locator("[name=file]").set_input_files(file)
    press(page, "Lire le fichier")
    page.locator("main [name=mode]").click(timeout=30_000)
    expect(page.locator("main [name=mode]")).to_have_count(0)
    compare = page.get_by_role("link", name="Comparer Atelier des métiers")
    for _look in range(60):
        page.goto(f"{site}/animation/structures/doublons/")
        if compare.count():
            break
        page.wait_for_timeout(500)
    row = page.locator("main article", has=compare)
    expect(row).to_contain_text(re.compile(r"9\d\s%.*noms semblables dans la même commune", re.DOTALL))
    look_at(page, f"{theme}-doublons-file")
    press(page, "Comparer Atelier des métiers")
    expect(page.locator("main")).to_contain_text(re.compile(r"thèmes\s: 1"))
    look_at(page, f"{theme}-doublons-apercu")
    press(page, "Fusionner Atelier des métiers Quimper dans")
    expect(page.locator("#fusions")).to_contain_text("Atelier des métiers Quimper")
    look_at(page, f"{theme}-doublons-fusion")
    moved = page.request.get(absorbed, max_redirects=0)
    assert (moved.status, kept.endswith(moved.headers["location"])) == (301, True)
    press(page, "Annuler cette fusion")
    expect(page.locator("body")).to_contain_text("est de retour, avec tout")
    assert page.request.get(absorbed, max_redirects=0).status == 200


@pytest.mark.both_themes
@pytest.mark.parametrize("address", ["demandes/", "corrections/", "doublons/", "importer/", "ajouter/"])
def test_the_animators_desk(page: Page, site: str, request: pytest.FixtureRequest, address: str) -> None:
    sign_in(page, site, "animateur")
    page.goto(f"{site}/animation/structures/{address}")
    look_at(page, f"{theme_of(request)}-animation-structures-{address.strip('/')}")
