"""What processes remember of the agenda: shown to those who may read it, and to nobody else."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from agenda.enums import Access, DocumentAccess
from agenda.models import Event, EventDocument, Invitee
from agenda.services import places
from agenda.services.places import Applicant, Wish
from portal.accounts.models import User
from tests.agenda.test_desk import signed_in
from tests.factories import UserFactory
from tests.factories.agenda import EventFactory, make_session, session_of
from tests.factories.files import PDF
from tests.support.queries import process_memory, queries_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 10


def page_of(reader: User | None, event: Event) -> str:
    client = signed_in(reader) if reader is not None else Client()
    return client.get(event.get_absolute_url()).content.decode()


def test_a_page_that_others_have_read_offers_each_reader_their_own_files_and_place() -> None:
    event = EventFactory()
    for access in DocumentAccess:
        EventDocument.objects.create(
            event=event, title=f"Pour {access}", access=access, file=ContentFile(PDF, name="d.pdf")
        )
    registered, member = UserFactory(), UserFactory()
    place = places.register(session=session_of(event), applicant=Applicant(user=registered), wish=Wish())
    seen = {
        DocumentAccess.PUBLIC: (True, True, True),
        DocumentAccess.MEMBERS: (True, False, True),
        DocumentAccess.REGISTERED: (True, False, False),
    }
    with process_memory():
        for _time in range(2):
            pages = [page_of(reader, event) for reader in (registered, None, member)]
            for access, expected in seen.items():
                assert tuple(f"Pour {access}" in page for page in pages) == expected
            assert [place.get_state_display() in page for page in pages] == [True, False, False]


def test_a_first_file_and_a_taken_place_are_shown_at_once(django_capture_on_commit_callbacks: Any) -> None:
    member = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        event = make_session(2).occurrence.event
    with process_memory():
        assert "2 places libres" in page_of(member, event)
        with django_capture_on_commit_callbacks(execute=True):
            places.register(session=session_of(event), applicant=Applicant(user=UserFactory()), wish=Wish())
            EventDocument.objects.create(
                event=event, title="Le premier", access=DocumentAccess.MEMBERS, file=ContentFile(PDF, name="d.pdf")
            )
        page = page_of(member, event)
    assert "1 place libre" in page
    assert "Le premier" in page


def test_an_event_that_one_was_invited_to_stays_hidden_from_others() -> None:
    event, guest = EventFactory(title="Entre invités", visibility=Access.INVITED), UserFactory()
    Invitee.objects.create(event=event, email=guest.email)
    with process_memory():
        for reader, may in ((guest, True), (UserFactory(), False), (None, False), (guest, True)):
            assert ("Entre invités" in page_of(reader, event)) == may


def test_an_event_read_before_costs_members_little_and_visitors_nothing() -> None:
    event, member = EventFactory(), signed_in(UserFactory())
    with process_memory():
        assert len(queries_of(lambda: Client().get(event.get_absolute_url()))) <= 1
        assert len(queries_of(lambda: member.get(event.get_absolute_url()))) <= MOST_QUERIES
