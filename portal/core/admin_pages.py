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
from wagtail.admin.views.chooser import ChosenMultipleView
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


class ChosenPagesView(ChosenMultipleView):
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
