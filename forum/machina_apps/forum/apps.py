from machina.apps.forum import apps as stock


class ForumAppConfig(stock.ForumAppConfig):
    name = "forum.machina_apps.forum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
