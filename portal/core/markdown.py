"""Markdown typed by people, rendered to HTML that is safe to show."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Beyond this a text is refused at its field; the parser is linear but not free.
MAX_LENGTH = 20_000

ALLOWED_TAGS = {
    *("p", "br", "hr", "strong", "em", "del", "blockquote", "code", "pre", "ul", "ol", "li"),
    *("h2", "h3", "h4", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def _demote_headings(state: object) -> None:
    """Keep typed headings below the page's own h1: ``#`` becomes h2, all below h4 become h4."""
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in {"heading_open", "heading_close"}:
            level = min(int(token.tag[1]) + 1, 4)
            token.tag = f"h{level}"


_parser.core.ruler.push("demote_headings", _demote_headings)


@lru_cache(maxsize=2048)
def render_markdown(text: str) -> SafeString:
    """Return sanitised HTML for ``text``.

    Raw HTML is escaped by the parser, then nh3 keeps only an allow-list: two independent
    barriers. Results are memoised, since a sheet's text is read far more than written.
    """
    html = nh3.clean(
        _parser.render(text[:MAX_LENGTH]),
        tags=ALLOWED_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(html)  # noqa: S308 -- sanitised just above
