"""Who enters the organisers' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from agenda.models import Event, Occurrence
from agenda.selectors.desk import prepares_events
from portal.accounts.models import User


def account_of(request: HttpRequest) -> User:
    """Return who is signed in; the view asks for it."""
    return cast("User", request.user)


def for_organisers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who prepares events; visitors sign in first, others are refused."""

    @never_cache
    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not prepares_events(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


def event_or_refuse(request: HttpRequest, uid: UUID) -> Event:
    """Return an event that the person prepares; raises PermissionDenied for another's, Http404 for none."""
    found = Event.objects.filter(uid=uid).select_related("territory", "region").first()
    if found is None:
        raise Http404
    if not Event.objects.editable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
    return found


def occurrence_or_refuse(request: HttpRequest, uid: UUID, pk: int) -> Occurrence:
    """Return a date of an event that the person prepares."""
    event = event_or_refuse(request, uid)
    found = Occurrence.objects.filter(pk=pk, event=event).first()
    if found is None:
        raise Http404
    found.event = event
    return found
