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
    its picture goes away. An organisation that was merged is the one that it was merged into.
    """
    partners, lines = content.get("partnerships", []), content.get("funding_lines", [])
    named = {content.get("holder"), *(row.get("organisation") for row in partners)}
    named |= {row.get(role) for row in lines for role in ("funder", "channel")}
    kept = _organisations(named - {None})
    content = {**content, **_frame(content)}
    photos = content.get("photos", [])
    pictures = set(PortalImage.objects.filter(pk__in=[row["image"] for row in photos]).values_list("pk", flat=True))
    if all(kept.get(key) == key for key in named - {None}) and len(pictures) == len({row["image"] for row in photos}):
        return content
    return {
        **content,
        "holder": kept.get(content.get("holder")),
        "partnerships": [_partner(row, kept) for row in partners],
        "funding_lines": [_line(row, kept) for row in lines],
        "photos": [row for row in photos if row["image"] in pictures],
    }


def _frame(content: dict[str, Any]) -> dict[str, Any]:
    """Return the call and the wave of a revision, None for one that is gone."""
    call = Call.objects.filter(pk=content.get("call")).exists() if content.get("call") else False
    wave = Wave.objects.filter(pk=content.get("wave")).exists() if content.get("wave") else False
    return {"call": content["call"] if call else None, "wave": content["wave"] if wave else None}


def _organisations(wanted: set[Any]) -> dict[Any, int]:
    """Return which organisation each of these keys names now; a lost one is left out."""
    found: dict[Any, int] = {}
    after: dict[int, int] = {}
    asked = wanted
    while asked:
        rows = list(Organisation.objects.filter(pk__in=asked).values_list("pk", "merged_into_id"))
        after |= {key: merged for key, merged in rows if merged is not None}
        found |= {key: key for key, merged in rows if merged is None}
        asked = {merged for _key, merged in rows if merged is not None} - after.keys() - found.keys()
    for key in wanted & after.keys():
        last = after[key]
        while last in after:
            last = after[last]
        found[key] = last
    return {key: found[key] for key in wanted & found.keys()}


def _line(row: dict[str, Any], kept: dict[Any, int]) -> dict[str, Any]:
    funder, channel = kept.get(row.get("funder")), kept.get(row.get("channel"))
    # Two bodies that have become one: it pays itself.
    return {**row, "funder": funder, "channel": channel if channel != funder else None}


def _partner(row: dict[str, Any], kept: dict[Any, int]) -> dict[str, Any]:
    if row.get("organisation") is None:
        return row
    if row["organisation"] in kept:
        return {**row, "organisation": kept[row["organisation"]]}
    return {**row, "organisation": None, "label": _("organisation removed from the directory")}
