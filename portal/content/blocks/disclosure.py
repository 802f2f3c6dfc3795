from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from portal.content.blocks.paragraph import ParagraphBlock


class DisclosureBlock(StructBlock):
    """A text that unfolds under its title."""

    summary = CharBlock(label=_("Title"), max_length=160)
    text = ParagraphBlock(label=_("Text"), template=None)

    class Meta:
        icon = "collapse-down"
        template = "content/blocks/disclosure.html"
