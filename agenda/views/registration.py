"""Registering, and what a participant does with a registration: by a link of a mail, without an account."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda import ics
from agenda.certificate import certificate_pdf
from agenda.codes import check_in_code
from agenda.forms.registration import FeedbackForm, RegistrationForm
from agenda.links import read_registration_token, registration_token
from agenda.models import Feedback, Registration, Session
from agenda.presentation import facts_of, registration_badges
from agenda.selectors.events import accesses_for, documents_of_participant, session_for_form
from agenda.services import places
from agenda.services.feedback import give_feedback
from agenda.services.mailing import waiting_rank
from agenda.wording import place, session_title, session_when, spoken_moment
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.accounts.throttle import HOUR, AttemptLimit, may_receive_mail, may_try
from portal.content.pdf import pdf_response

READ_OR_POST = ["GET", "HEAD", "POST"]
#: A page of the site's own tree.
PRIVACY_PAGE = "/donnees-personnelles/"
#: Wishes of guests: an agency behind one address registers its people.
GUESTS = AttemptLimit("event-registration", per_account=5, per_machine=60, seconds=HOUR)


def refusals() -> dict[str, str]:
    """Return what is said of each reason why there is no place."""
    return {
        "closed": _("Registration is closed for this part."),
        "full": _("All the places are taken, and there is no waiting list."),
        "way": _("This way of taking part has no place: choose the other one."),
        "off": _("This date is called off: it has no places."),
        "over": _("This date is over: its registrations no longer change."),
    }


@never_cache
@require_http_methods(READ_OR_POST)
def register(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Show the form of one part of a date, or take what was written.

    Raises PermissionDenied for a member who is not of the part's audience; visitors sign in first.
    """
    session = session_for_form(request.user, slug, uid)
    if session is None:
        raise Http404
    if session.plan.access not in accesses_for(request.user, session.occurrence.event):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    user = cast("User", request.user) if is_member(request.user) else None
    for_colleague = user is not None and request.GET.get("pour") == "collegue"
    own = _own(session, user) if not for_colleague else None
    if own is not None and request.method != "POST":
        return redirect("agenda:registration", token=_token(own))
    if not session.is_open():
        return _form_page(request, session, None)
    form = RegistrationForm(*_data(request), session=session, user=user, for_colleague=for_colleague)
    if request.method != "POST":
        return _form_page(request, session, form)
    return _take(request, session, form)


def _data(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST,) if request.method == "POST" else ()


def _own(session: Session, user: User | None) -> Registration | None:
    return Registration.objects.live().filter(session=session, user=user).first() if user else None


def _token(registration: Registration) -> str:
    return registration_token(registration.uid, registration.link_key)


def _form_page(
    request: HttpRequest, session: Session, form: RegistrationForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "session": session,
        "event": session.occurrence.event,
        "form": form,
        "title": session_title(session),
        "facts": facts_of((_("When"), session_when(session)), (_("Where"), place(session.occurrence))),
        "is_full": bool(session.ways) and all(session.is_full(way) for way in session.ways),
        "is_guest": not is_member(request.user),
        "privacy_url": PRIVACY_PAGE,
    }
    return render(request, "agenda/register.html", context, status=status)


def _take(request: HttpRequest, session: Session, form: RegistrationForm) -> HttpResponse:
    """Answer a form that was sent: a place or a rank for a member, "look into your mailbox" for a guest."""
    if not form.is_valid():
        return _form_page(request, session, form, status=422)
    if form.is_from_robot:
        # Told the same as people, so that it learns nothing.
        return redirect("agenda:registration_sent")
    applicant = form.applicant
    if applicant.email and not (
        may_try(request, GUESTS, applicant.email) and may_receive_mail("event-registration", applicant.email)
    ):
        form.add_error(None, _("Too many requests from here: look into your mailbox, or wait an hour."))
        return _form_page(request, session, form, status=429)
    try:
        registration = places.register(session=session, applicant=applicant, wish=form.wish)
    except places.PlaceRefused as refusal:
        form.add_error(None, refusals()[refusal.code])
        return _form_page(request, session, form, status=409)
    if applicant.email:
        return redirect("agenda:registration_sent")
    return redirect("agenda:registration", token=_token(registration))


@require_safe
def registration_sent(request: HttpRequest) -> HttpResponse:
    """Say what comes next, without saying who is registered already."""
    return render(request, "agenda/registration_sent.html")


def registration_at(token: str) -> Registration:
    """Return the registration of a link; raises Http404 for one that the portal has not made or has ended."""
    read = read_registration_token(token)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    found = Registration.objects.select_related(*related).filter(uid=read[0]).first() if read else None
    if read is None or found is None or found.link_key != read[1]:
        raise Http404
    return found


@never_cache
@require_http_methods(READ_OR_POST)
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Show a registration to who holds its link; confirm, take an offered place or cancel by POST alone.

    Mail scanners open links: nothing changes by opening one.
    """
    try:
        found = registration_at(token)
    except Http404:
        return render(request, "agenda/registration_dead.html", status=404)
    if request.method == "POST":
        return _act(request, found, token)
    return render(request, "agenda/registration.html", _registration_context(found, token))


def _act(request: HttpRequest, found: Registration, token: str) -> HttpResponse:
    wanted = request.POST.get("do", "")
    user = cast("User", request.user) if request.user.is_authenticated else None
    try:
        if wanted == "confirm":
            done = places.confirm_address(registration=found)
            return redirect("agenda:registration", token=_token(done))
        if wanted == "accept":
            places.accept_offer(registration=found)
        elif wanted == "cancel":
            places.cancel(registration=found, actor=user)
            messages.success(request, _("Your registration is cancelled."))
    except places.PlaceRefused as refusal:
        messages.error(request, refusals()[refusal.code])
    return redirect("agenda:registration", token=token)


def _registration_context(found: Registration, token: str) -> dict[str, Any]:
    session = found.session
    occurrence, event = session.occurrence, session.occurrence.event
    rank = waiting_rank(found) if found.state == "waiting" else 0
    takes_place = found.is_confirmed and not occurrence.is_cancelled
    return {
        "registration": found,
        "token": token,
        "event": event,
        "occurrence": occurrence,
        "title": session_title(session),
        "badges": registration_badges(found),
        "facts": facts_of(
            (_("When"), session_when(session)),
            (_("Where"), place(occurrence, found.attending)),
            (_("Name"), found.shown_name),
            (_("Rank on the waiting list"), rank),
        ),
        "until": spoken_moment(found.offer_expires_at, event.timezone),
        "online_url": occurrence.shown_online_url if takes_place and found.attending == "visio" else "",
        "code": check_in_code(found) if takes_place and not occurrence.is_over else "",
        "documents": [
            {"document": one, "url": f"{one.get_absolute_url()}?inscription={token}"}
            for one in documents_of_participant(found)
        ],
        "can_cancel": (found.is_live or found.state == "unconfirmed") and not occurrence.is_over,
        "has_certificate": found.attendance == "present",
        "may_judge": _may_judge(found),
    }


def _may_judge(found: Registration) -> bool:
    """Whether the person may give an opinion: who was there, once it is over."""
    occurrence = found.session.occurrence
    took_place = occurrence.is_over and not occurrence.is_cancelled
    return found.is_confirmed and found.attendance != "absent" and took_place


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Give the date to the participant's calendar."""
    found = registration_at(token)
    if found.session.starts_at is None:
        raise Http404
    content = ics.invitation(found, cancels=not found.is_live or found.session.occurrence.is_cancelled)
    return HttpResponse(
        content, content_type=ics.PLAIN_TEXT, headers={"Content-Disposition": 'attachment; filename="invitation.ics"'}
    )


@require_safe
@never_cache
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Give who was there the certificate that says so."""
    found = registration_at(token)
    if found.attendance != "present":
        raise Http404
    event = found.session.occurrence.event
    return pdf_response(
        request,
        lambda: certificate_pdf(found),
        file_name="attestation.pdf",
        back_url=found.session.occurrence.get_absolute_url(),
        back_title=event.title,
    )


@never_cache
@require_http_methods(READ_OR_POST)
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who was there for an opinion, once."""
    found = registration_at(token)
    if not _may_judge(found):
        raise Http404
    given = Feedback.objects.filter(registration=found).exists()
    form = FeedbackForm(*_data(request), registration=found)
    if request.method == "POST" and not given:
        if form.is_valid():
            give_feedback(registration=found, **form.cleaned_data)
            return redirect("agenda:feedback", token=token)
        return _feedback_page(request, found, form, status=422)
    return _feedback_page(request, found, None if given else form)


def _feedback_page(
    request: HttpRequest, found: Registration, form: FeedbackForm | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "registration": found, "title": session_title(found.session)}
    return render(request, "agenda/feedback.html", context, status=status)
