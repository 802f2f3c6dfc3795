"""The first entry of "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare

declare("animation:dashboard", _("Dashboard"), order=0)
