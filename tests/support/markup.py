"""Render templates in one theme, without a page or a database, and read the markup that comes out."""

from functools import cache
from html.parser import HTMLParser
from typing import Any

from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries
from django.test import RequestFactory

from portal.settings.variables import BASE_DIR

THEMES = ("neutral", "state")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source"}


class Markup(HTMLParser):
    """Collect the ids and attributes of a fragment and fail on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        assert not self.stack, f"left open: {self.stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack, f"</{tag}> closes nothing"
            assert self.stack.pop() == tag, f"</{tag}> closes another element"

    def values(self, attribute: str) -> list[str]:
        """Return every value of one attribute, in document order."""
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


@cache
def _engine_of(theme: str) -> Engine:
    """Return a template engine that sees one theme, as the setting PORTAL_THEME would."""
    portal = BASE_DIR / "portal"
    folders = [portal / "themes" / theme, portal / "themes" / "shared", portal / "templates"]
    return Engine(dirs=folders, libraries=get_installed_libraries())


def render(theme: str, template: str, values: dict[str, Any], path: str = "/?theme=l&page=4") -> str:
    """Render one template of a theme outside any page."""
    context = Context({"request": RequestFactory().get(path), "csrf_token": "t" * 32, **values})
    return _engine_of(theme).get_template(template).render(context)
