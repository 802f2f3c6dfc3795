"""Who is what: the predicates on which every app builds its own rules."""

from typing import TYPE_CHECKING, TypeAlias, Union

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User

AnyUser: TypeAlias = Union["User", "AnonymousUser"]


def is_member(user: AnyUser) -> bool:
    """Whether ``user`` has been admitted to the community."""
    return user.is_authenticated and user.is_member


def is_administrator(user: AnyUser) -> bool:
    """Whether ``user`` administers the whole portal."""
    return user.is_authenticated and user.is_active and user.is_superuser


def is_animator(user: AnyUser) -> bool:
    """Whether ``user`` animates at least one region, or administers the portal."""
    return is_administrator(user) or (is_member(user) and bool(user.animated_region_ids))  # type: ignore[union-attr]


def animates(user: AnyUser, region_id: int | None) -> bool:
    """Whether ``user`` animates the region; an administrator animates every one.

    ``region_id`` None stands for national content, which administrators alone animate.
    """
    if is_administrator(user):
        return True
    return is_member(user) and region_id is not None and region_id in user.animated_region_ids  # type: ignore[union-attr]


def animated_by(user: AnyUser, field: str) -> models.Q:
    """Return the condition "its region (``field``) is one that ``user`` animates"."""
    if is_administrator(user):
        return models.Q()
    if not is_member(user):
        return models.Q(pk__in=[])
    return models.Q(**{f"{field}__in": user.animated_region_ids})  # type: ignore[union-attr]
