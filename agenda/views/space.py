"""A member's own registrations and calendar."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda.links import absolute_url, calendar_token, registration_token
from agenda.models import CalendarKey, Registration
from agenda.presentation import facts_of, registration_badges
from agenda.selectors.registrations import registrations_of_member
from agenda.services.calendars import end_calendar as end
from agenda.services.calendars import renew_calendar as renew
from agenda.wording import place, session_title, session_when
from portal.accounts.models import User


@require_safe
@login_required
def registrations(request: HttpRequest) -> HttpResponse:
    """List what a member is registered for, then what is over; and the address of their calendar."""
    user = cast("User", request.user)
    found = [_row(registration) for registration in registrations_of_member(user)]
    key = CalendarKey.objects.filter(user=user).first()
    context = {
        "coming": [row for row in found if not row["is_over"]],
        "past": [row for row in reversed(found) if row["is_over"]],
        "calendar_url": absolute_url("agenda:own_calendar", calendar_token(user.pk, key.key)) if key else "",
    }
    return render(request, "agenda/space/registrations.html", context)


def _row(registration: Registration) -> dict[str, Any]:
    session = registration.session
    day = session.occurrence.local_day
    return {
        "registration": registration,
        "token": registration_token(registration.uid, registration.link_key),
        "title": session_title(session),
        "day": day,
        "badges": registration_badges(registration),
        "facts": facts_of(
            (_("When"), session_when(session)), (_("Where"), place(session.occurrence, registration.attending))
        ),
        "is_over": session.occurrence.is_over,
    }


@require_POST
@login_required
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Give the member a new address for their calendar."""
    renew(user=cast("User", request.user))
    messages.success(request, _("Your calendar has a new address; the one before no longer works."))
    return redirect("my_agenda:registrations")


@require_POST
@login_required
def end_calendar(request: HttpRequest) -> HttpResponse:
    """End the address of the member's calendar."""
    end(user=cast("User", request.user))
    messages.success(request, _("The address of your calendar no longer works."))
    return redirect("my_agenda:registrations")
