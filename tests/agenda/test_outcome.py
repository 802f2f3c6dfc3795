"""What came out of each date of a series, its files, and what a whole event counts."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.enums import DocumentAccess, RegistrationState
from agenda.models import Event, EventDocument, Feedback, Occurrence, Registration, Session
from agenda.search_documents import EventSource
from agenda.selectors.statistics import figures_of_event
from agenda.services import reports
from tests.agenda.test_dates import weekly
from tests.agenda.test_desk import page_of, signed_in
from tests.factories import AnimatorFactory, UserFactory
from tests.factories.agenda import in_days
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db


def dates_of(event: Event) -> list[Occurrence]:
    return list(event.occurrences.select_related("event").order_by("starts_at"))


def tell(occurrence: Occurrence, report: str, outcome: str, subjects: list[str]) -> None:
    session = occurrence.sessions.get()
    reports.save_outcome(
        occurrence=occurrence, report=report, outcomes={session.pk: outcome}, subjects={session.pk: subjects}
    )
    reports.publish_report(occurrence=occurrence)


def test_each_date_of_a_series_has_its_own_outcome_and_subjects() -> None:
    event = weekly(3, in_days(-15))
    first, second, third = dates_of(event)
    tell(first, "Bilan un", "Frein un", ["Santé"])
    tell(second, "", "Frein deux", ["Logement"])
    read = {
        one: {
            "page": Client().get(one.get_absolute_url()).content.decode(),
            "report": Client().get(f"{one.get_absolute_url()}restitution/").content.decode(),
        }
        for one in (first, second)
    }
    for place in ("page", "report"):
        assert "Frein un" in read[first][place]
        assert "Santé" in read[first][place]
        assert "Frein deux" not in read[first][place]
        assert "Frein deux" in read[second][place]
        assert "Logement" in read[second][place]
        assert "Frein un" not in read[second][place]
    assert Client().get(f"{third.get_absolute_url()}restitution/").status_code == 404
    found = EventSource().to_document(EventSource().queryset().get(pk=event.pk))
    assert found is not None
    for text in ("Bilan un", "Frein un", "Frein deux", "Santé", "Logement"):
        assert text in found.body
    # A date whose outcome is written stays in the series.
    client = signed_in(AnimatorFactory())
    page = client.post(f"{page_of(event)}dates/exclure/", {"day": [second.original_day.isoformat()]}, follow=True)
    assert "a une restitution" in page.content.decode()


def test_a_file_of_one_date_is_for_that_date() -> None:
    event = weekly(2, in_days(-8))
    first, second = dates_of(event)
    client = signed_in(AnimatorFactory())
    address = f"{page_of(event)}dates/{first.pk}/"
    refused = client.post(f"{address}documents/", {"document-title": "Compte rendu", "document-access": "registered"})
    assert refused.status_code == 422
    assert "Compte rendu" in refused.content.decode()
    typed = {"document-title": "Compte rendu", "document-access": "registered"}
    upload = SimpleUploadedFile("cr.pdf", PDF)
    assert client.post(f"{address}documents/", {**typed, "document-file": upload}).status_code == 302
    document = EventDocument.objects.get()
    assert (document.occurrence, document.access) == (first, DocumentAccess.REGISTERED)
    # It stands with its date, and not with the programme of all.
    assert "Compte rendu" in client.get(f"{address}restitution/").content.decode()
    assert "Compte rendu" not in client.get(f"{page_of(event)}programme/").content.decode()
    here, elsewhere = UserFactory(), UserFactory()
    for user, occurrence in ((here, first), (elsewhere, second)):
        session = occurrence.sessions.get()
        Registration.objects.create(session=session, user=user, state=RegistrationState.CONFIRMED)
    # It comes with the restitution, for which a file is enough.
    assert signed_in(here).get(document.get_absolute_url()).status_code == 404
    client.post(f"{address}restitution/", {"report": "", "do": "publish"})
    assert Occurrence.objects.get(pk=first.pk).has_report
    for user, may in ((here, True), (elsewhere, False)):
        response = signed_in(user).get(document.get_absolute_url())
        b"".join(response.streaming_content) if response.streaming else None  # type: ignore[attr-defined]
        assert (response.status_code == 200) == may
    assert "Compte rendu" in signed_in(here).get(first.get_absolute_url()).content.decode()
    assert "Compte rendu" not in signed_in(here).get(second.get_absolute_url()).content.decode()
    client.post(f"{page_of(event)}documents/{document.uid}/supprimer/")
    assert not EventDocument.objects.exists()


def register(session: Session, state: str, attendance: str = "", rating: int = 0, user: object = None) -> None:
    registration = Registration.objects.create(
        session=session, user=user or UserFactory(), state=state, attendance=attendance
    )
    if rating:
        Feedback.objects.create(registration=registration, rating=rating)


def test_a_whole_event_counts_its_dates_and_their_sum() -> None:
    event = weekly(3, in_days(-15))
    first, second, _third = (one.sessions.get() for one in dates_of(event))
    faithful = UserFactory()
    register(first, "confirmed", "present", 5, faithful)
    register(first, "confirmed", "absent")
    register(first, "waiting")
    register(second, "confirmed", "present", 2, faithful)
    register(second, "cancelled")
    client = signed_in(AnimatorFactory())
    content = client.get(f"{page_of(event)}statistiques.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert [row[3:] for row in rows[1:]] == [
        ["2", "2", "0", "1", "0", "1", "1", "50", "1", "5,0"],
        ["1", "1", "0", "0", "1", "1", "0", "100", "1", "2,0"],
        ["0", "0", "0", "0", "0", "0", "0", "", "0", ""],
        ["3", "3", "0", "1", "1", "2", "1", "67", "2", "3,5"],
    ]
    # Three registrations, two people: one of them came twice.
    assert figures_of_event(event).people == 2
    assert "3,5/5" in client.get(f"{page_of(event)}statistiques/").content.decode()
    counts = []
    for _batch in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{page_of(event)}statistiques/")
        counts.append(len(queries))
        for one in (second, first):
            register(one, "confirmed", "present", 3)
    assert counts[0] == counts[1]
