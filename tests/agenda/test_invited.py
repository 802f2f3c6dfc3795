"""Those who are invited: they book the parts kept for them, and read no more once it is for others."""

import pytest
from django.test import Client

from agenda.enums import Access, RegistrationState
from agenda.models import Event, Invitee, Registration
from tests.agenda.test_desk import signed_in
from tests.factories import UserFactory
from tests.factories.agenda import EventFactory, session_of

pytestmark = pytest.mark.django_db


def test_a_part_by_invitation_is_booked_by_those_invited_alone() -> None:
    event = EventFactory(parts=[{"access": Access.INVITED}])
    session, guest = session_of(event), UserFactory(email="invitee@ville.example")
    Invitee.objects.create(event=event, email="Invitee@Ville.example")
    invited, other = signed_in(guest), signed_in(UserFactory())
    address = session.get_registration_url()
    for client, shown in ((invited, True), (other, False), (Client(), False)):
        page = client.get(event.get_absolute_url()).content.decode()
        assert (f'href="{event.get_absolute_url()}inscription/"' in page) == shown
    assert invited.get(f"{event.get_absolute_url()}inscription/")["Location"] == address
    assert invited.post(address, {}).status_code == 302
    assert Registration.objects.get().state == RegistrationState.CONFIRMED
    assert other.get(address).status_code == 403
    assert Client().get(address).status_code == 302
    # An invitation opens its own event, not others.
    elsewhere = session_of(EventFactory(parts=[{"access": Access.INVITED}]))
    assert invited.get(elsewhere.get_registration_url()).status_code == 403


def test_an_invitation_ends_with_the_closed_event() -> None:
    event = EventFactory(title="Entre lauréats", visibility=Access.INVITED)
    guest = UserFactory()
    Invitee.objects.create(event=event, email=guest.email)
    assert "Entre lauréats" in signed_in(guest).get("/agenda/").content.decode()
    event = Event.objects.get()
    event.visibility = Access.LAUREATES
    event.save()
    assert "Entre lauréats" not in signed_in(guest).get("/agenda/").content.decode()
    assert signed_in(guest).get(event.get_absolute_url()).status_code == 404
