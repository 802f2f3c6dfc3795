"""Small helps of the pages of themes."""

from django import template

from portal.taxonomy.models import Theme

register = template.Library()


@register.filter
def of_theme(counts: dict[int, list[str]], theme: Theme) -> list[str]:
    """Return the worded numbers of what exists on ``theme``."""
    return counts.get(theme.pk, [])
