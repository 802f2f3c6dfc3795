"""The platform without Wagtail, on which its start-up leans."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """portal.core: its models, its worker, what apps declare."""

    name = "portal.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Discover declarations, as the portal does."""
        from portal.core import registry

        registry.discover()
