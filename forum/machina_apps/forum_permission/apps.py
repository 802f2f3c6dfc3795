from machina.apps.forum_permission.apps import ForumPermissionAppConfig as Base


class ForumPermissionAppConfig(Base):
    name = "forum.machina_apps.forum_permission"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
