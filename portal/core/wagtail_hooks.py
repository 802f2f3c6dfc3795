"""Wagtail's admin: pages for those who have a right on them; what the workers do, for administrators."""

from typing import Any

from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.core.admin_pages import GuardedPageViewSet, check_choice, pages_to_choose
from portal.core.models import WorkerHeartbeat
from portal.core.selectors import failed_tasks, job_states

FAILED_SHOWN = 50


class BackgroundWorkView(UserPassesTestMixin, WagtailAdminTemplateMixin, TemplateView):
    """Whether a worker lives, the scheduled jobs, and the tasks that failed."""

    template_name = "core/admin/background_work.html"
    page_title = _("Background work")
    header_icon = "cogs"
    raise_exception = True

    def test_func(self) -> bool:
        """Whether the reader administers the portal."""
        return bool(self.request.user.is_superuser)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the workers, the jobs and the failed tasks."""
        return {
            **super().get_context_data(**kwargs),
            "workers": WorkerHeartbeat.objects.alive().count(),
            "jobs": job_states(),
            "failed": failed_tasks()[:FAILED_SHOWN],
        }


class AdministratorMenuItem(MenuItem):
    """An entry for administrators alone."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader administers the portal."""
        return bool(request.user.is_superuser)


@hooks.register("register_admin_urls")
def background_work_url() -> list[URLPattern]:
    """Bring the page."""
    return [path("travaux/", BackgroundWorkView.as_view(), name="portal_background_work")]


@hooks.register("register_reports_menu_item")
def background_work_entry() -> MenuItem:
    """The page, among the reports."""
    return AdministratorMenuItem(
        _("Background work"), reverse_lazy("portal_background_work"), icon_name="cogs", order=920
    )


@hooks.register("register_admin_viewset")
def guarded_pages() -> GuardedPageViewSet:
    """Take the place of Wagtail's views of pages, which it registers before."""
    return GuardedPageViewSet()


@hooks.register("construct_page_chooser_queryset")
def choose_among_known_pages(pages: Any, request: HttpRequest) -> Any:
    """Offer no draft of somebody else to link to; raises PermissionDenied below one."""
    above = request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None
    if above is not None:
        check_choice([above], request.user)
    return pages_to_choose(pages, request.user)
