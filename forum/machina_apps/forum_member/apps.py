from machina.apps.forum_member.apps import ForumMemberAppConfig as Base


class ForumMemberAppConfig(Base):
    name = "forum.machina_apps.forum_member"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
