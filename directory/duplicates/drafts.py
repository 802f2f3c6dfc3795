"""Drafts that name an organisation: Wagtail keeps a page being written as JSON, beside the tables.

Published again after a merge, an old draft would bring the absorbed organisation back.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Revision

from directory.models import Organisation

#: Where a value stands in the JSON: names of fields, and numbers of rows.
Path = list[str | int]


def _fields_naming(model: type[Model]) -> list[str]:
    return [
        one.name
        for one in model._meta.get_fields()
        if one.is_relation and one.concrete and one.related_model is Organisation
    ]


def paths_naming(content: dict[str, Any], model: type[Model], key: int) -> Iterator[Path]:
    """Yield where ``content``, a ``model`` as JSON, names the organisation ``key``; rows of rows included."""
    for name in _fields_naming(model):
        value = content.get(name)
        if value == key:
            yield [name]
        elif isinstance(value, list):
            yield from ([name, number] for number, one in enumerate(value) if one == key)
    if not issubclass(model, ClusterableModel):
        return
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        for number, row in enumerate(content.get(name) or []):
            for path in paths_naming(row, relation.related_model, key):
                yield [name, number, *path]


def _mentions(model: type[Model]) -> bool:
    below = get_all_child_relations(model) if issubclass(model, ClusterableModel) else []
    return bool(_fields_naming(model)) or any(_mentions(relation.related_model) for relation in below)


def latest_drafts() -> Iterator[tuple[Revision, type[Model]]]:
    """Yield the latest revision of everything whose content may name an organisation, with its model."""
    for model in apps.get_models():
        if model._meta.proxy or not any(one.name == "latest_revision" for one in model._meta.get_fields()):
            continue
        if _mentions(model):
            keys = model._base_manager.filter(~Q(latest_revision=None)).values("latest_revision")
            for revision in Revision.objects.filter(pk__in=keys).order_by("pk").iterator():
                yield revision, model


def set_at(content: dict[str, Any], path: Sequence[str | int], *, before: int, after: int) -> bool:
    """Replace ``before`` by ``after`` at ``path``; False where something else stands there by now."""
    where: Any = content
    try:
        for step in path[:-1]:
            where = where[step]
        if where[path[-1]] != before:
            return False
    except (IndexError, KeyError, TypeError):
        return False
    where[path[-1]] = after
    return True


def repoint_drafts(before: int, after: int) -> list[dict[str, Any]]:
    """Have the latest drafts name ``after`` where they name ``before``; returns what was changed, for the log."""
    changes = []
    for revision, model in latest_drafts():
        paths = list(paths_naming(revision.content, model, before))
        for path in paths:
            set_at(revision.content, path, before=before, after=after)
        if paths:
            revision.save(update_fields=["content"])
            changes.append({"draft": revision.pk, "paths": paths})
    return changes


def restore_draft(change: dict[str, Any], *, before: int, after: int) -> None:
    """Undo one change of ``repoint_drafts`` where the draft still says what it made of it."""
    revision = Revision.objects.filter(pk=change["draft"]).first()
    if revision is None:
        return
    done = [set_at(revision.content, path, before=after, after=before) for path in change["paths"]]
    if any(done):
        revision.save(update_fields=["content"])
