"""An event as search engines read it (schema.org/Event, JSON-LD)."""

from typing import Any

from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

from agenda.enums import Access, Mode, OrganiserRole
from agenda.links import absolute
from agenda.models import Event, Occurrence

_MODES = {
    Mode.ON_SITE: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.BOTH: "MixedEventAttendanceMode",
}


def structured_data(event: Event, occurrence: Occurrence) -> SafeString:
    """Return the script element that describes a date; empty for what is not public or has no date.

    It holds what every visitor reads and nothing else: never the link of the conference.
    """
    if event.visibility != Access.PUBLIC or not event.is_shown or occurrence.starts_at is None:
        return mark_safe("")
    # json_script escapes what would end the element; only its type is not the one wanted here.
    element = json_script(_described(event, occurrence))
    return mark_safe(element.replace("application/json", "application/ld+json", 1))  # noqa: S308 -- escaped just above


def _described(event: Event, occurrence: Occurrence) -> dict[str, Any]:
    page = absolute(occurrence.get_absolute_url())
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": occurrence.shown_title,
        "description": event.summary,
        "url": page,
        "startDate": occurrence.starts_at.isoformat() if occurrence.starts_at else "",
        "endDate": occurrence.ends_at.isoformat() if occurrence.ends_at else "",
        "eventStatus": f"https://schema.org/{'EventCancelled' if occurrence.is_cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Mode(event.mode)]}",
        "isAccessibleForFree": True,
        "inLanguage": "fr",
        "organizer": [
            {
                "@type": "Organization",
                "name": one.organisation.name,
                "url": absolute(one.organisation.get_absolute_url()),
            }
            for one in event.organisers.all()
            if one.role == OrganiserRole.ORGANISES
        ],
    }
    places: list[dict[str, Any]] = []
    if event.is_on_site and occurrence.shown_venue:
        places.append({"@type": "Place", "name": occurrence.shown_venue, "address": occurrence.shown_address})
    if event.is_online:
        places.append({"@type": "VirtualLocation", "url": page})
    return {**described, "location": places}
