"""Inviting people, from the animation or from one's organisation, and accepting."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

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
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.models import User
from portal.accounts.selectors import account_by_email
from portal.core.dates import format_day
from portal.joining.csv_import import CheckedRow, Row, check_rows
from portal.joining.enums import InvitationState
from portal.joining.forms.invitations import AcceptanceForm, InvitationFileForm, InvitationForm, PreviewForm
from portal.joining.models import Invitation
from portal.joining.selectors import Desk
from portal.joining.services.invitations import (
    AccountOpenedError,
    NotAcceptableError,
    Outcome,
    TooManyInvitationsError,
    accept_invitation,
    invite,
    is_acceptable,
    resend_invitation,
    revoke_invitation,
)
from portal.joining.tokens import read_invitation_token
from portal.joining.views.signing_in import sign_in_newcomer

READ_OR_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 20


def _desk(request: HttpRequest, is_animation: bool) -> Desk:
    asked = request.GET.get("structure", "").replace("\x00", "")[:160]
    desk = Desk(request.user, is_animation, asked)  # type: ignore[arg-type]
    if not desk.is_open:
        raise PermissionDenied
    return desk


def _address(desk: Desk, name: str, *args: Any) -> str:
    names = {"index": "invitations" if desk.is_animation else "structure_invitations"}
    full = names.get(name) or (f"invitation_{name}" if desk.is_animation else f"structure_invitation_{name}")
    return reverse(f"joining:{full}", args=args)


def _page(request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context |= {
        "desk": desk,
        "base_template": "accounts/animation.html" if desk.is_animation else "accounts/space.html",
        "index_url": _address(desk, "index"),
        "file_url": _address(desk, "file"),
        "send_url": _address(desk, "send"),
    }
    return render(request, template, context, status=status)


@require_http_methods(READ_OR_POST)
@login_required
def index(request: HttpRequest, is_animation: bool) -> HttpResponse:
    """List the invitations of this desk, and invite one person."""
    desk = _desk(request, is_animation)
    form = InvitationForm(request.POST if request.method == "POST" else None, desk=desk)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            _tell_outcome(request, invite(invitees=[form.invitee], by=desk.user))
            return redirect(_address(desk, "index"))
        except TooManyInvitationsError as error:
            form.add_error(None, _too_many(error))
            status = 429
    page = Paginator(desk.invitations, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(desk, invitation) for invitation in page.object_list]
    context = {"form": form, "page": page, "rows": rows}
    return _page(request, desk, "joining/invitation_list.html", context, status)


def _too_many(error: TooManyInvitationsError) -> str:
    if not error.left:
        return _("You have sent as many invitations as one may in 24 hours: go on tomorrow. Nothing was sent.")
    text = ngettext(
        "You may send %(left)d more invitation today: nothing was sent.",
        "You may send %(left)d more invitations today: nothing was sent.",
        error.left,
    )
    return text % {"left": error.left}


def _tell_outcome(request: HttpRequest, outcome: Outcome) -> None:
    """Say what was sent, and why the rest was not."""
    if count := len(outcome.sent):
        said = ngettext("%(count)d invitation has been sent.", "%(count)d invitations have been sent.", count)
        messages.success(request, said % {"count": count})
    if outcome.known:
        said = ngettext(
            "%(count)d person is a member or is invited already: nothing more was sent.",
            "%(count)d people are members or are invited already: nothing more was sent to them.",
            outcome.known,
        )
        messages.info(request, said % {"count": outcome.known})
    if outcome.full:
        said = ngettext(
            "%(count)d address has received too many invitations today: invite it again tomorrow.",
            "%(count)d addresses have received too many invitations today: invite them again tomorrow.",
            outcome.full,
        )
        messages.warning(request, said % {"count": outcome.full})


def _row(desk: Desk, invitation: Invitation) -> dict[str, Any]:
    state = invitation.state
    may_act = state in {InvitationState.OPEN, InvitationState.EXPIRED}
    name = str(invitation)
    return {
        "invitation": invitation,
        "name": name,
        "email": invitation.email if name != invitation.email else "",
        "initials": name[:1].upper(),
        "facts": list(_facts(invitation)),
        "resend_url": _address(desk, "resend", invitation.uid) if may_act else "",
        "revoke_url": _address(desk, "revoke", invitation.uid) if may_act else "",
    }


def _facts(invitation: Invitation) -> Iterator[dict[str, Any]]:
    if invitation.organisation:
        place = f"{invitation.organisation.name} ({invitation.get_role_display()})"
        yield {"label": _("Organisation"), "value": place}
    sent_on = format_day(timezone.localtime(invitation.sent_at))
    said = _("%(state)s on %(day)s by %(who)s") if invitation.invited_by else _("%(state)s on %(day)s")
    values = {"state": InvitationState.OPEN.label, "day": sent_on, "who": invitation.invited_by}
    yield {"label": _("Invitation"), "value": said % values}
    if invitation.is_open:
        yield {"label": _("Good until"), "value": format_day(timezone.localtime(invitation.expires_at))}
    else:
        yield {"label": _("State"), "value": invitation.state.label}


@require_http_methods(READ_OR_POST)
@login_required
def file(request: HttpRequest, is_animation: bool) -> HttpResponse:
    """Take a list of people, and show what would be sent; nothing is written."""
    desk = _desk(request, is_animation)
    if request.method != "POST":
        return _page(request, desk, "joining/invitation_file.html", _file_context(InvitationFileForm()))
    form = InvitationFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, desk, "joining/invitation_file.html", _file_context(form), 422)
    return _preview(request, desk, form.rows)


def _file_context(form: InvitationFileForm) -> dict[str, Any]:
    return {"form": form, "trail_label": _("Invite from a list")}


def _preview(request: HttpRequest, desk: Desk, rows: list[Row], status: int = 200) -> HttpResponse:
    checked = check_rows(rows, desk)
    wrong = [line for line in checked if line.errors]
    context = {
        "lines": [_line(line) for line in checked],
        "wrong": len(wrong),
        "to_send": sum(1 for line in checked if line.invitee and not line.left_out and not line.errors),
        "left_out": sum(1 for line in checked if line.left_out),
        "preview": PreviewForm.holding(rows, desk),
        "trail_label": _("Preview of the invitations"),
    }
    return _page(request, desk, "joining/invitation_preview.html", context, 422 if wrong else status)


def _line(line: CheckedRow) -> dict[str, Any]:
    cells = line.row.cells
    verdict, kind = _("To be invited"), "success"
    if line.errors:
        verdict, kind = _("To correct"), "error"
    elif line.left_out:
        verdict, kind = line.left_out, "neutral"
    organisation = line.invitee.organisation if line.invitee else None
    return {
        "number": line.row.number,
        "email": cells["email"],
        "name": f"{cells['first_name']} {cells['last_name']}".strip(),
        "organisation": organisation.name if organisation else cells["organisation"],
        "role": line.invitee.role.label if line.invitee else cells["role"],  # type: ignore[attr-defined]
        "badge": {"label": verdict, "kind": kind},
        "errors": line.errors,
    }


@require_POST
@login_required
def send_file(request: HttpRequest, is_animation: bool) -> HttpResponse:
    """Invite everyone of a preview, after judging its lines anew: all of them or nobody."""
    desk = _desk(request, is_animation)
    form = PreviewForm(request.POST, desk=desk)
    if not form.is_valid():
        messages.error(request, _("This preview is too old: choose the file again."))
        return redirect(_address(desk, "file"))
    rows = form.cleaned_data["rows"]
    checked = check_rows(rows, desk)
    if any(line.errors for line in checked):
        return _preview(request, desk, rows)
    invitees = [line.invitee for line in checked if line.invitee and not line.left_out]
    try:
        outcome = invite(invitees=invitees, by=desk.user)
    except TooManyInvitationsError as error:
        messages.error(request, _too_many(error))
        return _preview(request, desk, rows, status=429)
    left_out = sum(1 for line in checked if line.left_out)
    _tell_outcome(request, replace(outcome, known=outcome.known + left_out))
    return redirect(_address(desk, "index"))


@require_POST
@login_required
def resend(request: HttpRequest, uid: UUID, is_animation: bool) -> HttpResponse:
    """Mail an invitation again."""
    desk = _desk(request, is_animation)
    invitation = get_object_or_404(desk.invitations, uid=uid)
    try:
        is_sent = resend_invitation(invitation=invitation, by=desk.user)
    except TooManyInvitationsError as error:
        messages.error(request, _too_many(error))
        return redirect(_address(desk, "index"))
    if is_sent:
        messages.success(request, _("The invitation of %(who)s has been sent again.") % {"who": invitation})
    else:
        messages.info(
            request, _("Nothing was sent: this invitation has been accepted or withdrawn, or was sent too often today.")
        )
    return redirect(_address(desk, "index"))


@require_POST
@login_required
def revoke(request: HttpRequest, uid: UUID, is_animation: bool) -> HttpResponse:
    """Withdraw an invitation."""
    desk = _desk(request, is_animation)
    invitation = get_object_or_404(desk.invitations, uid=uid)
    if revoke_invitation(invitation=invitation, by=desk.user):
        messages.success(
            request, _("The invitation of %(who)s is withdrawn: its link opens nothing.") % {"who": invitation}
        )
    else:
        messages.info(request, _("This invitation has been accepted meanwhile."))
    return redirect(_address(desk, "index"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(READ_OR_POST)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and accept it by POST: the link proves the address and is the approval."""
    uid = read_invitation_token(token)
    related = ("organisation", "invited_by")
    invitation = Invitation.objects.select_related(*related).filter(uid=uid).first() if uid else None
    if invitation is None or not is_acceptable(invitation):
        return _dead(request, invitation)
    account = account_by_email(invitation.email)
    form = None if account else AcceptanceForm(request.POST or None, invitation=invitation)
    if request.method != "POST":
        return _invitation_page(request, invitation, account, form)
    if form is not None and not form.is_valid():
        return _invitation_page(request, invitation, account, form, status=422)
    try:
        member = accept_invitation(invitation=invitation, new_member=form.new_member if form else None)
    except NotAcceptableError:
        return _dead(request, invitation)
    except AccountOpenedError:
        # Its owner accepted another invitation in the same instant: this one still stands, and is accepted in a click.
        messages.info(request, _("An account was opened at this address a moment ago: accept once more to add this."))
        return redirect("joining:accept_invitation", token=token)
    return _accepted(request, invitation, member, is_new=account is None)


def _invitation_page(
    request: HttpRequest, invitation: Invitation, account: User | None, form: AcceptanceForm | None, status: int = 200
) -> HttpResponse:
    context = {"invitation": invitation, "account": account, "form": form}
    return render(request, "joining/invitation.html", context, status=status)


def _dead(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """Answer a link that opens nothing; who has just used it is only told so."""
    is_accepted = invitation is not None and invitation.accepted_at is not None
    return render(request, "joining/invitation_dead.html", {"is_accepted": is_accepted}, status=404)


def _accepted(request: HttpRequest, invitation: Invitation, member: User, *, is_new: bool) -> HttpResponse:
    if is_new:
        return sign_in_newcomer(request, member, going=reverse("joining:first_steps"))
    place = invitation.organisation.name if invitation.organisation else ""
    said = _("You now act for %(organisation)s.") % {"organisation": place} if place else _("Your account is open.")
    messages.success(request, said)
    return redirect("accounts:space" if request.user.pk == member.pk else "account_login")
