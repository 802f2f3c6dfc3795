from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectSheetsConfig(AppConfig):
    """Calls and the fact sheets of the projects that they retained."""

    name = "project_sheets"
    label = "project_sheets"
    verbose_name = _("Project sheets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from project_sheets import admin_panels

        admin_panels.install()
