"""The words in which the table of rights is written: roles, answers, rows."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.world import ROLES, World

Statuses = dict[str, int]
MEMBERS = ROLES[1:]


@dataclass(frozen=True)
class Row:
    """One address: how to reach it in the world under test, and what each role gets."""

    path: Callable[[World], str]
    statuses: Statuses


def everyone(status: int = 200) -> Statuses:
    return dict.fromkeys(ROLES, status)


def only(*roles: str, status: int = 200, others: int = 404) -> Statuses:
    return {role: status if role in roles else others for role in ROLES}


def row(path: str | Callable[[World], str], statuses: Statuses) -> Row:
    return Row(path if callable(path) else lambda world: path, statuses)
