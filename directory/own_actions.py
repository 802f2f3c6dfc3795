"""What other apps offer beside one's own organisation in "My organisation": inviting colleagues, for instance.

An app declares an action in its ``space_entries.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from directory.models import Membership
from portal.core.registry import Registry


@dataclass(frozen=True)
class OwnAction:
    """A link to a named page, shown where ``is_shown`` says so of the reader's own place."""

    url_name: str
    label: str | Promise
    is_shown: Callable[[Membership], bool]

    def url_for(self, place: Membership) -> str:
        """Return its address, which names the organisation."""
        return f"{reverse(self.url_name)}?structure={place.organisation.slug}"


own_actions: Registry[OwnAction] = Registry("actions of one's own organisation")


def declare(url_name: str, label: str | Promise, *, is_shown: Callable[[Membership], bool]) -> None:
    """Add an action. Raises ValueError when it is declared twice."""
    own_actions.register(url_name, OwnAction(url_name, label, is_shown))


def is_manager(place: Membership) -> bool:
    """Whether the holder of the place manages the organisation."""
    return place.role == Membership.Role.MANAGER


def actions_for(place: Membership) -> list[dict[str, str]]:
    """Return the actions that the holder of a place has, as links."""
    shown = [action for action in own_actions if action.is_shown(place)]
    return [{"label": str(action.label), "url": action.url_for(place)} for action in shown]
