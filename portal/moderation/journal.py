"""The journal of moderation: who did what to what, and why.

It is Wagtail's own journal, which the admin shows too: ``record`` writes an entry of a declared
action, and the page /animation/journal/ lists the declared ones.
"""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from wagtail.log_actions import log, registry

from portal.accounts.models import User
from portal.core.registry import Registry

actions: Registry[str | Promise] = Registry("journal actions")


def declare_action(name: str, label: str | Promise) -> None:
    """Declare the action ``name`` ("forum.lock"), called ``label`` in the journal, once."""
    actions.register(name, label)
    registry.register_action(name, label, label)


def record(
    *, action: str, actor: User | None, target: models.Model, reason: str = "", data: dict[str, Any] | None = None
) -> None:
    """Write that ``actor`` (None: the portal itself) did ``action`` to ``target``, in the caller's transaction.

    ``data`` must be JSON; ``region_id`` in it says whose animators read the entry besides
    administrators. Raises KeyError for an action that nobody declared.
    """
    actions.get(action)
    log(target, action, user=actor, data={**(data or {}), "reason": reason})
