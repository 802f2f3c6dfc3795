"""Reading the document of a sheet that another portal has written."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from directory.models import Organisation, OrganisationKind
from portal.accounts.models import User
from portal.accounts.rules import animates, is_administrator
from portal.core.images import clean_picture
from portal.core.uploads import validate_document
from portal.taxonomy.models import Territory, normalize_name
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
from project_sheets.transfer.writing import CALL, FIELDS, FORMAT, ROWS, WORDS, fingerprint_of, region_of

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


#: What a document that holds anything at all may raise where it is read.
_UNREADABLE = (
    *(KeyError, TypeError, ValueError, AttributeError, ArithmeticError, OSError),
    *(binascii.Error, DatabaseError, SuspiciousOperation),
)


def create_from(sheet: Mapping[str, Any], *, importer: User | None = None) -> ProjectSheetPage:
    """Create the draft of a sheet that ``parse_document`` has read, for an animator of its region.

    ``importer`` None is the portal's own command line, which may do what an administrator may:
    nobody else brings in a call, a programme or a kind of organisation that this portal lacks.
    Raises ValidationError, with one sentence or several, where this portal holds the sheet already,
    lacks a word that it uses, or where the document holds what a form would refuse; nothing is
    written then.
    """
    try:
        with transaction.atomic():
            return _create(sheet, importer)
    except _UNREADABLE as error:
        raise ValidationError(_("This file is not the sheet of a portal.")) from error


@contextmanager
def _told_of(thing: models.Model) -> Iterator[None]:
    """Say what is wrong with ``thing`` in plain sentences: a document has no fields at which to say it."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        labels = {field.name: getattr(field, "verbose_name", field.name) for field in thing._meta.get_fields()}
        told = [
            f"{', '.join(filter(None, (str(thing._meta.verbose_name), str(labels.get(name, '')))))} : {message}"
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise ValidationError(told) from error


def _clean(thing: models.Model, **how: Any) -> None:
    with _told_of(thing):
        thing.full_clean(**how)


def _create(sheet: Mapping[str, Any], importer: User | None) -> ProjectSheetPage:
    region = target_region(sheet)
    if importer is not None and not animates(importer, region.territory_id):
        raise ValidationError(_("You do not animate the region of this sheet."))
    if ProjectSheetPage.objects.filter(uid=sheet["uid"]).exists():
        raise ValidationError(_("This portal holds this sheet already."))
    frame = _Frame(may_add=importer is None or is_administrator(importer))
    page = ProjectSheetPage(**_values(ProjectSheetPage, sheet, FIELDS), live=False, has_unpublished_changes=True)
    page.holder = frame.organisation(sheet["holder"])
    page.call = frame.call(sheet["call"])
    page.wave = frame.wave(page.call, sheet["wave"])
    # The organisations of the rows, before a row names them.
    for name, role in (("partnerships", "organisation"), ("funding_lines", "funder"), ("funding_lines", "channel")):
        for row in sheet[name]:
            frame.organisation(row[role])
    with _told_of(page):
        region.add_child(instance=page)
    for name, key in WORDS.items():
        setattr(page, name, _words(name, key, sheet[name]))
    for name, fields in ROWS.items():
        model = _MODELS[name]
        rows = [model(sort_order=at, **_values(model, row, fields)) for at, row in enumerate(sheet[name])]
        setattr(page, name, [_checked(row) for row in rows])
    page.indicators = [_indicator(row, at) for at, row in enumerate(sheet["indicators"])]
    page.photos = [_photo(row, at) for at, row in enumerate(sheet["photos"])]
    _clean(page)
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
    _clean(row, exclude=["sheet"], validate_constraints=False)
    return row


def _indicator(row: Mapping[str, Any], at: int) -> Indicator:
    indicator = Indicator(sort_order=at, **_values(Indicator, row, ("label", "unit", "periodicity", "default_target")))
    fields = ("year", "target", "achieved", "note", "source")
    values = [IndicatorValue(**_values(IndicatorValue, value, fields)) for value in row["values"]]
    for value in values:
        _clean(value, exclude=["indicator"], validate_constraints=False)
    indicator.values = values
    return _checked(indicator)


def _photo(row: Mapping[str, Any], at: int) -> SheetPhoto:
    image = get_image_model()(title=row["title"], credit=row["credit"], file=clean_picture(_file(row["file"])))
    _clean(image, exclude=["file", "width", "height", "collection"])
    image.save()
    photo = SheetPhoto(sort_order=at, image=image, alt=row["alt"], has_consent=row["has_consent"])
    return _checked(photo)


class _Frame:
    """What a sheet stands in: found on this portal, or added where the importer may."""

    def __init__(self, *, may_add: bool) -> None:
        self._may_add = may_add

    def organisation(self, value: Mapping[str, str] | None) -> Organisation | None:
        """Return the organisation that is meant; one that is lacking is added to the directory, not yet listed."""
        if value is None:
            return None
        if (found := known_organisation(value)) is not None:
            return found
        kind = OrganisationKind.objects.filter(slug=value["kind"]).first()
        if kind is None:
            kind = self._add(OrganisationKind(slug=value["kind"], name=value["kind_name"]))
        named = {name: value[name] for name in ("uid", "name", "acronym", "website")}
        made = Organisation(**named, siret=value["siret"] or None, kind=kind, is_listed=False)
        _clean(made)
        made.save()
        return made

    def call(self, value: Mapping[str, Any] | None) -> Call | None:
        """Return the call of this slug, with its programme."""
        if value is None:
            return None
        found = Call.objects.filter(slug=value["slug"]).first()
        if found is not None:
            return found
        programme = Programme.objects.filter(name=value["programme"]["name"]).first()
        if programme is None:
            programme = self._add(Programme(**{name: value["programme"][name] for name in ("name", "acronym")}))
        return self._add(Call(programme=programme, **_values(Call, value, CALL)))

    def wave(self, call: Call | None, number: Any) -> Wave | None:
        """Return the wave of this number; a sheet without a call has none."""
        if call is None or number is None:
            return None
        return Wave.objects.filter(call=call, number=number).first() or self._add(Wave(call=call, number=number))

    def _add(self, lacking: Any) -> Any:
        if not self._may_add:
            message = _("This portal lacks “%(name)s” (%(kind)s): an administrator adds it, or imports this file.")
            raise ValidationError(message % {"name": lacking, "kind": lacking._meta.verbose_name})
        _clean(lacking)
        lacking.save()
        return lacking


def known_organisation(value: Mapping[str, str]) -> Organisation | None:
    """Return the organisation of this portal that a document means, or None.

    The same uid, else the same SIRET, else the same name with nothing that contradicts it: of two that
    bear the name, neither is taken, nor one whose SIRET is another.
    """
    every = Organisation.objects.select_related("merged_into")
    found = every.filter(uid=value["uid"]).first()
    if found is None and value["siret"]:
        found = every.filter(siret=value["siret"]).order_by(models.F("parent_id").asc(nulls_first=True), "pk").first()
    if found is None:
        named = [one for one in every.matching(value["name"]).filter(merged_into=None) if _is_same(one, value)]
        found = named[0] if len(named) == 1 else None
    return found and (found.merged_into or found)


def _is_same(known: Organisation, value: Mapping[str, str]) -> bool:
    if normalize_name(known.name) != normalize_name(value["name"]):
        return False
    pairs = (
        (known.siret, value["siret"]),
        (normalize_name(known.acronym), normalize_name(value["acronym"])),
        (_host(known.website), _host(value["website"])),
    )
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _read_organisation(value: Mapping[str, str]) -> Organisation:
    found = known_organisation(value)
    if found is None:
        raise KeyError(value["uid"])
    return found


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
    (models.ForeignKey, _read_organisation),
    (models.DecimalField, Decimal),
    (models.DateTimeField, datetime.fromisoformat),
    (models.DateField, date.fromisoformat),
)
