"""Asking to join, proving one's address, waiting."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.accounts.throttle import MAIL, REGISTRATION, may_try
from portal.joining.enums import ANSWER_WORKING_DAYS, CONFIRMATION_LASTS, RegistrationState
from portal.joining.forms.registration import RegistrationForm
from portal.joining.models import Registration
from portal.joining.selectors import registration_of, suggested_names
from portal.joining.services.registrations import (
    confirm_registration,
    receive_registration,
    received_registration,
    send_confirmation_again,
)
from portal.joining.tasks import answer
from portal.joining.tokens import ReadToken, read_confirmation_token
from portal.joining.views.signing_in import sign_in_newcomer

READ_OR_POST = ["GET", "HEAD", "POST"]
#: The registration that this browser sent: it alone may bring its password along.
SENT_KEY = "joining.registration"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(READ_OR_POST)
def register(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was written: the same answer after the same work, whatever the address."""
    if request.user.is_authenticated:
        return redirect("accounts:space")
    if request.method != "POST":
        return _form_page(request, RegistrationForm(initial={"uid": uuid4()}))
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if form.is_from_robot:
        # Told the same as people, so that it learns nothing.
        return redirect("joining:registration_sent")
    uid, data = form.form_uid, form.registration_data
    # A second click takes no turn and costs nothing; the same form with another address is another request.
    registration = received_registration(uid=uid, email=data.email)
    if registration is None:
        if not may_try(request, REGISTRATION, data.email):
            form.add_error(None, _("Too many requests from here: look into your mailbox, or wait an hour."))
            return _form_page(request, form, status=429)
        with transaction.atomic():
            registration = receive_registration(uid=uid, data=data)
            answer.enqueue(registration.uid.hex)
    request.session[SENT_KEY] = registration.uid.hex
    return redirect("joining:registration_sent")


def _form_page(request: HttpRequest, form: RegistrationForm, status: int = 200) -> HttpResponse:
    return render(request, "joining/register.html", {"form": form}, status=status)


@require_safe
def registration_sent(request: HttpRequest) -> HttpResponse:
    """Say what comes next, without saying whether the address is known."""
    hours = int(CONFIRMATION_LASTS.total_seconds() // 3_600)
    return render(request, "joining/registration_sent.html", {"hours": hours})


@require_safe
def organisation_names(request: HttpRequest) -> JsonResponse:
    """Suggest names of the public directory while somebody types; the form works without it."""
    text = request.GET.get("q", "").replace("\x00", "")[:150]
    return JsonResponse({"names": suggested_names(text)})


@never_cache
@require_http_methods(READ_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose address a link confirms, and confirm it by POST alone: mail scanners open links."""
    read = read_confirmation_token(token)
    registration = Registration.objects.select_related("organisation").filter(uid=read.uid).first() if read else None
    if read is None or registration is None:
        return render(request, "joining/confirm_dead.html", status=404)
    if registration.state != RegistrationState.UNCONFIRMED:
        return _after_confirmation(request, registration)
    if request.method != "POST":
        template = "joining/confirm_expired.html" if read.is_expired else "joining/confirm.html"
        context = {"registration": registration, "loses_password": _loses(request, registration)}
        return render(request, template, context)
    return _confirm(request, read, registration)


def _loses(request: HttpRequest, registration: Registration) -> bool:
    """Whether a password was chosen in another browser than this one."""
    return bool(registration.password) and request.session.get(SENT_KEY) != registration.uid.hex


def _confirm(request: HttpRequest, read: ReadToken, registration: Registration) -> HttpResponse:
    if read.is_expired:
        if may_try(request, MAIL, registration.email):
            send_confirmation_again(uid=read.uid)
        return redirect("joining:registration_sent")
    keep = not _loses(request, registration)
    confirmed = confirm_registration(uid=read.uid, keep_password=keep)
    if confirmed is None:
        return render(request, "joining/confirm_dead.html", status=404)
    if confirmed.state == RegistrationState.AWAITING and confirmed.user is not None:
        return sign_in_newcomer(request, confirmed.user, going=reverse("joining:waiting"))
    return _after_confirmation(request, confirmed)


def _after_confirmation(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Answer a link that has already served: to their page who is signed in, to sign in the others."""
    if request.user.is_authenticated and request.user.pk == registration.user_id:
        return redirect("joining:waiting")
    return render(request, "joining/confirm_done.html", {"registration": registration})


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Show where one's request stands; members have nothing to wait for."""
    if request.user.is_member:  # type: ignore[union-attr]
        return redirect("joining:first_steps")
    return waiting_page(request)


def waiting_page(request: HttpRequest, status: int = 200) -> HttpResponse:
    """Return the page of somebody signed in and not admitted: awaited, refused or suspended."""
    account: User = request.user  # type: ignore[assignment]
    context = {
        "registration": registration_of(account),
        "days": ANSWER_WORKING_DAYS,
        "is_refused": account.membership_status == User.MembershipStatus.REFUSED,
        "is_suspended": account.membership_status == User.MembershipStatus.SUSPENDED,
    }
    return render(request, "joining/waiting.html", context, status=status)
