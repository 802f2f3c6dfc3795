from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnouncementsConfig(AppConfig):
    """What animators write to many members at once."""

    name = "portal.notifications.announcements"
    label = "announcements"
    verbose_name = _("The animation team")
    default_auto_field = "django.db.models.BigAutoField"
