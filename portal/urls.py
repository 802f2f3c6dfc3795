"""Addresses of the portal: French, stable, each app bringing its own."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from portal.core import views as core_views
from portal.core.admin_pages import ChoosePageView, ChosenPagesView, ExternalPageView, SearchPageView

handler403 = "portal.core.views.permission_denied"
handler404 = "portal.core.views.page_not_found"
handler500 = "portal.core.views.server_error"

urlpatterns = [
    path("sante/", core_views.health, name="health"),
    # Wagtail's own sign-in knows no second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Wagtail's own tell the title of any page, drafts included.
    path("admin/choose-page/", require_admin_access(ChoosePageView.as_view())),
    path("admin/choose-page/<int:parent_page_id>/", require_admin_access(ChoosePageView.as_view())),
    path("admin/choose-page/search/", require_admin_access(SearchPageView.as_view())),
    path("admin/choose-page/chosen-multiple/", require_admin_access(ChosenPagesView.as_view())),
    path("admin/choose-external-link/", require_admin_access(ExternalPageView.as_view())),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("portal.accounts.urls")),
    path("", include("portal.taxonomy.urls")),
    path("", include("portal.joining.urls")),
    path("", include("portal.proconnect.urls")),
    path("", include("portal.moderation.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("portal.notifications.announcements.urls")),
    path("", include("search.urls")),
    path("annuaire/", include("directory.urls")),
    path("animation/structures/", include("directory.animation_urls")),
    path("mon-espace/mes-donnees/", include("portal.accounts.data_rights.urls")),
    path("mon-espace/", include("directory.space_urls")),
    path("donnees/", include("portal.core.open_data.urls")),
    path("animation/", include("portal.animation.urls")),
    path("animation/transfert/", include("project_sheets.transfer.urls")),
    path("animation/appels/", include("project_sheets.calls.urls")),
    path("animation/laureats/", include("project_sheets.laureate_import.urls")),
    path("mon-espace/mes-fiches/", include("project_sheets.editing.urls")),
    path("animation/a-valider/", include("project_sheets.review.urls")),
    path("", include("project_sheets.living.urls")),
    path("", include("project_sheets.urls")),
    path("forum/", include("forum.community.urls")),
    path("animation/forum/", include("forum.community.animation_urls")),
    path("agenda/", include("agenda.urls")),
    path("animation/evenements/", include("agenda.desk_urls")),
    path("mon-espace/inscriptions/", include("agenda.space_urls")),
    path("", include("portal.content.urls")),
    # Everything else is a page of the Wagtail tree.
    path("", include(wagtail_urls)),
]
