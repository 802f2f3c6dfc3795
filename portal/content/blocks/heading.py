from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock

from portal.content.blocks.choices import FormChoiceBlock

#: Below this a summary is longer than what it spares.
FEWEST_PARTS = 3


class HeadingBlock(StructBlock):
    """A heading inside a page, which its address can name (#…)."""

    text = CharBlock(label=_("Text"), max_length=120)
    level = FormChoiceBlock(
        label=_("Level"), choices=[("h2", _("Part")), ("h3", _("Section")), ("h4", _("Subsection"))], default="h2"
    )

    class Meta:
        icon = "title"
        template = "content/blocks/heading.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the anchor."""
        context = super().get_context(value, parent_context=parent_context)
        context["anchor"] = anchor_of(value["text"])
        return context


def anchor_of(text: str) -> str:
    """Return what names a heading in an address."""
    return slugify(text)[:60]


def parts_of(body: Any) -> list[dict[str, Any]]:
    """Return the parts of a page (its h2) as links, where there are enough of them to need a summary."""
    headings = [block.value for block in body if block.block_type == "heading" and block.value["level"] == "h2"]
    links = [{"label": value["text"], "url": f"#{anchor_of(value['text'])}", "current": False} for value in headings]
    return links if len(links) >= FEWEST_PARTS else []
