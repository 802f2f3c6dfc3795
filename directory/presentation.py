"""How organisations are worded on pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from directory.models import FormerName, Organisation
from portal.core.markdown import render_markdown

Fact = dict[str, Any]


@dataclass(frozen=True)
class OrganisationCard:
    """What a list shows of an organisation."""

    title: str
    url: str
    kicker: str
    summary: str
    facts: list[Fact]


def title_of(organisation: Organisation) -> str:
    """Return the name with its acronym, unless the name says it already."""
    acronym = organisation.acronym
    if not acronym or acronym.casefold() in organisation.name.casefold().split():
        return organisation.name
    return f"{organisation.name} ({acronym})"


def card_of(organisation: Organisation) -> OrganisationCard:
    """Return the card of an organisation whose kind, seat and territories are fetched."""
    places = [str(territory) for territory in organisation.territories.all()]
    facts = [{"label": _("Territory"), "value": ", ".join(places)}] if places else []
    if organisation.seat is not None:
        facts.append({"label": _("Seat"), "value": str(organisation.seat)})
    return OrganisationCard(
        title=title_of(organisation),
        url=organisation.get_absolute_url(),
        kicker=organisation.kind.name,
        summary=plain_text(organisation.description, length=180),
        facts=facts,
    )


def plain_text(markdown: str, *, length: int) -> str:
    """Return the beginning of a Markdown text, without its marks, cut between words."""
    text = " ".join(unescape(strip_tags(render_markdown(markdown))).split())
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]}…"


def facts_of(organisation: Organisation) -> list[Fact]:
    """Return the facts in brief of an organisation's page."""
    former = _names(organisation.other_names.all(), FormerName.Kind.FORMER)
    usual = _names(organisation.other_names.all(), FormerName.Kind.USUAL)
    facts = [
        (_("Acronym"), _acronym(organisation)),
        (_("Formerly"), former),
        (_("Also called"), usual),
        (_("Audiences"), ", ".join(audience.name for audience in organisation.audiences.all())),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _acronym(organisation: Organisation) -> str:
    """Return « DREETS – direction régionale… »; the acronym alone stands in the title already."""
    if not organisation.acronym_expansion:
        return ""
    return " – ".join(part for part in (organisation.acronym, organisation.acronym_expansion) if part)


def _names(names: Iterable[FormerName], kind: str) -> str:
    worded = []
    for other in names:
        if other.kind == kind and other.until:
            worded.append(_("%(name)s (until %(year)s)") % {"name": other.name, "year": other.until.year})
        elif other.kind == kind:
            worded.append(other.name)
    return ", ".join(worded)
