"""The way to report what one reads."""

from typing import Any

from django import template
from django.db.models import Model

from portal.moderation.reports import reportable_of

register = template.Library()


@register.inclusion_tag("moderation/_report_link.html")
def report_link(thing: Model) -> dict[str, Any]:
    """Draw the link "Report" of ``thing``, whose model its app has declared."""
    return {"kind": reportable_of(thing).slug, "pk": thing.pk, "title": str(thing)}
