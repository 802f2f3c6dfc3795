"""Circles: groups of members that an app knows and others reserve something to, the laureates of a call for instance.

An app declares a kind of circle in its ``circles.py``. A circle is named by a key, "kind:name"
("laureates:ipr"), which whoever reserves something keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.registry import Registry


@dataclass(frozen=True)
class CircleKind:
    """One kind: ``choices`` returns (name, label) of each circle, ``names_of`` those that a member belongs to."""

    kind: str
    label: str | Promise
    choices: Callable[[], list[tuple[str, str]]]
    names_of: Callable[[User], set[str]]


circle_kinds: Registry[CircleKind] = Registry("circles")


def declare(
    kind: str,
    *,
    label: str | Promise,
    choices: Callable[[], list[tuple[str, str]]],
    names_of: Callable[[User], set[str]],
) -> None:
    """Add a kind of circle; raises ValueError when it is declared twice."""
    circle_kinds.register(kind, CircleKind(kind, label, choices, names_of))


def circles_of(user: AnyUser) -> frozenset[str]:
    """Return the keys of the circles of ``user``: asked once for each account read, none for who is no member."""
    if not is_member(user):
        return frozenset()
    known: frozenset[str] | None = getattr(user, "_circles", None)
    if known is None:
        named = ((declared.kind, declared.names_of(user)) for declared in circle_kinds)  # type: ignore[arg-type]
        known = frozenset(f"{kind}:{name}" for kind, names in named for name in names)
        user._circles = known  # type: ignore[union-attr]
    return known


def circle_choices() -> list[tuple[str, str]]:
    """Return every circle as (key, label), kind by kind."""
    return [
        (f"{declared.kind}:{name}", f"{declared.label} – {label}")
        for declared in circle_kinds
        for name, label in declared.choices()
    ]
