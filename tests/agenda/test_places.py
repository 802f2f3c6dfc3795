"""Places: one way to them, under one lock."""

import random
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agenda.enums import Attending, RegistrationState
from agenda.models import Guest, Registration, RegistrationLog, Session
from agenda.services import places
from agenda.services.places import Applicant, PlaceRefused, Wish
from portal.mail.models import OutboxMessage
from tests.factories import UserFactory
from tests.factories.agenda import EventFactory, make_session, session_of

State = RegistrationState


def enter(session: Session, **fields: Any) -> Registration:
    return places.register(session=session, applicant=Applicant(user=UserFactory(**fields)), wish=Wish())


def mails(kind: str) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=f"agenda.{kind}").order_by("pk").values_list("to", flat=True))


def check_invariants(session: Session) -> None:
    """Places taken are those of seated people, within the capacity; nobody waits beside a free place."""
    session = Session.objects.select_related("occurrence__event").get(pk=session.pk)
    for way in Attending.values:
        own = Registration.objects.filter(session=session, attending=way)
        seated = own.filter(state__in=[State.CONFIRMED, State.OFFERED]).count()
        assert seated == session.taken(way)
        capacity = session.capacity(way)
        if capacity is not None:
            assert seated <= capacity
            assert seated == capacity or not own.filter(state=State.WAITING).exists()
    people = Registration.objects.live().filter(session=session).values_list("user_id", flat=True)
    assert len(people) == len(set(people))


@pytest.mark.django_db
def test_places_then_the_waiting_list_in_order() -> None:
    session = make_session(2)
    states = [enter(session).state for _person in range(4)]
    assert states == [State.CONFIRMED, State.CONFIRMED, State.WAITING, State.WAITING]
    numbers = Registration.objects.filter(state=State.WAITING).order_by("pk").values_list("queue_number", flat=True)
    assert list(numbers) == [1, 2]
    assert len(mails("confirmed")) == 2
    told = OutboxMessage.objects.filter(kind="agenda.waiting").order_by("pk").last()
    assert told is not None
    assert "Votre rang sur la liste d’attente\N{NO-BREAK SPACE}: 2" in told.text
    check_invariants(session)


@pytest.mark.django_db
def test_a_second_click_is_one_registration() -> None:
    session, person, uid = make_session(5), UserFactory(), uuid4()
    applicant = Applicant(user=person)
    first = places.register(session=session, applicant=applicant, wish=Wish(uid=uid))
    assert places.register(session=session, applicant=applicant, wish=Wish(uid=uid)) == first
    # Another form of the same person, in another tab.
    assert places.register(session=session, applicant=applicant, wish=Wish()) == first
    assert Registration.objects.count() == len(mails("confirmed")) == 1
    # Somebody else with the identifier of that form gets a place of their own.
    other = places.register(session=session, applicant=Applicant(user=UserFactory()), wish=Wish(uid=uid))
    assert other != first
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(session=session, user=person, state=State.CONFIRMED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(taken_onsite=6)


@pytest.mark.django_db
def test_a_place_that_comes_free_is_offered_to_the_next_for_a_day() -> None:
    session = make_session(1)
    first, second, third = (enter(session, first_name=name) for name in ("Une", "Deux", "Trois"))
    places.cancel(registration=first, actor=first.user)
    second.refresh_from_db()
    assert second.state == State.OFFERED
    assert second.offer_expires_at - timezone.now() > timedelta(hours=23)
    assert mails("offered") == [second.user.email]
    check_invariants(session)
    assert places.expire_offers() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert places.expire_offers() == 1
        assert places.expire_offers() == 0
    assert mails("offer_over") == [second.user.email]
    third = places.accept_offer(registration=third)
    assert third.state == State.CONFIRMED
    assert Registration.objects.get(pk=second.pk).state == State.CANCELLED
    check_invariants(session)
    states = RegistrationLog.objects.filter(registration=second).values_list("state", flat=True)
    assert list(states) == [State.WAITING, State.OFFERED, State.CANCELLED]


@pytest.mark.django_db
def test_on_the_last_day_a_free_place_is_given_at_once() -> None:
    session = make_session(1)
    first, second = enter(session), enter(session)
    with time_machine.travel(session.starts_at - timedelta(hours=5), tick=False):
        places.cancel(registration=first, actor=None)
    second.refresh_from_db()
    assert second.state == State.CONFIRMED


@pytest.mark.django_db
def test_a_guest_holds_a_place_once_the_address_is_confirmed() -> None:
    session = make_session(1)
    applicant = Applicant(email="Elue@Ville.example", full_name="Élue locale", organisation_name="Ville")
    wish = places.register(session=session, applicant=applicant, wish=Wish())
    assert wish.state == State.UNCONFIRMED
    assert Session.objects.get(pk=session.pk).taken_onsite == 0
    assert mails("confirm_address") == ["elue@ville.example"]
    done = places.confirm_address(registration=wish)
    assert places.confirm_address(registration=wish).state == done.state == State.CONFIRMED
    # Who is registered learns of it by mail: the page must not tell.
    places.register(session=session, applicant=applicant, wish=Wish())
    assert mails("already") == ["elue@ville.example"]
    assert Guest.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        assert places.forget_unconfirmed() == 0


@pytest.mark.django_db
def test_the_confirmed_address_of_a_member_makes_it_their_registration() -> None:
    session, member = make_session(3), UserFactory()
    applicant = Applicant(email=member.email.upper(), full_name="Quelqu’un", registered_by=UserFactory())
    wish = places.register(session=session, applicant=applicant, wish=Wish())
    assert places.confirm_address(registration=wish).user == member
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        other = places.register(session=session, applicant=Applicant(email="b@test.example"), wish=Wish())
        Registration.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(hours=50))
        assert places.forget_unconfirmed() == 1


@pytest.mark.django_db
def test_organisers_approve_and_are_told() -> None:
    animator = UserFactory()
    session = make_session(1, needs_approval=True, created_by=animator)
    first, second = enter(session), enter(session)
    assert first.state == State.PENDING
    assert mails("to_approve") == [animator.email] * 2
    assert places.decide(registration=first, actor=animator, approve=True).state == State.CONFIRMED
    assert places.decide(registration=second, actor=animator, approve=True).state == State.WAITING
    assert places.decide(registration=second, actor=animator, approve=False).state == State.WAITING
    assert mails("filling") == [animator.email] * 2
    third = enter(session)
    done = places.decide(registration=third, actor=animator, approve=False, reason="Complet pour votre structure.")
    assert done.state == State.REJECTED
    assert "> Complet pour votre structure." in OutboxMessage.objects.get(kind="agenda.rejected").text


@pytest.mark.django_db
def test_more_places_let_people_in_and_fewer_put_nobody_out() -> None:
    session = make_session(2)
    for _person in range(5):
        enter(session)
    with pytest.raises(places.CapacityBelowTaken):
        places.change_capacity(session=session, onsite=1, online=None)
    places.change_capacity(session=session, onsite=4, online=None)
    assert Registration.objects.filter(state=State.OFFERED).count() == 2
    check_invariants(session)
    places.change_capacity(session=session, onsite=None, online=None)
    assert not Registration.objects.filter(state=State.WAITING).exists()


@pytest.mark.django_db
def test_refusals() -> None:
    full = make_session(0, has_waiting_list=False)
    with pytest.raises(PlaceRefused, match="way"):
        enter(full)
    one = make_session(1, has_waiting_list=False)
    enter(one)
    with pytest.raises(PlaceRefused, match="full"):
        enter(one)
    closed = session_of(EventFactory(closes_hours_before=600))
    with pytest.raises(PlaceRefused, match="closed"):
        enter(closed)
    early = session_of(EventFactory(opens_days_before=3))
    with pytest.raises(PlaceRefused, match="closed"):
        enter(early)
    with pytest.raises(PlaceRefused, match="closed"):
        enter(session_of(EventFactory(status="draft")))


def in_threads(count: int, work: Any) -> list[str]:
    """Run ``work(number)`` in so many threads at once; returns what they raised."""
    errors: list[str] = []
    begin = threading.Barrier(count)

    def run(number: int) -> None:
        begin.wait()
        try:
            work(number)
        except PlaceRefused:
            pass
        except Exception as error:  # noqa: BLE001 -- whatever comes is the finding
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_at_once_the_places_add_up(seed: int) -> None:
    session = make_session(3)
    people = UserFactory.create_batch(12)

    def work(number: int) -> None:
        chance = random.Random(f"{seed} {number}")  # noqa: S311 -- a repeatable order of acts
        for _step in range(12):
            own = Registration.objects.filter(session=session, user=people[number]).order_by("-pk").first()
            act = chance.choice(["register", "register", "cancel", "accept", "capacity"])
            if act == "register":
                places.register(session=session, applicant=Applicant(user=people[number]), wish=Wish())
            elif act == "cancel" and own:
                places.cancel(registration=own, actor=None)
            elif act == "accept" and own:
                places.accept_offer(registration=own)
            elif act == "capacity":
                try:
                    places.change_capacity(session=session, onsite=chance.randint(1, 8), online=None)
                except places.CapacityBelowTaken:
                    continue

    assert in_threads(6, work) == []
    check_invariants(session)
