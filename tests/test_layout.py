"""The frame of every page, in both themes, and the pages of refusal and failure."""

import re
from typing import Any

import pytest
from django.contrib.messages import ERROR, INFO, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message

from tests.support.markup import THEMES, Markup, render

LAYOUT: dict[str, Any] = {
    "portal_name": "Notre communauté",
    "tagline": "La plateforme",
    "theme": "neutral",
    "main_menu": [{"label": "Accueil", "url": "/"}, {"label": "Forum", "url": "/forum/", "current": True}],
    "tools": [
        {"label": "Rechercher", "url": "/recherche/", "icon": "search"},
        {"label": "Notifications", "url": "/notifications/", "icon": "bell", "count": 37},
        {"label": "Sortir", "url": "/deconnexion/", "icon": "logout", "post": True},
    ],
    "announcement": {"text": "Session Lab", "url": "/agenda/ipr/", "link_label": "S’inscrire", "kind": "info"},
    "footer_links": [{"label": "Plan", "url": "/plan-du-site/"}, {"label": "Accessibilité", "url": "/accessibilite/"}],
    "footer_groups": [{"title": "Comprendre", "links": [{"label": "Glossaire", "url": "/glossaire/"}]}],
    "operator_name": "DREETS Bretagne",
    "accessibility_status": "non conforme",
    "search_url": "/recherche/",
}
ERRORS = ("errors/403.html", "errors/404.html", "errors/csrf.html", "errors/500.html")


@pytest.mark.parametrize("theme", THEMES)
def test_the_frame_is_navigable(theme: str) -> None:
    html = render(theme, "base.html", {"layout": LAYOUT})
    markup = Markup(html)
    ids = markup.values("id")
    assert len(ids) == len(set(ids))
    skips = [href[1:] for href in markup.values("href") if href.startswith("#")][:4]
    assert skips == ["contenu", "menu", "recherche", "pied-de-page"]
    assert set(skips) <= set(ids)
    assert [a["href"] for _, a in markup.elements if a.get("aria-current") == "page"] == ["/forum/"]
    tags = [tag for tag, _ in markup.elements]
    assert [tags.count(landmark) for landmark in ("header", "main", "footer")] == [1, 1, 1]
    names = [a.get("aria-label") for tag, a in markup.elements if tag == "nav"]
    assert all(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("theme", THEMES)
def test_the_frame_says_all_that_the_layout_holds(theme: str) -> None:
    html = render(theme, "base.html", {"layout": LAYOUT})
    markup = Markup(html)
    for text in (
        "Notre communauté",
        "La plateforme",
        "37",
        "Session Lab",
        "S’inscrire",
        "Glossaire",
        "DREETS Bretagne",
    ):
        assert text in html
    assert {"/agenda/ipr/", "/plan-du-site/", "/glossaire/", "/notifications/"} <= set(markup.values("href"))
    accessibility = re.search(r'href="/accessibilite/">(.*?)</a>', html, flags=re.DOTALL)
    assert accessibility
    assert "non conforme" in accessibility.group(1)


@pytest.mark.parametrize("theme", THEMES)
def test_signing_out_is_a_post_with_a_token(theme: str) -> None:
    html = render(theme, "base.html", {"layout": LAYOUT})
    form = re.search(r'<form method="post" action="/deconnexion/">(.*?)</form>', html, flags=re.DOTALL)
    assert form
    assert "csrfmiddlewaretoken" in form.group(1)
    assert 'href="/deconnexion/"' not in html


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("level", "role"), [(ERROR, "alert"), (WARNING, "status"), (SUCCESS, "status"), (INFO, "status")]
)
def test_messages_are_announced(theme: str, level: int, role: str) -> None:
    html = render(theme, "layout/messages.html", {"messages": [Message(level, "Fiche <b>publiée</b>")]})
    assert role in Markup(html).values("role")
    assert "Fiche &lt;b&gt;publiée" in html


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("template", ERRORS)
@pytest.mark.parametrize("layout", [LAYOUT, {}])
def test_error_pages_say_what_to_do(theme: str, template: str, layout: dict[str, Any]) -> None:
    """Without database (pytest-django forbids it here) and even when the layout could not be built."""
    html = render(theme, template, {"layout": layout}, path="/projets/perdu/")
    markup = Markup(html)
    assert [tag for tag, _ in markup.elements].count("h1") == 1
    assert "/" in markup.values("href")
    assert "None" not in html


@pytest.mark.parametrize("theme", THEMES)
def test_not_found_offers_the_search_and_the_main_entries(theme: str) -> None:
    main = render(theme, "errors/404.html", {"layout": LAYOUT}).split("<main", 1)[1].split("</main>")[0]
    markup = Markup(f"<main{main}</main>")
    assert "/recherche/" in markup.values("action")
    assert {"/", "/forum/"} <= set(markup.values("href"))


@pytest.mark.parametrize("theme", THEMES)
def test_an_expired_form_leads_back_to_its_page(theme: str) -> None:
    assert 'href="/mes-fiches/3/"' in render(theme, "errors/csrf.html", {"layout": LAYOUT}, path="/mes-fiches/3/")
