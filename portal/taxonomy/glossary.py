"""Links from texts to the glossary: the first occurrence of each known acronym."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape

from portal.core.areas import current_tokens
from portal.taxonomy.models import GlossaryEntry

#: Declared with its models in ``page_cache_rules``.
GLOSSARY_AREA = "glossary"
#: Nothing is linked inside these.
CLOSED_ELEMENTS = frozenset(
    "a h1 h2 h3 h4 h5 h6 code pre kbd samp script style textarea title button svg math select option label "
    "summary abbr template iframe".split()
)
#: What these hold is text up to their end tag, whatever it looks like.
RAW_ELEMENTS = frozenset(["script", "style", "textarea", "title"])
TAG_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
QUOTE_OR_END = re.compile(r"[\"'>]")


@dataclass(frozen=True)
class Glossary:
    """The entries as the filter needs them, at one version: addresses by escaped acronym."""

    token: str
    addresses: dict[str, str]
    pattern: re.Pattern[str] | None


_remembered: Glossary | None = None


def current_glossary() -> Glossary:
    """Return the glossary, read once per process and again when an entry has changed (``portal.core.areas``)."""
    global _remembered  # noqa: PLW0603 -- one per process, on purpose
    tokens = current_tokens()
    glossary = _remembered
    if tokens is not None and glossary is not None and glossary.token == tokens[GLOSSARY_AREA]:
        return glossary
    glossary = read_glossary(tokens[GLOSSARY_AREA] if tokens is not None else "")
    if tokens is not None:
        _remembered = glossary
    return glossary


def read_glossary(token: str) -> Glossary:
    """Read all entries from the database."""
    addresses: dict[str, str] = {
        escape(entry.acronym): entry.get_absolute_url() for entry in GlossaryEntry.objects.all()
    }
    if not addresses:
        return Glossary(token, {}, None)
    # Longest first, so that no acronym hides a longer one; never part of a longer word,
    # nor the name of a character reference (&ETA;).
    words = "|".join(re.escape(acronym) for acronym in sorted(addresses, key=len, reverse=True))
    return Glossary(token, addresses, re.compile(rf"(?<![\w&#-])(?:{words})(?![\w-])"))


def link_acronyms(html: str, *, glossary: Glossary, leave: str = "") -> str:
    """Return ``html`` with the first occurrence of each acronym linked to the glossary.

    ``html`` is safe markup. Text alone is looked at, never tags, attributes, comments, or what
    stands in a link, a heading or code; apart from the links nothing changes, not one sign.
    ``leave`` is an acronym not to link. Time grows with the length of ``html`` alone.
    """
    if glossary.pattern is None:
        return html
    seen: set[str] = {escape(leave)}

    def link(match: re.Match[str]) -> str:
        acronym = match[0]
        address = glossary.addresses.get(acronym)
        if address is None or acronym in seen:
            return acronym
        seen.add(acronym)
        return f'<a href="{escape(address)}">{acronym}</a>'

    return "".join(glossary.pattern.sub(link, part) if is_open else part for part, is_open in _parts(html))


def _parts(html: str) -> Iterator[tuple[str, bool]]:
    """Cut ``html`` into tags and texts; True marks a text in which links may be put."""
    depth, position = 0, 0
    while position < len(html):
        start = html.find("<", position)
        if start == -1:
            yield html[position:], not depth
            return
        if start > position:
            yield html[position:start], not depth
        end = _markup_end(html, start)
        tag = html[start:end]
        yield tag, False
        position = end
        name = TAG_NAME.match(tag)
        if name is None or name[1].lower() not in CLOSED_ELEMENTS:
            continue
        if tag.startswith("</"):
            depth = max(0, depth - 1)
        else:
            depth += 1
            if name[1].lower() in RAW_ELEMENTS:
                raw_end = _raw_end(html, position, name[1])
                yield html[position:raw_end], False
                position = raw_end


def _markup_end(html: str, start: int) -> int:
    """Return where the tag or comment that begins at ``start`` ends; an unfinished one takes the rest."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return len(html) if end == -1 else end + 3
    position = start + 1
    if not html[position : position + 1].isalpha() and html[position : position + 1] not in {"/", "!", "?"}:
        # A lone "<" is text to a browser.
        return position
    while (found := QUOTE_OR_END.search(html, position)) is not None:
        if found[0] == ">":
            return found.end()
        closing = html.find(found[0], found.end())
        if closing == -1:
            break
        position = closing + 1
    return len(html)


def _raw_end(html: str, position: int, name: str) -> int:
    found = re.compile(rf"</{re.escape(name)}\b", re.IGNORECASE).search(html, position)
    return len(html) if found is None else found.start()
