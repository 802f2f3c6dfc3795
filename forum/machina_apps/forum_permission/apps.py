from machina.apps.forum_permission import apps as stock


class ForumPermissionAppConfig(stock.ForumPermissionAppConfig):
    name = "forum.machina_apps.forum_permission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
