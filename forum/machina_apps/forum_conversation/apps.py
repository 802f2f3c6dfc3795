from machina.apps.forum_conversation import apps as stock


class ForumConversationAppConfig(stock.ForumConversationAppConfig):
    name = "forum.machina_apps.forum_conversation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
