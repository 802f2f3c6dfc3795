"""The outbox in the admin's menu."""

from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.core.wagtail_hooks import AdministratorMenuItem


@hooks.register("register_admin_urls")
def mail_urls() -> list[URLResolver]:
    """Bring the journal and the previews; Wagtail lets those in who may enter the admin."""
    return [path("courriels/", include("portal.mail.admin_urls"))]


@hooks.register("register_reports_menu_item")
def journal_entry() -> MenuItem:
    """The journal, among the reports."""
    return AdministratorMenuItem(
        _("Outgoing e-mails"), reverse_lazy("portal_mail:journal"), icon_name="mail", order=900
    )


@hooks.register("register_reports_menu_item")
def previews_entry() -> MenuItem:
    """The previews, among the reports."""
    return MenuItem(
        _("E-mails that the portal writes"), reverse_lazy("portal_mail:previews"), icon_name="view", order=910
    )
