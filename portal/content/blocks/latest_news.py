from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, StructBlock


class LatestNewsBlock(StructBlock):
    """The latest news that the reader may see."""

    title = CharBlock(label=_("Title"), max_length=120)
    count = IntegerBlock(label=_("How many"), min_value=1, max_value=6, default=3)

    class Meta:
        icon = "rss"
        template = "content/blocks/latest_news.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the news as cards."""
        context = super().get_context(value, parent_context=parent_context)
        user = getattr(context.get("request"), "user", None) or AnonymousUser()
        # By its name: selectors read the models, which are made of blocks.
        latest_news_cards = import_string("portal.content.selectors.latest_news_cards")
        context["cards"] = latest_news_cards(user, value["count"])
        return context
