"""The parts of the layout that pages share, drawn once per version of the frame."""

from typing import cast

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: Drawings kept of one version of the frame: a header differs by the area and by what waits for its reader.
MAX_KEPT = 500
#: Stands in what is kept for the form token, which each page has of its own.
TOKEN_MARK = "{form-token}"  # noqa: S105 -- no secret, a place for one


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str, variant: str = "") -> SafeString:
    """Draw the template ``name``, which reads ``layout`` and the form token alone, or repeat it as drawn before.

    ``variant`` tells apart the ways in which it may come out.
    """
    layout, token = context.get("layout"), context.get("csrf_token")
    # A page drawn without its context processors still has a frame.
    parts: dict[str, SafeString] = getattr(layout, "parts", {})
    # Compared and not read: who reads it has it sent, with a cookie.
    has_token = token is not None
    key = f"{name}:{variant}:{has_token}"
    drawing = parts.get(key)
    if drawing is None:
        engine = cast("template.Template", context.template).engine
        values = {"layout": layout, "csrf_token": TOKEN_MARK if has_token else None}
        drawing = engine.get_template(name).render(context.new(values))
        if len(parts) >= MAX_KEPT:
            parts.clear()
        parts[key] = drawing
    if TOKEN_MARK in drawing:
        return mark_safe(drawing.replace(TOKEN_MARK, str(token)))  # noqa: S308 -- letters and digits
    return drawing
