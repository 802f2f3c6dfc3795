"""Choices of the directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DirectorySort(models.TextChoices):
    NAME = "nom", _("by name")
    RECENT = "recent", _("lately updated first")


class MemberSort(models.TextChoices):
    NAME = "nom", _("by name")
    RECENT = "recent", pgettext_lazy("order of members", "latest arrivals first")


class Visibility(models.TextChoices):
    """Who reads one part of a profile, beside its owner."""

    PUBLIC = "public", _("Everyone, on the Internet")
    MEMBERS = "members", _("Members of the community")
    NOBODY = "nobody", _("Nobody but me")


#: What each reader may read: a visitor, and a member.
SEEN_BY_VISITORS = frozenset({Visibility.PUBLIC})
SEEN_BY_MEMBERS = frozenset({Visibility.PUBLIC, Visibility.MEMBERS})
