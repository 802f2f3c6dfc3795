"""How discussions are found: one document each, so that its title counts once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from forum.community.models import Discussion
from forum.community.models.discussions import readable_space_ids
from forum.community.texts import excerpt
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.rules import AnyUser, is_member
from search import api

#: Messages whose text is searched: the first ones say what it is about, and a reply to a long
#: discussion does not index it whole again.
INDEXED = 12


@api.register
class DiscussionSource(api.DocumentSource):
    """Published discussions, for the readers of their space."""

    model = "community_forum.Discussion"
    kind = "discussion"
    label = _("Discussion")
    related = ("forum_conversation.Topic", "forum_conversation.Post", "community_forum.Space")
    added_later = ("forum_conversation.Post",)

    def queryset(self) -> QuerySet[Any]:
        """Return published discussions with what their text comes from."""
        posts = Post.objects.filter(approved=True).order_by("created", "pk")
        return (
            Discussion.objects.published()
            .select_related("topic__forum__space__theme__parent", "territory__department", "territory__region")
            .prefetch_related(Prefetch("topic__posts", queryset=posts, to_attr="approved_posts"))
        )

    def to_document(self, obj: Discussion) -> api.Document:
        """Describe a discussion by its question, then its first answers."""
        topic, space = obj.topic, obj.topic.forum.space
        texts = [api.text_of_markdown(post.content.raw) for post in topic.approved_posts[:INDEXED]]  # type: ignore[attr-defined]
        first = topic.approved_posts[0] if topic.approved_posts else None  # type: ignore[attr-defined]
        return self.document(
            obj,
            title=topic.subject,
            url=obj.get_absolute_url(),
            summary=excerpt(first._content_rendered or "") if first else "",
            body="\n".join(texts),
            themes=api.theme_keys([space.theme] if space.theme else []),
            territories=api.territory_keys([obj.territory] if obj.territory else []),
            date=topic.created.date(),
            weight=1.1 if obj.is_solved else 1.0,
            audience=frozenset({space.audience_token}),
            breadcrumb=space.forum.name if hasattr(space, "forum") else "",
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Return the discussions that show ``instance``; a message beyond the first ones changes nothing."""
        if isinstance(instance, Topic):
            return [instance.pk]
        if isinstance(instance, Post):
            return [instance.topic_id] if _is_indexed(instance) else []
        return Discussion.objects.filter(topic__forum=instance.pk).values_list("pk", flat=True)

    def readable_by(self, user: AnyUser) -> QuerySet[Any]:
        """Return what ``user`` reads now."""
        return Discussion.objects.visible_to(user)


def _is_indexed(post: Post) -> bool:
    """Whether ``post`` is, or was until it was withdrawn or deleted, among the first messages of its discussion."""
    if post.topic.posts_count <= INDEXED:
        return True
    if post.topic.last_post_on is not None and post.created > post.topic.last_post_on:
        # Just written, behind more than that many.
        return False
    before = Q(created__lt=post.created) | Q(created=post.created, pk__lt=post.pk or 0)
    return Post.objects.filter(before, topic=post.topic_id, approved=True)[:INDEXED].count() < INDEXED


@api.register_tokens
def space_tokens(user: AnyUser) -> Iterable[str]:
    """Give a member the tokens of the reserved spaces that they read."""
    return [f"forum:{pk}" for pk in readable_space_ids(user)] if is_member(user) else []
