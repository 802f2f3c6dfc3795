from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock

from portal.content.blocks.link import LinkBlock


class StepBlock(StructBlock):
    """One step."""

    title = CharBlock(label=_("Title"), max_length=80)
    text = TextBlock(label=_("Text"), max_length=280)

    class Meta:
        icon = "list-ol"
        label_format = "{title}"


class StepsBlock(StructBlock):
    """How it works, step by step."""

    title = CharBlock(label=_("Title"), max_length=120)
    steps = ListBlock(StepBlock(), label=_("Steps"), min_num=2, max_num=4)
    links = ListBlock(LinkBlock(), label=_("Action"), min_num=0, max_num=1)

    class Meta:
        icon = "list-ol"
        template = "content/blocks/steps.html"
