"""Pages of plain content: legal mentions, accessibility, help."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from portal.content.blocks.stacks import BodyStack
from portal.content.models.home import PROMOTE_PANELS, call_view
from portal.content.models.visibility import VisiblePageQuerySet
from portal.content.paths import public_path


class StandardPage(Page):
    """A page of text. Required: title."""

    intro = models.TextField(_("introduction"), max_length=400, blank=True)
    body = StreamField(BodyStack(), verbose_name=_("text"), blank=True)

    objects = PageManager.from_queryset(VisiblePageQuerySet)()

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    promote_panels = PROMOTE_PANELS
    parent_page_types = ["content.HomePage", "content.StandardPage"]
    subpage_types = ["content.StandardPage"]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    @property
    def public_path(self) -> str:
        """The address from the root of the site."""
        return public_path(self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page."""
        return call_view("standard_page", request, self)
