"""From a kind and its context to a subject, a text and the same in HTML."""

import re
from dataclasses import dataclass
from typing import Any, Literal, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, engines
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.mail.enums import SUBSCRIBED_CATEGORIES, MailCategory
from portal.mail.kinds import SUBJECT_LENGTH, MailKind

_LINKED = re.compile(r"(?P<text>.+) <(?P<url>https?://[^\s<>]+)>")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class RenderedMail:
    """A message ready to be stored."""

    subject: str
    text: str
    html: str


class Line(str):
    """A line of a body; ``url`` is where an item of a list leads, if anywhere."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str = "") -> Self:
        """Return ``text`` with where it leads."""
        line = super().__new__(cls, text)
        line.url = url
        return line


@dataclass(frozen=True)
class Block:
    """One part of a body: its paragraph's or quotation's lines, or its list's items."""

    kind: Literal["paragraph", "list", "quote"]
    lines: tuple[Line, ...]


def render_mail(kind: MailKind, *, context: dict[str, Any], url: str = "", unsubscribe_url: str = "") -> RenderedMail:
    """Write one message in French, whatever the language of the process that asks for it.

    Raises ImproperlyConfigured where the button has a label but no address, or the reverse.
    """
    if bool(kind.action) != bool(url):
        raise ImproperlyConfigured(f"{kind.name}: an action needs its address, and an address its action")
    with translation.override(settings.LANGUAGE_CODE):
        subject = subject_of(str(kind.subject), context)
        body = body_of(kind, context)
        parts = {
            "subject": subject,
            "body": body,
            "blocks": blocks_of(body),
            "action": str(kind.action),
            "url": url,
            "reason": filled(str(kind.reason), context),
            "portal_name": settings.PORTAL_NAME,
            "portal_tagline": settings.PORTAL_TAGLINE,
            "portal_url": settings.BASE_URL,
            "foot_links": foot_links(kind.category, unsubscribe_url),
        }
        text = _plain("mail/layout.txt", parts)
        html = render_to_string("layout/mail.html", parts)
    return RenderedMail(subject, f"{text.strip()}\n", html)


def preview_mail(kind: MailKind) -> RenderedMail:
    """Write ``kind`` with its sample, with addresses that lead nowhere."""
    return render_mail(
        kind,
        context=kind.sample(),
        url=f"{settings.BASE_URL}/exemple/" if kind.action else "",
        unsubscribe_url=f"{settings.BASE_URL}/desabonnement/exemple/" if kind.category in SUBSCRIBED_CATEGORIES else "",
    )


def body_of(kind: MailKind, context: dict[str, Any]) -> str:
    """Return the plain text of the body template, without blank lines in excess."""
    shared = {"portal_name": settings.PORTAL_NAME, "portal_url": settings.BASE_URL}
    text = _plain(kind.template_name, {**shared, **context})
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def subject_of(template: str, context: dict[str, Any]) -> str:
    """Return the subject: filled, on one line whatever was typed, and shortened to fit."""
    subject = one_line(filled(template, context))
    if len(subject) <= SUBJECT_LENGTH:
        return subject
    cut = subject[: SUBJECT_LENGTH - 1]
    # Between two words, unless the last one is most of the subject.
    whole = cut.rpartition(" ")[0]
    return f"{(whole if len(whole) > SUBJECT_LENGTH // 2 else cut).rstrip(' ,;:.–-')}…"


def one_line(text: str) -> str:
    """Return ``text`` as a header may hold it: no line break nor other invisible sign."""
    # Ordinary spaces alone: the no-break ones of French typography stay.
    return re.sub(r" {2,}", " ", _INVISIBLE.sub(" ", text)).strip()


def filled(template: str, context: dict[str, Any]) -> str:
    """Return ``template`` with its %(name)s; one without any may hold a bare per cent sign."""
    return template % context if "%(" in template else template


def _plain(template_name: str, context: dict[str, Any]) -> str:
    """Render a template of plain text: « d'insertion » stays so, without HTML's escapes."""
    template = engines["django"].engine.get_template(template_name)  # type: ignore[attr-defined]
    return str(template.render(Context(context, autoescape=False)))


def blocks_of(body: str) -> list[Block]:
    """Tell paragraphs, lists ("- ") and quotations ("> ") apart, in the order of the text."""
    blocks = []
    for part in re.split(r"\n\s*\n", body):
        for kind, lines in _runs(part.split("\n")):
            marker = {"list": "- ", "quote": ">", "paragraph": ""}[kind]
            texts = [line.removeprefix(marker).strip() for line in lines]
            blocks.append(Block(kind, tuple(_linked(text) if kind == "list" else Line(text) for text in texts)))
    return blocks


def _linked(text: str) -> Line:
    """Read "title <address>"; only addresses of the portal lead anywhere, since titles are typed by people."""
    found = _LINKED.fullmatch(text)
    if found is None or not found["url"].startswith(f"{settings.BASE_URL}/"):
        return Line(text)
    return Line(found["text"], found["url"])


def _runs(lines: list[str]) -> list[tuple[Literal["paragraph", "list", "quote"], list[str]]]:
    """Group neighbouring lines of one kind: a list may follow its sentence without a blank line."""
    runs: list[tuple[Literal["paragraph", "list", "quote"], list[str]]] = []
    for line in lines:
        kind: Literal["paragraph", "list", "quote"] = (
            "list" if line.startswith("- ") else "quote" if line.startswith(">") else "paragraph"
        )
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(line)
        else:
            runs.append((kind, [line]))
    return runs


def foot_links(category: MailCategory, unsubscribe_url: str = "") -> list[dict[str, str]]:
    """Return the links of the foot that this portal has: preferences, unsubscribe, contact."""
    links = []
    if category in SUBSCRIBED_CATEGORIES:
        links += [{"label": _("Your e-mail preferences"), "url": url} for url in _named("notifications:preferences")]
        if unsubscribe_url:
            links.append({"label": _("Unsubscribe"), "url": unsubscribe_url})
    return links + [{"label": _("Contact us"), "url": url} for url in _named("content:contact")]


def _named(name: str) -> list[str]:
    """Return the absolute address of a page of a higher app, or nothing while it has none."""
    try:
        return [settings.BASE_URL + reverse(name)]
    except NoReverseMatch:
        return []
