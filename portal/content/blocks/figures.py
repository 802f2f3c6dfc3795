from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock


class FigureBlock(StructBlock):
    """A number and what it means."""

    value = CharBlock(label=_("Figure"), max_length=20)
    label = CharBlock(label=_("What it counts"), max_length=80)
    note = CharBlock(label=_("Note"), required=False, max_length=120)

    class Meta:
        icon = "order"
        label_format = "{value} {label}"


class FiguresBlock(StructBlock):
    """Figures typed by hand; those of the calls are a panel, which counts them itself."""

    title = CharBlock(label=_("Title"), max_length=120)
    figures = ListBlock(FigureBlock(), label=_("Figures"), min_num=1, max_num=4)

    class Meta:
        icon = "order"
        template = "content/blocks/figures.html"
