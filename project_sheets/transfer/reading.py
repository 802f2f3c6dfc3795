"""Reading the document of a sheet that another portal has written."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from directory.models import Organisation, OrganisationKind
from portal.core.uploads import validate_document
from portal.taxonomy.models import Territory
from project_sheets.models import (
    Action,
    Call,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    Programme,
    ProjectSheetPage,
    RegionIndexPage,
    SheetDocument,
    SheetPhoto,
    TeamRole,
    Testimony,
    Wave,
)
from project_sheets.transfer.writing import FIELDS, FORMAT, ROWS, WORDS, fingerprint_of, region_of

MAX_BYTES = 60_000_000
_MODELS: dict[str, type[models.Model]] = {
    "actions": Action,
    "team_roles": TeamRole,
    "partnerships": Partnership,
    "funding_lines": FundingLine,
    "testimonies": Testimony,
    "documents": SheetDocument,
}


def parse_document(content: bytes) -> dict[str, Any]:
    """Return the sheet of a document; raises ValidationError where it is not one, or was changed on its way."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("This file is too big."))
    try:
        document = json.loads(content)
        is_ours = document["format"] == FORMAT and isinstance(document["sheet"], dict)
        is_whole = is_ours and document["fingerprint"] == fingerprint_of(document["sheet"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValidationError(_("This file is not the sheet of a portal.")) from error
    if not is_ours:
        raise ValidationError(_("This file is not the sheet of a portal."))
    if not is_whole:
        raise ValidationError(_("This file was changed since it was written: export the sheet again."))
    return dict(document["sheet"])


def target_region(sheet: Mapping[str, Any]) -> RegionIndexPage:
    """Return the page under which a sheet would stand; raises ValidationError where this portal has none."""
    page = RegionIndexPage.objects.filter(territory=region_of(sheet)).first()
    if page is None:
        raise ValidationError(_("This portal has no page for the region of this sheet."))
    return page


@transaction.atomic
def create_from(sheet: Mapping[str, Any]) -> ProjectSheetPage:
    """Create the draft of a sheet that ``parse_document`` has read.

    Raises ValidationError where this portal holds the sheet already, lacks a word that it uses, or
    where the document holds what a form would refuse; nothing is written then.
    """
    if ProjectSheetPage.objects.filter(uid=sheet["uid"]).exists():
        raise ValidationError(_("This portal holds this sheet already."))
    try:
        return _create(sheet)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, binascii.Error) as error:
        raise ValidationError(_("This file is not the sheet of a portal.")) from error


def _create(sheet: Mapping[str, Any]) -> ProjectSheetPage:
    region = target_region(sheet)
    page = ProjectSheetPage(**_values(ProjectSheetPage, sheet, FIELDS), live=False, has_unpublished_changes=True)
    page.holder = _organisation(sheet["holder"])
    page.call = _call(sheet["call"])
    page.wave = Wave.objects.get_or_create(call=page.call, number=sheet["wave"])[0] if sheet["wave"] else None
    region.add_child(instance=page)
    for name, key in WORDS.items():
        setattr(page, name, _words(name, key, sheet[name]))
    for name, fields in ROWS.items():
        model = _MODELS[name]
        rows = [model(sort_order=at, **_values(model, row, fields)) for at, row in enumerate(sheet[name])]
        setattr(page, name, [_checked(row) for row in rows])
    page.indicators = [_indicator(row, at) for at, row in enumerate(sheet["indicators"])]
    page.photos = [_photo(row, at) for at, row in enumerate(sheet["photos"])]
    page.full_clean()
    page.save()
    page.save_revision()
    return page


def _values(model: type[models.Model], row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(model._meta.get_field(name), row[name]) for name in fields}


def _value(field: Any, value: Any) -> Any:
    if value is not None:
        # The first match wins: a moment is a date too.
        for kind, read in _READERS:
            if isinstance(field, kind):
                return read(value)
    return value


def _file(value: Mapping[str, str]) -> ContentFile:
    return ContentFile(base64.b64decode(value["content"], validate=True), name=value["name"])


def _checked(row: Any) -> Any:
    if isinstance(row, SheetDocument):
        validate_document(row.file)
    row.full_clean(exclude=["sheet"], validate_constraints=False)
    return row


def _indicator(row: Mapping[str, Any], at: int) -> Indicator:
    indicator = Indicator(sort_order=at, **_values(Indicator, row, ("label", "unit", "periodicity", "default_target")))
    fields = ("year", "target", "achieved", "note", "source")
    indicator.values = [IndicatorValue(**_values(IndicatorValue, value, fields)) for value in row["values"]]
    return _checked(indicator)


def _photo(row: Mapping[str, Any], at: int) -> SheetPhoto:
    file = ContentFile(base64.b64decode(row["file"]["content"], validate=True), name=row["file"]["name"])
    image = get_image_model().objects.create(title=row["title"], credit=row["credit"], file=file)
    return SheetPhoto(sort_order=at, image=image, alt=row["alt"], has_consent=row["has_consent"])


def _organisation(value: Mapping[str, str] | None) -> Organisation | None:
    """Return the organisation of this uid; one that this portal lacks is added to its directory, not yet listed."""
    if value is None:
        return None
    found = Organisation.objects.filter(uid=value["uid"]).first()
    if found is not None:
        return found
    kind, _made = OrganisationKind.objects.get_or_create(slug=value["kind"], defaults={"name": value["kind_name"]})
    return Organisation.objects.create(uid=value["uid"], name=value["name"], kind=kind, is_listed=False)


def _call(value: Mapping[str, Any] | None) -> Call | None:
    if value is None:
        return None
    found = Call.objects.filter(slug=value["slug"]).first()
    if found is not None:
        return found
    programme, _made = Programme.objects.get_or_create(
        name=value["programme"]["name"], defaults={"acronym": value["programme"]["acronym"]}
    )
    fields = tuple(name for name in value if name != "programme")
    return Call.objects.create(programme=programme, **_values(Call, value, fields))


def _words(name: str, key: str, wanted: list[str]) -> list[Any]:
    model: Any = ProjectSheetPage._meta.get_field(name).related_model
    if key == "public_code":
        found = list(Territory.objects.with_public_codes(wanted))
    else:
        found = list(model.objects.filter(**{f"{key}__in": wanted}))
    missing = set(wanted) - {str(getattr(word, key)) for word in found}
    if missing:
        message = _("This portal lacks words that the sheet uses: %(words)s.")
        raise ValidationError(message % {"words": ", ".join(sorted(missing))})
    return found


_READERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (models.FileField, _file),
    (models.ForeignKey, _organisation),
    (models.DecimalField, Decimal),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
)
