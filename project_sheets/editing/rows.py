"""The rows of a sheet in its form: actions, partners, money… each list is added to, put in order, cut.

Buttons of a row post the whole form with what is to be done: ``add:<prefix>``, ``remove:<prefix>:<index>``,
``up:<prefix>:<index>``. ``changed_data`` then answers with the same form, a row more or less, and nothing
lost: the same way with script and without.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

MAX_ROWS = 60
_ACTION = re.compile(r"(add|remove|up):([a-z_]+(?:-\d{1,3}-[a-z_]+)?)(?::(\d{1,3}))?", re.ASCII)


class RowForm(forms.Form):
    """One row; a blank one is left out, whatever its choices say."""

    #: Names the row that this one was, in the draft: its key, or nothing for a new one.
    row = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    use_required_attribute = False

    @property
    def typed_fields(self) -> Iterator[BoundField]:
        """Yield the fields that a person fills in."""
        yield from (self[name] for name in self.fields if name != "row")

    @cached_property
    def nested(self) -> "RowSet | None":
        """The rows below this one, where there are any."""
        return None

    def stand_among(self, rows: list[Any]) -> None:
        """Take note of the rows of the draft; a row of a draft has no key by which to find it again."""

    def is_blank(self) -> bool:
        """Whether nothing was typed: choices and ticks alone make no row."""
        ignored = (forms.Select, forms.CheckboxInput, forms.HiddenInput)
        typed = (field for field in self if not isinstance(field.field.widget, ignored))
        has_text = any(str(field.data or "").strip() for field in typed)
        return not has_text and (self.nested is None or all(form.is_blank() for form in self.nested.forms))

    def is_valid(self) -> bool:
        """Check the row with those below it."""
        # The row first: what it finds wrong below is said there.
        valid = super().is_valid()
        below = self.nested is None or self.nested.is_valid()
        return valid and below


class KnownFieldsMixin:
    """A form of some fields of a model: what the model says of the others is said of the form as a whole."""

    def _update_errors(self, errors: Any) -> None:
        found = errors.error_dict if hasattr(errors, "error_dict") else {NON_FIELD_ERRORS: errors.error_list}
        kept: dict[str, list[Any]] = {}
        for name, reasons in found.items():
            kept.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(reasons)  # type: ignore[attr-defined]
        super()._update_errors(forms.ValidationError(kept))  # type: ignore[misc]


class ModelRowForm(KnownFieldsMixin, RowForm, forms.ModelForm):
    """A row that is an object of the sheet, checked as its model says."""


@dataclass(frozen=True)
class RowKind:
    """A list of rows: ``prefix`` names it in the form, ``load`` reads it from the draft, ``store`` writes it."""

    prefix: str
    title: str | Promise
    #: What one row is called, with its number: "Action %(number)d".
    row_title: str | Promise
    add_label: str | Promise
    form_class: type[RowForm]
    load: Callable[[Any], Iterable[Any]]
    store: Callable[[Any, list[Any]], None]
    help_text: str | Promise = ""
    #: Rows that only an upload adds.
    is_added_by_upload: bool = False


class RowSet:
    """The rows of one list, in a form that was sent or not."""

    def __init__(self, kind: RowKind, owner: Any, data: QueryDict | None = None, prefix: str = "") -> None:
        self.kind, self.owner, self.data = kind, owner, data
        self.prefix = prefix or kind.prefix
        self.objects = list(kind.load(owner))

    @cached_property
    def forms(self) -> list[Any]:
        """The form of each row, in order; an empty list offers a blank row."""
        if self.data is None:
            made = [self._form(index, instance=entry) for index, entry in enumerate(self.objects)]
            return made or ([] if self.kind.is_added_by_upload else [self._form(0)])
        known = {key_of(entry): entry for entry in self.objects if key_of(entry)}
        total = _posted_rows(self.data, self.prefix, self.limit)
        return [
            self._form(index, instance=known.get(self.data.get(f"{self.prefix}-{index}-row", "")), data=self.data)
            for index in range(total)
        ]

    def _form(self, index: int, *, instance: Any = None, data: QueryDict | None = None) -> RowForm:
        options: dict[str, Any] = {"prefix": f"{self.prefix}-{index}"}
        if issubclass(self.kind.form_class, forms.ModelForm):
            options["instance"] = instance
        elif instance is not None:
            options["initial"] = {"value": instance}
        form = self.kind.form_class(data, **options)
        form.stand_among(self.objects)
        form.initial["row"] = key_of(instance) if instance is not None else ""
        form.heading = self.kind.row_title % {"number": index + 1}  # type: ignore[attr-defined]
        form.index = index  # type: ignore[attr-defined]
        return form

    @property
    def limit(self) -> int:
        """How many rows it may hold: all that stand there already, whoever wrote so many."""
        return max(MAX_ROWS, len(self.objects))

    @property
    def add_label(self) -> str | Promise:
        """What the button says that adds a row; nothing where the list is full."""
        return self.kind.add_label if len(self.forms) < self.limit else ""

    @cached_property
    def error(self) -> str:
        """What is wrong with the list as a whole; its rows are shown all the same, and none is cut off."""
        if self.data is None or len(self.kept) <= self.limit:
            return ""
        message = _("%(title)s: %(count)d lines, where %(limit)d is the most. Remove some; nothing is saved yet.")
        return message % {"title": self.kind.title, "count": len(self.kept), "limit": self.limit}

    def is_valid(self) -> bool:
        """Check every row that is not blank, which is no mistake, and how many there are."""
        for form in self.forms:
            if form.is_blank():
                silence(form)
        checks = [form.is_valid() for form in self.kept]
        return all(checks) and not self.error

    def silence(self) -> None:
        """Let every row show what was typed, unchecked."""
        for form in self.forms:
            silence(form)

    @property
    def kept(self) -> list[RowForm]:
        """The rows that hold something."""
        return [form for form in self.forms if not form.is_blank()]

    def store(self) -> None:
        """Write the rows on their owner, in order; all must be valid."""
        stored = []
        for position, form in enumerate(self.kept):
            if not isinstance(form, forms.ModelForm):
                stored.append(form.cleaned_data["value"])
                continue
            if form.nested is not None:
                form.nested.store()
            form.instance.sort_order = position
            stored.append(form.instance)
        self.kind.store(self.owner, stored)


def silence(form: Any) -> None:
    """Let a form show what was typed without saying what is wrong with it."""
    form._errors, form.cleaned_data = ErrorDict(), {}
    if getattr(form, "nested", None) is not None:
        form.nested.silence()


def key_of(entry: Any) -> str:
    """Return what names a row of the draft from one request to the next."""
    if hasattr(entry, "uid"):
        return str(entry.uid)
    if hasattr(entry, "image_id"):
        return str(entry.image_id)
    return str(entry.pk or "") if isinstance(entry, models.Model) else ""


def _posted_rows(data: QueryDict, prefix: str, limit: int) -> int:
    """Return how many rows were posted: as many as are said, but no more empty ones than ``limit``."""
    start = f"{prefix}-"
    heads = {name[len(start) :].partition("-")[0] for name in data if name.startswith(start)}
    # Counted: one name may say any number.
    present = sum(_number(head) is not None for head in heads)
    return min(_number(data.get(f"{prefix}-total", "0")) or 0, max(limit, present))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def child_rows(relation: str) -> tuple[Callable[[Any], Iterable[Any]], Callable[[Any, list[Any]], None]]:
    """Return how to read and how to write the ``relation`` of a draft."""

    def load(owner: Any) -> Iterable[Any]:
        return getattr(owner, relation).all()  # type: ignore[no-any-return]

    def store(owner: Any, rows: list[Any]) -> None:
        setattr(owner, relation, rows)

    return load, store


@dataclass(frozen=True)
class RowAction:
    """What a button of a row asks for."""

    verb: str
    prefix: str
    index: int = 0


def parse_action(text: str) -> RowAction | None:
    """Return what the button asks for; None for a button that is none of a row."""
    match = _ACTION.fullmatch(text)
    if match is None or (match[1] != "add" and match[3] is None):
        return None
    return RowAction(match[1], match[2], int(match[3] or 0))


def changed_data(data: QueryDict, action: RowAction) -> tuple[QueryDict, str]:
    """Return the form's data after ``action``, and the prefix of the row that gets the focus.

    Rows are numbered anew; what is below a row moves with it. An index that is none changes nothing.
    """
    rows = _rows_of(data, action.prefix)
    focus = min(action.index, max(len(rows) - 1, 0))
    if action.verb == "add" and len(rows) < MAX_ROWS:
        rows.append({})
        focus = len(rows) - 1
    elif action.verb == "remove" and action.index < len(rows):
        del rows[action.index]
        focus = min(action.index, max(len(rows) - 1, 0))
    elif action.verb == "up" and 0 < action.index < len(rows):
        rows.insert(action.index - 1, rows.pop(action.index))
        focus = action.index - 1
    changed = data.copy()
    for name in [name for name in changed if name.startswith(f"{action.prefix}-")]:
        del changed[name]
    changed[f"{action.prefix}-total"] = str(len(rows))
    for index, row in enumerate(rows):
        for suffix, values in row.items():
            changed.setlist(f"{action.prefix}-{index}-{suffix}", values)
    return changed, f"{action.prefix}-{focus}"


def _rows_of(data: QueryDict, prefix: str) -> list[dict[str, list[str]]]:
    rows: list[dict[str, list[str]]] = [{} for _index in range(_posted_rows(data, prefix, MAX_ROWS))]
    for name in data:
        head, dash, suffix = name.removeprefix(f"{prefix}-").partition("-")
        at = _number(head) if name.startswith(f"{prefix}-") and dash else None
        if at is not None and at < len(rows):
            rows[at][suffix] = data.getlist(name)
    return rows
