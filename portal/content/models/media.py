"""Pictures and documents of the editorial content."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class PortalImage(AbstractImage):
    """A picture, with what is owed to its author."""

    credit = models.CharField(_("credit"), max_length=160, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        """Return the picture's description; empty means decorative, never the file's name."""
        return self.description


class PortalRendition(AbstractRendition):
    """A picture resized for a page."""

    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class PortalDocument(AbstractDocument):
    """A file of the resource centre; ``members_only`` files are served to members alone."""

    members_only = models.BooleanField(_("for members only"), default=False)

    admin_form_fields = (*Document.admin_form_fields, "members_only")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
