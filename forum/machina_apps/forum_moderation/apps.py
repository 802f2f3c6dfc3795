from machina.apps.forum_moderation.apps import ForumModerationAppConfig as Base


class ForumModerationAppConfig(Base):
    name = "forum.machina_apps.forum_moderation"
    default_auto_field = "django.db.models.BigAutoField"
