"""Resources: framework agreements, schemes, guides, tools."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager

from portal.content.blocks.stacks import BodyStack
from portal.content.enums import ResourceKind
from portal.content.models.home import ViewPage
from portal.content.models.media import PortalDocument
from portal.content.models.visibility import VisiblePageQuerySet
from portal.taxonomy.models import Audience, Theme


class ResourceIndexPage(ViewPage):
    """The list of the resources."""

    view = "resource_list"

    intro = models.CharField(_("introduction"), max_length=280, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.ResourcePage"]
    max_count = 1

    class Meta:
        verbose_name = _("list of resources")


class ResourcePage(ViewPage):
    """Something to work with. Required: title, kind, summary; ``url`` is empty where none is known.

    Its files are rows of ``ResourceDocument`` (``page.documents``).
    """

    view = "resource_detail"

    kind = models.CharField(_("kind"), max_length=12, choices=ResourceKind.choices)
    parties = models.CharField(
        _("parties"), max_length=280, blank=True, help_text=_("Who signed or carries it: “State / OFII / SPE”.")
    )
    url = models.URLField(_("address"), null=True, blank=True)  # noqa: DJ001 -- null: the address is not known.
    summary = models.TextField(_("summary"), max_length=400)
    body = StreamField(BodyStack(), verbose_name=_("text"), blank=True)
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="resources", verbose_name=_("audiences"))
    themes = ParentalManyToManyField(Theme, blank=True, related_name="resources", verbose_name=_("themes"))

    objects = PageManager.from_queryset(VisiblePageQuerySet)()

    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("parties"),
        FieldPanel("url"),
        FieldPanel("summary"),
        FieldPanel("body"),
        InlinePanel("documents", label=_("document")),
        MultiFieldPanel([FieldPanel("audiences"), FieldPanel("themes")], heading=_("Filing")),
    ]

    parent_page_types = ["content.ResourceIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")


class ResourceDocument(Orderable):
    """A file of a resource; who may read it is said by the document itself."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="documents", verbose_name=_("resource"))
    document = models.ForeignKey(PortalDocument, models.PROTECT, related_name="+", verbose_name=_("document"))

    panels = [FieldPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = _("document of a resource")
        verbose_name_plural = _("documents of a resource")

    def __str__(self) -> str:
        return str(self.document)
