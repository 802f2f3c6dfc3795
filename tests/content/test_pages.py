"""Seeded pages, blocks and the site map."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.models import Site

from portal.content.blocks.link import LinkBlock
from portal.content.blocks.stacks import BodyStack
from portal.content.enums import AccessibilityStatus
from portal.content.models import HomePage, NewsCategory, NewsIndexPage, PortalSettings, ResourceIndexPage, StandardPage
from tests.content.pictures import WAGTAIL_LEAVES_A_FILE
from tests.factories.accounts import UserFactory
from tests.factories.content import DocumentFactory, ImageFactory, StandardPageFactory
from tests.factories.taxonomy import GlossaryEntryFactory

pytestmark = pytest.mark.django_db
LEGAL = ("/mentions-legales/", "/accessibilite/", "/donnees-personnelles/", "/gestion-des-cookies/", "/charte/")


@pytest.fixture
def seeded(db, capsys) -> HomePage:
    call_command("seed_site")
    return HomePage.objects.get()


@pytest.mark.parametrize("path", ["/", "/actualites/", "/ressources/", "/plan-du-site/", "/contact/", *LEGAL])
def test_a_new_portal_has_every_page_that_its_footer_names(client, seeded, path: str) -> None:
    content = client.get(path).content.decode()
    assert content.count("<h1") == 1
    for link in client.get("/").context["layout"].footer_links:
        if link.url != "/glossaire/":
            assert client.get(link.url).status_code == 200, link.url


def test_seeding_again_changes_nothing_that_exists(seeded, capsys) -> None:
    page = StandardPage.objects.get(slug="accessibilite")
    page.title, page.body = "Réécrite", []
    page.save()
    seeded.title = "Chez nous"
    seeded.save()
    NewsCategory.objects.filter(slug="actualites").update(name="Nouvelles")
    StandardPage.objects.get(slug="charte").delete()
    call_command("seed_site")
    page.refresh_from_db()
    assert (page.title, len(page.body)) == ("Réécrite", 0)
    assert HomePage.objects.get().title == "Chez nous"
    assert NewsCategory.objects.get(slug="actualites").name == "Nouvelles"
    assert StandardPage.objects.filter(slug="charte").exists()
    for model in (NewsIndexPage, ResourceIndexPage):
        assert model.objects.count() == 1
    assert Site.objects.get().root_page.specific == HomePage.objects.get()


def test_every_seeded_text_is_valid_content(seeded) -> None:
    for page in [*StandardPage.objects.all(), seeded]:
        page.full_clean()
        page.body.stream_block.clean(page.body)


def test_legal_pages_quote_the_settings(client, seeded) -> None:
    PortalSettings.objects.create(
        operator_name="DREETS Bretagne",
        publication_director="La directrice régionale",
        host_name="Hébergeur public",
        accessibility_status=AccessibilityStatus.PARTIAL,
        accessibility_audited_on="2026-03-12",
        accessibility_rate="74.5",
    )
    legal = client.get("/mentions-legales/").content.decode()
    assert all(words in legal for words in ("DREETS Bretagne", "La directrice régionale", "Hébergeur public"))
    declaration = client.get("/accessibilite/").content.decode()
    assert str(AccessibilityStatus.PARTIAL.label) in declaration
    assert "12 mars 2026" in declaration
    assert "74,5" in declaration


def test_without_an_audit_the_declaration_says_not_compliant(client, seeded) -> None:
    content = client.get("/accessibilite/").content.decode()
    assert f"<strong>{AccessibilityStatus.NONE.label}</strong>" in content
    assert "Libre réponse 71120" in content
    assert 'href="/contact/?objet=accessibility"' in content


def test_the_site_map_lists_what_the_reader_may_see(client, seeded) -> None:
    parent = StandardPageFactory(title="Aide", slug="aide", parent=seeded)
    StandardPageFactory(title="Aide du porteur", slug="porteur", parent=parent)
    StandardPageFactory(title="Brouillon caché", parent=seeded, live=False)
    content = client.get("/plan-du-site/").content.decode()
    assert 'href="/aide/porteur/"' in content
    assert "Brouillon caché" not in content
    for url in ("/projets/", "/forum/", "/agenda/", "/annuaire/", "/themes/", "/actualites/flux/"):
        assert f'href="{url}"' in content


def show(client, home: HomePage, *blocks: tuple[str, Any]) -> str:
    body = json.dumps([{"type": kind, "value": value} for kind, value in blocks])
    return client.get(StandardPageFactory(parent=home, body=body).public_path).content.decode()


@WAGTAIL_LEAVES_A_FILE
def test_every_block_of_a_text_is_drawn(client, home) -> None:
    image = ImageFactory()
    table = {"columns": [{"type": "text", "heading": "Nom"}], "rows": [{"values": ["<b>session</b>"]}], "caption": ""}
    content = show(
        client,
        home,
        ("heading", {"text": "Les cookies", "level": "h3"}),
        ("paragraph", "<p>Du <b>texte</b></p>"),
        ("picture", {"image": image.pk, "alt": "Une affiche", "caption": "L’affiche"}),
        ("quote", {"text": "Une citation <i>", "author": "Une conseillère"}),
        ("table", {"caption": "Ce que nous gardons", "caption_hidden": False, "table": table}),
        ("notice", {"kind": "warning", "title": "Attention", "text": "<p>Lisez</p>"}),
        ("disclosure", {"summary": "En savoir plus", "text": "<p>Déplié</p>"}),
        (
            "call_to_action",
            {"title": "Agir", "text": "", "link": {"label": "Écrire", "page": None, "address": "/contact/"}},
        ),
    )
    for expected in (
        '<h3 id="les-cookies">Les cookies</h3>',
        "<p>Du <b>texte</b></p>",
        'alt="Une affiche"',
        "Une citation &lt;i&gt;",
        '<th scope="col">Nom</th>',
        "&lt;b&gt;session&lt;/b&gt;",
        "Attention",
        "<details",
        'href="/contact/"',
    ):
        assert expected in content


def test_a_documents_block_hides_what_is_for_members(client, home) -> None:
    public, members = DocumentFactory(title="Affiche"), DocumentFactory(title="Entre nous", members_only=True)
    blocks = ("documents", {"title": "", "documents": [public.pk, members.pk]})
    content = show(client, home, blocks)
    assert "Affiche" in content
    assert "Entre nous" not in content
    client.force_login(UserFactory())
    assert "Entre nous" in show(client, home, blocks)


def test_acronyms_of_a_text_lead_to_the_glossary(client, home) -> None:
    entry = GlossaryEntryFactory()
    assert entry.get_absolute_url() in show(client, home, ("paragraph", f"<p>Le {entry.acronym} finance.</p>"))


def test_a_long_text_begins_with_a_summary_of_its_parts(client, home) -> None:
    parts = [("heading", {"text": f"Partie {number}", "level": "h2"}) for number in range(3)]
    assert 'href="#partie-0"' not in show(client, home, *parts[:2])
    assert 'href="#partie-0"' in show(client, home, *parts)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", ""])
def test_a_link_leads_somewhere_safe(address: str) -> None:
    block = LinkBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"label": "Ici", "page": None, "address": address}))


def test_a_link_to_an_unpublished_page_is_not_drawn(client, home) -> None:
    target = StandardPageFactory(parent=home, slug="cible")
    value = {"title": "Agir", "text": "", "link": {"label": "Y aller", "page": target.pk, "address": ""}}
    assert 'href="/cible/"' in show(client, home, ("call_to_action", value))
    target.unpublish()
    assert "Y aller" not in show(client, home, ("call_to_action", value))


def test_rich_text_keeps_to_what_the_portal_offers() -> None:
    features = BodyStack().child_blocks["paragraph"].field.widget.features
    assert set(features) == {"bold", "italic", "ol", "ul", "link", "document-link"}


def test_how_a_block_looks_is_no_word_to_search_for(db: None) -> None:
    body = StandardPage._meta.get_field("body").to_python(
        [{"type": "heading", "value": {"text": "Un titre", "level": "h2"}}]
    )
    assert body.stream_block.get_searchable_content(body) == ["Un titre"]
