from machina.apps.forum_member import apps as stock


class ForumMemberAppConfig(stock.ForumMemberAppConfig):
    name = "forum.machina_apps.forum_member"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect nothing: what stock receivers keep up is kept up by our services, or not needed."""
