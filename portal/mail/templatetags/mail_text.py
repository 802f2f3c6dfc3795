"""What the text templates of e-mails need."""

from django import template

register = template.Library()


@register.filter
def quoted(text: object) -> str:
    """Return what somebody typed as one quotation: no line of it passes for the portal's own words."""
    return "\n".join(f"> {line}".rstrip() for line in str(text).splitlines())
