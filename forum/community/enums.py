"""Choices of the forum."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Access(models.TextChoices):
    OPEN = "open", _("everyone reads, members write")
    MEMBERS = "members", _("members alone")
    CIRCLE = "circle", _("a circle of members alone, the laureates of a call for instance")


class MessageState(models.TextChoices):
    PUBLISHED = "published", _("published")
    WAITING = "waiting", _("waits for a moderator")
    REFUSED = "refused", _("refused")
    REMOVED = "removed", _("removed by a moderator")


#: What a moderator did not let through, or took back.
WITHHELD = frozenset({MessageState.REFUSED, MessageState.REMOVED})


class SanctionKind(models.TextChoices):
    WARNING = "warning", _("warning")
    SUSPENSION = "suspension", _("suspension of writing")


class DiscussionFilter(models.TextChoices):
    """States that a list can be narrowed to, as addresses write them."""

    ALL = "", _("All")
    UNANSWERED = "sans-reponse", _("Unanswered")
    ANSWERED = "avec-reponse", _("Answered")
    SOLVED = "resolues", _("Solved")


class DiscussionSort(models.TextChoices):
    RECENT = "", _("Latest message")
    NEWEST = "nouvelles", _("Newest question")
    UNANSWERED_FIRST = "sans-reponse", _("Unanswered first")


#: First parts of addresses below /forum/ that no space may take.
RESERVED_SLUGS = frozenset(
    {
        *("toutes", "sans-reponse", "poser-une-question", "discussions-proches", "brouillon", "mentions"),
        *("mes-discussions", "suivies", "non-lues", "favoris", "messages", "discussions", "pieces-jointes"),
        *("flux", "apercu", "repondre-aux-questions", "recherche", "moderation"),
    }
)
