from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock


class PictureBlock(StructBlock):
    """A picture with the words that stand for it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(
        label=_("Description"),
        required=False,
        max_length=200,
        help_text=_("What the picture shows; empty if it only decorates."),
    )
    caption = CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        template = "content/blocks/picture.html"
