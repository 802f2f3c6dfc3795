"""Which changes make the cached pages of the editorial content stale."""

from typing import Any

from wagtail.signals import page_published, page_unpublished, post_page_move

from portal.core.areas import declare, invalidate

#: The frame of every page.
declare("layout", "content.PortalSettings", "content.MenuEntry", "content.Announcement")
declare(
    "content",
    "content.HomePage",
    "content.NewsIndexPage",
    "content.NewsPage",
    "content.NewsCategory",
    "content.ResourceIndexPage",
    "content.ResourcePage",
    "content.ResourceDocument",
    "content.StandardPage",
    "content.PortalImage",
    "content.PortalDocument",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Site",
)


def _renew(**kwargs: Any) -> None:
    # Wagtail moves pages by SQL, and may unpublish one without naming its type.
    invalidate(["content"])


for _name, _signal in (("published", page_published), ("unpublished", page_unpublished), ("moved", post_page_move)):
    _signal.connect(_renew, dispatch_uid=f"content-{_name}")
