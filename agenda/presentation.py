"""How dates and events are put in words: labels and values for the components of a page."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agenda.enums import (
    Access,
    EventStatus,
    Mode,
    OrganiserRole,
    RegistrationMode,
    RegistrationState,
)
from agenda.models import Event, Occurrence, Registration, Session
from agenda.selectors.calendar import Entry
from agenda.wording import clock, occurrence_when, place, session_when
from portal.core.dates import format_day

Fact = dict[str, Any]

STATE_KINDS = {
    RegistrationState.CONFIRMED: "success",
    RegistrationState.OFFERED: "info",
    RegistrationState.WAITING: "warning",
    RegistrationState.PENDING: "warning",
    RegistrationState.UNCONFIRMED: "neutral",
    RegistrationState.REJECTED: "error",
    RegistrationState.CANCELLED: "neutral",
}


def registration_badges(registration: Registration) -> list[Fact]:
    """Return the state of a registration; that of the date instead, where it does not take place."""
    if registration.session.occurrence.is_cancelled:
        return [{"label": _("Called off"), "kind": "error"}]
    kind = STATE_KINDS[RegistrationState(registration.state)]
    return [{"label": registration.get_state_display(), "kind": kind}]


def facts_of(*pairs: tuple[str, Any]) -> list[Fact]:
    """Return labels and values, those without a value left out."""
    return [{"label": label, "value": value} for label, value in pairs if value]


def date_badges(occurrence: Occurrence) -> list[Fact]:
    """Return what a reader must not miss of a date: called off, over, online."""
    event = occurrence.event
    badges = []
    if occurrence.is_cancelled:
        badges.append({"label": _("Called off"), "kind": "error"})
    elif occurrence.is_over:
        badges.append({"label": _("Past"), "kind": "neutral"})
    if event.status in {EventStatus.DRAFT, EventStatus.SUBMITTED}:
        badges.append({"label": event.get_status_display(), "kind": "warning"})
    if event.mode != Mode.ON_SITE and not occurrence.is_over:
        badges.append({"label": event.get_mode_display(), "kind": "info"})
    if event.visibility != Access.PUBLIC:
        badges.append({"label": event.get_visibility_display(), "kind": "neutral"})
    return badges


def card_of(occurrence: Occurrence) -> Fact:
    """Return what a row of the agenda shows: when, where, what about."""
    event = occurrence.event
    themes = ", ".join(theme.name for theme in event.themes.all())
    where = place(occurrence)
    return {
        "title": occurrence.shown_title,
        "url": occurrence.get_absolute_url(),
        "kicker": event.get_kind_display(),
        "summary": event.summary,
        "badges": date_badges(occurrence),
        "facts": facts_of((_("When"), _timed(occurrence)), (_("Where"), where), (_("Themes"), themes)),
        **_tile(occurrence),
    }


def _tile(occurrence: Occurrence) -> dict[str, str]:
    """Return the day as its tile shows it; empty where there is none."""
    day = occurrence.local_day
    if day is None:
        return {"day": "", "weekday": "", "month": ""}
    return {"day": str(day.day), "weekday": date_format(day, "D").lower(), "month": date_format(day, "N Y")}


def _timed(occurrence: Occurrence) -> SafeString | str:
    """Return when it takes place, with the moment as machines read it."""
    if occurrence.starts_at is None:
        return occurrence_when(occurrence)
    iso = timezone.localtime(occurrence.starts_at, ZoneInfo(occurrence.event.timezone)).isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, occurrence_when(occurrence))


def link(url: str, label: str) -> SafeString:
    """Return a link."""
    return format_html('<a href="{}">{}</a>', url, label)


def side_facts(occurrence: Occurrence | None, event: Event) -> list[Fact]:
    """Return when, where, for whom and by whom, for the side column of the page."""
    by_role: dict[str, list[SafeString]] = {}
    for organiser in event.organisers.all():
        organisation = organiser.organisation
        by_role.setdefault(organiser.role, []).append(link(organisation.get_absolute_url(), organisation.name))
    audiences = ", ".join(audience.name for audience in event.audiences.all())
    return facts_of(
        (_("When"), _timed(occurrence) if occurrence else _("Date not stated")),
        (_("Where"), place(occurrence) if occurrence else ""),
        *((role.label, _joined(by_role.get(role, ()))) for role in OrganiserRole),
        (_("Territory"), event.territory and link(event.territory.get_absolute_url(), str(event.territory))),
        (_("Audience"), audiences),
        (_("Who sees this page"), event.get_visibility_display() if event.visibility != Access.PUBLIC else ""),
        (_("Contact"), event.contact_email and link(f"mailto:{event.contact_email}", event.contact_email)),
        (_("Source"), event.source_url and link(event.source_url, event.source_label or event.source_url)),
    )


def _joined(links: Iterable[SafeString]) -> SafeString:
    return format_html_join(", ", "{}", ((one,) for one in links))


def places_left(session: Session) -> str:
    """Return how many places are left, as a reader needs it; empty where there is no limit."""
    parts = []
    for way in session.ways:
        free = session.free(way)
        if free is None:
            continue
        text = ngettext("%(count)s place left", "%(count)s places left", free) % {"count": free} if free else _("Full")
        parts.append(_("%(text)s on line") % {"text": text} if way == "visio" and len(session.ways) > 1 else text)
    return ", ".join(parts)


def session_card(session: Session, registration: Registration | None, *, may_register: bool) -> Fact:
    """Return what the page says of one part: its facts, and what the reader can do."""
    plan = session.plan
    event = session.occurrence.event
    is_open = session.is_open()
    shows_outcome = session.occurrence.shows_outcome
    limits = event.registration_mode == RegistrationMode.INTERNAL and not session.occurrence.is_over
    return {
        "session": session,
        "plan": plan,
        "title": plan.title or _("Registration"),
        "when": session_when(session) if session.starts_at else "",
        "badges": [{"label": plan.get_access_display(), "kind": "success" if plan.access == Access.PUBLIC else "info"}],
        "facts": facts_of(
            (_("When"), session_when(session) if session.starts_at else ""),
            (_("Who is expected"), plan.audience_note),
            (_("Method"), plan.method),
            (_("Places"), places_left(session) if limits and session.starts_at else ""),
        ),
        "registration": registration,
        "state": registration.get_state_display() if registration else "",
        "state_kind": STATE_KINDS[RegistrationState(registration.state)] if registration else "",
        "is_open": is_open,
        "may_register": may_register,
        "is_full": is_open and all(session.is_full(way) for way in session.ways),
        "opens": _opening_sentence(session),
        "outcome": session.outcome if shows_outcome else "",
        "subjects": list(session.subjects.all()) if shows_outcome else [],
    }


def _opening_sentence(session: Session) -> str:
    """Return when registration opens, where it has not yet."""
    opens_at = session.opens_at
    if opens_at is None or opens_at <= timezone.now() or session.occurrence.is_over:
        return ""
    return _("Registration opens on %(day)s.") % {"day": format_day(timezone.localtime(opens_at).date())}


def other_date(occurrence: Occurrence) -> Fact:
    """Return a line of the list of the other dates of a series."""
    return {
        "url": occurrence.get_absolute_url(),
        "label": occurrence_when(occurrence),
        "badges": date_badges(occurrence),
    }


def entry_label(entry: Entry) -> str:
    """Return the line of a calendar: « 9 h 30 Session Lab »."""
    begins = timezone.localtime(entry.starts_at, ZoneInfo(entry.zone))
    return f"{clock(begins)} {entry.title}"
