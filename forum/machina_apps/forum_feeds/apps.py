from machina.apps.forum_feeds import apps as stock


class ForumFeedsAppConfig(stock.ForumFeedsAppConfig):
    name = "forum.machina_apps.forum_feeds"
    default_auto_field = "django.db.models.BigAutoField"
