"""A crowd at the door: several server processes, each with threads, and two hundred browsers at once."""

import os
import random
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from agenda.enums import Attending, RegistrationState
from agenda.models import Registration, Session
from portal.mail.models import OutboxMessage
from tests.agenda.crowd import Visitor, all_at_once, portal_in_processes, visitors
from tests.agenda.test_places import check_invariants
from tests.factories import AnimatorFactory, UserFactory
from tests.factories.agenda import make_session

State = RegistrationState
CLIENTS, PLACES = 200, 20
PEOPLE, ACTS = 12, 6


@pytest.mark.django_db(transaction=True)
def test_real_requests_of_a_crowd_keep_the_places(tmp_path: Path) -> None:
    """One server for both trials: starting it costs more than either."""
    with portal_in_processes(tmp_path) as port:
        two_hundred_for_twenty(port)
        whatever_happens_at_once(port)


def two_hundred_for_twenty(port: int) -> None:
    session = make_session(PLACES)
    address = session.get_registration_url()
    crowd = visitors(port, UserFactory.create_batch(CLIENTS))

    def click(visitor: Visitor, number: int) -> None:
        form = {"uid": uuid4(), "attending": Attending.ON_SITE.value}
        visitor.post(address, form)
        # Some click twice, and read what became of it.
        if number % 20 == 0:
            visitor.post(address, form)
            visitor.get(visitor.answers[-1][1])

    assert all_at_once([partial(click, one, number) for number, one in enumerate(crowd)]) == []
    statuses = [[status for status, _where in one.answers] for one in crowd]
    assert [found for found in statuses if found not in ([302], [302, 302, 200])] == []
    confirmed = Registration.objects.filter(session=session, state=State.CONFIRMED)
    waiting = Registration.objects.filter(session=session, state=State.WAITING).order_by("queue_number")
    assert (confirmed.count(), waiting.count()) == (PLACES, CLIENTS - PLACES)
    assert list(waiting.values_list("queue_number", flat=True)) == list(range(1, CLIENTS - PLACES + 1))
    # First come, first served: whoever waits came after all who have a place, in the order of the numbers.
    keys = list(waiting.values_list("pk", flat=True))
    assert keys == sorted(keys)
    assert max(confirmed.values_list("pk", flat=True)) < keys[0]
    assert OutboxMessage.objects.filter(kind__in=["agenda.confirmed", "agenda.waiting"]).count() == CLIENTS
    check_invariants(session)


def whatever_happens_at_once(port: int) -> None:
    # To repeat the acts of a run that failed: CROWD_SEED=… pytest tests/agenda/test_crowd.py
    seed = int(os.environ.get("CROWD_SEED") or secrets.randbelow(10**6))
    print(f"CROWD_SEED={seed}")  # noqa: T201 -- pytest shows it with a failure
    session = make_session(3)
    people = visitors(port, UserFactory.create_batch(PEOPLE))
    organiser = visitors(port, [AnimatorFactory()])[0]
    works: list[Callable[[], object]] = [
        partial(take_part, one, session, random.Random(f"{seed} {number}"))  # noqa: S311 -- a repeatable order of acts
        for number, one in enumerate(people)
    ]
    works.append(partial(resize, organiser, session, random.Random(seed)))  # noqa: S311 -- the same
    assert all_at_once(works) == []
    answers = [status for one in [*people, organiser] for status, _where in one.answers]
    assert set(answers) == {302}
    assert len(answers) > PEOPLE * ACTS // 2
    check_invariants(session)


def take_part(visitor: Visitor, session: Session, chance: random.Random) -> None:
    """Register, withdraw, take a place that is offered, in any order."""
    own = ""
    for _act in range(ACTS):
        act = chance.choice(["register", "register", "cancel", "accept"])
        if act == "register":
            _status, own = visitor.post(session.get_registration_url(), {"attending": Attending.ON_SITE.value})
        elif own:
            visitor.post(own, {"do": act})


def resize(organiser: Visitor, session: Session, chance: random.Random) -> None:
    """Change the number of places; fewer than are taken is refused, in words."""
    occurrence = session.occurrence
    address = f"/animation/evenements/{occurrence.event.uid}/dates/{occurrence.pk}/places/{session.pk}/"
    for _act in range(ACTS):
        organiser.post(address, {f"s{session.pk}-capacity_onsite": chance.randint(1, 8)})
