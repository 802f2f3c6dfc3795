"""Pages of moderation: report something; the animators' queue; the journal."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from portal.core.throttle import client_network, take_turn
from portal.moderation.forms import DecisionForm, ReportForm
from portal.moderation.journal import actions
from portal.moderation.models import Report
from portal.moderation.selectors import (
    REPORTS_SHOWN,
    ReportedThing,
    find_target,
    find_visible,
    journal_rows,
    lately_decided,
    read_journal,
    reported_things,
    reports_of_same_thing,
)
from portal.moderation.services import NotModeratedError, decide_reports, report_thing
from portal.notifications.services import mark_seen

READ_OR_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 20
JOURNAL_PAGE = 50
#: Reports that one person, or one address, may send in an hour.
REPORT_LIMIT, REPORT_PERIOD = 10, 3_600


@require_http_methods(READ_OR_POST)
def report(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Report something that one reads."""
    found = find_visible(kind, pk, request.user)
    if found is None:
        raise Http404
    declared, thing = found
    form = ReportForm(request.POST if request.method == "POST" else None, initial={"uid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        who = str(request.user.pk or client_network(request))
        if take_turn("moderation.report", who, limit=REPORT_LIMIT, seconds=REPORT_PERIOD):
            report_thing(
                declared=declared,
                thing=thing,
                reporter=request.user,
                reason=form.cleaned_data["reason"],
                message=form.cleaned_data["message"],
                uid=form.form_uid,
            )
            messages.success(request, _("Thank you, the team has been told."))
            return redirect(declared.url(thing))
        form.add_error(None, _("You have sent many reports. Wait an hour, or write to the team."))
        status = 429
    context = {"form": form, "name": declared.name, "thing": str(thing), "url": declared.url(thing)}
    return render(request, "moderation/report.html", context, status=status)


@require_safe
@login_required
def my_report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show somebody what became of their own report."""
    chosen = get_object_or_404(Report, uid=uid, reporter=request.user)
    facts = [
        {"label": _("Reason"), "value": str(chosen.get_reason_display())},
        {"label": _("Reported on"), "value": format_day(chosen.created_at)},
        {"label": _("State"), "value": str(chosen.get_state_display())},
    ]
    mark_seen(user=request.user, group=f"moderation.report:{chosen.pk}")  # type: ignore[arg-type]
    return render(request, "moderation/my_report.html", {"report": chosen, "facts": facts})


def _check_animator(request: HttpRequest) -> None:
    if not is_animator(request.user):
        raise PermissionDenied


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """List what was reported and waits for a decision, then the last decisions."""
    _check_animator(request)
    page = Paginator(reported_things(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(thing) for thing in page.object_list],
        "decided": [
            {
                "title": decided.title,
                "date": format_day(decided.decided_at),
                "iso": decided.decided_at.isoformat() if decided.decided_at else "",
                "text": f"{decided.get_state_display()} – {decided.decision}",
            }
            for decided in lately_decided(request.user)
        ],
    }
    return render(request, "moderation/queue.html", context)


def _row(thing: ReportedThing) -> dict[str, Any]:
    count = len(thing.reports)
    reasons = sorted({str(one.get_reason_display()) for one in thing.reports})
    return {
        "report": thing.first,
        "badges": [{"label": ngettext("%(n)d report", "%(n)d reports", count) % {"n": count}, "kind": "warning"}],
        "facts": [
            {"label": _("Reason"), "value": ", ".join(reasons)},
            {"label": _("Since"), "value": format_day(thing.first.created_at)},
        ],
    }


@require_http_methods(READ_OR_POST)
@login_required
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Read everything reported of one thing, and decide."""
    _check_animator(request)
    chosen = get_object_or_404(Report.objects.moderated_by(request.user), uid=uid)
    mark_seen(user=request.user, group=f"moderation.thing:{chosen.target_kind}:{chosen.target_pk}")  # type: ignore[arg-type]
    target = find_target(chosen)
    may_hide = target is not None and target[0].hide is not None
    form = DecisionForm(request.POST if request.method == "POST" else None, may_hide=may_hide)
    if request.method == "POST" and form.is_valid():
        return _carry_out(request, chosen, form.cleaned_data)
    context = {
        "report": chosen,
        "reports": reports_of_same_thing(chosen)[:REPORTS_SHOWN],
        "is_gone": target is None,
        "form": form,
    }
    return render(request, "moderation/decide.html", context)


def _carry_out(request: HttpRequest, chosen: Report, values: dict[str, Any]) -> HttpResponse:
    try:
        closed = decide_reports(
            report=chosen,
            by=request.user,  # type: ignore[arg-type]
            state=values["state"],
            decision=values["decision"],
            hides=values.get("hides", False),
        )
    except NotModeratedError as error:
        raise PermissionDenied from error
    if closed:
        text = ngettext("%(n)d report is closed.", "%(n)d reports are closed.", closed) % {"n": closed}
        messages.success(request, text)
    else:
        messages.info(request, _("Somebody has decided already. Nothing has changed."))
    return redirect("moderation:queue")


@require_safe
@login_required
def journal(request: HttpRequest) -> HttpResponse:
    """Show the acts of moderation, the last first."""
    _check_animator(request)
    chosen = request.GET.get("acte", "")
    chosen = chosen if chosen in actions else ""
    page = Paginator(journal_rows(request.user, action=chosen), JOURNAL_PAGE).get_page(request.GET.get("page"))
    options = [{"value": "", "label": _("All the acts"), "selected": not chosen}]
    options += [{"value": name, "label": label, "selected": name == chosen} for name, label in actions.items()]
    context = {"page": page, "entries": read_journal(list(page.object_list)), "options": options, "chosen": chosen}
    return render(request, "moderation/journal.html", context)
