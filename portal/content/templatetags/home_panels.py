"""``{% home_panel shown %}``: one panel of the home page, drawn once for all who are shown the same."""

from functools import lru_cache
from typing import cast

from django import template
from django.template.context import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.content.panels import ShownPanel

register = template.Library()

#: Drawings kept in each process; the least recently used one leaves first.
MAX_KEPT = 64


class _Same:
    """A shown panel, equal to another whose data is the very same object."""

    __slots__ = ("shown",)

    def __init__(self, shown: ShownPanel) -> None:
        self.shown = shown

    def __hash__(self) -> int:
        return hash((self.shown.panel.key, id(self.shown.data)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return NotImplemented
        return self.shown.panel == other.shown.panel and self.shown.data is other.shown.data


@lru_cache(maxsize=MAX_KEPT)
def _kept_drawing(engine: Engine, language: str, same: _Same) -> SafeString:
    return _draw(engine, Context(), same.shown)


def _draw(engine: Engine, context: Context, shown: ShownPanel) -> SafeString:
    with context.push(panel=shown.panel, data=shown.data):
        return engine.get_template(shown.panel.template).render(context)


@register.simple_tag(takes_context=True)
def home_panel(context: Context, shown: ShownPanel) -> SafeString:
    """Draw ``shown``, or repeat it as drawn before from the same data."""
    engine = cast("template.Template", context.template).engine
    if shown.panel.is_shared:
        return _kept_drawing(engine, get_language() or "", _Same(shown))
    return _draw(engine, context, shown)
