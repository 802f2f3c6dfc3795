"""The home page."""

from wagtail.models import Page
from django.utils.translation import gettext_lazy as _


class HomePage(Page):
    """The root of the site."""

    max_count = 1

    class Meta:
        verbose_name = _("home page")
