"""What animators see of the forum in "Animation": what waits, who is suspended, how the spaces stand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.community.forms.moderating import SpaceForm
from forum.community.lists import PER_PAGE
from forum.community.models import Discussion, Sanction, Space
from forum.community.presentation import moment, rows_of
from forum.community.selectors import discussions as reads
from forum.community.selectors.figures import answer_figures
from forum.community.selectors.people import hidden_authors_of
from forum.community.selectors.spaces import all_spaces
from forum.community.services import moderating, spaces
from forum.community.texts import excerpt, fingerprint_of
from forum.community.views.common import READ_OR_POST, member_of, members_only
from portal.accounts.models import User
from portal.accounts.rules import is_administrator, is_animator
from portal.core.keys import KEYS_END


def animator_of(request: HttpRequest) -> User:
    """Return the animator who asks; raises PermissionDenied for anybody else."""
    if not is_animator(request.user):
        raise PermissionDenied
    return member_of(request)


@never_cache
@require_safe
@members_only
def queue(request: HttpRequest) -> HttpResponse:
    """Show the messages that wait for this moderator, the oldest first."""
    animator_of(request)
    page = Paginator(reads.waiting_messages(request.user), PER_PAGE).get_page(request.GET.get("page"))
    hidden = hidden_authors_of(page.object_list)
    waiting = [
        {
            "message": one,
            "discussion": one.post.topic.discussion,
            "text": excerpt(one.post._content_rendered or "", 500),
            "fingerprint": fingerprint_of(one.post),
            "day": moment(one.post.created),
            "author": one.post.poster or hidden.get(one.pk),
        }
        for one in page.object_list
    ]
    return render(request, "community_forum/animation/queue.html", {"page": page, "waiting": waiting})


@never_cache
@require_safe
@members_only
def waiting(request: HttpRequest) -> HttpResponse:
    """Show the questions without an answer that this animator looks after, and the answer rate."""
    animator_of(request)
    own = Discussion.objects.published().filter(reads.moderated_by(request.user)).unanswered()
    found = reads.for_rows(own.order_by("topic__created", "topic__first_post_id"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list), request.user),
        "figures": answer_figures(request.user),
    }
    return render(request, "community_forum/animation/waiting.html", context)


@never_cache
@require_safe
@members_only
def sanctions(request: HttpRequest) -> HttpResponse:
    """Show the warnings and suspensions, the latest first."""
    animator_of(request)
    found = Sanction.objects.select_related("user", "decided_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lasting = set(
        Sanction.objects.in_force().filter(pk__in=[one.pk for one in page.object_list]).values_list("pk", flat=True)
    )
    rows = [
        {"sanction": one, "day": moment(one.decided_at), "until": moment(one.until), "lasts": one.pk in lasting}
        for one in page.object_list
    ]
    return render(request, "community_forum/animation/sanctions.html", {"page": page, "rows": rows})


@require_POST
@members_only
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """End a suspension."""
    animator = animator_of(request)
    moderating.lift(sanction=get_object_or_404(Sanction.objects.in_force(), pk=pk), by=animator)
    messages.success(request, _("The suspension is lifted."))
    return redirect("forum_animation:sanctions")


@never_cache
@require_safe
@members_only
def space_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of spaces, to change and to order."""
    animator_of(request)
    context = {"spaces": all_spaces(), "may_change": is_administrator(request.user)}
    return render(request, "community_forum/animation/spaces.html", context)


def _administrator_of(request: HttpRequest) -> User:
    if not is_administrator(request.user):
        raise PermissionDenied
    return member_of(request)


def _space_at(pk: int) -> Space:
    if pk >= KEYS_END:
        raise Http404
    return get_object_or_404(Space.objects.select_related("forum"), pk=pk)


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def space_add(request: HttpRequest) -> HttpResponse:
    """Open a space."""
    _administrator_of(request)
    form = SpaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        spaces.open_space(**form.cleaned_data)
        messages.success(request, _("The space is open."))
        return redirect("forum_animation:spaces")
    return _space_page(request, form, _("Open a space"))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def space_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a space."""
    _administrator_of(request)
    space = _space_at(pk)
    form = SpaceForm(request.POST if request.method == "POST" else None, instance=space)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        form.instance.circle = cleaned["circle"]
        spaces.change_space(space=form.instance, name=cleaned["name"], description=cleaned["description"])
        messages.success(request, _("The space is changed."))
        return redirect("forum_animation:spaces")
    return _space_page(request, form, _("Change a space"), space=space)


def _space_page(request: HttpRequest, form: SpaceForm, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, **more}
    return render(request, "community_forum/animation/space_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@members_only
def space_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a space before its neighbour, or after it."""
    _administrator_of(request)
    space = _space_at(pk)
    spaces.move_space(space=space, is_up=request.POST.get("sens") == "haut")
    return redirect("forum_animation:spaces")
