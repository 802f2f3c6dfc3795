"""News."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from portal.content.blocks.stacks import BodyStack
from portal.content.models.home import ViewPage
from portal.content.models.media import PortalImage
from portal.content.models.visibility import VisiblePageQuerySet
from portal.taxonomy.models import Territory, Theme


class NewsCategory(models.Model):
    """A heading under which news are listed: “Actualités”, “Appels à projets”…"""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category of news")
        verbose_name_plural = _("categories of news")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class NewsIndexPage(ViewPage):
    """The list of the news."""

    view = "news_list"

    intro = models.CharField(_("introduction"), max_length=280, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.NewsPage"]
    max_count = 1

    class Meta:
        verbose_name = _("list of news")


class NewsPage(ViewPage):
    """An article. Required: title, category, intro; ``published_on`` is the date people read."""

    view = "news_detail"

    category = models.ForeignKey(NewsCategory, models.PROTECT, related_name="news", verbose_name=_("category"))
    published_on = models.DateField(_("date"), default=timezone.localdate)
    intro = models.TextField(_("introduction"), max_length=400, help_text=_("What lists and feeds show."))
    body = StreamField(BodyStack(), verbose_name=_("text"), blank=True)
    picture = models.ForeignKey(
        PortalImage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    picture_alt = models.CharField(
        _("description of the picture"), max_length=200, blank=True, help_text=_("Empty if it only decorates.")
    )
    source_url = models.URLField(_("source"), blank=True)
    source_label = models.CharField(_("name of the source"), max_length=160, blank=True)
    themes = ParentalManyToManyField(Theme, blank=True, related_name="news", verbose_name=_("themes"))
    territories = ParentalManyToManyField(Territory, blank=True, related_name="news", verbose_name=_("territories"))

    objects = PageManager.from_queryset(VisiblePageQuerySet)()

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("category"), FieldPanel("published_on")], heading=_("Publication")),
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Picture")),
        MultiFieldPanel([FieldPanel("source_url"), FieldPanel("source_label")], heading=_("Source")),
        MultiFieldPanel([FieldPanel("themes"), FieldPanel("territories")], heading=_("Filing")),
    ]

    parent_page_types = ["content.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news article")
        verbose_name_plural = _("news articles")
        indexes = [models.Index(fields=["-published_on"], name="news_by_date")]
