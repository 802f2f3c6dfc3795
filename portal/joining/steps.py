"""The first steps of a new member: apps declare theirs in ``first_steps.py``.

Whether a step is done is read from facts, never from clicks: who does it elsewhere finds it done.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from portal.accounts.models import User
from portal.core.registry import Registry


@dataclass(frozen=True)
class FirstStep:
    """One step: what to do, why, where; see ``declare``."""

    key: str
    label: str | Promise
    why: str | Promise
    url_name: str
    order: int
    fact: str


@dataclass(frozen=True)
class Step:
    """A step as one person stands with it."""

    label: str
    why: str
    url: str
    is_done: bool


@dataclass(frozen=True)
class Progress:
    """All the steps of one person."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total


first_steps: Registry[FirstStep] = Registry("first steps")


def declare(
    key: str,
    label: str | Promise,
    *,
    why: str | Promise,
    url_name: str,
    order: int,
    fact: str,
) -> None:
    """Add a step, at a named page without arguments; it is done once ``fact`` is there.

    ``fact`` is a lookup from an account to a value or to rows, as ``profile__skills``. Raises
    ValueError when ``key`` is taken.
    """
    first_steps.register(key, FirstStep(key, label, why, url_name, order, fact))


def progress_of(user: User) -> Progress:
    """Return where ``user`` stands, in the order of the steps: one query."""
    ordered = sorted(first_steps, key=lambda step: (step.order, step.key))
    # One row is enough: where there are rows of a fact, each row has one of them.
    facts = User.objects.filter(pk=user.pk).order_by().values_list(*(step.fact for step in ordered))[:1].get()
    return Progress(
        tuple(
            Step(str(step.label), str(step.why), reverse(step.url_name), bool(fact))
            for step, fact in zip(ordered, facts, strict=True)
        )
    )
