from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock, URLBlock
from wagtail.images.blocks import ImageChooserBlock


class PartnerBlock(StructBlock):
    """An organisation that takes part in the portal."""

    name = CharBlock(label=_("Name"), max_length=120)
    role = CharBlock(label=_("What it does here"), required=False, max_length=160)
    url = URLBlock(label=_("Address"), required=False)
    logo = ImageChooserBlock(label=_("Logo"), required=False)

    class Meta:
        icon = "group"
        label_format = "{name}"


class PartnersBlock(StructBlock):
    """The organisations behind the portal."""

    title = CharBlock(label=_("Title"), max_length=120)
    intro = TextBlock(label=_("Introduction"), required=False, max_length=400)
    partners = ListBlock(PartnerBlock(), label=_("Partners"), min_num=1, max_num=12)

    class Meta:
        icon = "group"
        template = "content/blocks/partners.html"
