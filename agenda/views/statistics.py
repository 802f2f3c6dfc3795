"""Figures and opinions, for organisers: of a date, of a whole event."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.exports import as_csv, figures_table
from agenda.models import Registration
from agenda.selectors.desk import organisation_of, organisations_by_user, registrations_for_desk
from agenda.selectors.statistics import expected_at, figures_of, figures_of_event, opinions_of
from agenda.views.access import event_or_refuse, for_organisers, occurrence_or_refuse
from agenda.wording import occurrence_when


@require_safe
@for_organisers
def of_date(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Show the figures of a date by part, and what those who came think of it."""
    occurrence = occurrence_or_refuse(request, uid, pk)
    context = {
        "event": occurrence.event,
        "occurrence": occurrence,
        "when": occurrence_when(occurrence),
        "figures": figures_of(occurrence),
        "organisations": _origins(one for one in registrations_for_desk(occurrence) if one.is_confirmed),
        "opinions": opinions_of(occurrence),
    }
    return render(request, "agenda/desk/statistics.html", context)


def _origins(registrations: Iterable[Registration]) -> list[tuple[str, int]]:
    """Return the organisations of participants with how many there are of each, the most first."""
    found = list(registrations)
    known = organisations_by_user(found)
    counts: dict[str, int] = {}
    for registration in found:
        name = organisation_of(registration, known) or _("not given")
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@require_safe
@for_organisers
def of_event(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the figures of a whole event, date by date and in all."""
    event = event_or_refuse(request, uid)
    figures = figures_of_event(event)
    context = {
        "event": event,
        "figures": figures,
        "rows": [{"date": one, "when": occurrence_when(one.occurrence)} for one in figures.dates],
        "organisations": _origins(expected_at(event)),
        "opinions": figures.opinions,
    }
    return render(request, "agenda/desk/event_statistics.html", context)


@require_safe
@for_organisers
def event_csv(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the figures of a whole event to a spreadsheet: a row a date, then the sum."""
    event = event_or_refuse(request, uid)
    headers = {"Content-Disposition": f'attachment; filename="chiffres-{event.slug[:60]}.csv"'}
    content = as_csv(figures_table(figures_of_event(event)))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
