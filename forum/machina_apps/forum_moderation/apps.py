from machina.apps.forum_moderation import apps as stock


class ForumModerationAppConfig(stock.ForumModerationAppConfig):
    name = "forum.machina_apps.forum_moderation"
    default_auto_field = "django.db.models.BigAutoField"
