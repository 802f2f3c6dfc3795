"""The feed of a space: its latest discussions, for everyone."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forum.community.models import Discussion, Space
from forum.community.selectors.spaces import space_at
from forum.community.texts import excerpt
from portal.core.page_cache import cached_for_visitors

#: Stock machina puts every discussion in its feed: 26 s and 5.6 MB for 20,000 of them.
FEED_SIZE = 50
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class SpaceFeed(Feed):
    """RSS of the latest discussions of one space that everyone reads; addresses are absolute."""

    language = "fr"

    def get_object(self, request: HttpRequest, slug: str) -> Space:
        """Return the space; a space that is not everyone's has no feed, whoever asks: feeds are shared."""
        space = space_at(AnonymousUser(), slug)
        if space is None:
            raise Http404
        return space

    def title(self, obj: Space) -> str:
        """The portal and the space."""
        return f"{settings.PORTAL_NAME} – {obj.forum.name}"

    def link(self, obj: Space) -> str:
        """The page of the space."""
        return f"{settings.BASE_URL}{obj.get_absolute_url()}"

    def description(self, obj: Space) -> str:
        """What is discussed there."""
        return NOT_XML.sub("", str(obj.forum.description or obj.forum.name))

    def items(self, obj: Space) -> Any:
        """The latest discussions."""
        found = Discussion.objects.visible_to(AnonymousUser()).filter(topic__forum_id=obj.pk)
        found = found.select_related("topic__forum__space", "topic__first_post")
        return found.order_by("-topic__created", "-topic__first_post_id")[:FEED_SIZE]

    def item_title(self, item: Discussion) -> str:
        """The title."""
        return NOT_XML.sub("", item.topic.subject)

    def item_description(self, item: Discussion) -> str:
        """The beginning of the question, as plain text."""
        first = item.topic.first_post
        return NOT_XML.sub("", excerpt(first._content_rendered or "")) if first else ""

    def item_link(self, item: Discussion) -> str:
        """The absolute address."""
        return f"{settings.BASE_URL}{item.get_absolute_url()}"

    def item_pubdate(self, item: Discussion) -> datetime:
        """When it was opened."""
        return item.topic.created


_space_feed = SpaceFeed()


@require_safe
@cached_for_visitors("forum", "taxonomy")
def space_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the feed of a space."""
    response: HttpResponse = _space_feed(request, slug=slug)
    return response
