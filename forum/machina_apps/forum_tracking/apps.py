from machina.apps.forum_tracking import apps as stock


class ForumTrackingAppConfig(stock.ForumTrackingAppConfig):
    name = "forum.machina_apps.forum_tracking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
