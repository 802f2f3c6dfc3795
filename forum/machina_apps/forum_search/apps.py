from machina.apps.forum_search.apps import ForumSearchAppConfig as Base


class ForumSearchAppConfig(Base):
    name = "forum.machina_apps.forum_search"
    default_auto_field = "django.db.models.BigAutoField"
