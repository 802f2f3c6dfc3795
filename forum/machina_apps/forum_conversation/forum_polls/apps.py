from machina.apps.forum_conversation.forum_polls import apps as stock


class ForumPollsAppConfig(stock.ForumPollsAppConfig):
    name = "forum.machina_apps.forum_conversation.forum_polls"
    default_auto_field = "django.db.models.BigAutoField"
