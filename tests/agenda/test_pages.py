"""Public pages of the agenda, and registering through them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.enums import Access, DocumentAccess, QuestionKind, RegistrationState
from agenda.models import Event, EventDocument, Invitee, Occurrence, Question, Registration
from agenda.services import places
from agenda.services.places import Applicant, Wish
from portal.mail.models import OutboxMessage
from tests.factories import LeadFactory, SheetFactory, ThemeFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, in_days, make_session, session_of
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def text_of(response: Any) -> str:
    page = BeautifulSoup(response.content, "html.parser").find("main")
    return " ".join(page.get_text(" ").split()) if page else ""


def hidden(response: Any, name: str) -> str:
    field = BeautifulSoup(response.content, "html.parser").find("input", {"name": name})
    return str(field["value"]) if field else ""


def test_what_is_to_come_then_what_is_over(client: Client) -> None:
    EventFactory(title="Bientôt", starts_on=in_days(3))
    EventFactory(title="Plus tard", starts_on=in_days(30))
    EventFactory(title="Hier", starts_on=in_days(-1))
    EventFactory(title="Sans date", status="archived", starts_on=None)
    # On its second day, a meeting of three days is not over.
    long = EventFactory(title="Trois jours", starts_on=in_days(-1), parts=[{}, {"day_offset": 2}])
    page = client.get("/agenda/").content.decode()
    assert page.index("Trois jours") < page.index("Bientôt") < page.index("Plus tard")
    assert "Hier" not in page
    past = client.get("/agenda/?passes=1").content.decode()
    assert past.index("Hier") < past.index("Sans date")
    assert "Bientôt" not in past
    day = long.starts_on + timedelta(days=1)
    assert "Trois jours" in client.get(f"/agenda/?jour={day.isoformat()}").content.decode()


def test_filters_narrow_and_are_chips(client: Client) -> None:
    theme = ThemeFactory(name="Logement")
    EventFactory(title="Du logement", themes=[theme], kind="webinaire", mode="visio")
    EventFactory(title="De la santé", themes=[ThemeFactory(name="Santé")])
    for query in ("theme=logement", "type=webinaire", "mode=visio"):
        page = client.get(f"/agenda/?{query}").content.decode()
        assert "Du logement" in page, query
        assert "De la santé" not in page, query
    assert "De la santé" in client.get("/agenda/?territoire=reg-53&theme=logement&theme=sante").content.decode()
    for bad in ("theme=%00", "territoire=x", "jour=2026-99-99", f"theme={'a' * 300}", "page=9999", "public=aucun"):
        assert client.get(f"/agenda/?{bad}").status_code == 200


def test_who_reads_what() -> None:
    member, invited, lead = UserFactory(), UserFactory(), LeadFactory()
    EventFactory(title="Pour tous")
    EventFactory(title="Pour membres", visibility=Access.MEMBERS)
    EventFactory(title="Pour lauréats", visibility=Access.LAUREATES)
    closed = EventFactory(title="Sur invitation", visibility=Access.INVITED)
    Invitee.objects.create(event=closed, email=invited.email)
    EventFactory(title="Brouillon", status="draft")
    expected = {
        None: {"Pour tous"},
        member: {"Pour tous", "Pour membres"},
        invited: {"Pour tous", "Pour membres", "Sur invitation"},
        lead: {"Pour tous", "Pour membres", "Pour lauréats"},
    }
    for user, titles in expected.items():
        client = signed_in(user) if user else Client()
        page = client.get("/agenda/").content.decode()
        found = {title for title in Event.objects.values_list("title", flat=True) if title in page}
        assert found == titles, user
        for event in Event.objects.all():
            assert (client.get(event.get_absolute_url()).status_code == 200) == (event.title in titles)


def test_month_week_and_their_bounds(client: Client) -> None:
    event = EventFactory(title="Rencontre du mois")
    day = first_date(event).local_day
    month = client.get(f"/agenda/{day:%Y/%m}/")
    assert "Rencontre du mois" in text_of(month)
    year, week, _weekday = day.isocalendar()
    assert "Rencontre du mois" in text_of(client.get(f"/agenda/{year}/semaine/{week}/"))
    assert client.get("/agenda/mois/?theme=sante")["Location"].endswith("/?theme=sante")
    for path in ("2026/13/", "1999/01/", "2026/semaine/54/", "9999/12/"):
        assert client.get(f"/agenda/{path}").status_code == 404, path
    for _more in range(6):
        EventFactory(starts_on=day)
    cache.clear()
    soup = BeautifulSoup(client.get(f"/agenda/{day:%Y/%m}/").content, "html.parser")
    more = soup.select_one(f'a[href*="jour={day.isoformat()}"]')
    assert more is not None
    assert "et 3 autres" in more.get_text()


@pytest.mark.parametrize("path", ["/agenda/", "/agenda/{day:%Y/%m}/", "/agenda/carte/", "/agenda/calendrier.ics"])
def test_same_queries_at_one_and_three_rows(client: Client, path: str) -> None:
    counts = []
    theme = ThemeFactory()
    for batch in (1, 2):
        for _number in range(batch):
            event = EventFactory(themes=[theme])
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(day=first_date(event).local_day)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_event_tells_machines_what_everyone_reads(client: Client) -> None:
    event = EventFactory(mode="mixte", online_url="https://visio.example/secret", title="L’</script> évènement")
    soup = BeautifulSoup(client.get(event.get_absolute_url()).content, "html.parser")
    described = json.loads(soup.find("script", {"type": "application/ld+json"}).string)
    assert described["name"] == "L’</script> évènement"
    assert described["startDate"] == first_date(event).starts_at.isoformat()
    assert "visio.example" not in str(soup)


def test_a_guest_registers_by_two_clicks_and_cancels_by_the_link(client: Client) -> None:
    session = make_session(1)
    address = session.get_registration_url()
    form = client.get(address)
    uid = hidden(form, "uid")
    bad = client.post(address, {"uid": uid, "full_name": "A\x00", "email": "pas-une-adresse"})
    assert bad.status_code == 422
    assert "pas-une-adresse" in bad.content.decode()
    typed = {"uid": uid, "full_name": "Élue locale", "email": "elue@ville.example", "organisation_name": "Ville"}
    for _click in range(2):
        assert client.post(address, typed)["Location"] == "/agenda/inscriptions/envoyee/"
    assert Registration.objects.get().state == RegistrationState.UNCONFIRMED
    mail = OutboxMessage.objects.get(kind="agenda.confirm_address")
    link = re.search(r"http://testserver(/agenda/inscriptions/\S+)", mail.text)[1]  # type: ignore[index]
    assert "Plus qu’un clic" in text_of(client.get(link))
    # A scanner that opens the link confirms nothing.
    assert Registration.objects.get().state == RegistrationState.UNCONFIRMED
    page = client.post(link, {"do": "confirm"}, follow=True)
    assert "Votre place est réservée" in text_of(page)
    other = UserFactory()
    places.register(session=session, applicant=Applicant(user=other), wish=Wish())
    page = client.post(link, {"do": "cancel"}, follow=True)
    assert "Votre inscription est annulée" in page.content.decode()
    assert Registration.objects.get(user=other).state == RegistrationState.OFFERED
    for forged in ("faux", link.split("/")[3][:-2]):
        assert client.get(f"/agenda/inscriptions/{forged}/").status_code == 404


def test_a_member_registers_and_answers_the_questions() -> None:
    session = session_of(EventFactory(mode="mixte", online_url="https://visio.example/salle"))
    event = session.occurrence.event
    diet = Question.objects.create(event=event, label="Repas", kind=QuestionKind.CHOICE, choices=["Avec", "Sans"])
    why = Question.objects.create(event=event, label="Votre question", is_required=True)
    member = UserFactory()
    client = signed_in(member)
    assert "visio.example" not in client.get(event.get_absolute_url()).content.decode()
    address = session.get_registration_url()
    assert client.post(address, {"attending": "visio"}).status_code == 422
    typed = {"attending": "visio", f"question_{diet.pk}": "Sans", f"question_{why.pk}": "=1+1"}
    page = client.post(address, typed, follow=True)
    assert "visio.example/salle" in page.content.decode()
    assert Registration.objects.get().answers == {str(diet.pk): "Sans", str(why.pk): "=1+1"}
    assert "visio.example/salle" in client.get(event.get_absolute_url()).content.decode()
    # The form leads whoever is registered to their registration.
    assert client.get(address).status_code == 302


def test_the_audience_of_a_part_is_kept_to() -> None:
    event = EventFactory(parts=[{"title": "Matin"}, {"title": "Après-midi", "access": Access.LAUREATES}])
    morning, afternoon = session_of(event, 0), session_of(event, 1)
    assert Client().get(morning.get_registration_url()).status_code == 200
    assert "/connexion/" in Client().get(afternoon.get_registration_url())["Location"]
    assert signed_in(UserFactory()).post(afternoon.get_registration_url()).status_code == 403
    lead = LeadFactory(sheet=SheetFactory())
    assert signed_in(lead).get(afternoon.get_registration_url()).status_code == 200
    page = text_of(Client().get(event.get_absolute_url()))
    assert "S’inscrire : Matin" in page
    assert "Se connecter pour s’inscrire" in page


def test_a_colleague_confirms_by_their_own_mail() -> None:
    session = make_session(5)
    client = signed_in(UserFactory(first_name="Collègue"))
    typed = {"full_name": "Autre personne", "email": "autre@structure.example"}
    client.post(f"{session.get_registration_url()}?pour=collegue", typed)
    assert Registration.objects.get().state == RegistrationState.UNCONFIRMED
    mail = OutboxMessage.objects.get(kind="agenda.confirm_address")
    assert mail.to == "autre@structure.example"
    assert "Collègue" in mail.text


def test_robots_and_hurried_guests_are_held_back(client: Client) -> None:
    session = make_session(5)
    typed = {"full_name": "Robot", "email": "robot@test.example", "website": "http://x.example"}
    assert client.post(session.get_registration_url(), typed).status_code == 302
    assert not Registration.objects.exists()
    typed["website"] = ""
    statuses = [client.post(session.get_registration_url(), typed).status_code for _time in range(7)]
    assert statuses[-1] == 429


def test_documents_are_served_by_permission(client: Client) -> None:
    event = EventFactory()
    files = {
        access: EventDocument.objects.create(
            event=event, title=f"Pour {access}", access=access, file=ContentFile(PDF, name="d.pdf")
        )
        for access in DocumentAccess
    }
    member, registered = UserFactory(), UserFactory()
    places.register(session=session_of(event), applicant=Applicant(user=registered), wish=Wish())
    readers = {
        DocumentAccess.PUBLIC: (True, True, True),
        DocumentAccess.MEMBERS: (False, True, True),
        DocumentAccess.REGISTERED: (False, False, True),
    }
    for access, expected in readers.items():
        for reader, may in zip((client, signed_in(member), signed_in(registered)), expected, strict=True):
            response = reader.get(files[access].get_absolute_url())
            b"".join(response.streaming_content) if response.streaming else None
            assert (response.status_code == 200) == may
            assert (f"Pour {access}" in reader.get(event.get_absolute_url()).content.decode()) == may


def test_the_certificate_and_the_opinion_are_for_who_came(client: Client) -> None:
    event = EventFactory()
    member = UserFactory(first_name="Conseillère", last_name="d’essai")
    registration = places.register(session=session_of(event), applicant=Applicant(user=member), wish=Wish())
    mail = OutboxMessage.objects.get(kind="agenda.confirmed")
    link = re.search(r"http://testserver(/agenda/inscriptions/\S+)", mail.text)[1]  # type: ignore[index]
    assert client.get(f"{link}attestation.pdf").status_code == 404
    places.note_attendance(registration=registration, attendance="present", actor=UserFactory())
    with time_machine.travel(first_date(event).ends_at + timedelta(days=1), tick=False):
        assert client.get(f"{link}avis/").status_code == 200
        assert client.post(f"{link}avis/", {"rating": "9"}).status_code == 422
        page = client.post(f"{link}avis/", {"rating": "4", "liked": "Les échanges"}, follow=True)
        assert "Merci" in text_of(page)
    assert client.get(f"{link}avis/").status_code == 404
    pdf = client.get(f"{link}attestation.pdf")
    assert pdf.content.startswith(b"%PDF")
    from io import BytesIO

    from pypdf import PdfReader

    printed = " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    assert "Conseillère d’essai" in printed
    assert event.title in printed


def test_the_frame_of_other_sites(client: Client) -> None:
    EventFactory(title="À voir ailleurs")
    EventFactory(title="Entre nous", visibility=Access.MEMBERS)
    response = signed_in(UserFactory()).get("/agenda/integration/")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    page = response.content.decode()
    assert "À voir ailleurs" in page
    assert "Entre nous" not in page
    assert "<script" not in page
    assert "frame-ancestors 'none'" in client.get("/agenda/")["Content-Security-Policy"]


def test_a_date_keeps_its_address_when_it_moves(client: Client) -> None:
    event = EventFactory()
    occurrence = first_date(event)
    address = occurrence.get_absolute_url()
    Occurrence.objects.filter(pk=occurrence.pk).update(starts_at=occurrence.starts_at + timedelta(hours=1))
    assert client.get(address).status_code == 200
    assert client.get(f"{event.get_absolute_url()}2001-01-01/").status_code == 404
    assert client.get(f"{event.get_absolute_url()}2001-99-01/").status_code == 404
    assert timezone.now() < occurrence.starts_at
