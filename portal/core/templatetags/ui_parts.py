"""Template filters for the components of the themes; page templates need none of them.

A form field keeps the markup of Django's own widget, which carries ``aria-describedby``,
``aria-invalid`` and ``required``: a component only asks what kind of field it is and adds its
theme's classes to it.
"""

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField, widgets
from django.utils.safestring import SafeString

register = template.Library()

# The drawings of portal/static/img/illustrations.svg.
ILLUSTRATIONS = frozenset(
    {
        *("communaute", "default", "document", "emploi", "evenement", "formation", "forum", "garde-enfants"),
        *("langue", "logement", "mobilite", "numerique", "partenaires", "recherche", "remuneration"),
        *("sante", "titres-de-sejour"),
    }
)

# The first match wins: most of these classes derive from one another.
_KINDS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.CheckboxSelectMultiple, "checkboxes"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.SelectMultiple, "select-multiple"),
    (widgets.SelectDateWidget, "group"),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.FileInput, "file"),
    (widgets.MultiWidget, "group"),
)


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Return the pages that a pagination links to: the first, the last and the neighbours; None for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in elided]


@register.filter
def field_kind(field: BoundField) -> str:
    """Return how a field is laid out.

    One of checkbox, checkboxes, radios, select, select-multiple, textarea, file, group (several
    inputs under one legend) or input (any one-line input).
    """
    for widget_class, kind in _KINDS:
        if isinstance(field.field.widget, widget_class):
            return kind
    return "input"


@register.filter
def field_widget(field: BoundField, css_class: str) -> SafeString:
    """Render a field's widget with ``css_class`` added to the classes that its form gave it."""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{own} {css_class}".strip()})


@register.filter
def first_input_id(field: BoundField) -> str:
    """Return the id that a link in the error summary leads to: the field's first focusable input."""
    widget = field.field.widget
    # Django numbers the inputs of these from 0.
    if isinstance(widget, widgets.MultiWidget | widgets.ChoiceWidget) and field.use_fieldset:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def is_multipart(form: forms.BaseForm | str | None) -> bool:
    """Tell whether a form holds a file; a component used without a form holds none."""
    return isinstance(form, forms.BaseForm) and form.is_multipart()


@register.filter
def drawn_illustration(name: str | None) -> str:
    """Return ``name`` when the theme has such a drawing, else that of the default one.

    A theme's illustration is typed by an editor: a wrong name must not leave a hole in the page.
    """
    return name if name and name in ILLUSTRATIONS else "default"
