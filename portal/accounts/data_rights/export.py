"""A copy of everything that the portal holds of a person: a ZIP that a person reads and a program too.

``index.html`` opens in any browser and needs nothing from the network; ``donnees.json`` holds the
same for another service (GDPR, article 20); ``fichiers/`` holds the files themselves.
"""

import io
import json
import logging
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from portal.accounts.data_rights.models import DataExport
from portal.accounts.data_rights.selectors import person_of
from portal.accounts.personal_data import Person, PersonalData, other_mentions, personal_data

logger = logging.getLogger(__name__)

#: In the place of a model, in the part on records about somebody else.
MENTIONS = "mentions"
STYLESHEET = Path(__file__).parent / "data" / "export.css"

#: Puts a file in the archive and returns its path there.
AddFile = Callable[[models.fields.files.FieldFile], str]


@dataclass(frozen=True)
class Entry:
    """One field of one record: its technical name, what people call it, its value."""

    name: str
    label: str
    value: Any

    @property
    def shown(self) -> str:
        """The value as people read it."""
        if self.value in (None, "", []):
            return "–"
        if isinstance(self.value, bool):
            return _("yes") if self.value else _("no")
        if isinstance(self.value, list):
            return ", ".join(str(one) for one in self.value)
        if isinstance(self.value, dict):
            return json.dumps(self.value, ensure_ascii=False)
        moment = timezone.localtime(self.value) if isinstance(self.value, datetime) else self.value
        return str(localize(moment)) if isinstance(moment, date | int | float) else str(moment)


def make_archive(*, export: DataExport) -> None:
    """Make the archive of ``export`` and keep it where its owner alone can fetch it."""
    now = timezone.now()
    content = archive_of(person_of(export.user), now)
    with transaction.atomic():
        kept = DataExport.objects.select_for_update().filter(pk=export.pk, ready_at=None).first()
        if kept is None:
            return
        kept.ready_at, kept.expires_at, kept.size = now, now + DataExport.LIFETIME, len(content)
        kept.file.save("donnees.zip", ContentFile(content), save=False)
        kept.save()


def archive_of(person: Person, now: datetime) -> bytes:
    """Return the archive of ``person``."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        groups = [_group_of(declared, person, _adder(archive, declared)) for declared in personal_data]
        groups = [group for group in (*groups, _mentions_of(person)) if group["records"]]
        archive.writestr("donnees.json", _as_json(groups, now))
        context = {"groups": groups, "made_at": now, "portal_name": settings.PORTAL_NAME}
        archive.writestr("mise-en-page.css", STYLESHEET.read_text(encoding="utf-8"))
        archive.writestr("index.html", render_to_string("data_rights/export.html", context))
    return written.getvalue()


def _group_of(declared: PersonalData, person: Person, add_file: AddFile) -> dict[str, Any]:
    records = declared.records_of(person).order_by("pk")
    return {
        "model": declared.key,
        "purpose": str(declared.purpose),
        "records": [_entries(record, declared.fields, add_file) for record in records],
    }


def _mentions_of(person: Person) -> dict[str, Any]:
    """Return where the account is named beside its own records: what it decided or wrote is told by number alone.

    Those records are about other people, whose words are not this person's to take away.
    """
    records = []
    for model, column in other_mentions():
        number = model._base_manager.filter(**{column.name: person.account.pk}).count()
        if number:
            records.append(
                [
                    Entry("where", _("Kind of record"), str(model._meta.verbose_name_plural)),
                    Entry("as", _("Named as"), str(column.verbose_name)),
                    Entry("number", _("Number of records"), number),
                ]
            )
    return {"model": MENTIONS, "purpose": _("Where your account is named besides"), "records": records}


def _entries(record: models.Model, names: tuple[str, ...], add_file: AddFile) -> list[Entry]:
    found = []
    for name in names:
        column = record._meta.get_field(name)
        label = str(column.related_model._meta.verbose_name_plural if column.one_to_many else column.verbose_name)
        found.append(Entry(name, label[:1].upper() + label[1:], _value(record, column, add_file)))
    return found


def _value(record: models.Model, column: Any, add_file: AddFile) -> Any:
    value = getattr(record, column.name)
    if column.one_to_many or column.many_to_many:
        return [str(one) for one in value.all()]
    if isinstance(column, models.FileField):
        return add_file(value) if value else ""
    if isinstance(column, models.ForeignKey):
        return "" if value is None else str(value)
    if column.choices:
        return str(getattr(record, f"get_{column.name}_display")())
    if isinstance(column, models.TextField):
        # A library may wrap what was typed, as machina does with the text of a message.
        return str(value)
    return value


def _adder(archive: zipfile.ZipFile, declared: PersonalData) -> AddFile:
    """Return what puts the files of one kind of record in the archive; a lost file is named, not fatal."""

    def add(kept: models.fields.files.FieldFile) -> str:
        path = f"fichiers/{declared.model.lower()}/{kept.instance.pk}-{str(kept.name).rsplit('/', 1)[-1]}"
        try:
            with kept.open("rb") as file:
                archive.writestr(path, file.read())
        except OSError:
            logger.warning("a file of %s %s is missing", declared.model, kept.instance.pk)
            return _("missing file")
        return path

    return add


def _as_json(groups: list[dict[str, Any]], now: datetime) -> str:
    content = {
        "portal": settings.PORTAL_NAME,
        "made_at": now,
        "data": [
            {
                "model": group["model"],
                "purpose": group["purpose"],
                "records": [{entry.name: entry.value for entry in record} for record in group["records"]],
            }
            for group in groups
        ],
    }
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
