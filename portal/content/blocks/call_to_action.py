from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock

from portal.content.blocks.link import LinkBlock


class CallToActionBlock(StructBlock):
    """One thing to do, and why."""

    title = CharBlock(label=_("Title"), max_length=120)
    text = TextBlock(label=_("Text"), required=False, max_length=400)
    link = LinkBlock(label=_("Button"))

    class Meta:
        icon = "bullhorn"
        template = "content/blocks/call_to_action.html"
