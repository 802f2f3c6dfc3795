from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Small shared tools; installed last, so that its ``ready`` runs when all models are loaded."""

    name = "portal.core"
    label = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.core import areas, registry

        registry.discover()
        areas.connect()
