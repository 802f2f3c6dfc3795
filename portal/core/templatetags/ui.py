"""Template tags that name components; the theme's folder decides how a component looks.

``{% ui "badge" label=… %}`` renders ``components/badge.html``; ``{% uiblock "card" title=… %}``
does the same with the enclosed markup as ``content``. Page templates use these tags and never a
theme's class names: see docs/guide/components.md.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, cast

from django import template
from django.template.context import Context
from django.template.engine import Engine
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.core.dates import format_day
from portal.core.markdown import render_markdown
from portal.core.money import format_decimal, format_euros, format_percent

register = template.Library()


#: Components drawn from their values alone, and drawn often: the same values give the same markup.
KEPT = frozenset(
    {
        *("avatar", "badge", "button", "calendar", "card", "choice", "dated", "discussion_row", "facet", "icon"),
        *("illustration", "message", "result", "space_row", "stat", "tag"),
    }
)
#: Drawings kept in each process; the least recently used one leaves first.
MAX_KEPT = 4_000


class _Frozen:
    """The values of a component, told apart by what they would print.

    Equal texts of which only one is marked safe print differently, as do True and 1.
    """

    __slots__ = ("_hash", "key", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.key = _freeze(values)
        self._hash = hash(self.key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.key == other.key


def _freeze(value: Any) -> Any:
    """Return a hashable stand-in for ``value``; raises TypeError for what may print differently another day."""
    kind: Any = type(value)
    if kind is str or value is None:
        return value
    if kind in (bool, int, SafeString):
        return (kind, value)
    if kind in (list, tuple):
        return (list, *[_freeze(entry) for entry in value])
    if kind is dict:
        return (dict, *((name, _freeze(entry)) for name, entry in value.items()))
    if isinstance(value, Promise):
        return (Promise, str(value))
    names = _frozen_fields(kind)
    if names is not None:
        return (kind, *[_freeze(getattr(value, name)) for name in names])
    raise TypeError(f"{kind.__name__} is no plain value")


@cache
def _frozen_fields(kind: type) -> tuple[str, ...] | None:
    """Return the names of the fields of a frozen dataclass, None for any other class."""
    if is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen:  # noqa: B009 -- undeclared to type checkers
        return tuple(field.name for field in fields(kind))
    return None


@lru_cache(maxsize=MAX_KEPT)
def _kept_drawing(engine: Engine, name: str, language: str, frozen: _Frozen) -> SafeString:
    return engine.get_template(f"components/{name}.html").render(Context(frozen.values))


def _render(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """Render one component in an isolated context that keeps the request, the user and CSRF."""
    engine = cast("template.Template", context.template).engine
    if name in KEPT and context.autoescape:
        try:
            return _kept_drawing(engine, name, get_language() or "", _Frozen(values))
        except TypeError:
            pass
    component = engine.get_template(f"components/{name}.html")
    values.setdefault("request", context.get("request"))
    values.setdefault("csrf_token", context.get("csrf_token"))
    return component.render(context.new(values))


@register.simple_tag(takes_context=True)
def ui(context: Context, name: str, /, **values: Any) -> SafeString:
    """Render the component ``name`` with ``values``; raises TemplateDoesNotExist if unknown."""
    return _render(context, name, values)


@register.simple_block_tag(takes_context=True, end_name="enduiblock")
def uiblock(context: Context, content: SafeString, name: str, /, **values: Any) -> SafeString:
    """Render the component ``name`` around the enclosed markup, available as ``content``."""
    return _render(context, name, {**values, "content": content})


@register.simple_tag
def items(*values: Any) -> list[Any]:
    """Return the arguments as a list, to hand several values to one component parameter."""
    return [value for value in values if value]


@register.simple_tag
def item(**values: Any) -> dict[str, Any]:
    """Return the arguments as a mapping, one entry of a component's list."""
    return values


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """Return the current address with query parameters replaced; an empty value removes one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.filter
def markdown(text: str) -> SafeString:
    """Render Markdown typed by a person to safe HTML."""
    return render_markdown(text or "")


@register.filter
def day(value: date | None) -> str:
    """Show a day as the French write it: ``1er octobre 2018``."""
    return format_day(value)


@register.filter
def weekday(value: date | None) -> str:
    """Show a day with its name: ``jeudi 12 mars 2026``."""
    return format_day(value, with_weekday=True)


@register.filter
def euros(amount: Decimal | None) -> str:
    """Show an amount in euros as the French write it: ``2 000 845 €``."""
    return "" if amount is None else format_euros(amount)


@register.filter
def percent(value: Decimal | None) -> str:
    """Show a percentage as the French write it: ``54,7 %``."""
    return "" if value is None else format_percent(value)


@register.filter
def number(value: Decimal | int | None) -> str:
    """Show a number with French spacing and comma, without useless zeros."""
    return "" if value is None else format_decimal(value)
