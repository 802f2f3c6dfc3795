"""Making one organisation of two, and undoing it.

The absorbed one stays as a row that points to the one that is kept: nobody sees it, its address
leads there, and undoing brings it back. All that pointed to it points to the kept one; each row
that was changed is noted with what it held before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.log_actions import log

from directory.branches import hold_line
from directory.duplicates.drafts import repoint_drafts, restore_draft
from directory.duplicates.relations import Relation, relations
from directory.enums import PairDecision
from directory.models import DuplicatePair, FormerName, Membership, MergeLog, OldAddress, Organisation
from directory.places import position_of
from portal.accounts.models import User
from portal.taxonomy.models import Territory
from search import api as search

Role = Membership.Role
RANK = {Role.MEMBER: 0, Role.EDITOR: 1, Role.MANAGER: 2}
#: Fields of the kept organisation that the absorbed one fills where they are empty.
FILLED = (
    *("acronym", "acronym_expansion", "siret", "legal_category", "description", "website", "street", "postal_code"),
    *("phone", "phone_extension", "relay_email", "seat_id", "verified_at"),
)


class CannotMergeError(Exception):
    """The two are the same row, one is merged already, or their SIRETs differ: two establishments."""


@dataclass(frozen=True)
class RelationPreview:
    """What a merge would do with one relation."""

    label: str
    moved: int
    examples: list[str]


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do."""

    relations: list[RelationPreview]
    filled: list[tuple[str, str]]


def check_mergeable(kept: Organisation, absorbed: Organisation) -> None:
    """Raise CannotMergeError where the two may not become one."""
    if kept.pk == absorbed.pk or kept.merged_into_id or absorbed.merged_into_id:
        raise CannotMergeError
    if kept.siret and absorbed.siret and kept.siret != absorbed.siret:
        raise CannotMergeError


def preview_merge(kept: Organisation, absorbed: Organisation, *, by: User) -> MergePreview:
    """Tell, relation by relation, what would move, and which empty fields would be filled.

    All rows are counted; those that ``by`` may read are named.
    """
    shown: dict[str, RelationPreview] = {}
    for relation in relations():
        rows = relation.rows_of(absorbed)
        count = rows.count()
        if not count:
            continue
        known = shown.get(relation.label, RelationPreview(relation.label, 0, []))
        named = known.examples + _examples(rows, by)
        shown[relation.label] = RelationPreview(relation.label, known.moved + count, named)
    filled = [
        (str(Organisation._meta.get_field(name.removesuffix("_id")).verbose_name), str(_shown(absorbed, name)))
        for name in _filled_fields(kept, absorbed)
        if name not in {"verified_at", "relay_email"}
    ]
    return MergePreview(list(shown.values()), filled)


def _examples(rows: QuerySet[Any], by: User) -> list[str]:
    """Name some of ``rows``: none of a model that does not say who may see its rows, such as private messages."""
    visible: Any = getattr(rows.model._default_manager, "visible_to", None)
    if visible is None:
        return []
    return [str(row) for row in visible(by).filter(pk__in=rows.values("pk")).order_by("pk")[:3]]


def _shown(organisation: Organisation, name: str) -> Any:
    return getattr(organisation, name.removesuffix("_id"))


def _filled_fields(kept: Organisation, absorbed: Organisation) -> list[str]:
    return [name for name in FILLED if not getattr(kept, name) and getattr(absorbed, name)]


@transaction.atomic
def merge_organisations(*, kept: Organisation, absorbed: Organisation, by: User) -> MergeLog:
    """Make one organisation of two, all or nothing; the caller has checked that ``by`` may decide.

    Raises CannotMergeError. Search and the visitors' pages follow every row that moves.
    """
    keys = sorted((kept.pk, absorbed.pk))
    held = hold_line(kept, absorbed)
    kept, absorbed = held[kept.pk], held[absorbed.pk]
    check_mergeable(kept, absorbed)
    changes: list[dict[str, Any]] = []
    gifts = {name: getattr(absorbed, name) for name in _filled_fields(kept, absorbed)}
    changes += _join_memberships(kept, absorbed)
    for relation in relations():
        changes += _move(relation, kept, absorbed)
    changes += _close_absorbed(absorbed, kept)
    changes += _fill(kept, gifts)
    changes += _leave_traces(kept, absorbed)
    changes += repoint_drafts(absorbed.pk, kept.pk)
    done = MergeLog.objects.create(kept=kept, absorbed=absorbed, merged_by=by, changes=changes)
    first, second = keys
    DuplicatePair.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"decision": PairDecision.MERGED, "decided_by": by, "decided_at": timezone.now()},
        create_defaults={
            "score": 100,
            "decision": PairDecision.MERGED,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    log(kept, "wagtail.edit", user=by, data={"merged": absorbed.name})
    kept.update_search_text()
    search.touch(kept, absorbed)
    return done


def _change(row: Model, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {"model": row._meta.label_lower, "pk": row.pk, "before": before, "after": after}


def _write(row: Model, values: dict[str, Any]) -> bool:
    """Write columns of one row and tell who listens; False where a rule of uniqueness refuses it."""
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    except IntegrityError:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    announce(row, values)
    return True


def announce(row: Model, names: Iterable[str]) -> None:
    """Tell search and the caches of a row that was written by ``update``, which sends no signal itself."""
    post_save.send(sender=type(row), instance=row, created=False, raw=False, using="default", update_fields=set(names))
    if row._meta.auto_created:
        sides = (getattr(row, one.name, None) for one in row._meta.local_fields if one.is_relation)
        search.touch(*(side for side in sides if isinstance(side, Model)))


def _move(relation: Relation, kept: Organisation, absorbed: Organisation) -> list[dict[str, Any]]:
    """Point the rows of one relation to the kept one; a row that it has already stays where it is."""
    changes = []
    for row in relation.rows_of(absorbed):
        # What was below the absorbed one stands below the kept one; nothing stands below itself.
        turns = relation.column == "parent_id" and _would_turn(row, kept.pk)
        before = getattr(row, relation.column)
        # Keys of any model are texts in some tables.
        value = None if turns else type(before)(kept.pk)
        if _write(row, {relation.column: value}):
            changes.append(_change(row, {relation.column: before}, {relation.column: value}))
    return changes


def _would_turn(row: Model, parent: int | None) -> bool:
    """Whether an organisation would stand below itself with ``parent`` above it."""
    return isinstance(row, Organisation) and parent is not None and Organisation(pk=parent).stands_below(row)


def _join_memberships(kept: Organisation, absorbed: Organisation) -> list[dict[str, Any]]:
    """End the second place of who acts for both, after raising the first to the higher of the two roles."""
    changes = []
    own = {place.user_id: place for place in Membership.objects.active().filter(organisation=kept)}
    for place in Membership.objects.active().filter(organisation=absorbed):
        first = own.get(place.user_id)
        if first is None:
            continue
        if RANK[Role(place.role)] > RANK[Role(first.role)]:
            changes.append(_change(first, {"role": first.role}, {"role": place.role}))
            _write(first, {"role": place.role})
        now = timezone.now()
        changes.append(_change(place, {"left_at": None}, {"left_at": now.isoformat()}))
        _write(place, {"left_at": now})
    return changes


def _close_absorbed(absorbed: Organisation, kept: Organisation) -> list[dict[str, Any]]:
    """Take the absorbed one off all lists; its SIRET may serve the kept one."""
    values = {"merged_into_id": kept.pk, "siret": None}
    change = _change(absorbed, {"merged_into_id": None, "siret": absorbed.siret}, values)
    _write(absorbed, values)
    return [change]


def _fill(kept: Organisation, gifts: dict[str, Any]) -> list[dict[str, Any]]:
    """Fill the empty fields of the kept organisation; a seat brings its position."""
    if not gifts:
        return []
    before = {name: getattr(kept, name) for name in gifts}
    if "seat_id" in gifts:
        place = position_of(Territory.objects.select_related("epci", "department").get(pk=gifts["seat_id"]))
        where = (place.latitude, place.longitude, place.precision) if place else (None, None, "")
        for name, value in zip(("latitude", "longitude", "position"), where, strict=True):
            before[name], gifts[name] = getattr(kept, name), value
    return [_change(kept, _plain(before), _plain(gifts))] if _write(kept, gifts) else []


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _leave_traces(kept: Organisation, absorbed: Organisation) -> list[dict[str, Any]]:
    """Keep the absorbed one findable: its name among the usual names, its address as an old one."""
    made: list[Model] = [OldAddress.objects.create(slug=absorbed.slug, organisation=kept)]
    names = {kept.name, *FormerName.objects.filter(organisation=kept).values_list("name", flat=True)}
    if absorbed.name not in names:
        made.append(FormerName.objects.create(organisation=kept, name=absorbed.name, kind=FormerName.Kind.USUAL))
    return [{"made": row._meta.label_lower, "pk": row.pk} for row in made]


@transaction.atomic
def undo_merge(*, merge: MergeLog, by: User) -> int:
    """Bring the absorbed organisation back, with all that was its own; returns how many rows stayed.

    A row that somebody has changed since stays as they left it. Undone twice, it is undone once.
    """
    merge = MergeLog.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        return 0
    kept = hold_line(merge.kept, merge.absorbed)[merge.kept_id]
    stayed = 0
    for change in reversed(merge.changes):
        if "draft" in change:
            restore_draft(change, before=merge.absorbed_id, after=merge.kept_id)
        elif "made" in change:
            for row in apps.get_model(change["made"])._base_manager.filter(pk=change["pk"]):
                row.delete()
        else:
            stayed += not _restore(change)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    pair = sorted((merge.kept_id, merge.absorbed_id))
    DuplicatePair.objects.filter(first_id=pair[0], second_id=pair[1]).update(
        decision=PairDecision.WAITING, decided_at=None, decided_by=None
    )
    kept.refresh_from_db()
    kept.update_search_text()
    log(kept, "wagtail.edit", user=by, data={"undone": merge.absorbed.name})
    search.touch(kept, merge.absorbed)
    return stayed


def _restore(change: dict[str, Any]) -> bool:
    """Put back what one row held; False where it is gone, or where a field has changed since or may not go back."""
    row = apps.get_model(change["model"])._base_manager.filter(pk=change["pk"]).first()
    if row is None:
        return False
    now = _plain({name: getattr(row, name) for name in change["after"]})
    if "parent_id" in change["after"] and _would_turn(row, change["before"]["parent_id"]):
        return False
    untouched = {name: change["before"][name] for name, value in now.items() if value == change["after"][name]}
    return _write(row, untouched) and len(untouched) == len(now)
