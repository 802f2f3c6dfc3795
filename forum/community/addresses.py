"""Addresses that lists write by the dozen: Django's own ``reverse`` costs more than the row that shows them.

A test compares each with ``reverse``.
"""

from functools import cache

from django.urls import reverse


@cache
def root() -> str:
    """Return the address of the forum."""
    return reverse("community_forum:index")


def space_path(slug: str) -> str:
    """Return the address of a space."""
    return f"{root()}{slug}/"


def discussion_path(space_slug: str, pk: int, slug: str) -> str:
    """Return the address of a discussion."""
    return f"{root()}{space_slug}/{pk}-{slug}/"


def message_path(pk: int, below: str = "") -> str:
    """Return the address that leads to a message, or of what is done with it (``utile/``)."""
    return f"{root()}messages/{pk}/{below}"


@cache
def _reports() -> str:
    return reverse("moderation:report", args=["community_forum-message", "0"]).removesuffix("0/")


def report_path(pk: int) -> str:
    """Return the address at which a message is reported."""
    return f"{_reports()}{pk}/"
