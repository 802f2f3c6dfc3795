"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.content.blocks.stacks import HomeStack

#: Wagtail's own, without its menus, which the portal does not use.
PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("Address and search")
    )
]


def call_view(name: str, request: HttpRequest, *args: Any) -> HttpResponse:
    """Call a view of this app by its name, as URL patterns may: pages stand below views and import none."""
    return import_string(f"portal.content.views.{name}")(request, *args)


class HomePage(Page):
    """The root of the site: blocks for visitors; members get their own panels first."""

    body = StreamField(HomeStack(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = PROMOTE_PANELS

    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the home of a visitor or of a member."""
        return call_view("home", request, self)
