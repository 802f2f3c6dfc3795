"""The feed of the news."""

import re
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.content.models import NewsPage
from portal.content.navigation import FEED_PATH, NEWS_PATH
from portal.content.selectors import FEED_SIZE, news_visible_to
from portal.core.page_cache import cached_for_visitors
from portal.core.paths import public_path

#: XML 1.0 has no way to write these; one of them would break the feed for everybody.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NewsFeed(Feed):
    """The latest news that everybody may read: RSS, absolute addresses."""

    def title(self) -> str:
        """The name of the portal and of the feed."""
        return f"{settings.PORTAL_NAME} – {_('News')}"

    language = "fr"

    def link(self) -> str:
        """The page of the news."""
        return f"{settings.BASE_URL}{NEWS_PATH}"

    def feed_url(self) -> str:
        """The feed's own address."""
        return f"{settings.BASE_URL}{FEED_PATH}"

    def description(self) -> str:
        """What the portal is."""
        return str(settings.PORTAL_TAGLINE)

    def items(self) -> Any:
        """The news of a visitor, whoever asks: readers of feeds share what they fetch."""
        return news_visible_to(AnonymousUser())[:FEED_SIZE]

    def item_title(self, item: NewsPage) -> str:
        """The title."""
        return NOT_XML.sub("", item.title)

    def item_description(self, item: NewsPage) -> str:
        """The introduction."""
        return NOT_XML.sub("", item.intro)

    def item_link(self, item: NewsPage) -> str:
        """The absolute address."""
        return f"{settings.BASE_URL}{public_path(item)}"

    def item_pubdate(self, item: NewsPage) -> datetime:
        """The date that people read, at midnight here."""
        return timezone.make_aware(datetime.combine(item.published_on, time.min))

    def item_categories(self, item: NewsPage) -> list[str]:
        """The category and the themes."""
        return [NOT_XML.sub("", name) for name in (item.category.name, *(theme.name for theme in item.themes.all()))]


_news_feed = NewsFeed()


@require_safe
@cached_for_visitors("content", "taxonomy")
def news_feed(request: HttpRequest) -> HttpResponse:
    """Serve the feed of the news."""
    response: HttpResponse = _news_feed(request)
    return response
