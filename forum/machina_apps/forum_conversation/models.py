"""Topics and posts: the conversation as machina keeps it, without the writes that undo one another."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.text import slugify
from machina.apps.forum_conversation.abstract_models import AbstractPost, AbstractTopic


class Topic(AbstractTopic):
    """A discussion; our ``Discussion`` beside it holds what machina does not know."""

    #: A person who leaves takes nobody else's answers along.
    poster = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="topics")
    #: The ledger of attention knows who follows what.
    subscribers = None

    class Meta(AbstractTopic.Meta):
        app_label = "forum_conversation"
        ordering = ["-type", "-last_post_on", "-id"]
        indexes = [
            models.Index(fields=["forum", "-type", "-last_post_on", "-last_post"], name="topic_order_in_forum"),
            models.Index(fields=["-last_post_on", "-last_post"], name="topic_latest_first"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a slug that is never empty; moving goes through our service, which counts both forums anew."""
        self.slug = slugify(self.subject)[:120].strip("-") or "discussion"
        super(AbstractTopic, self).save(*args, **kwargs)

    @transaction.atomic
    def update_trackers(self) -> None:
        """Count again what this topic holds: these columns alone, with the row held.

        Stock machina saves the whole row as it was read, and so undoes what was done meanwhile: a
        reply unlocked a topic and set its views back.
        """
        Topic.objects.select_for_update().filter(pk=self.pk).first()
        posts = self.posts.order_by("created", "pk")
        approved = posts.filter(approved=True)
        last = approved.last()
        values = {
            "posts_count": approved.count(),
            "first_post": posts.first(),
            "last_post": last,
            "last_post_on": last.created if last else None,
        }
        Topic.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
        self.forum.update_trackers()

    def note_new_post(self, post: "Post") -> None:
        """Count one approved post more, at the cost of two short writes whatever the topic holds."""
        values: dict[str, Any] = {"posts_count": F("posts_count") + 1, "last_post": post, "last_post_on": post.created}
        if self.first_post_id is None:
            values["first_post"] = post
        Topic.objects.filter(pk=self.pk).update(**values)
        opened = int(self.first_post_id is None)
        type(self.forum).objects.filter(pk=self.forum_id).update(
            direct_posts_count=F("direct_posts_count") + 1,
            direct_topics_count=F("direct_topics_count") + opened,
            last_post=post,
            last_post_on=post.created,
        )
        self.last_post, self.last_post_on, self.posts_count = post, post.created, self.posts_count + 1
        if opened:
            self.first_post = post


class Post(AbstractPost):
    """A message; our ``Message`` beside it holds what machina does not know."""

    poster = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="posts")

    class Meta(AbstractPost.Meta):
        app_label = "forum_conversation"
        ordering = ["created", "id"]
        indexes = [models.Index(fields=["topic", "created", "id"], name="post_order_in_topic")]

    def clean(self) -> None:
        """Accept a post without its poster: they have left, or are known to moderators alone."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the topic in step without touching any other of its columns."""
        is_new = self.pk is None
        super(AbstractPost, self).save(*args, **kwargs)
        topic = self.topic
        is_head = topic.first_post_id in {None, self.pk}
        if is_head and (topic.subject, topic.approved) != (self.subject, self.approved):
            topic.subject, topic.approved = self.subject, self.approved
            topic.save(update_fields=["subject", "slug", "approved", "updated"])
        if is_new and self.approved:
            topic.note_new_post(self)
        else:
            topic.update_trackers()

    def delete(self, using: str | None = None) -> tuple[int, dict[str, int]]:  # type: ignore[override]
        """Delete, and the topic with its last post."""
        topic = self.topic
        if not topic.posts.exclude(pk=self.pk).exists():
            forum = topic.forum
            deleted = super(AbstractTopic, topic).delete(using)
            forum.update_trackers()
            return deleted
        deleted = super(AbstractPost, self).delete(using)
        topic.update_trackers()
        return deleted
