"""What differs between two states of a sheet, in the words of its page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from portal.core.dates import format_day
from portal.core.money import format_decimal, format_euros
from portal.taxonomy.models import Territory
from project_sheets.editing.steps import STEPS, Step
from project_sheets.models import ProjectSheetPage

#: Beyond this many words a text is shown before and after, not word by word.
MAX_WORDS = 3_000


@dataclass(frozen=True)
class Part:
    """Some words that stayed, went ("del") or came ("ins")."""

    change: str
    text: str


@dataclass(frozen=True)
class Difference:
    """What changed in one field or list of rows."""

    step: str
    label: str
    parts: Sequence[Part] = field(default_factory=list)
    removed: Sequence[str] = field(default_factory=list)
    added: Sequence[str] = field(default_factory=list)
    is_reordered: bool = False


def differences_between(
    old: ProjectSheetPage, new: ProjectSheetPage, steps: Sequence[Step] = STEPS
) -> list[Difference]:
    """Return what changed from ``old`` to ``new``, step by step, in the order of the form."""
    found: list[Difference] = []
    for step in steps:
        for name in step.form_class._meta.fields:
            before, after = _field_text(old, name), _field_text(new, name)
            if before != after:
                found.append(Difference(str(step.label), _label(name), parts=_words_changed(before, after)))
        for kind in step.rows:
            before_rows, after_rows = _rows(old, kind.prefix), _rows(new, kind.prefix)
            if before_rows != after_rows:
                found.append(_rows_changed(step, str(kind.title), before_rows, after_rows))
    return found


def _label(name: str) -> str:
    label = str(ProjectSheetPage._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _field_text(sheet: ProjectSheetPage, name: str) -> str:
    display = getattr(sheet, f"get_{name}_display", None)
    value = display() if display else getattr(sheet, name)
    return _text(value)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if hasattr(value, "all"):
        return ", ".join(sorted(str(word) for word in value.all()))
    if isinstance(value, date):
        return format_day(value)
    return format_decimal(value) if isinstance(value, Decimal) else str(value)


def _joined(*parts: Any) -> str:
    return " – ".join(text for text in map(_text, parts) if text)


def _rows(sheet: ProjectSheetPage, relation: str) -> list[str]:
    return [_ROW_TEXTS[relation](row) for row in getattr(sheet, relation).all()]


def _partner(row: Any) -> str:
    return _joined(row.name, row.quantity, row.get_role_display(), row.signed_on, row.contribution)


def _funding(row: Any) -> str:
    amount = format_euros(row.amount) if row.amount is not None else ""
    share = _("printed: %(share)s %%") % {"share": format_decimal(row.stated_share)} if row.stated_share else ""
    details = (row.get_category_display(), row.get_amount_status_display(), row.qualifier, row.instrument)
    return _joined(row.label, amount, *details, row.funder, row.channel, share)


def _indicator(row: Any) -> str:
    values = [
        _joined(
            value.year,
            value.target is not None and _("target %(value)s") % {"value": format_decimal(value.target)},
            value.achieved is not None and _("achieved %(value)s") % {"value": format_decimal(value.achieved)},
            *(value.note, value.source),
        )
        for value in row.values.all()
    ]
    return _joined(row.label, row.unit, row.get_periodicity_display(), row.default_target, "; ".join(values))


_ROW_TEXTS = {
    "actions": lambda row: _joined(row.title, row.body),
    "team_roles": lambda row: _joined(row.count, row.label),
    "partnerships": _partner,
    "funding_lines": _funding,
    "indicators": _indicator,
    "testimonies": lambda row: _joined(row.author, row.quote, row.consent_date),
    "documents": lambda row: _joined(row.title, row.get_kind_display(), row.format, row.sha256[:8]),
    "photos": lambda row: _joined(row.image.title, row.alt, _("people agreed") if row.has_consent else ""),
    "territories": lambda row: f"{row} ({row.get_level_display()})" if isinstance(row, Territory) else str(row),
    "occupations": str,
}


def _rows_changed(step: Step, label: str, before: list[str], after: list[str]) -> Difference:
    removed = [text for text in before if text not in after]
    added = [text for text in after if text not in before]
    if len(removed) == len(added) == 1:
        return Difference(str(step.label), label, parts=_words_changed(removed[0], added[0]))
    return Difference(str(step.label), label, removed=removed, added=added, is_reordered=not removed and not added)


def _words_changed(before: str, after: str) -> list[Part]:
    old, new = before.split(), after.split()
    if len(old) + len(new) > MAX_WORDS or not old or not new:
        return [part for part in (Part("del", before), Part("ins", after)) if part.text]
    parts = []
    for change, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            parts.append(Part("", _shortened(old[start:end])))
            continue
        parts += [Part("del", " ".join(old[start:end]))] if end > start else []
        parts += [Part("ins", " ".join(new[new_start:new_end]))] if new_end > new_start else []
    return parts


def _shortened(words: list[str]) -> str:
    """Return what stayed, its middle left out where it is long."""
    if len(words) <= 24:
        return " ".join(words)
    return f"{' '.join(words[:10])} […] {' '.join(words[-10:])}"
