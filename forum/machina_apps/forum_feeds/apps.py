from machina.apps.forum_feeds.apps import ForumFeedsAppConfig as Base


class ForumFeedsAppConfig(Base):
    name = "forum.machina_apps.forum_feeds"
    default_auto_field = "django.db.models.BigAutoField"
