from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, TextBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock


class TableBlock(StructBlock):
    """A table of data; its caption says what it shows, before it is read cell by cell."""

    caption = CharBlock(label=_("Caption"), max_length=200)
    caption_hidden = BooleanBlock(label=_("For screen readers only"), required=False)
    table = TypedTableBlock([("text", TextBlock(label=_("Text"), required=False))], label=_("Table"))

    class Meta:
        icon = "table"
        template = "content/blocks/table.html"
