"""What the pages of the forum share."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from forum.community.enums import DiscussionSort
from forum.community.forms.filters import ListForm
from forum.community.forms.writing import KeptTextForm
from forum.community.lists import ListPage
from forum.community.models import Discussion, Message, Space
from forum.community.page_cache_rules import AREAS
from forum.community.permissions import Permissions
from forum.community.presentation import forum_tabs
from forum.community.selectors import discussions as reads
from forum.community.selectors.spaces import space_at
from forum.community.services.writing import ClosedMeanwhileError
from forum.community.texts import MAX_LENGTH
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.core.page_cache import depend_on

logger = logging.getLogger(__name__)
READ_OR_POST = ["GET", "HEAD", "POST"]


def member_of(request: HttpRequest) -> User:
    """Return the member who asks; raises PermissionDenied for an account that is not admitted yet."""
    if not is_member(request.user):
        raise PermissionDenied
    return cast("User", request.user)


#: What reading anew finds missing, or writing refuses, where somebody deleted meanwhile what a member acts on.
GONE = (Discussion.DoesNotExist, Message.DoesNotExist, Topic.DoesNotExist, Post.DoesNotExist, ClosedMeanwhileError)
#: How PostgreSQL and SQLite say that a row names another one that is no longer there.
FOREIGN_KEY_VIOLATIONS = frozenset({"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"})


def _is_gone(error: Exception) -> bool:
    """Whether ``error`` comes of a deletion; any other contradiction between rows is a fault of ours."""
    cause = error.__cause__
    codes = {getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)}
    return isinstance(error, GONE) or not FOREIGN_KEY_VIOLATIONS.isdisjoint(codes)


def members_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead visitors to sign in; tell a member clearly that what they act on is no longer there."""

    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (*GONE, IntegrityError) as error:
            if request.method != "POST" or not _is_gone(error):
                raise
            logger.warning("the act came after a deletion", exc_info=True)
            return gone_page(request)

    return wrapper


def gone_page(request: HttpRequest, *, status: int = 409, into: Discussion | None = None) -> HttpResponse:
    """Say that the discussion is no longer there, or closed; what was typed is shown, to be taken elsewhere.

    ``into`` is the discussion with which it was merged.
    """
    text = request.POST.get("content", "").replace("\0", "")[:MAX_LENGTH]
    context = {
        "text": text,
        "form": KeptTextForm(initial={"content": text}),
        "into": into,
        "status": status,
        "ask_url": reverse("community_forum:ask"),
    }
    return render(request, "community_forum/gone.html", context, status=status)


def writer_of(request: HttpRequest) -> tuple[User, Permissions]:
    """Return the member who writes, with their rights; raises PermissionDenied while they are suspended."""
    user, permissions = member_of(request), Permissions(request.user)
    if permissions.suspension is not None:
        raise PermissionDenied(
            _("A moderator has suspended your messages: %(why)s") % {"why": permissions.suspension.reason}
        )
    return user, permissions


def space_or_404(request: HttpRequest, slug: str) -> Space:
    """Return a space that the reader reads."""
    space = space_at(request.user, slug)
    if space is None:
        raise Http404
    return space


def discussion_or_404(request: HttpRequest, pk: int) -> Discussion:
    """Return a discussion that the reader may open."""
    discussion = reads.discussion_at(request.user, pk)
    if discussion is None:
        raise Http404
    return discussion


def message_or_404(request: HttpRequest, pk: int) -> Message:
    """Return a message that the reader reads."""
    message = reads.message_at(request.user, pk)
    if message is None:
        raise Http404
    return message


def moderated_or_403(request: HttpRequest, pk: int) -> tuple[Discussion, Permissions]:
    """Return a discussion that the reader moderates: 404 where they may not read it, 403 where they only do.

    Its forum is always its own, never one that an address names.
    """
    discussion, permissions = discussion_or_404(request, pk), Permissions(request.user)
    if not permissions.moderates(discussion):
        raise PermissionDenied
    return discussion, permissions


def list_context(request: HttpRequest, listed: ListPage, *, current: str) -> dict[str, Any]:
    """Return a page of a list as its reader sees it, with the tabs of the forum."""
    depend_on(request, *AREAS)
    return {
        "page": listed.page,
        "rows": listed.rows_for(request.user),
        "tabs": forum_tabs(request.user, current),
        "ask_url": reverse("community_forum:ask"),
    }


def page_number(request: HttpRequest) -> str:
    """Return the page that an address asks for, as it was typed; a longer number is none."""
    return request.GET.get("page", "")[:6]


def read_filter(request: HttpRequest) -> tuple[ListForm, reads.ListFilter]:
    """Return the form of a list and what it narrows to."""
    form = ListForm(request.GET)
    return form, form.chosen()


def sort_links(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the ways to order a list; the default one leaves no trace in the address."""
    links = []
    for value, label in DiscussionSort.choices:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("tri", None)
        if value:
            query["tri"] = value
        url = f"{request.path}?{query.urlencode()}" if query else request.path
        links.append({"label": label, "url": url, "current": value == current})
    return links


def chip_links(request: HttpRequest, chosen: reads.ListFilter) -> list[dict[str, str]]:
    """Return the active filters, each with the address that removes it."""
    active = []
    if chosen.state:
        active.append(("etat", str(dict(ListForm.base_fields["etat"].choices)[chosen.state])))  # type: ignore[attr-defined]
    if chosen.territory is not None:
        active.append(("territoire", str(chosen.territory)))
    chips = []
    for name, label in active:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(name, None)
        chips.append({"label": label, "url": f"{request.path}?{query.urlencode()}" if query else request.path})
    return chips
