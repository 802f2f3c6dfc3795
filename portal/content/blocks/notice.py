from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from portal.content.blocks.choices import FormChoiceBlock
from portal.content.blocks.paragraph import ParagraphBlock


class NoticeBlock(StructBlock):
    """A remark that must not be missed."""

    kind = FormChoiceBlock(
        label=_("Kind"), choices=[("info", _("Information")), ("warning", _("Warning"))], default="info"
    )
    title = CharBlock(label=_("Title"), required=False, max_length=120)
    text = ParagraphBlock(label=_("Text"), template=None)

    class Meta:
        icon = "warning"
        template = "content/blocks/notice.html"
