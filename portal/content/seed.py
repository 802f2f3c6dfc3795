"""The pages that every portal starts with: home, lists, legal pages.

The texts are Markdown files in ``data/pages``; their beginning names the title and the
introduction, ``{{ identity:… }}`` stands for a part of the portal's settings.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from markdown_it import MarkdownIt
from wagtail.models import Page, Site

from portal.content.models import (
    HomePage,
    NewsCategory,
    NewsIndexPage,
    ResourceIndexPage,
    StandardPage,
)

DATA = Path(__file__).parent / "data"
IDENTITY = re.compile(r"\{\{ identity:([a-z_]+) \}\}")
HEADING = re.compile(r"(#{2,4}) (.+)")
_markdown = MarkdownIt("commonmark", {"html": False})
Block = dict[str, Any]
Say = Callable[[str], None]


@transaction.atomic
def seed_site(*, say: Say) -> HomePage:
    """Add the site and the pages that are missing; what exists stays as it is.

    May run again and again. ``say`` is told of each page that is made. Set-up code alone calls this.
    """
    home = _seed_home(say)
    for order, (slug, name) in enumerate(json.loads((DATA / "news_categories.json").read_text(encoding="utf-8"))):
        NewsCategory.objects.get_or_create(slug=slug, defaults={"name": name, "order": order})
    for index in json.loads((DATA / "indexes.json").read_text(encoding="utf-8")):
        model = {"news": NewsIndexPage, "resources": ResourceIndexPage}[index.pop("model")]
        if not model.objects.exists():
            _add(home, model(**index), say)
    for path in sorted((DATA / "pages").glob("*.md")):
        if not home.get_children().filter(slug=path.stem).exists():
            _add(home, page_of_file(path), say)
    return home


def _seed_home(say: Say) -> HomePage:
    """Return the home page, made with its site where there is none; Wagtail's own first page goes."""
    home = HomePage.objects.first()
    if home is not None:
        return home
    root = Page.get_first_root_node()
    body = json.loads((DATA / "home.json").read_text(encoding="utf-8"))
    home = HomePage(title="Accueil", slug="accueil", body=json.dumps(body))
    root.add_child(instance=home)
    say(f"  {home.title}")
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    first_page = site.root_page if site.root_page_id else None
    site.hostname, site.port, site.site_name, site.root_page = address.hostname, port, settings.PORTAL_NAME, home
    site.save()
    if first_page is not None and first_page.specific_class is Page and first_page.is_leaf():
        first_page.delete()
    # The tree has changed around it.
    return HomePage.objects.get(pk=home.pk)


def _add(parent: Page, page: Page, say: Say) -> None:
    parent.add_child(instance=page)
    say(f"  {page.title}")


def page_of_file(path: Path) -> StandardPage:
    """Return the page of text that a file describes, not saved yet; its name is the slug."""
    head, _rule, text = path.read_text(encoding="utf-8").partition("\n---\n")
    values = dict(line.split(": ", 1) for line in head.strip().splitlines())
    body = json.dumps(list(_blocks(text)))
    return StandardPage(title=values["titre"], slug=path.stem, intro=values.get("introduction", ""), body=body)


def _blocks(text: str) -> Iterator[Block]:
    """Cut Markdown into the blocks of a page, one for each part between blank lines."""
    paragraphs: list[str] = []
    for part in re.split(r"\n{2,}", text.strip()):
        block = _special_block(part)
        if block is None:
            paragraphs.append(part)
            continue
        yield from _paragraph(paragraphs)
        paragraphs = []
        yield block
    yield from _paragraph(paragraphs)


def _special_block(part: str) -> Block | None:
    if heading := HEADING.fullmatch(part):
        return {"type": "heading", "value": {"text": heading[2], "level": f"h{len(heading[1])}"}}
    if identity := IDENTITY.fullmatch(part):
        return {"type": "identity", "value": {"part": identity[1]}}
    if part.startswith("|"):
        return _table(part.splitlines())
    return None


def _paragraph(parts: list[str]) -> Iterator[Block]:
    if parts:
        yield {"type": "paragraph", "value": _markdown.render("\n\n".join(parts)).strip()}


def _table(lines: list[str]) -> Block:
    """Return a table: its first line is the caption, its second the headings."""
    caption, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    headings, *body = rows
    table = {
        "columns": [{"type": "text", "heading": heading} for heading in headings],
        "rows": [{"values": row} for row in body],
        "caption": "",
    }
    return {"type": "table", "value": {"caption": caption[0], "caption_hidden": False, "table": table}}
