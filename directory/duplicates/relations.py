"""Everything that points to an organisation, found in the models themselves.

Apps above the directory bring relations of their own; a merge must move them all, and can name none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Model, QuerySet

from directory.models import DuplicatePair, MergeLog, Organisation

#: What tells of the two organisations as they were, and so stays.
HISTORY: frozenset[type[Model]] = frozenset({DuplicatePair, MergeLog})


@dataclass(frozen=True)
class Relation:
    """A column that holds the key of an organisation; ``content_type`` names the type's, for a generic one."""

    model: type[Model]
    column: str
    content_type: str = ""

    @property
    def label(self) -> str:
        """What it holds, as people read it: « partenariats »; a many-to-many link by what it links to."""
        auto_created = self.model._meta.auto_created
        if not auto_created:
            return str(self.model._meta.verbose_name_plural)
        sides = [one for one in self.model._meta.local_fields if one.is_relation and one.name != self._name]
        return str(sides[0].related_model._meta.verbose_name_plural if sides else self.model._meta.verbose_name_plural)

    @property
    def _name(self) -> str:
        return self.column.removesuffix("_id")

    def rows_of(self, organisation: Organisation) -> QuerySet[Any]:
        """Return the rows that point to ``organisation``."""
        rows = self.model._base_manager.order_by("pk")
        if not self.content_type:
            return rows.filter(**{self.column: organisation.pk})
        kind = ContentType.objects.get_for_model(Organisation)
        return rows.filter(**{self.column: organisation.pk, self.content_type: kind})


def relations() -> list[Relation]:
    """Return every relation to an organisation of all installed apps, in the order of their names."""
    found = {*_foreign_keys(), *_generic_keys()}
    return sorted(found, key=lambda one: (one.model._meta.label_lower, one.column))


def _own_models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model not in HISTORY and not model._meta.proxy:
            yield model


def _foreign_keys() -> Iterator[Relation]:
    for model in _own_models():
        for one in model._meta.local_fields:
            if isinstance(one, models.ForeignKey) and one.related_model is Organisation:
                yield Relation(model, one.attname)


def _generic_keys() -> Iterator[Relation]:
    for model in _own_models():
        for one in model._meta.private_fields:
            if isinstance(one, GenericForeignKey) and one.model is model:
                yield Relation(model, one.fk_field, one.ct_field)
