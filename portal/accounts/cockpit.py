"""The entries of "Animation": each app declares its own in ``animation_entries.py``.

Every page under /animation/ extends ``accounts/animation.html``, which shows these entries beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.registry import Registry


@dataclass(frozen=True)
class AnimationEntry:
    """One entry: a named page without arguments, shown to whom ``is_shown`` says.

    ``count`` returns how many things wait for this person there; what waits is written beside the label.
    """

    url_name: str
    label: str | Promise
    order: int
    is_shown: Callable[[User], bool]
    count: Callable[[User], int] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name)

    def shown_label(self, user: User) -> str:
        """Return the label, with what waits where something does: "Accounts to approve (3)"."""
        waiting = self.count(user) if self.count else 0
        return _("%(label)s (%(count)d)") % {"label": self.label, "count": waiting} if waiting else str(self.label)


animation_entries: Registry[AnimationEntry] = Registry("animation entries")


def declare(
    url_name: str,
    label: str | Promise,
    *,
    order: int,
    is_shown: Callable[[User], bool] = is_animator,
    count: Callable[[User], int] | None = None,
) -> None:
    """Add an entry; ``order`` is its place (the dashboard is 0). Raises ValueError when it is declared twice."""
    animation_entries.register(url_name, AnimationEntry(url_name, label, order, is_shown, count))


def entries_for(request: HttpRequest) -> tuple[list[AnimationEntry], AnimationEntry | None]:
    """Return the entries that the reader sees, in order, and the deepest one that holds ``request``'s page."""
    user: User = request.user  # type: ignore[assignment]
    entries = sorted((entry for entry in animation_entries if entry.is_shown(user)), key=lambda entry: entry.order)
    holding = [entry for entry in entries if request.path.startswith(entry.url)]
    return entries, max(holding, key=lambda entry: len(entry.url), default=None)


def animation_links(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the side navigation of ``request``'s page, with what waits behind each entry; a query for each count."""
    user: User = request.user  # type: ignore[assignment]
    entries, here = entries_for(request)
    return [{"label": entry.shown_label(user), "url": entry.url, "current": entry is here} for entry in entries]
