"""What people can follow: the models that apps declare in ``notification_kinds.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Followable:
    """One model that can be followed; see ``declare_followable``."""

    model: str
    label: str | Promise
    visible: Callable[["User"], models.QuerySet[Any]]
    url: Callable[[Any], str]


followables: Registry[Followable] = Registry("followable models")


def declare_followable(
    model: str,
    *,
    label: str | Promise,
    visible: Callable[["User"], models.QuerySet[Any]],
    url: Callable[[Any], str],
) -> Followable:
    """Declare that members can follow objects of ``model`` ("app.Model").

    ``label`` names one of them ("Discussion"); ``visible(user)`` returns those that a person may
    see, which alone can be followed and listed; ``url(object)`` is the path of its page. Raises
    ValueError when the model is declared twice.
    """
    return followables.register(model.lower(), Followable(model.lower(), label, visible, url))


def followable_of(target: models.Model) -> Followable:
    """Return the declaration for ``target``, or for the nearest of its parent models; raises KeyError without one."""
    for model in type(target).__mro__:
        meta = getattr(model, "_meta", None)
        if meta is not None and meta.label_lower in followables:
            return followables.get(meta.label_lower)
    raise KeyError(target._meta.label)
