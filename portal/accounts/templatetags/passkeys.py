"""Options of a passkey's ceremony, for the attribute from which js/passkeys.js reads them."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(options: dict[str, Any]) -> str:
    """Return the options as JSON; the template escapes it like any text."""
    return json.dumps(options, cls=DjangoJSONEncoder)
