from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock


class QuoteBlock(StructBlock):
    """Somebody's words."""

    text = TextBlock(label=_("Text"), max_length=1_000)
    author = CharBlock(label=_("Author"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        template = "content/blocks/quote.html"
