"""The parts of the layout that pages share, drawn once per version of the frame."""

from typing import cast

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str, variant: str | None = "") -> SafeString:
    """Draw the template ``name``, which reads ``layout`` alone, or repeat it as drawn before.

    ``variant`` tells apart the ways in which it may come out; None says that this one is for one
    reader, and is kept for nobody.
    """
    layout = context.get("layout")
    # A page drawn without its context processors still has a frame.
    parts: dict[str, SafeString] = {} if variant is None else getattr(layout, "parts", {})
    key = f"{name}:{variant}"
    if key not in parts:
        engine = cast("template.Template", context.template).engine
        values = {"layout": layout, "csrf_token": context.get("csrf_token")}
        parts[key] = engine.get_template(name).render(context.new(values))
    return parts[key]
