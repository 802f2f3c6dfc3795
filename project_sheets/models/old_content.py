"""Old revisions name things that may have been deleted since: what to show in their place.

Rows that are live protect what they name; a revision is only text, and protects nothing.
"""

from typing import Any

from django.utils.translation import gettext as _

from directory.models import Organisation
from portal.content.models import PortalImage
from project_sheets.models.calls import Call, Wave


def without_lost_references(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a revision with what it names and no longer exists left out.

    A lost partner becomes a label that says so, a lost funder or holder is empty, a photo without
    its picture goes away.
    """
    partners, lines = content.get("partnerships", []), content.get("funding_lines", [])
    named = {content.get("holder"), *(row.get("organisation") for row in partners)}
    named |= {row.get(role) for row in lines for role in ("funder", "channel")}
    kept = set(Organisation.objects.filter(pk__in=named - {None}).values_list("pk", flat=True))
    content = {**content, **_frame(content)}
    photos = content.get("photos", [])
    pictures = set(PortalImage.objects.filter(pk__in=[row["image"] for row in photos]).values_list("pk", flat=True))
    if named - {None} <= kept and len(pictures) == len({row["image"] for row in photos}):
        return content
    return {
        **content,
        "holder": content.get("holder") if content.get("holder") in kept else None,
        "partnerships": [_partner(row, kept) for row in partners],
        "funding_lines": [
            {**row, **{role: row.get(role) if row.get(role) in kept else None for role in ("funder", "channel")}}
            for row in lines
        ],
        "photos": [row for row in photos if row["image"] in pictures],
    }


def _frame(content: dict[str, Any]) -> dict[str, Any]:
    """Return the call and the wave of a revision, None for one that is gone."""
    call = Call.objects.filter(pk=content.get("call")).exists() if content.get("call") else False
    wave = Wave.objects.filter(pk=content.get("wave")).exists() if content.get("wave") else False
    return {"call": content["call"] if call else None, "wave": content["wave"] if wave else None}


def _partner(row: dict[str, Any], kept: set[int]) -> dict[str, Any]:
    if row.get("organisation") is None or row["organisation"] in kept:
        return row
    return {**row, "organisation": None, "label": _("organisation removed from the directory")}
