from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StaticBlock

from portal.content.panels import shown_panels


class PanelsBlock(StaticBlock):
    """The panels that the portal's areas declare (see ``portal.content.panels``), in their order."""

    class Meta:
        icon = "grip"
        template = "content/blocks/panels.html"
        admin_text = _("Figures, projects, next dates…: what each area of the portal shows on the home page.")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add what the panels have to show to this reader."""
        context = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        context["panels"] = shown_panels(request) if request is not None else []
        return context
