"""The code that a participant shows at the entrance."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from agenda.links import absolute_url, check_in_token
from agenda.models import Registration


def check_in_code(registration: Registration) -> SafeString:
    """Return an SVG that leads organisers to the arrival of one person; it opens nothing to anyone else."""
    address = absolute_url("agenda:check_in", check_in_token(registration.uid, registration.link_key))
    buffer = io.BytesIO()
    segno.make(address, error="m").save(
        buffer, kind="svg", scale=4, border=4, xmldecl=False, svgns=True, title=_("Your entrance code"), light="#fff"
    )
    return mark_safe(buffer.getvalue().decode())  # noqa: S308 -- drawn by segno from an address of ours
