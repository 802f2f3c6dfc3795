"""Choices of the directory."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DirectorySort(models.TextChoices):
    NAME = "nom", _("by name")
    RECENT = "recent", _("lately updated first")
    #: Offered where a place was asked for.
    DISTANCE = "proximite", _("by distance")


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


class LegalCategory(models.TextChoices):
    """Wide groups of INSEE's legal categories (third revision)."""

    ASSOCIATION = "association", _("Association or foundation")
    ADMINISTRATION = "state", _("State or public body")
    LOCAL = "local", _("Local authority and its bodies")
    COMPANY = "company", _("Company")
    COOPERATIVE = "cooperative", _("Cooperative")
    SOCIAL = "social", _("Mutual society or joint body")
    OTHER = "other", _("Other")


class ClaimState(models.TextChoices):
    AWAITING = "awaiting", _("To be decided")
    APPROVED = "approved", pgettext_lazy("claim", "Accepted")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")


class CorrectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("correction", "To be dealt with")
    DONE = "done", pgettext_lazy("correction", "Corrected")
    DISMISSED = "dismissed", pgettext_lazy("correction", "Left as it is")


class PairDecision(models.TextChoices):
    WAITING = "waiting", _("To be decided")
    DISTINCT = "distinct", _("Two organisations")
    MERGED = "merged", _("Merged")


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being read")
    CHECKED = "checked", _("Read, to be decided")
    WRITING = "writing", _("Being written")
    DONE = "done", pgettext_lazy("import", "Written")
    FAILED = "failed", pgettext_lazy("import", "Failed")
    DROPPED = "dropped", pgettext_lazy("import", "Given up")


class ImportMode(models.TextChoices):
    ALL = "all", _("All lines, or none if one is wrong")
    VALID = "valid", _("The lines that are right")


class LineOutcome(models.TextChoices):
    """What a line of a file does; the plural words that reports count by."""

    WRONG = "wrong", pgettext_lazy("lines of an import", "Wrong")
    CREATE = "create", pgettext_lazy("lines of an import", "Created")
    UPDATE = "update", pgettext_lazy("lines of an import", "Changed")
    UNCHANGED = "same", pgettext_lazy("lines of an import", "Unchanged")
