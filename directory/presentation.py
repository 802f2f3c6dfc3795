"""How organisations are worded on pages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directory.models import FormerName, Membership, Organisation
from directory.people import MemberPresentation, introduce, levels_read_by, photo_url
from directory.phones import format_public_phone
from directory.selectors import with_card_details
from directory.siret import format_siret
from portal.accounts.rules import AnyUser, is_member
from portal.core.dates import format_day
from portal.core.markdown import render_markdown
from portal.core.remember import remembered
from portal.taxonomy.models import Territory

Fact = dict[str, Any]


@dataclass(frozen=True)
class OrganisationCard:
    """What a list shows of an organisation."""

    title: str
    url: str
    kicker: str
    summary: str
    facts: list[Fact]
    badges: list[Fact]


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
        badges=[{"label": _("Verified"), "kind": "success"}] if organisation.verified_at else [],
    )


#: Cards that a process keeps at most; beyond, it begins anew.
MOST_CARDS = 2_000


@remembered("directory", "taxonomy")
def _shelf() -> dict[int, OrganisationCard]:
    """Return the cards made so far, filled as lists are read; a card is the same for all who see the organisation."""
    return {}


def cards_of(keys: Iterable[int]) -> dict[int, OrganisationCard]:
    """Return the cards of these organisations by key, none for one that is gone; the caller knows that they are seen.

    In the order of ``keys``.
    """
    shelf, wanted = _shelf(), list(keys)
    # Taken off the shelf before it is cleared, here or in another thread.
    known = {key: card for key in wanted if (card := shelf.get(key)) is not None}
    missing = [key for key in wanted if key not in known]
    if not missing:
        return known
    made = {one.pk: card_of(one) for one in with_card_details(Organisation.objects.filter(pk__in=missing))}
    if len(shelf) > MOST_CARDS:
        shelf.clear()
    shelf.update(made)
    known |= made
    return {key: known[key] for key in wanted if key in known}


def at_distance(card: OrganisationCard, kilometres: float | None, precision: str) -> OrganisationCard:
    """Return ``card`` with how far its seat is, as the crow flies, and how exactly this is known."""
    if kilometres is None:
        return card
    shown = _("less than 1 km") if kilometres < 1 else _("about %(km)d km") % {"km": round(kilometres)}
    value = f"{shown} ({precision})" if precision else shown
    return replace(card, facts=[{"label": _("Distance"), "value": value}, *card.facts])


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
        (_("Networks"), ", ".join(network.name for network in organisation.networks.all())),
        (_("SIRET"), format_siret(organisation.siret)),
        (_("Legal category"), organisation.get_legal_category_display() if organisation.legal_category else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def reach_of(organisation: Organisation) -> list[Fact]:
    """Return how to reach an organisation: telephone, address; never an e-mail address."""
    number, extension = organisation.phone, organisation.phone_extension
    dialled = f"{number};ext={extension}" if extension else number
    phone = number and format_html('<a href="tel:{}">{}</a>', dialled, format_public_phone(number, extension))
    town = organisation.seat.name if organisation.seat and organisation.seat.level == Territory.Level.COMMUNE else ""
    address = ", ".join(filter(None, (organisation.street, f"{organisation.postal_code} {town}".strip())))
    facts = [(_("Telephone"), phone), (_("Address"), address if organisation.street else "")]
    return [{"label": label, "value": value} for label, value in facts if value]


def freshness_of(organisation: Organisation) -> str:
    """Return since when the page has been right, as a sentence."""
    day = format_day(timezone.localdate(organisation.confirmed_at))
    if organisation.last_confirmed_at is None:
        return _("Written on %(day)s, not confirmed since.") % {"day": day}
    return _("Confirmed on %(day)s.") % {"day": day}


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


def directory_tabs(user: AnyUser, current: str) -> list[Fact]:
    """Return the two halves of the directory; members alone have the second one, others no tabs."""
    if not is_member(user):
        return []
    halves = (
        ("organisations", _("Organisations"), reverse("directory:index")),
        ("members", _("Members"), reverse("directory:members")),
    )
    return [{"label": label, "url": url, "current": key == current} for key, label, url in halves]


def member_card(member: MemberPresentation) -> Fact:
    """Return what a list shows of a member: the parameters of the component "person"."""
    facts = [
        {"label": _("Organisation"), "value": ", ".join(place.organisation.name for place in member.organisations)},
        {"label": _("Territory"), "value": ", ".join(str(territory) for territory in member.territories)},
        {"label": _("Skills"), "value": ", ".join(skill.name for skill in member.skills)},
    ]
    return {
        "name": member.name,
        "url": member.url,
        "job_title": member.job_title,
        "photo_url": member.photo_url,
        "initials": member.initials,
        "facts": [fact for fact in facts if fact["value"]],
    }


def colleague_card(place: Membership, reader: AnyUser, *, is_managed: bool) -> Fact:
    """Return a person of one's own organisation; whoever manages the members knows whom they manage."""
    levels = levels_read_by(reader, place.user.profile)
    shown = introduce(place.user.profile, levels)
    name = str(place.user) if is_managed else shown.name
    facts = [
        {"label": _("Role"), "value": place.get_role_display()},
        {"label": _("Since"), "value": format_day(timezone.localdate(place.joined_at))},
    ]
    if place.user_id == reader.pk:
        name = _("%(name)s (you)") % {"name": name}
    card = {"pk": place.pk, "name": name, "initials": shown.initials, "facts": facts}
    return {**card, "photo_url": photo_url(place.user.profile) if place.user.profile.photo_visibility in levels else ""}


def member_facts(member: MemberPresentation) -> list[Fact]:
    """Return how to reach a member, for the side column of the page."""
    email, phone = member.contact_email, member.phone
    facts = [
        (_("E-mail"), email and format_html('<a href="mailto:{}">{}</a>', email, email)),
        (_("Telephone"), phone and format_html('<a href="tel:{}">{}</a>', phone, member.phone_shown)),
        (_("Territories of action"), _links(member.territories)),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _links(things: Iterable[Any]) -> SafeString | str:
    found = [format_html('<a href="{}">{}</a>', thing.get_absolute_url(), thing) for thing in things]
    return SafeString(", ".join(found))
