"""“To approve”: the sheets that wait for a region's team."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.notifications.services import mark_seen
from project_sheets.editing.completeness import completeness_of
from project_sheets.editing.differences import differences_between
from project_sheets.editing.presentation import clock, day_and_hour, event_lines, state_badges
from project_sheets.editing.selectors import SheetState, draft_of, events_of, leads_with_accounts, state_of
from project_sheets.editing.views import comment_lines
from project_sheets.models import ProjectSheetPage
from project_sheets.review import planned, services
from project_sheets.review.forms import (
    ApprovalForm,
    ArchiveForm,
    CallOffForm,
    ChangesForm,
    CommentForm,
    PlanForm,
    RefusalForm,
)
from project_sheets.review.selectors import (
    Waiting,
    animated_sheets,
    lately_decided,
    planned_publications,
    reading_of,
    sheets_with_unattended_corrections,
    waiting_sheets,
    with_submissions,
)

PER_PAGE = 20
SHOWN_DECISIONS = 8
SHOWN_CORRECTED = 50
FORMS: dict[str, type[forms.Form]] = {
    "approve": ApprovalForm,
    "changes": ChangesForm,
    "refuse": RefusalForm,
    "comment": CommentForm,
    "archive": ArchiveForm,
    "plan": PlanForm,
    "call_off": CallOffForm,
}


@require_safe
@login_required
def sheet_list(request: HttpRequest) -> HttpResponse:
    """List the sheets that wait, and the latest decisions."""
    if not is_animator(request.user):
        raise PermissionDenied
    page = Paginator(waiting_sheets(request.user), PER_PAGE).get_page(request.GET.get("page"))
    decided = lately_decided(request.user)[:SHOWN_DECISIONS]
    context = {
        "page": page,
        "rows": [_row(waiting) for waiting in with_submissions(list(page.object_list))],
        "planned": [
            {
                "title": sheet.draft_title,
                "url": reverse("sheet_review:detail", args=[sheet.uid]),
                "when": day_and_hour(when),
            }
            for sheet, when in planned_publications(request.user)
        ],
        "corrected": sheets_with_unattended_corrections(request.user)[:SHOWN_CORRECTED],
        "decided": [
            {
                "title": event.sheet.draft_title,
                "url": reverse("sheet_review:detail", args=[event.sheet.uid]),
                "what": event.get_kind_display(),
                "who": str(event.by or _("the portal")),
                "when": clock(event.at),
            }
            for event in decided
        ],
    }
    return render(request, "project_sheets/review/sheet_list.html", context)


def _row(waiting: Waiting) -> dict[str, Any]:
    sheet = waiting.sheet
    days = (timezone.now() - waiting.since).days if waiting.since else 0
    since = ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days} if days else _("since today")
    what = _("New version of an online sheet") if sheet.live else _("New sheet")
    facts = [
        {"label": _("Project holder"), "value": sheet.holder.name if sheet.holder else ""},
        {"label": _("Proposed by"), "value": _by(waiting)},
        {"label": _("Waiting"), "value": since},
    ]
    return {
        "title": sheet.draft_title,
        "url": reverse("sheet_review:detail", args=[sheet.uid]),
        "kicker": sheet.region.name if sheet.region else "",
        "facts": [fact for fact in facts if fact["value"]],
        "badges": [{"label": what, "kind": "info"}],
    }


def _by(waiting: Waiting) -> str:
    if waiting.by is None:
        return ""
    if not waiting.organisation:
        return str(waiting.by)
    return _("%(who)s, in the name of %(organisation)s") % {"who": waiting.by, "organisation": waiting.organisation}


def _sheet(request: HttpRequest, uid: UUID) -> ProjectSheetPage:
    if not is_animator(request.user):
        raise PermissionDenied
    return cast("ProjectSheetPage", get_object_or_404(animated_sheets(request.user), uid=uid))


@require_safe
@login_required
def sheet_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a sheet with what changed, and the decisions that can be taken."""
    return _detail_page(request, _sheet(request, uid))


def _detail_page(
    request: HttpRequest, sheet: ProjectSheetPage, sent: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    mark_seen(user=cast("User", request.user), group=f"project_sheets.sheet:{sheet.pk}")
    draft, state = draft_of(sheet), state_of(sheet)
    live = sheet.live_revision.as_object() if sheet.live and sheet.live_revision else None
    context = {
        "sheet": sheet,
        "title": draft.title,
        "state": state,
        "reading": reading_of(sheet),
        "badges": state_badges(state),
        "planned_for": day_and_hour(state.publish_at),
        "draft": draft,
        "completeness": completeness_of(draft),
        "problems": services.what_blocks(draft) if state.is_in_review else [],
        "changes": differences_between(live, draft) if live and state.is_in_review else [],
        "is_update": live is not None,
        "comments": comment_lines(sheet),
        "events": event_lines(events_of(sheet)[:20], for_team=True),
        "leads": leads_with_accounts(sheet),
        "forms": {name: (sent or {}).get(name) or _blank_form(name, state) for name in FORMS},
    }
    return render(request, "project_sheets/review/sheet_detail.html", context, status=status)


def _blank_form(name: str, state: SheetState) -> forms.Form:
    initial = {"publish_at": timezone.localtime(state.publish_at)} if name == "plan" and state.publish_at else None
    return FORMS[name](prefix=name, initial=initial)


def _decide(
    request: HttpRequest, uid: UUID, name: str, act: Callable[[ProjectSheetPage, User, dict[str, Any]], str]
) -> HttpResponse:
    """Run one decision from its form, and say what came of it."""
    sheet = _sheet(request, uid)
    form = FORMS[name](request.POST, prefix=name)
    if not form.is_valid():
        return _detail_page(request, sheet, {name: form}, status=422)
    try:
        said = act(sheet, cast("User", request.user), form.cleaned_data)
    except services.AlreadyDoneError:
        messages.warning(
            request,
            _("The sheet was decided on, taken back or changed meanwhile: nothing is done. Read it as it is now."),
        )
        return redirect("sheet_review:detail", sheet.uid)
    except services.NotReadyError as error:
        form.add_error(None, _("This draft cannot be published as it is: %(reason)s") % {"reason": str(error)})
        return _detail_page(request, sheet, {name: form}, status=422)
    messages.success(request, said)
    return (
        redirect("sheet_review:detail", sheet.uid)
        if name in {"comment", "archive", "plan"}
        else redirect("sheet_review:list")
    )


@require_POST
@login_required
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Publish the sheet, now or later."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        read = request.POST.get("read", "")
        services.approve_sheet(sheet=sheet, by=by, text=cleaned["text"], publish_at=cleaned["publish_at"], read=read)
        if cleaned["publish_at"]:
            told = _("“%(title)s” will be online on %(when)s. Its writers have been told.")
            return told % {"title": sheet.draft_title, "when": day_and_hour(cleaned["publish_at"])}
        return _("“%(title)s” is online. Its writers have been told.") % {"title": sheet.draft_title}

    return _decide(request, uid, "approve", act)


@require_POST
@login_required
def change_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plan the publication for another moment."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        planned.change_plan(sheet=sheet, by=by, publish_at=cleaned["publish_at"])
        told = _("“%(title)s” will be online on %(when)s. Its writers have been told.")
        return told % {"title": sheet.draft_title, "when": day_and_hour(cleaned["publish_at"])}

    return _decide(request, uid, "plan", act)


@require_POST
@login_required
def publish_now(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Publish at once what was planned for later."""
    told = _("“%(title)s” is online. Its writers have been told.")
    late = _("No publication of this sheet is planned any more.")
    return _put_online(request, uid, planned.publish_now, told=told, late=late)


@require_POST
@login_required
def call_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call a planned publication off, for a reason."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        planned.call_off(sheet=sheet, by=by, text=cleaned["text"])
        told = _("The publication of “%(title)s” is called off; its writers have been told why.")
        return told % {"title": sheet.draft_title}

    return _decide(request, uid, "call_off", act)


@require_POST
@login_required
def ask_for_changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the sheet back with what is to be changed."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        services.ask_for_changes(sheet=sheet, by=by, text=cleaned["text"], read=request.POST.get("read", ""))
        return _("“%(title)s” went back to its writers, who have been told why.") % {"title": sheet.draft_title}

    return _decide(request, uid, "changes", act)


@require_POST
@login_required
def refuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Refuse the sheet, for a reason."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        services.refuse_sheet(sheet=sheet, by=by, text=cleaned["text"], read=request.POST.get("read", ""))
        return _("“%(title)s” is refused; its writers have been told why.") % {"title": sheet.draft_title}

    return _decide(request, uid, "refuse", act)


@require_POST
@login_required
def comment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Comment on one field."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        services.comment_field(sheet=sheet, by=by, field=cleaned["field"], text=cleaned["text"])
        return _("The comment is written. It goes with your decision.")

    return _decide(request, uid, "comment", act)


@require_POST
@login_required
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a published sheet out of the portal."""

    def act(sheet: ProjectSheetPage, by: User, cleaned: dict[str, Any]) -> str:
        services.archive_sheet(sheet=sheet, by=by, text=cleaned["text"])
        return _("“%(title)s” is archived: its public page answers “not found”.") % {"title": sheet.draft_title}

    return _decide(request, uid, "archive", act)


@require_POST
@login_required
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put an archived sheet back on the portal."""
    told, late = _("“%(title)s” is online again."), _("This sheet is online already.")
    return _put_online(request, uid, services.reopen_sheet, told=told, late=late)


def _put_online(request: HttpRequest, uid: UUID, act: Callable[..., object], *, told: str, late: str) -> HttpResponse:
    """Put a sheet online by ``act`` and say what became of it: ``told``, or ``late`` where it was done already."""
    sheet = _sheet(request, uid)
    try:
        act(sheet=sheet, by=cast("User", request.user))
    except services.AlreadyDoneError:
        messages.info(request, late)
    except services.NotReadyError as error:
        messages.error(request, _("This draft cannot be published as it is: %(reason)s") % {"reason": str(error)})
    else:
        messages.success(request, told % {"title": sheet.draft_title})
    return redirect("sheet_review:detail", sheet.uid)
