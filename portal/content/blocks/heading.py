from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock


class HeadingBlock(StructBlock):
    """A heading inside a page, which its address can name (#…)."""

    text = CharBlock(label=_("Text"), max_length=120)
    level = ChoiceBlock(
        label=_("Level"), choices=[("h2", _("Part")), ("h3", _("Section")), ("h4", _("Subsection"))], default="h2"
    )

    class Meta:
        icon = "title"
        template = "content/blocks/heading.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the anchor."""
        context = super().get_context(value, parent_context=parent_context)
        context["anchor"] = slugify(value["text"])[:60]
        return context
