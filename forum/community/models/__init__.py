"""What machina does not know of a forum: spaces, questions and their answers, drafts, sanctions, requests."""

from forum.community.models.competence import AnswerOffer, AnswerRequest
from forum.community.models.discussions import (
    Bookmark,
    Citation,
    Discussion,
    DiscussionQuerySet,
    HiddenAuthor,
    Message,
    MessageQuerySet,
    Revision,
    UsefulVote,
)
from forum.community.models.drafts import Draft, DraftFile
from forum.community.models.sanctions import Sanction
from forum.community.models.spaces import Space, SpaceQuerySet

__all__ = [
    "AnswerOffer",
    "AnswerRequest",
    "Bookmark",
    "Citation",
    "Discussion",
    "DiscussionQuerySet",
    "Draft",
    "DraftFile",
    "HiddenAuthor",
    "Message",
    "MessageQuerySet",
    "Revision",
    "Sanction",
    "Space",
    "SpaceQuerySet",
    "UsefulVote",
]
