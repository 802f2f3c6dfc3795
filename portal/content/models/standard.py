"""Pages of plain content: legal mentions, accessibility, help."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from portal.content.blocks.stacks import BodyStack
from portal.content.models.home import ViewPage
from portal.content.models.visibility import VisiblePageQuerySet


class StandardPage(ViewPage):
    """A page of text. Required: title."""

    view = "standard_page"

    intro = models.TextField(_("introduction"), max_length=400, blank=True)
    body = StreamField(BodyStack(), verbose_name=_("text"), blank=True)

    objects = PageManager.from_queryset(VisiblePageQuerySet)()

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    parent_page_types = ["content.HomePage", "content.StandardPage"]
    subpage_types = ["content.StandardPage"]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")
