"""Themes and territories can be followed; what is told of them is declared by the apps above."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.follows import declare_followable
from portal.taxonomy.models import Territory, Theme

declare_followable(
    "taxonomy.Theme",
    label=_("Theme"),
    visible=lambda user: Theme.objects.all(),
    url=lambda theme: theme.get_absolute_url(),
)
declare_followable(
    "taxonomy.Territory",
    label=_("Territory"),
    visible=lambda user: Territory.objects.current(),
    url=lambda territory: territory.get_absolute_url(),
)
