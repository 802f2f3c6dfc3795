from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityForumConfig(AppConfig):
    """Discussions: our own models and screens, beside the forum engine."""

    name = "forum.community"
    label = "community_forum"
    verbose_name = _("Forum")
    default_auto_field = "django.db.models.BigAutoField"
