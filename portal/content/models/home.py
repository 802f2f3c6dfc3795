"""The home page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.accounts.rules import is_member
from portal.content.blocks.stacks import HomeStack
from portal.core.paths import public_path

#: Wagtail's own, without its menus, which the portal does not use.
PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("Address and search")
    )
]


class ViewPage(Page):
    """A page drawn by a view of this app, also while it is being edited.

    ``view`` is the name of the view, as URL patterns may name one: pages stand below views and
    import none.
    """

    view: str

    promote_panels = PROMOTE_PANELS

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """The address from the root of the site."""
        return public_path(self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; a page for signed-in readers is for members, which an account awaiting approval is not."""
        if request.user.is_authenticated and not is_member(request.user) and self.get_view_restrictions():
            raise PermissionDenied
        return import_string(f"portal.content.views.{self.view}")(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page as it is being edited."""
        return self.serve(request)


class HomePage(ViewPage):
    """The root of the site: blocks for visitors; members get their own panels first."""

    view = "home"

    body = StreamField(HomeStack(), verbose_name=_("content"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]

    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("home page")
