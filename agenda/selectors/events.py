"""Reads of one event: its page, its dates, its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from agenda.enums import SHOWN_STATUSES, Access, DocumentAccess, EventStatus, RegistrationState
from agenda.models import (
    Event,
    EventDocument,
    EventQuerySet,
    Invitee,
    Occurrence,
    OccurrenceQuerySet,
    Registration,
    Session,
    Subject,
)
from agenda.rules import accesses_of
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.remember import remembered
from project_sheets.models import ProjectSheetPage


def event_for_page(user: AnyUser, slug: str) -> Event | None:
    """Return the event of an address with all that its page shows; None where ``user`` may not read it.

    What an audience reads is the same for all who are of it, and is remembered: never change it.
    """
    shared = _shown_event(slug)
    if shared is not None and _is_announced_to(user, shared):
        return shared
    return with_page_details(Event.objects.visible_to(user).filter(slug=slug)).first()


def _is_announced_to(user: AnyUser, event: Event) -> bool:
    """Whether ``user`` is of the audience of ``event``: what most readers are, told without asking for it.

    Where they are not, they may still prepare it or be invited: ``visible_to`` says.
    """
    return event.is_shown and event.visibility in accesses_of(user)


def accesses_for(user: AnyUser, event: Event) -> tuple[Access, ...]:
    """Return the audiences to which ``user`` belongs at ``event``: an invitation counts for its event alone.

    One query for a member, and only where a part of the event is by invitation; none for a visitor.
    """
    found = accesses_of(user)
    if Access.INVITED in found or not is_member(user):
        return found
    if all(plan.access != Access.INVITED for plan in event.plans.all()):
        return found
    is_invited = Invitee.objects.of(cast("User", user)).filter(event=event).exists()
    return (*found, Access.INVITED) if is_invited else found


@remembered("agenda", "taxonomy", "directory", "sheets")
def _shown_event(slug: str) -> Event | None:
    return with_page_details(Event.objects.filter(slug=slug, status__in=SHOWN_STATUSES)).first()


@dataclass(frozen=True)
class EventPage:
    """What the page of an event tells all who may read it alike; never to be changed."""

    event: Event
    occurrence: Occurrence | None
    #: Parts of the date, with what came out of them where readers see it.
    sessions: Sequence[Session]
    #: All dates of a series.
    dates: Sequence[Occurrence]
    #: Whether any file belongs to the event or to the date, whoever may read it.
    has_files: bool


def event_page(user: AnyUser, slug: str, day: date | None) -> EventPage | None:
    """Return the page of an address; None where there is none for ``user``.

    It is about the date of ``day``, or about the one that a reader is most likely to mean.
    """
    event = event_for_page(user, slug)
    if event is None:
        return None
    if event is not _shown_event(slug):
        return _page_of(event, day)
    page = _shown_page(slug, day)
    # Asked again: the event may have been closed to them since it was read.
    return page if page is not None and _is_announced_to(user, page.event) else None


@remembered("agenda", "places", "taxonomy", "directory", "sheets")
def _shown_page(slug: str, day: date | None) -> EventPage | None:
    event = _shown_event(slug)
    return _page_of(event, day) if event is not None else None


def _page_of(event: Event, day: date | None) -> EventPage | None:
    occurrence = occurrence_to_show(event, day)
    if day is not None and occurrence is None:
        return None
    sessions = sessions_of(occurrence) if occurrence else []
    if occurrence is not None and occurrence.shows_outcome:
        with_subjects(sessions)
    dates = list(dates_of(event)) if event.recurrence is not None else []
    for other in dates:
        other.event = event
    has_files = EventDocument.objects.filter(_of_date(occurrence), event=event).exists()
    return EventPage(event, occurrence, sessions, dates, has_files)


def with_page_details(events: EventQuerySet) -> EventQuerySet:
    """Fetch what a page shows, in a fixed number of queries."""
    sheets = ProjectSheetPage.objects.visible_to(AnonymousUser()).select_related("holder")
    return events.select_related("territory", "region").prefetch_related(
        "themes",
        "audiences",
        "organisers__organisation",
        "contributions__organisation",
        "plans",
        Prefetch("sheets", queryset=sheets.order_by("title"), to_attr="shown_sheets"),
    )


def dates_of(event: Event) -> OccurrenceQuerySet:
    """Return the dates of an event, in order."""
    return Occurrence.objects.filter(event=event).order_by("starts_at", "pk")


def occurrence_to_show(event: Event, day: date | None) -> Occurrence | None:
    """Return the date that a page is about: the one of ``day``, or else the next, or else the last.

    ``day`` is the original one: an address stays the same when its date is moved.
    """
    dates = Occurrence.objects.filter(event=event)
    if day is not None:
        found = dates.filter(original_day=day).first()
    else:
        to_come = dates.upcoming().filter(status="scheduled").order_by("starts_at").first()
        found = to_come or dates.order_by("-starts_at", "-pk").first()
    if found is not None:
        # The event in hand, with all that was fetched for it.
        found.event = event
    return found


def sessions_of(occurrence: Occurrence) -> list[Session]:
    """Return the parts of a date in order, each with its plan from the event in hand; no subjects are fetched."""
    plans = {plan.pk: plan for plan in occurrence.event.plans.all()}
    sessions = list(Session.objects.filter(occurrence=occurrence).order_by("starts_at", "plan__position", "pk"))
    for session in sessions:
        session.occurrence = occurrence
        session.plan = plans[session.plan_id]
    return sessions


def with_subjects(sessions: list[Session]) -> list[Session]:
    """Fetch the subjects that the participants put first, with their themes."""
    prefetch_related_objects(sessions, Prefetch("subjects", Subject.objects.select_related("theme")))
    return sessions


def registrations_of(user: AnyUser, occurrence: Occurrence) -> dict[int, Registration]:
    """Return the live registrations of ``user`` for a date, by session; no query for a visitor."""
    if not user.is_authenticated:
        return {}
    own = Registration.objects.live().filter(user=user, session__occurrence=occurrence)
    return {registration.session_id: registration for registration in own}


def session_for_form(user: AnyUser, slug: str, uid: UUID) -> Session | None:
    """Return the session for which a form registers, where ``user`` may read its event."""
    sessions = Session.objects.select_related("occurrence__event", "plan")
    found = sessions.filter(uid=uid, occurrence__event__slug=slug).first()
    return found if found is not None and _may_read(user, found.occurrence.event) else None


def _may_read(user: AnyUser, event: Event) -> bool:
    """Whether ``user`` may read one event: asked of it alone, which an index answers."""
    return _is_announced_to(user, event) or Event.objects.visible_to(user).filter(pk=event.pk).exists()


#: Files of a date come with its restitution: nobody but who writes it reads them before.
_TOLD = Q(occurrence=None) | Q(occurrence__report_published_at__isnull=False) | Q(event__status=EventStatus.ARCHIVED)


def _with_access(user: AnyUser, documents: QuerySet[EventDocument]) -> QuerySet[EventDocument]:
    """Keep the files that ``user`` may read, of events that they may read."""
    if not is_member(user):
        return documents.filter(_TOLD, access=DocumentAccess.PUBLIC)
    account = cast("User", user)
    confirmed = Registration.objects.filter(user=account, state=RegistrationState.CONFIRMED)
    of_event = confirmed.filter(session__occurrence__event=OuterRef("event"))
    # What belongs to one date is for those of that date.
    of_date = confirmed.filter(session__occurrence=OuterRef("occurrence"))
    is_registered = (Q(occurrence=None) & Exists(of_event)) | Exists(of_date)
    editable = Event.objects.editable_by(user).filter(pk=OuterRef("event"))
    open_to_all = Q(access__in=[DocumentAccess.PUBLIC, DocumentAccess.MEMBERS])
    return documents.filter(_TOLD & (open_to_all | is_registered) | Exists(editable))


def document_at(user: AnyUser, uid: UUID) -> EventDocument | None:
    """Return the file of an address, where ``user`` may read it and its event."""
    found = _with_access(user, EventDocument.objects.filter(uid=uid).select_related("event")).first()
    return found if found is not None and _may_read(user, found.event) else None


def _of_date(occurrence: Occurrence | None) -> Q:
    """Return the condition "belongs to all dates, or to this one"."""
    return Q(occurrence=None) if occurrence is None else Q(occurrence=None) | Q(occurrence=occurrence)


def documents_of(user: AnyUser, event: Event, occurrence: Occurrence | None) -> list[EventDocument]:
    """Return the files that ``user`` may read of an event that they may read: its own, and those of one date."""
    return list(_with_access(user, EventDocument.objects.filter(_of_date(occurrence), event=event)))


def documents_of_participant(registration: Registration) -> list[EventDocument]:
    """Return the files that somebody who is expected may read by the link of their registration.

    Those of the members stay theirs: a guest reads what is for everyone and for registered people.
    """
    occurrence = registration.session.occurrence
    if not registration.is_confirmed or not occurrence.event.is_shown:
        return []
    found = EventDocument.objects.filter(_TOLD, _of_date(occurrence), event=occurrence.event)
    is_members = registration.user is not None and registration.user.is_member
    return list(found if is_members else found.exclude(access=DocumentAccess.MEMBERS))


def participant_document(registration: Registration, uid: UUID) -> EventDocument | None:
    """Return one of the files that the link of a registration opens."""
    return next((one for one in documents_of_participant(registration) if one.uid == uid), None)
