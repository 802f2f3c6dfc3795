from machina.apps.forum_conversation.forum_polls.apps import ForumPollsAppConfig as Base


class ForumPollsAppConfig(Base):
    name = "forum.machina_apps.forum_conversation.forum_polls"
    default_auto_field = "django.db.models.BigAutoField"
