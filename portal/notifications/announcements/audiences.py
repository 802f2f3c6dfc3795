"""To whom an announcement can go: the criteria that apps declare in ``announcement_audiences.py``.

An announcement goes to the members who fit all of its criteria, within its region.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from portal.accounts.models import User
from portal.core.registry import Registry
from portal.notifications.fan_out import members


@dataclass(frozen=True)
class Criterion:
    """One way to choose people; see ``declare_audience``."""

    key: str
    label: str | Promise
    everybody: str | Promise
    order: int
    options: Callable[[User], list[tuple[str, str]]]
    people: Callable[[str], Q]


criteria: Registry[Criterion] = Registry("announcement audiences")
#: Each says which accounts belong to some regions, in its own way; whoever fits one of them belongs.
belonging: Registry[Callable[[Collection[int]], Q]] = Registry("belonging to a region")


def declare_audience(
    key: str,
    *,
    label: str | Promise,
    everybody: str | Promise,
    order: int,
    options: Callable[[User], list[tuple[str, str]]],
    people: Callable[[str], Q],
) -> Criterion:
    """Declare a criterion: a choice among ``options(animator)``, pairs of value and label.

    ``everybody`` labels the choice of nobody in particular. ``people(value)`` is a condition on
    accounts, best a subquery on their keys. Raises ValueError when the key is taken.
    """
    return criteria.register(key, Criterion(key, label, everybody, order, options, people))


def declare_belonging(key: str, condition: Callable[[Collection[int]], Q]) -> None:
    """Declare which accounts belong to regions: ``condition(region ids)`` is a condition on accounts."""
    belonging.register(key, condition)


def criteria_in_order() -> list[Criterion]:
    """Return the declared criteria as a form shows them."""
    return sorted(criteria, key=lambda criterion: criterion.order)


def recipients(chosen: Mapping[str, str], *, region_id: int | None) -> QuerySet[User]:
    """Return the members who fit every criterion in ``chosen``, in a region or (None) in the whole portal.

    A criterion that nobody declares any more fits nobody: better no mail than one to everybody.
    """
    found = members()
    for key, value in chosen.items():
        found = found.filter(criteria.get(key).people(value) if key in criteria else Q(pk__in=[]))
    if region_id is not None:
        found = found.filter(belonging_to([region_id]))
    return found.order_by("pk")


def belonging_to(region_ids: Collection[int]) -> Q:
    """Return the condition on accounts "belongs to one of these regions", whichever app knows of it."""
    here = Q(pk__in=[])
    for condition in belonging:
        here |= condition(region_ids)
    return here
