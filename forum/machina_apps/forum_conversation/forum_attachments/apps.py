from machina.apps.forum_conversation.forum_attachments import apps as stock


class ForumAttachmentsAppConfig(stock.ForumAttachmentsAppConfig):
    name = "forum.machina_apps.forum_conversation.forum_attachments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Delete a file once its row is gone."""
        from . import receivers  # noqa: F401
