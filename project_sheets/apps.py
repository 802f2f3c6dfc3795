from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectSheetsConfig(AppConfig):
    """Calls and the fact sheets of the projects that they retained."""

    name = "project_sheets"
    label = "project_sheets"
    verbose_name = _("Project sheets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from project_sheets import admin_panels
        from project_sheets.pdf.signals import refresh_documents
        from project_sheets.publication import note_published
        from project_sheets.review import signals
        from project_sheets.services import note_regions

        admin_panels.install()
        signals.connect()
        post_page_move.connect(note_regions, dispatch_uid="project-sheets-regions")
        page_published.connect(
            note_published, sender=self.get_model("ProjectSheetPage"), dispatch_uid="project-sheets-published"
        )
        page_published.connect(refresh_documents, dispatch_uid="project-sheets-pdf")
        page_unpublished.connect(refresh_documents, dispatch_uid="project-sheets-pdf-withdrawn")
