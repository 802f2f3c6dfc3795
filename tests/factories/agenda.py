"""Events with their dates and parts."""

from datetime import date, time, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from agenda.enums import Access, EventStatus, RegistrationState
from agenda.models import Event, Guest, Occurrence, Organiser, Registration, Session, SessionPlan
from agenda.services.dates import make_dates
from tests.factories.accounts import UserFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.taxonomy import RegionFactory


def in_days(days: int) -> date:
    """Return the day that many days from now."""
    return timezone.localdate() + timedelta(days=days)


class EventFactory(DjangoModelFactory):
    """A published event of Bretagne in three weeks, one part of 9:30 to 12:00, with its date made.

    ``parts=[{…}]`` gives other parts, ``organiser=`` who organises it, ``themes=[…]`` its themes.
    """

    title = factory.Sequence(lambda n: f"Rencontre {n}")
    summary = "Ce que disent les listes."
    status = EventStatus.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)
    region = factory.SubFactory(RegionFactory)
    territory = factory.SelfAttribute("region")
    starts_on = factory.LazyFunction(lambda: in_days(21))
    venue = "Ti Lab"

    class Meta:
        model = Event
        skip_postgeneration_save = True

    @factory.post_generation
    def organiser(self: Event, create: bool, extracted: Any) -> None:
        """Say who organises it."""
        if create:
            Organiser.objects.create(event=self, organisation=extracted or OrganisationFactory())

    @factory.post_generation
    def themes(self: Event, create: bool, extracted: Any) -> None:
        """Say what it is about."""
        if create and extracted:
            self.themes.set(extracted)

    @factory.post_generation
    def parts(self: Event, create: bool, extracted: list[dict[str, Any]] | None) -> None:
        """Make the parts, then the dates."""
        if not create:
            return
        for position, values in enumerate(extracted or [{}]):
            timed = {"start_time": time(9, 30), "duration_minutes": 150} if self.starts_on else {}
            SessionPlan.objects.create(event=self, **{**timed, "position": position, **values})
        make_dates(event=self)


def session_of(event: Event, position: int = 0) -> Session:
    """Return a part of the first date of ``event``."""
    sessions = Session.objects.filter(occurrence__event=event).select_related("occurrence__event", "plan")
    return sessions.order_by("occurrence__starts_at", "plan__position")[position]


def first_date(event: Event) -> Occurrence:
    """Return the first date of ``event``."""
    return Occurrence.objects.select_related("event").filter(event=event).order_by("starts_at")[0]


def make_session(capacity: int | None = 1, **fields: Any) -> Session:
    """Return the only part of a new event, with so many places on site."""
    access = fields.pop("access", Access.PUBLIC)
    return session_of(EventFactory(parts=[{"capacity_onsite": capacity, "access": access}], **fields))


class GuestFactory(DjangoModelFactory):
    """Somebody known by an address."""

    email = factory.Sequence(lambda n: f"invite{n}@test.example")

    class Meta:
        model = Guest


class RegistrationFactory(DjangoModelFactory):
    """A member's registration as a row alone: the places of its session do not count it."""

    session = factory.LazyFunction(make_session)
    user = factory.SubFactory(UserFactory)
    state = RegistrationState.CONFIRMED

    class Meta:
        model = Registration
