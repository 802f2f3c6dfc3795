"""A whole sheet as a JSON document that another portal reads without loss, with its fingerprint.

What the sheet refers to is named by what all portals share: public codes, slugs; an organisation comes
with what identifies it anywhere (uid, SIRET, name, acronym, site). Who looks after the sheet, its history
and its comments stay: they are of this portal's people.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.db.models.fields.files import FieldFile

from directory.models import Organisation
from portal.taxonomy.models import Territory, normalize_name
from project_sheets.models import Call, ProjectSheetPage

FORMAT = "portal-sheet/2"
#: Fields of the page that a transfer carries as they are.
FIELDS = (
    *("uid", "title", "slug", "acronym", "award_date", "start_date", "end_date", "duration_months", "stated_stage"),
    *("summary", "objective", "audience_conditions", "body", "public_profile", "consortium_agreement_date"),
    *("total_budget", "stated_state_share", "results", "source_url", "source_label", "retrieved_on"),
    "last_confirmed_at",
)
#: Relations to shared words, with what names a word on every portal.
WORDS = {
    "audiences": "slug",
    "themes": "slug",
    "sectors": "slug",
    "occupations": "code",
    "territories": "public_code",
    "extra_regions": "public_code",
}
ROWS = {
    "actions": ("title", "body"),
    "team_roles": ("label", "count"),
    "partnerships": ("organisation", "label", "quantity", "role", "signed_on", "contribution"),
    "funding_lines": (
        *("label", "category", "funder", "channel", "instrument", "amount", "amount_status", "qualifier"),
        "stated_share",
    ),
    "testimonies": ("quote", "author", "consent_date"),
    "documents": ("uid", "title", "kind", "file"),
}
INDICATOR = ("label", "unit", "periodicity", "default_target")
VALUE = ("year", "target", "achieved", "note", "source")
#: What a document holds of an organisation; no other part of it has all of these names.
ORGANISATION = frozenset({"uid", "siret", "name", "acronym", "website", "kind", "kind_name"})
CALL = (
    *("title", "short_title", "slug", "authority", "published_on", "closes_on", "purpose", "audience_conditions"),
    *("stated_project_count", "stated_wave_count", "url", "source_url"),
)


def write_sheet(sheet: ProjectSheetPage) -> dict[str, Any]:
    """Return the whole of a sheet, both depths, with its fingerprint."""
    content: dict[str, Any] = {name: plain(getattr(sheet, name)) for name in FIELDS}
    content["region"] = sheet.region.public_code if sheet.region else None
    content["holder"] = _organisation(sheet.holder)
    content["call"] = _call(sheet.call)
    content["wave"] = sheet.wave.number if sheet.wave else None
    for name, key in WORDS.items():
        content[name] = sorted(str(getattr(word, key)) for word in getattr(sheet, name).all())
    for name, fields in ROWS.items():
        content[name] = [_row(row, fields) for row in getattr(sheet, name).all()]
    content["indicators"] = [
        {**_row(indicator, INDICATOR), "values": [_row(value, VALUE) for value in indicator.values.all()]}
        for indicator in sheet.indicators.all()
    ]
    content["photos"] = [_photo(photo) for photo in sheet.photos.select_related("image")]
    return {"format": FORMAT, "fingerprint": fingerprint_of(content), "sheet": content}


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """Return what two portals compare: equal where the sheets say the same.

    The signs of a picture's file do not count: a portal draws every picture anew. Of an organisation
    counts which one it is: each portal has its own words for it, and its own uid where it knew it first.
    """
    counted = dict(content) | {
        "photos": [{name: value for name, value in photo.items() if name != "file"} for photo in content["photos"]]
    }
    text = json.dumps(_with_identities(counted), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _with_identities(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() >= ORGANISATION:
            return f"siret {value['siret']}" if value["siret"] else f"name {normalize_name(value['name'])}"
        return {name: _with_identities(entry) for name, entry in value.items()}
    return [_with_identities(entry) for entry in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it; amounts as text, so that no cent is lost."""
    if isinstance(value, Decimal):
        # The same amount has one writing, whatever the database adds.
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, FieldFile):
        with value.open("rb") as file:
            content = base64.b64encode(file.read()).decode()
        return {"name": value.name.rsplit("/", 1)[-1], "content": content}
    if isinstance(value, Organisation):
        return _organisation(value)
    return value


def _row(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: _without_name(plain(getattr(row, name))) for name in fields}


def _without_name(value: Any) -> Any:
    """Keep a file's ending alone: each portal gives stored files names of its own."""
    if isinstance(value, dict) and "content" in value:
        return {**value, "name": f"document.{value['name'].rsplit('.', 1)[-1].lower()}"}
    return value


def _organisation(organisation: Organisation | None) -> dict[str, str] | None:
    if organisation is None:
        return None
    kind = organisation.kind
    return {
        "uid": str(organisation.uid),
        "siret": organisation.siret or "",
        "name": organisation.name,
        "acronym": organisation.acronym,
        "website": organisation.website,
        "kind": kind.slug,
        "kind_name": kind.name,
    }


def _call(call: Call | None) -> dict[str, Any] | None:
    if call is None:
        return None
    programme = {"name": call.programme.name, "acronym": call.programme.acronym}
    return {**_row(call, CALL), "programme": programme}


def _photo(photo: Any) -> dict[str, Any]:
    image = photo.image
    of_photo = {"alt": photo.alt, "has_consent": photo.has_consent}
    of_image = {"title": image.title, "credit": image.credit, "width": image.width, "height": image.height}
    return {**of_photo, **of_image, "file": _without_name(plain(image.file))}


def region_of(content: Mapping[str, Any]) -> Territory | None:
    """Return the region that a document names, or None."""
    codes = [content["region"]] if content.get("region") else []
    return Territory.objects.with_public_codes(codes).first()
