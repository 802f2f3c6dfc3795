"""The last look at a message before it leaves: a row may wait for hours, while rights and choices change.

Higher apps declare theirs in ``worker_loops.py``; ``portal.mail.delivery`` asks them at each attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.core.registry import Registry
from portal.mail.models import OutboxMessage
from portal.mail.rendering import RenderedMail


@dataclass(frozen=True)
class Verdict:
    """What is to be done with a message that is about to leave; without anything it leaves as it is.

    ``withdrawn`` says why it does not leave at all, ``wait_until`` when to look again, ``rewritten``
    what it says from now on.
    """

    withdrawn: str = ""
    wait_until: datetime | None = None
    rewritten: RenderedMail | None = None


AS_IT_IS = Verdict()

looks: Registry[Callable[[OutboxMessage], Verdict]] = Registry("last looks")


def declare_last_look(key: str, look: Callable[[OutboxMessage], Verdict]) -> None:
    """Have ``look(message)`` asked before any message leaves; raises ValueError when ``key`` is taken.

    It runs in a worker, outside any transaction: a look that writes opens its own. Whatever it raises keeps the
    message for a later attempt.
    """
    looks.register(key, look)


def look_again(message: OutboxMessage) -> Verdict:
    """Return the first verdict that is more than "as it is"."""
    for look in looks:
        verdict = look(message)
        if verdict != AS_IT_IS:
            return verdict
    return AS_IT_IS
