from machina.apps.forum_search import apps as stock


class ForumSearchAppConfig(stock.ForumSearchAppConfig):
    name = "forum.machina_apps.forum_search"
    default_auto_field = "django.db.models.BigAutoField"
