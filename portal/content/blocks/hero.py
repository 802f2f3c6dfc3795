from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, TextBlock

from portal.content.blocks.link import LinkBlock


class HeroBlock(StructBlock):
    """What the portal promises: the h1 of the home page, two actions at most, a search box."""

    title = CharBlock(label=_("Title"), max_length=120)
    lead = TextBlock(label=_("Introduction"), required=False, max_length=400)
    links = ListBlock(LinkBlock(), label=_("Actions"), min_num=0, max_num=2)
    search = BooleanBlock(label=_("With a search box"), required=False, default=True)

    class Meta:
        icon = "pick"
        template = "content/blocks/hero.html"
