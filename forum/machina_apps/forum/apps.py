from machina.apps.forum.apps import ForumAppConfig as Base


class ForumAppConfig(Base):
    name = "forum.machina_apps.forum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
