"""Personal data of the forum: what a person wrote stays for the others, without their name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from forum.community.models import Draft
from forum.community.services.drafts import discard_draft
from portal.accounts.personal_data import OnErasure, Person, declare, declare_cleaning

KEPT: tuple[tuple[str, str, Any, tuple[str, ...]], ...] = (
    ("forum_conversation.Topic", "poster", _("Discussions that you opened"), ("subject", "created")),
    ("forum_conversation.Post", "poster", _("Your messages"), ("subject", "content", "created", "updated")),
    ("community_forum.Revision", "edited_by", _("Texts that you changed"), ("content", "edited_at")),
    ("community_forum.Citation", "linked_by", _("Links that you made"), ("key", "linked_at")),
)
GONE: tuple[tuple[str, str, Any, tuple[str, ...]], ...] = (
    ("community_forum.HiddenAuthor", "user", _("Your anonymous messages"), ("post",)),
    ("community_forum.UsefulVote", "user", _("Messages that you found useful"), ("post", "voted_at")),
    ("community_forum.Bookmark", "user", _("Discussions that you keep at hand"), ("topic", "added_at")),
    ("community_forum.Draft", "user", _("Your drafts"), ("values", "updated_at")),
    ("community_forum.Sanction", "user", _("Warnings and suspensions"), ("kind", "reason", "until", "decided_at")),
    ("community_forum.AnswerOffer", "user", _("Your offer to answer"), ("offered_at",)),
    ("community_forum.AnswerRequest", "user", _("Questions that you were asked"), ("topic", "reason", "asked_at")),
    ("forum_polls.TopicPollVote", "voter", _("Your votes in polls"), ("poll_option", "timestamp")),
    ("forum_tracking.TopicReadTrack", "user", _("Discussions that you have read"), ("topic", "mark_time")),
    ("forum_tracking.ForumReadTrack", "user", _("Spaces that you have read"), ("forum", "mark_time")),
    ("forum_member.ForumProfile", "user", _("Your profile of the forum"), ("posts_count",)),
    ("forum_permission.UserForumPermission", "user", _("Your rights in the forum"), ("permission",)),
)

for model, owner, purpose, fields in KEPT:
    declare(model, owner=owner, purpose=purpose, fields=fields, on_erasure=OnErasure.ANONYMISE)
for model, owner, purpose, fields in GONE:
    declare(model, owner=owner, purpose=purpose, fields=fields, on_erasure=OnErasure.DELETE)


def _forget_drafts(person: Person) -> None:
    """Delete drafts with their files, which no other table names."""
    for draft in Draft.objects.filter(user_id=person.account.pk).select_related("user"):
        discard_draft(user=draft.user, key=draft.key)


declare_cleaning("forum.drafts", _forget_drafts)
