"""Writes on events: preparing, publishing, calling off, copying."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.enums import (
    Access,
    DocumentAccess,
    EventKind,
    EventStatus,
    Mode,
    OrganiserRole,
)
from agenda.models import (
    Contribution,
    Event,
    EventDocument,
    Invitee,
    Occurrence,
    Organiser,
    Question,
    Registration,
    SessionPlan,
)
from agenda.recurrence import Series, rule_of
from agenda.services.dates import (
    DatesMade,
    call_off_all,
    capacities_of,
    make_dates,
    raise_sequence,
    tell_of_change,
)
from directory.models import Organisation
from portal.accounts.models import User
from portal.notifications.services import record_event
from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.models import ProjectSheetPage


class PartHasRegistrations(Exception):
    """A part of the event cannot be taken away: people are registered for it."""


class PartHasOutcome(Exception):
    """A part of the event cannot be taken away: what came out of it is written."""


class NotReady(Exception):
    """The event cannot be published yet; ``reason`` says what is missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class EventIdentity:
    """What an event is, as its form says it; ``organisers`` are (organisation, role) in their order."""

    fields: dict[str, Any]
    themes: Iterable[Theme] = ()
    audiences: Iterable[Audience] = ()
    sheets: Iterable[ProjectSheetPage] = ()
    organisers: Sequence[tuple[Organisation, str]] = ()
    invitees: Iterable[str] = ()


@dataclass(frozen=True)
class Part:
    """One part of the day as its form says it; ``pk`` None for a new one."""

    fields: dict[str, Any]
    pk: int | None = None


@dataclass(frozen=True)
class EventSchedule:
    """When and where, as the form says it."""

    fields: dict[str, Any]
    starts_on: date | None
    series: Series
    parts: Sequence[Part] = ()


def region_around(place: Territory | None) -> Territory | None:
    """Return the region whose animators look after an event held in ``place``; None for the whole country."""
    if place is None or place.level == Territory.Level.COUNTRY:
        return None
    return place if place.level == Territory.Level.REGION else place.region


@transaction.atomic
def create_event(*, identity: EventIdentity, user: User, parts: Sequence[dict[str, Any]] = ()) -> Event:
    """Create a draft with its parts, one where none is given. For animators and organisations' editors."""
    event = Event(created_by=user)
    _write_identity(event, identity)
    for position, values in enumerate(parts or [{}]):
        SessionPlan.objects.create(event=event, position=position, **values)
    return event


@transaction.atomic
def update_identity(*, event: Event, identity: EventIdentity) -> None:
    """Write what the event is. For its organisers."""
    _write_identity(Event.objects.select_for_update().get(pk=event.pk), identity)


def _write_identity(event: Event, identity: EventIdentity) -> None:
    for name, value in identity.fields.items():
        setattr(event, name, value)
    event.region = region_around(event.territory)
    event.save()
    event.themes.set(identity.themes)
    event.audiences.set(identity.audiences)
    event.sheets.set(identity.sheets)
    event.organisers.all().delete()
    Organiser.objects.bulk_create(
        Organiser(event=event, organisation=organisation, role=OrganiserRole(role), position=position)
        for position, (organisation, role) in enumerate(identity.organisers)
    )
    wanted = {email.strip().lower() for email in identity.invitees}
    event.invitees.exclude(email__in=wanted).delete()
    Invitee.objects.bulk_create([Invitee(event=event, email=email) for email in wanted], ignore_conflicts=True)


@dataclass
class ScheduleSaved:
    """What saving the schedule did: the dates made, and how many people were written to."""

    dates: DatesMade
    told: int = 0


@transaction.atomic
def save_schedule(*, event: Event, schedule: EventSchedule, note: str = "") -> ScheduleSaved:
    """Write when and where, then bring the dates in step. For the event's organisers.

    Those registered for a date whose time or place has changed are written to. Raises
    CapacityBelowTaken, PartHasRegistrations and PartHasOutcome, with nothing changed.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    place_before = (event.venue, event.address, event.online_url, event.mode)
    before = capacities_of(event)
    for name, value in schedule.fields.items():
        setattr(event, name, value)
    event.starts_on = schedule.starts_on
    event.recurrence = rule_of(schedule.series, first_day=schedule.starts_on) if schedule.starts_on else None
    event.save()
    _write_parts(event, schedule.parts)
    made = make_dates(event=event, capacities_before=before)
    moved = made.moved
    if place_before != (event.venue, event.address, event.online_url, event.mode):
        elsewhere = [one for one in event.occurrences.upcoming() if not one.venue and one not in moved]
        raise_sequence(elsewhere)
        moved = [*moved, *elsewhere]
    return ScheduleSaved(made, tell_of_change(moved, note=note) if event.status == EventStatus.PUBLISHED else 0)


def _write_parts(event: Event, parts: Sequence[Part]) -> None:
    kept = {part.pk for part in parts if part.pk}
    for plan in event.plans.exclude(pk__in=kept):
        if Registration.objects.filter(session__plan=plan).exists():
            raise PartHasRegistrations
        if plan.sessions.filter(~Q(outcome="") | ~Q(subjects=None)).exists():
            raise PartHasOutcome
        plan.sessions.all().delete()
        plan.delete()
    plans = event.plans.in_bulk()
    for position, part in enumerate(parts):
        plan = plans.get(part.pk or 0) or SessionPlan(event=event)
        for name, value in {**part.fields, "position": position}.items():
            setattr(plan, name, value)
        plan.save()


@transaction.atomic
def save_registration_rules(*, event: Event, fields: dict[str, Any], questions: Sequence[dict[str, Any]]) -> None:
    """Write how one registers, and what is asked; answers already given keep their questions. For its organisers."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()
    kept = [values["pk"] for values in questions if values.get("pk")]
    event.questions.exclude(pk__in=kept).delete()
    for position, values in enumerate(questions):
        fields_of = {name: value for name, value in values.items() if name != "pk"}
        fields_of["position"] = position
        if values.get("pk"):
            Question.objects.update_or_create(pk=values["pk"], event=event, defaults=fields_of)
        else:
            Question.objects.create(event=event, **fields_of)


@transaction.atomic
def save_programme(*, event: Event, follow_up: str, contributions: Sequence[dict[str, Any]]) -> None:
    """Write who presents what, and what follows. For the event's organisers."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    event.follow_up = follow_up
    event.save(update_fields=["follow_up", "updated_at"])
    event.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(event=event, position=position, **values) for position, values in enumerate(contributions)
    )


@transaction.atomic
def add_document(
    *, event: Event, title: str, upload: File, access: str, occurrence: Occurrence | None = None
) -> EventDocument:
    """Add a file, already checked by its form, to one date or to all of them. For the event's organisers."""
    return EventDocument.objects.create(
        event=event,
        occurrence=occurrence,
        title=title,
        file=upload,
        access=DocumentAccess(access),
        position=event.documents.count(),
    )


@transaction.atomic
def remove_document(*, document: EventDocument) -> None:
    """Delete a file; it leaves the storage once all is committed. For the event's organisers."""
    storage, name = document.file.storage, str(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))


def what_is_missing(event: Event) -> str:
    """Return what keeps ``event`` from being published, as a sentence; empty where nothing does."""
    if not event.occurrences.exclude(starts_at=None).exists():
        return _("Give it a date and times first.")
    if event.is_on_site and not event.venue:
        return _("Say where it takes place first.")
    if not event.organisers.filter(role=OrganiserRole.ORGANISES).exists():
        return _("Say which organisation organises it first.")
    return ""


@transaction.atomic
def submit_event(*, event: Event, user: User) -> None:
    """Ask the animators of the region to publish a draft; safe to call again. For its organisers.

    Raises NotReady.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status != EventStatus.DRAFT:
        return
    if reason := what_is_missing(event):
        raise NotReady(reason)
    event.status = EventStatus.SUBMITTED
    event.save(update_fields=["status", "updated_at"])
    record_event("event.submitted", about=event, key=f"event.submitted:{event.pk}:{_turn()}", actor=user)


@transaction.atomic
def return_event(*, event: Event, user: User, reason: str) -> None:
    """Give a submitted event back with what to change; safe to call again. For the region's animators."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status != EventStatus.SUBMITTED:
        return
    event.status = EventStatus.DRAFT
    event.save(update_fields=["status", "updated_at"])
    data = {"reason": reason}
    record_event("event.returned", about=event, key=f"event.returned:{event.pk}:{_turn()}", actor=user, data=data)


@transaction.atomic
def publish_event(*, event: Event, user: User) -> bool:
    """Show the event to its audience; False where it is shown already. For the region's animators.

    Those who follow its themes or its organisers learn of it as they wish. Raises NotReady.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status not in {EventStatus.DRAFT, EventStatus.SUBMITTED}:
        return False
    if reason := what_is_missing(event):
        raise NotReady(reason)
    event.status = EventStatus.PUBLISHED
    event.published_at = event.published_at or timezone.now()
    event.save(update_fields=["status", "published_at", "updated_at"])
    record_event("event.published", about=event, key=f"event.published:{event.pk}", actor=user)
    return True


def _turn() -> str:
    return f"{timezone.now():%Y%m%d%H%M%S}"


@transaction.atomic
def cancel_event(*, event: Event, reason: str) -> int:
    """Call the whole event off; returns how many people were written to. For its organisers."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.status != EventStatus.PUBLISHED:
        return 0
    told = call_off_all(event, reason)
    event.status, event.cancel_reason = EventStatus.CANCELLED, reason[:300]
    event.save(update_fields=["status", "cancel_reason", "updated_at"])
    return told


#: What a copy takes over.
COPIED = (
    *("title", "kind", "visibility", "summary", "body", "territory", "region", "timezone", "mode", "venue"),
    *("address", "registration_mode", "registration_url", "opens_days_before", "closes_hours_before"),
    *("needs_approval", "has_waiting_list", "contact_email"),
)
COPIED_OF_PART = (
    *("position", "title", "goal", "access", "audience_note", "method", "day_offset", "start_time"),
    *("duration_minutes", "capacity_onsite", "capacity_online"),
)


@transaction.atomic
def duplicate_event(*, event: Event, user: User) -> Event:
    """Return a draft like ``event``, without its dates, its people and what came out of it. For its organisers."""
    copy = Event(created_by=user, **{name: getattr(event, name) for name in COPIED})
    copy.save()
    copy.themes.set(event.themes.all())
    copy.audiences.set(event.audiences.all())
    copy.sheets.set(event.sheets.all())
    for organiser in event.organisers.all():
        Organiser.objects.create(
            event=copy, organisation=organiser.organisation, role=organiser.role, position=organiser.position
        )
    for plan in event.plans.all():
        SessionPlan.objects.create(event=copy, **{name: getattr(plan, name) for name in COPIED_OF_PART})
    for question in event.questions.all():
        fields = {name: getattr(question, name) for name in ("position", "label", "kind", "choices", "is_required")}
        Question.objects.create(event=copy, **fields)
    return copy


def session_lab_parts() -> list[dict[str, Any]]:
    """Return the two parts of a Session Lab: a morning open to all, an afternoon among project holders."""
    return [
        {
            "title": _("Morning open to all"),
            "goal": _("Share what is at stake and know the projects of the territory better"),
            "access": Access.PUBLIC,
            "start_time": time(9, 30),
            "duration_minutes": 150,
            "capacity_onsite": 40,
        },
        {
            "title": _("Afternoon of the project holders"),
            "goal": _("Work on practical subjects among peers"),
            "access": Access.LAUREATES,
            "method": _("Open space: the participants build the programme together"),
            "start_time": time(14),
            "duration_minutes": 150,
            "capacity_onsite": 20,
        },
    ]


def session_lab_fields() -> dict[str, Any]:
    """Return what a Session Lab begins with in its form."""
    return {
        "title": _("Session Lab"),
        "kind": EventKind.SESSION_LAB,
        "visibility": Access.PUBLIC,
        "summary": _("A morning open to all, an afternoon among project holders."),
        "mode": Mode.ON_SITE,
    }
