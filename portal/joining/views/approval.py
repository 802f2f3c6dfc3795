"""Deciding on who asked to join: the animators of the region, and the administrators."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from portal.joining.enums import ANSWER_WORKING_DAYS
from portal.joining.forms.approval import ApprovalForm, RefusalForm
from portal.joining.models import Registration, RegistrationQuerySet
from portal.joining.notification_kinds import group_of
from portal.joining.selectors import (
    lately_decided,
    namesakes_of,
    regions_animated_by,
    registrations_for_list,
)
from portal.joining.services.approvals import AlreadyDecidedError, approve_registration, refuse_registration
from portal.notifications.services import mark_seen
from portal.taxonomy.models import Territory

PER_PAGE = 20
SHOWN_DECISIONS = 5
#: Ages that the list filters by: days since the address was confirmed.
AGES = (ANSWER_WORKING_DAYS, 7, 14)


def _check_animator(request: HttpRequest) -> None:
    if not is_animator(request.user):
        raise PermissionDenied


@require_safe
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """List the people who wait, the oldest first."""
    _check_animator(request)
    regions = list(regions_animated_by(request.user))
    code, age = request.GET.get("region", ""), request.GET.get("attente", "")
    found = _filtered(registrations_for_list(request.user), regions, code, age)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(registration) for registration in page.object_list],
        "decided": [_decided_row(registration) for registration in lately_decided(request.user)[:SHOWN_DECISIONS]],
        "choices": _choices(regions, code, age),
        "is_filtered": bool(code or age),
    }
    return render(request, "joining/account_list.html", context)


def _filtered(found: RegistrationQuerySet, regions: list[Territory], code: str, age: str) -> RegistrationQuerySet:
    if code == "sans":
        found = found.filter(region=None)
    elif code in {region.code for region in regions}:
        found = found.filter(region__code=code)
    if age in {str(days) for days in AGES}:
        found = found.filter(confirmed_at__lte=timezone.now() - timedelta(days=int(age)))
    return found


def _choices(regions: list[Territory], code: str, age: str) -> list[dict[str, Any]]:
    places = [("", _("All the regions")), *((region.code, region.name) for region in regions)]
    ages = [("", _("Whatever the wait"))]
    ages += [(str(days), _("For %(days)d days or more") % {"days": days}) for days in AGES]
    found = [{"name": "attente", "label": _("Waiting"), "values": ages, "chosen": age}]
    if len(regions) > 1:
        places.append(("sans", _("Without a region")))
        found.insert(0, {"name": "region", "label": _("Region"), "values": places, "chosen": code})
    return [
        {
            "name": one["name"],
            "label": one["label"],
            "options": [
                {"value": value, "label": label, "selected": value == one["chosen"]} for value, label in one["values"]
            ],
        }
        for one in found
    ]


def _waited_days(registration: Registration) -> int:
    """Return for how many days somebody has waited."""
    return (timezone.now() - (registration.confirmed_at or registration.created_at)).days


def _row(registration: Registration) -> dict[str, Any]:
    days = _waited_days(registration)
    since = ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days} if days else _("since today")
    badges = [{"label": _("Late"), "kind": "warning"}] if days > ANSWER_WORKING_DAYS else []
    badges += [{"label": _("Organisation to add"), "kind": "info"}] if registration.proposes else []
    return {
        "registration": registration,
        "facts": [
            {"label": _("Organisation"), "value": registration.organisation_name or _("none")},
            {"label": _("Region"), "value": registration.region or _("none given")},
            {"label": _("Waiting"), "value": since},
        ],
        "badges": badges,
    }


def _decided_row(registration: Registration) -> dict[str, Any]:
    return {"registration": registration, "day": format_day(timezone.localtime(registration.decided_at).date())}


@require_safe
@login_required
def account_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show who asks, and what helps to decide."""
    _check_animator(request)
    registration = _registration(request, uid)
    mark_seen(user=request.user, group=group_of(registration))  # type: ignore[arg-type]
    return _detail_page(request, registration)


def _registration(request: HttpRequest, uid: UUID) -> Registration:
    visible = Registration.objects.visible_to(request.user)
    related = ("organisation__kind", "organisation__seat", "region", "proposed_kind", "proposed_seat", "decided_by")
    return get_object_or_404(visible.select_related(*related), uid=uid)


def _detail_page(
    request: HttpRequest,
    registration: Registration,
    *,
    approval: ApprovalForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    is_invalid = approval is not None or refusal is not None
    context = {
        "registration": registration,
        "trail_label": registration.full_name,
        "facts": _facts(registration),
        "duplicates": namesakes_of(registration, request.user) if registration.is_awaiting else [],  # type: ignore[arg-type]
        "approval": approval or ApprovalForm(registration=registration),
        "refusal": refusal or RefusalForm(),
        "decided_on": format_day(timezone.localtime(registration.decided_at)) if registration.decided_at else "",
    }
    return render(request, "joining/account_detail.html", context, status=422 if is_invalid else 200)


def _facts(registration: Registration) -> list[dict[str, Any]]:
    organisation = registration.organisation_name or _("none")
    if registration.proposes:
        details = [str(part) for part in (registration.proposed_kind, registration.proposed_seat) if part]
        organisation = _("%(name)s (%(details)s), proposed: not in the directory") % {
            "name": registration.proposed_name,
            "details": ", ".join(details),
        }
    asked = timezone.localtime(registration.confirmed_at or registration.created_at)
    return [
        {"label": _("E-mail address"), "value": registration.email},
        {"label": _("Function"), "value": registration.job_title or _("not given")},
        {"label": _("Organisation"), "value": organisation},
        {"label": _("Region"), "value": registration.region or _("none given")},
        {"label": _("Address confirmed on"), "value": format_day(asked)},
    ]


@require_POST
@login_required
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Admit the person as the form says."""
    _check_animator(request)
    registration = _registration(request, uid)
    form = ApprovalForm(request.POST, registration=registration)
    if registration.is_awaiting and not form.is_valid():
        return _detail_page(request, registration, approval=form)
    try:
        decided = approve_registration(
            registration=registration,
            by=request.user,  # type: ignore[arg-type]
            role=form.cleaned_data["role"] if form.is_valid() else "",
            organisation=form.cleaned_data["place"] if form.is_valid() else None,
            new_organisation=form.cleaned_data["new_organisation"] if form.is_valid() else None,
        )
    except AlreadyDecidedError as error:
        return _told_of(request, error.registration)
    if decided.decided_by_id != request.user.pk:
        return _told_of(request, decided)
    messages.success(request, _("%(name)s is a member. A welcome has been mailed.") % {"name": decided.full_name})
    return redirect("joining:accounts")


@require_POST
@login_required
def refuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Refuse the person, for the reason that the form gives."""
    _check_animator(request)
    registration = _registration(request, uid)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, registration, refusal=form)
    try:
        decided = refuse_registration(
            registration=registration,
            by=request.user,  # type: ignore[arg-type]
            reason=form.cleaned_data["reason"],
        )
    except AlreadyDecidedError as error:
        return _told_of(request, error.registration)
    if decided.decided_by_id != request.user.pk:
        return _told_of(request, decided)
    messages.success(
        request, _("%(name)s is not admitted, and has been told why by e-mail.") % {"name": decided.full_name}
    )
    return redirect("joining:accounts")


def _told_of(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Say that somebody else has decided."""
    said = _("%(who)s has decided already: %(decision)s. Nothing has changed.") % {
        "who": registration.decided_by or _("Somebody"),
        "decision": registration.get_state_display(),
    }
    messages.warning(request, said)
    return redirect("joining:account_detail", uid=registration.uid)
