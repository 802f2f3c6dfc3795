"""Pictures and documents of the editorial content."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Image, WagtailImageField, get_upload_to

from portal.accounts.rules import AnyUser, is_member
from portal.core.images import clean_picture
from portal.core.money import format_file_size
from portal.core.storage import private_storage
from portal.core.uploads import validate_document


class PortalImage(AbstractImage):
    """A picture, with what is owed to its author.

    The original is private: the public sees renditions alone. Whatever way a picture comes in,
    it is drawn anew before it is stored, so that no place, date or device stays in it.
    """

    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        storage=private_storage,
        width_field="width",
        height_field="height",
    )
    credit = models.CharField(_("credit"), max_length=160, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        """Return the picture's description; empty means decorative, never the file's name."""
        return self.description

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draw a new picture anew; raises ValidationError when it cannot be read."""
        if self.file and not self.file._committed and not getattr(self.file.file, "is_clean_picture", False):
            self.file = clean_picture(self.file.file)
        super().save(*args, **kwargs)


class PortalRendition(AbstractRendition):
    """A picture resized for a page."""

    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class PortalDocumentQuerySet(DocumentQuerySet):
    """Reads of documents."""

    def visible_to(self, user: AnyUser) -> "PortalDocumentQuerySet":
        """Leave out the documents for members, unless ``user`` is one."""
        return self if is_member(user) else self.filter(members_only=False)


class PortalDocument(AbstractDocument):
    """A file of the resource centre; ``members_only`` files are served to members alone."""

    file = models.FileField(_("file"), upload_to="documents", storage=private_storage, validators=[validate_document])
    members_only = models.BooleanField(_("for members only"), default=False)

    admin_form_fields = (*Document.admin_form_fields, "members_only")

    objects = PortalDocumentQuerySet.as_manager()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note the size of a new file, whatever way it comes in."""
        if self.file and not self.file._committed:
            self.file_size = self.file.size
        super().save(*args, **kwargs)

    @property
    def url(self) -> str:
        """The address that serves the file to those who may read it."""
        return reverse("content:document", args=[self.pk, self.filename])

    @property
    def format(self) -> str:
        """The format as people say it: "PDF"."""
        return self.file_extension.upper()

    @property
    def shown_size(self) -> str:
        """The size as people say it: "0,50 Mo"."""
        return format_file_size(self.file_size or 0)
