"""The forum: what a person wrote stays, what it says of them goes."""

from typing import Any

from django.core.files.base import ContentFile

from forum.community.models import (
    AnswerOffer,
    AnswerRequest,
    Bookmark,
    Citation,
    Draft,
    DraftFile,
    HiddenAuthor,
    Revision,
    UsefulVote,
)
from forum.community.models.sanctions import Sanction
from forum.community.services.drafts import save_draft
from forum.community.services.moderating import sanction
from forum.community.services.polls import PollData, vote
from forum.machina_apps.forum_conversation.forum_polls.models import TopicPollVote
from forum.machina_apps.forum_conversation.models import Post, Topic
from forum.machina_apps.forum_member.models import ForumProfile
from forum.machina_apps.forum_permission.models import ForumPermission, UserForumPermission
from forum.machina_apps.forum_tracking.models import ForumReadTrack, TopicReadTrack
from portal.accounts.models import User
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories import UserFactory
from tests.forum.factories import make_answer, make_discussion, make_space


def _topic() -> Topic:
    return make_discussion().topic


def _post() -> Post:
    return make_answer(make_discussion()).post


def _hidden(user: User) -> HiddenAuthor:
    topic = make_discussion(author=user, is_anonymous=True).topic
    return HiddenAuthor.objects.get(post__topic=topic)


def _draft(user: User) -> Draft:
    draft = save_draft(user=user, key="question", typed={"subject": MARKER, "content": MARKER})
    file = DraftFile(draft=draft, name=f"{MARKER}.txt", format="TXT", size=9, sha256="0" * 64)
    file.file.save("x.txt", ContentFile(MARKER.encode()))
    return draft


def _sanction(user: User) -> Sanction:
    return sanction(user=user, by=UserFactory(), kind="warning", reason="Restez courtois.")


def _poll_vote(user: User) -> TopicPollVote:
    poll = make_discussion(poll=PollData("Quand ?", ("Lundi", "Mardi"))).topic.poll
    vote(user=user, poll=poll, options=[poll.options.first()])
    return TopicPollVote.objects.get(voter=user)


def _profile(user: User) -> ForumProfile:
    profile, _created = ForumProfile.objects.get_or_create(user=user)
    profile.signature = MARKER
    profile.save()
    return profile


def _permission(user: User) -> Any:
    permission, _created = ForumPermission.objects.get_or_create(codename="can_see_forum")
    return UserForumPermission.objects.create(user=user, forum=make_space().forum, permission=permission)


MAKERS: Makers = {
    "community_forum.AnswerOffer": lambda user: AnswerOffer.objects.create(user=user),
    "community_forum.AnswerRequest": lambda user: AnswerRequest.objects.create(
        user=user, topic=_topic(), reason=MARKER
    ),
    "community_forum.Bookmark": lambda user: Bookmark.objects.create(user=user, topic=_topic()),
    "community_forum.Citation": lambda user: Citation.objects.create(topic=_topic(), key="sheet:1", linked_by=user),
    "community_forum.Draft": _draft,
    "community_forum.HiddenAuthor": _hidden,
    "community_forum.Revision": lambda user: Revision.objects.create(
        post=_post(), content="Un texte d’avant.", edited_by=user
    ),
    "community_forum.Sanction": _sanction,
    "community_forum.UsefulVote": lambda user: UsefulVote.objects.create(user=user, post=_post()),
    "forum_conversation.Post": lambda user: make_answer(make_discussion(), author=user).post,
    "forum_conversation.Topic": lambda user: make_discussion(author=user).topic,
    "forum_member.ForumProfile": _profile,
    "forum_permission.UserForumPermission": _permission,
    "forum_polls.TopicPollVote": _poll_vote,
    "forum_tracking.ForumReadTrack": lambda user: ForumReadTrack.objects.create(user=user, forum=make_space().forum),
    "forum_tracking.TopicReadTrack": lambda user: TopicReadTrack.objects.create(user=user, topic=_topic()),
}
