"""How the state of a sheet is put in words, for the pages of “My sheets”."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.core.dates import format_day
from portal.core.money import format_euros, format_percent
from project_sheets.editing.completeness import Completeness, Criterion
from project_sheets.editing.selectors import SheetState
from project_sheets.editing.steps import STEPS, Step
from project_sheets.enums import EventKind
from project_sheets.financing import Financing
from project_sheets.models import ProjectSheetPage, SheetEvent

Fact = dict[str, Any]


def clock(moment: datetime | None) -> str:
    """Return the time of day, with the day where it is not today: "14:32", "12 mars 2026 à 14:32"."""
    if moment is not None and timezone.localdate(moment) == timezone.localdate():
        return f"{timezone.localtime(moment):%H:%M}"
    return day_and_hour(moment)


def day_and_hour(moment: datetime | None) -> str:
    """Return a moment as one plans it: "12 mars 2026 à 14:32"; empty for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {"day": format_day(local), "time": f"{local:%H:%M}"}


def saved_line(moment: datetime | None) -> str:
    """Return when the draft was saved: "Brouillon enregistré à 14:32"."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _("Draft saved at %(time)s") % {"time": f"{local:%H:%M}"}
    return _("Draft saved on %(day)s at %(time)s") % {"day": format_day(local), "time": f"{local:%H:%M}"}


def state_badges(state: SheetState) -> list[Fact]:
    """Return where the sheet stands, in one word or two."""
    sheet = state.sheet
    badges: list[Fact] = []
    if state.is_archived:
        badges.append({"label": _("Archived"), "kind": "neutral"})
    elif sheet.live:
        badges.append({"label": pgettext("sheet", "Online"), "kind": "success"})
    else:
        badges.append({"label": _("Draft"), "kind": "neutral"})
    if state.is_in_review:
        badges.append({"label": _("In review"), "kind": "info"})
    elif state.needs_changes:
        badges.append({"label": _("Changes asked for"), "kind": "warning"})
    elif state.is_scheduled:
        badges.append({"label": _("Publication planned"), "kind": "info"})
    elif sheet.live and sheet.has_unpublished_changes:
        badges.append({"label": _("Changes not published"), "kind": "warning"})
    if state.corrections:
        label = ngettext("%(count)d correction to answer", "%(count)d corrections to answer", state.corrections)
        badges.append({"label": label % {"count": state.corrections}, "kind": "warning"})
    return badges


def step_links(sheet: ProjectSheetPage, completeness: Completeness, current: Step | None = None) -> list[Fact]:
    """Return the steps with their addresses, and what each lacks."""
    links = []
    for step in STEPS:
        missing = completeness.of_step(step.slug)
        links.append(
            {
                "label": step.label,
                "url": reverse("sheet_editing:step", args=[sheet.uid, step.slug]),
                "current": step is current,
                "done": not missing,
                "note": ngettext("%(count)d to fill in", "%(count)d to fill in", len(missing)) % {"count": len(missing)}
                if missing
                else _("complete"),
            }
        )
    return links


def criterion_links(sheet: ProjectSheetPage, criteria: list[Criterion]) -> list[Fact]:
    """Return what is missing, each with the address of its place in the form."""
    return [
        {
            "label": criterion.label,
            "url": f"{reverse('sheet_editing:step', args=[sheet.uid, criterion.step])}#{criterion.anchor}",
        }
        for criterion in criteria
    ]


def event_lines(events: list[SheetEvent], *, for_team: bool) -> list[Fact]:
    """Return the journal for a timeline; acts are told in the name of their organisation.

    The word to the team that goes with a submission is for the team alone, as its form says.
    """
    lines = []
    for event in events:
        who = str(event.by) if event.by else _("the portal")
        if event.on_behalf_of:
            who = _("%(who)s, in the name of %(organisation)s") % {"who": who, "organisation": event.on_behalf_of}
        local = timezone.localtime(event.at)
        lines.append(
            {
                "date": clock(event.at),
                "iso": local.isoformat(timespec="minutes"),
                "title": _("%(what)s – %(who)s") % {"what": _capital(event.get_kind_display()), "who": who},
                "text": event.text if for_team or event.kind != EventKind.SUBMITTED else "",
            }
        )
    return lines


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def financing_summary(financing: Financing | None) -> Fact:
    """Return the figures that the portal computes from what is typed, as the page shows them."""
    if financing is None:
        return {}
    named = sum((row.line.amount for row in financing.shares), Decimal(0))
    return {
        "named_total": format_euros(named),
        "state_value": _part(financing.state_share, financing.state_total),
        "rest_value": _part(financing.remainder_share, financing.remainder),
    }


def _part(share: Decimal | None, amount: Decimal | None) -> str:
    return f"{format_percent(share)} ({format_euros(amount)})" if share is not None and amount is not None else ""
