"""What a message's Markdown says: its HTML, an excerpt, the members it names, the pages it links to."""

import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from forum.machina_apps.forum_conversation.models import Post
from portal.core.markdown import render_markdown
from portal.taxonomy.models import normalize_name

#: Longer texts are refused at their field; the renderer is linear but not free.
MAX_LENGTH = 20_000
EXCERPT_LENGTH = 240
#: "@" and up to four words that begin with a letter: a first name and a last name, maybe of two words each.
_MENTION = re.compile(r"(?<![\w@\[/.])@([^\W\d_][\w’'-]*(?: [^\W\d_][\w’'-]*){0,3})")
_LINKED_MENTION = re.compile(r"\[@[^\]\n]{1,160}\]\(/annuaire/membres/([0-9a-z]{8})/\)")
_HREF = re.compile(r'href="([^"]{1,500})"')
#: Deeper quotations are cut: nobody reads them, and each level costs the renderer.
MAX_QUOTE_DEPTH = 3
MAX_QUOTE_LENGTH = 1_200


def excerpt(html: str, length: int = EXCERPT_LENGTH) -> str:
    """Return the beginning of rendered text as plain text, cut between words.

    From what was rendered, never from what was typed: machina's raw text passes for safe HTML.
    """
    without_quotes = re.sub(r"<blockquote>.*?</blockquote>", " ", html, flags=re.DOTALL)
    text = " ".join(unescape(strip_tags(without_quotes)).split())
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]}…"


def fingerprint_of(post: Post) -> str:
    """Return what changes with the title or the text of a message, to tell whether it is still what was read."""
    return sha256(f"{post.subject}\0{post.content.raw}".encode()).hexdigest()[:16]


def quote(text: str, author: str) -> str:
    """Return ``text`` as a quotation to answer to, without the quotations that it holds itself."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    kept = "\n".join(lines).strip()[:MAX_QUOTE_LENGTH]
    quoted = "\n".join(f"> {line}".rstrip() for line in kept.splitlines())
    return f"> **{author}**\n>\n{quoted}\n\n"


def tame(text: str) -> str:
    """Return ``text`` with line breaks of one kind and quotations no deeper than people read."""
    deep = re.compile(rf"^(?:[ \t]{{0,3}}> ?){{{MAX_QUOTE_DEPTH + 1},}}", re.MULTILINE)
    return deep.sub("> " * MAX_QUOTE_DEPTH, text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def typed_mentions(text: str) -> list[str]:
    """Return what was typed after each "@": candidates for the name of a member."""
    return list(dict.fromkeys(match[1] for match in _MENTION.finditer(text)))


def link_mentions(text: str, addresses: dict[str, str]) -> str:
    """Turn "@First Last" into a link; ``addresses`` gives the page of a member by normalised name.

    The longest name that is known wins; what names nobody stays as it was typed.
    """

    def linked(match: re.Match[str]) -> str:
        words = match[1].split(" ")
        for length in range(len(words), 0, -1):
            name = " ".join(words[:length])
            address = addresses.get(normalize_name(name))
            if address:
                rest = " ".join(words[length:])
                return f"[@{name}]({address})" + (f" {rest}" if rest else "")
        return match[0]

    return _MENTION.sub(linked, text)


def mentioned_short_ids(text: str) -> set[str]:
    """Return the short ids of the members whom ``text`` mentions by a link, what it quotes left out."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return set(_LINKED_MENTION.findall(own))


def reusable(text: str) -> str:
    """Return the Markdown of a message as others may use it again: without quotations, nor the members it names."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return _LINKED_MENTION.sub(_("a member"), own).strip()


def internal_paths(text: str) -> list[str]:
    """Return the paths of this portal that ``text`` links to, in order and once each."""
    host = urlsplit(settings.BASE_URL).netloc
    found = []
    for address in _HREF.findall(render_markdown(text)):
        parts = urlsplit(unescape(address))
        if parts.netloc in {"", host} and parts.path.startswith("/"):
            found.append(parts.path)
    return list(dict.fromkeys(found))


def names_of_words(words: Iterable[str]) -> set[str]:
    """Return every beginning of the typed words, normalised: what a mention may name."""
    names = set()
    for typed in words:
        parts = typed.split(" ")
        names |= {normalize_name(" ".join(parts[:length])) for length in range(1, len(parts) + 1)}
    return names - {""}
