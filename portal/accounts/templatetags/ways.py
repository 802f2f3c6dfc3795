"""The other ways in, for the pages that show them."""

from django import template

from portal.accounts.ways import Way, open_ways

register = template.Library()


@register.simple_tag
def other_ways() -> list[Way]:
    """Return the ways in that the portal has besides its own."""
    return open_ways()
