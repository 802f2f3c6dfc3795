"""What can be reported: apps declare theirs in ``moderation_targets.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from portal.accounts.rules import AnyUser
from portal.core.registry import Registry


@dataclass(frozen=True)
class Reportable:
    """One kind of thing; see ``declare_reportable``."""

    label: str
    name: str | Promise
    visible: Callable[[AnyUser], models.QuerySet[Any]]
    url: Callable[[Any], str]
    region_id: Callable[[Any], int | None]
    hide: Callable[..., None] | None

    @property
    def slug(self) -> str:
        """What names it in an address: "community_forum-message"."""
        return self.label.lower().replace(".", "-")

    @property
    def model_class(self) -> type[models.Model]:
        """The model behind the label."""
        return apps.get_model(self.label)


reportables: Registry[Reportable] = Registry("reportable things")


def declare_reportable(
    model: str,
    *,
    label: str | Promise,
    visible: Callable[[AnyUser], models.QuerySet[Any]],
    url: Callable[[Any], str],
    region_id: Callable[[Any], int | None],
    hide: Callable[..., None] | None = None,
) -> None:
    """Declare that readers may report a ``model`` ("app.Model"), called ``label`` in the pages.

    ``visible(user)`` returns the ones that this person may read, and so report; ``url(thing)`` its
    address; ``region_id(thing)`` the region whose animators decide (None: administrators).
    ``hide(thing, by=user, reason=text)`` withdraws it from the readers; without it, animators act
    on the thing's own page.
    """
    declared = Reportable(model, label, visible, url, region_id, hide)
    reportables.register(declared.slug, declared)


def reportable_of(thing: models.Model) -> Reportable:
    """Return the declaration of ``thing``'s model; raises KeyError where there is none."""
    return reportables.get(thing._meta.label_lower.replace(".", "-"))
