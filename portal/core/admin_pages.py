"""Pages in Wagtail's admin, for those alone who have a right on them.

Wagtail leaves the check to each of its views, and some of them do without: whoever reaches the admin
for one region would learn from those where the pages of another stand.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.chooser import (
    BrowseView,
    ChosenMultipleView,
    ExternalLinkView,
    PageTitleColumn,
    ParentPageColumn,
    SearchView,
)
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

View = Callable[..., HttpResponse]

#: The arguments under which Wagtail's addresses name the page that they are about.
PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "pk")
#: Any of these on a page, or above it, opens the views that are about it; each checks its own besides.
RIGHTS = frozenset({"add", "change", "publish", "delete", "lock", "unlock"})


def has_right_on(user: Any, page: Page) -> bool:
    """Tell whether ``user`` has anything to do with ``page``: a right on it, or a task of its review."""
    has_any = policy_registry.get_by_type(Page).user_has_any_permission_for_instance(user, RIGHTS, page)
    return bool(has_any or page.permissions_for_user(user).can_edit())


def pages_to_choose(pages: Any, user: Any) -> Any:
    """Keep the pages to which ``user`` may make a link: the published ones, and those on which they have a right."""
    own = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, RIGHTS)
    return pages.filter(live=True) | pages.filter(pk__in=own.order_by().values("pk"))


def check_choice(keys: Sequence[Any], user: Any) -> None:
    """Raise PermissionDenied unless ``user`` may make a link to the page of each of these keys."""
    asked = {str(key) for key in keys}
    known = pages_to_choose(Page.objects.filter(pk__in=[key for key in asked if key.isdecimal()]), user)
    if {str(key) for key in known.values_list("pk", flat=True)} != asked:
        raise PermissionDenied


def forget_draft_title(page: Page, user: Any) -> Page:
    """Have ``page`` bear its published title, which readers know, unless ``user`` has a right on it; returns it."""
    if page.draft_title != page.title and not has_right_on(user, page):
        page.draft_title = page.title
    return page


class _PublishedTitle(PageTitleColumn):
    """The titles of a list to choose from; drawn before the other cells of the page, which say it again."""

    user: Any = None

    def get_value(self, instance: Page) -> Any:
        return super().get_value(forget_draft_title(instance, self.user))


class _PublishedParent(ParentPageColumn):
    """The page above, by the title that readers know."""

    user: Any = None

    def get_value(self, instance: Page) -> Any:
        return forget_draft_title(super().get_value(instance), self.user)


def _with_published_titles(columns: list[Column], user: Any) -> list[Column]:
    """Return ``columns`` with the two that tell titles of drafts replaced."""
    for place, column in enumerate(columns):
        if isinstance(column, PageTitleColumn):
            columns[place] = _PublishedTitle(
                column.name, label=column.label, is_multiple_choice=column.is_multiple_choice
            )
        elif isinstance(column, ParentPageColumn):
            columns[place] = _PublishedParent(column.name, label=column.label)
        columns[place].user = user
    return columns


class ChoosePageView(BrowseView):
    """The window in which a page is chosen."""

    @property
    def columns(self) -> list[Column]:
        """Its columns: no title of a draft of somebody else."""
        return _with_published_titles(super().columns, self.request.user)


class SearchPageView(SearchView):
    """The search in that window."""

    @property
    def columns(self) -> list[Column]:
        """Its columns: no title of a draft of somebody else."""
        return _with_published_titles(super().columns, self.request.user)


class _ToldByPublishedTitle:
    """What the window hands back of the pages that were chosen."""

    request: HttpRequest

    def render_chosen_response(self, result: Any) -> HttpResponse:
        """Return it, with the titles that the editor may know; a link to elsewhere stays as it is."""
        rows = [row for row in (result if isinstance(result, list) else [result]) if "id" in row]
        pages = Page.objects.in_bulk([row["id"] for row in rows])
        for row in rows:
            row["adminTitle"] = forget_draft_title(pages[row["id"]], self.request.user).get_admin_display_title()
        response: HttpResponse = super().render_chosen_response(result)  # type: ignore[misc]
        return response


class ExternalPageView(_ToldByPublishedTitle, ExternalLinkView):
    """A link typed as an address, which may be that of a page."""


class ChosenPagesView(_ToldByPublishedTitle, ChosenMultipleView):
    """The titles of the pages that somebody has chosen, as links to them are made."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return them; raises PermissionDenied for a page that was not offered."""
        check_choice(request.GET.getlist("id"), request.user)
        return super().get(request)


class GuardedPageViewSet(PageViewSet):
    """The views of every page, closed to those who have no right on the page."""

    def get_view_by_name(self, name: str) -> View:
        """Return the view ``name``; called for a page on which the reader has no right, it raises PermissionDenied."""
        view: View = super().get_view_by_name(name)

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = next((kwargs[argument] for argument in PAGE_ARGUMENTS if argument in kwargs), None)
            if key is not None and not has_right_on(request.user, get_object_or_404(Page, pk=key)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded
