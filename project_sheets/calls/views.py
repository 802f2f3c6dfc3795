"""The calls of a region's team: the list, and the form of one."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from project_sheets.calls.forms import CallEditor
from project_sheets.calls.services import save_call
from project_sheets.editing.rows import changed_data, parse_action
from project_sheets.models import Call

PER_PAGE = 20
READ_OR_POST = ["GET", "HEAD", "POST"]


def _animator(request: HttpRequest) -> User:
    if not is_animator(request.user):
        raise PermissionDenied
    return cast("User", request.user)


@require_safe
@login_required
def call_list(request: HttpRequest) -> HttpResponse:
    """List the calls that the reader keeps right."""
    calls = Call.objects.editable_by(_animator(request)).select_related("region").annotate(held=Count("sheets"))
    page = Paginator(calls.order_by("-published_on", "title", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "title": call.title,
            "url": reverse("sheet_calls:edit", args=[call.slug]),
            "kicker": call.region.name if call.region else _("Whole country"),
            "facts": [
                {"label": _("Published on"), "value": format_day(call.published_on) or "–"},
                {"label": _("Sheets"), "value": _sheets(call.held)},
            ],
        }
        for call in page.object_list
    ]
    return render(request, "project_sheets/calls/call_list.html", {"page": page, "rows": rows})


def _sheets(count: int) -> str:
    return ngettext("%(count)d sheet", "%(count)d sheets", count) % {"count": count}


@require_http_methods(READ_OR_POST)
@login_required
def call_create(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    user = _animator(request)
    return _call_page(request, user, Call(region_id=min(user.animated_region_ids, default=None)))


@require_http_methods(READ_OR_POST)
@login_required
def call_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the facts of a call, and its waves."""
    call = Call.objects.filter(slug=slug).first()
    if call is None:
        raise Http404
    if not Call.objects.editable_by(request.user).filter(pk=call.pk).exists():
        raise PermissionDenied
    return _call_page(request, cast("User", request.user), call)


def _call_page(request: HttpRequest, user: User, call: Call) -> HttpResponse:
    """Show the form of a call, do what a button of a row asks for, or save."""
    # A form that is checked writes on the call: the page shows what the call was.
    context = {"title": call.title, "url": call.get_absolute_url() if call.pk else ""}
    if request.method != "POST":
        return _shown(request, CallEditor(call, user), context)
    if action := parse_action(request.POST.get("action", "")):
        data, focus = changed_data(request.POST, action)
        editor = CallEditor(call, user, data)
        editor.silence()
        editor.give_focus(focus)
        return _shown(request, editor, context)
    editor = CallEditor(call, user, request.POST)
    if not editor.is_valid():
        return _shown(request, editor, context, status=422)
    saved = save_call(call=editor.store(), by=user)
    messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
    return redirect("sheet_calls:edit", saved.slug)


def _shown(request: HttpRequest, editor: CallEditor, context: dict[str, str], status: int = 200) -> HttpResponse:
    return render(request, "project_sheets/calls/call_form.html", {"editor": editor, **context}, status=status)
