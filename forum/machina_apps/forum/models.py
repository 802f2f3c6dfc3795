"""The tree of forums."""

from typing import Any

from django.db.models import Count, Sum
from django.utils.text import slugify
from machina.apps.forum.abstract_models import AbstractForum


class Forum(AbstractForum):
    """A node of the tree; what readers see of it, and who they are, stands in our ``Space`` beside it."""

    class Meta(AbstractForum.Meta):
        app_label = "forum"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a slug that is never empty: stock machina answers 500 for a forum named « ??? »."""
        self.slug = slugify(self.name) or "forum"
        super(AbstractForum, self).save(*args, **kwargs)

    def update_trackers(self) -> None:
        """Count again what this forum holds, writing these columns alone."""
        approved = self.topics.filter(approved=True)
        counted = approved.aggregate(topics=Count("pk"), posts=Sum("posts_count"))
        latest = approved.exclude(last_post=None).order_by("-last_post_on", "-pk").first()
        values = {
            "direct_topics_count": counted["topics"],
            "direct_posts_count": counted["posts"] or 0,
            "last_post_id": latest.last_post_id if latest else None,
            "last_post_on": latest.last_post_on if latest else None,
        }
        Forum.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
