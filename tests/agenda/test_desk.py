"""The organisers' pages: from a template to a published event, who comes, what is exported, what is told."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.enums import Access, EventStatus, RegistrationState
from agenda.models import Event, EventDocument, Guest, Occurrence, Registration, Reminder
from agenda.services import dates, events, places
from agenda.services.feedback import ask_for_feedback
from agenda.services.places import Applicant, Wish
from agenda.services.privacy import forget_old_guests
from agenda.services.reminders import send_reminders
from portal.accounts.data_rights.erasure import erase_account
from portal.mail.models import OutboxMessage
from portal.notifications.models import Event as News
from tests.factories import AnimatorFactory, EditorFactory, LeadFactory, OrganisationFactory, SheetFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, in_days, make_session, session_of
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db
DESK = "/animation/evenements/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def page_of(event: Event) -> str:
    return f"{DESK}{event.uid}/"


def date_page(event: Event) -> str:
    return f"{page_of(event)}dates/{first_date(event).pk}/"


def inputs_of(html: str) -> dict[str, str]:
    """Return what a browser would send of the page's last form but the buttons."""
    from bs4 import BeautifulSoup

    form = BeautifulSoup(html, "html.parser").select("main form")[0]
    sent: dict[str, str] = {}
    for tag in form.find_all(["input", "textarea", "select"]):
        name = tag.get("name")
        if not name or (tag.get("type") in {"checkbox", "radio"} and not tag.has_attr("checked")):
            continue
        if tag.name == "select":
            chosen = [option["value"] for option in tag.find_all("option") if option.has_attr("selected")]
            if tag.has_attr("multiple") and not chosen:
                continue
            sent[name] = chosen[0] if chosen else tag.find("option")["value"]
        else:
            sent[name] = tag.get("value", "") if tag.name == "input" else tag.text.removeprefix("\n")
    return sent


def test_a_session_lab_from_its_template_to_the_announcement() -> None:
    organisation = OrganisationFactory(name="DREETS d’essai")
    animator = AnimatorFactory()
    region = animator.groups.get().region_team.territory
    client = signed_in(animator)
    sent = inputs_of(client.get(f"{DESK}nouveau/?modele=session-lab").content.decode())
    assert sent["title"] == "Session Lab"
    sent |= {"organiser": str(organisation.pk), "territory": str(region.pk)}
    assert client.post(f"{DESK}nouveau/?modele=session-lab", sent | {"title": "ab"}).status_code == 422
    assert client.post(f"{DESK}nouveau/?modele=session-lab", sent).status_code == 302
    event = Event.objects.get()
    assert [plan.access for plan in event.plans.all()] == [Access.PUBLIC, Access.LAUREATES]
    # Not ready without a date.
    client.post(f"{page_of(event)}publier/")
    event.refresh_from_db()
    assert event.status == EventStatus.DRAFT
    sent = inputs_of(client.get(f"{page_of(event)}dates/").content.decode())
    sent |= {"starts_on": in_days(20).isoformat(), "venue": "Ti Lab"}
    assert client.post(f"{page_of(event)}dates/", sent | {"parts-0-end_time": "nimporte"}).status_code == 422
    assert client.post(f"{page_of(event)}dates/", sent).status_code == 302
    assert [one.capacity_onsite for one in first_date(event).sessions.order_by("starts_at")] == [40, 20]
    client.post(f"{page_of(event)}publier/")
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    assert "2 séances, chacune avec sa règle d’accès" in client.get(page_of(event)).content.decode()
    lead = LeadFactory(sheet=SheetFactory())
    preview = client.post(f"{page_of(event)}annonce/", {"audience": "laureates"}).content.decode()
    assert "1 personne recevra une annonce" in preview
    assert not OutboxMessage.objects.filter(kind="agenda.announcement").exists()
    for _click in range(2):
        client.post(f"{page_of(event)}annonce/", {"audience": "laureates", "confirmed": "1"})
    mail = OutboxMessage.objects.get(kind="agenda.announcement")
    assert mail.to == lead.email
    assert [one["name"] for one in mail.attachments] == ["evenement.ics"]


def test_an_organisation_submits_and_the_region_publishes() -> None:
    organisation, animator = OrganisationFactory(), AnimatorFactory()
    editor = EditorFactory(organisation=organisation)
    event = EventFactory(status="draft", organiser=organisation, created_by=editor)
    client = signed_in(editor)
    assert client.post(f"{page_of(event)}publier/").status_code == 403
    client.post(f"{page_of(event)}proposer/")
    assert News.objects.filter(kind="event.submitted").count() == 1
    page = signed_in(animator).get(DESK).content.decode()
    assert "Évènements (1)" in page
    signed_in(animator).post(f"{page_of(event)}rendre/", {"reason": "Précisez le lieu."})
    event.refresh_from_db()
    assert event.status == EventStatus.DRAFT
    assert News.objects.get(kind="event.returned").data == {"reason": "Précisez le lieu."}
    client.post(f"{page_of(event)}proposer/")
    signed_in(animator).post(f"{page_of(event)}publier/")
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED
    assert News.objects.filter(kind="event.published").count() == 1


def test_a_series_by_our_form_and_its_exceptions() -> None:
    event = EventFactory(status="draft")
    client = signed_in(AnimatorFactory())
    sent = inputs_of(client.get(f"{page_of(event)}dates/").content.decode())
    endless = client.post(f"{page_of(event)}dates/", sent | {"frequency": "weekly"})
    assert "Dites combien de fois" in endless.content.decode()
    both = {"frequency": "weekly", "count": "4", "until": in_days(300).isoformat()}
    assert client.post(f"{page_of(event)}dates/", sent | both).status_code == 422
    assert client.post(f"{page_of(event)}dates/", sent | {"frequency": "weekly", "count": "4"}).status_code == 302
    days = list(Occurrence.objects.filter(event=event).order_by("starts_at").values_list("original_day", flat=True))
    assert [(day - days[0]).days for day in days] == [0, 7, 14, 21]
    client.post(f"{page_of(event)}dates/exclure/", {"day": [days[1].isoformat()]})
    assert Occurrence.objects.filter(event=event).count() == 3
    places.register(session=_published(event), applicant=Applicant(user=UserFactory()), wish=Wish())
    client.post(f"{page_of(event)}dates/exclure/", {"day": [days[0].isoformat()]})
    assert Occurrence.objects.filter(event=event).count() == 3


def _published(event: Event) -> Any:
    Event.objects.filter(pk=event.pk).update(status=EventStatus.PUBLISHED)
    return session_of(event)


def test_a_change_is_told_to_those_registered_once() -> None:
    event = EventFactory()
    member = UserFactory()
    places.register(session=session_of(event), applicant=Applicant(user=member), wish=Wish())
    client = signed_in(AnimatorFactory())
    assert "1 personne inscrite sera prévenue" in client.get(f"{date_page(event)}modifier/").content.decode()
    sent = inputs_of(client.get(f"{date_page(event)}modifier/").content.decode())
    client.post(f"{date_page(event)}modifier/", sent)
    assert not OutboxMessage.objects.filter(kind="agenda.changed").exists()
    client.post(f"{date_page(event)}modifier/", sent | {"venue": "Brest", "note": "Salle plus grande"})
    mail = OutboxMessage.objects.get(kind="agenda.changed")
    assert "- Brest" in mail.text
    assert "> Salle plus grande" in mail.text
    told = events.cancel_event(event=event, reason="Intempéries")
    assert told == 1
    assert OutboxMessage.objects.filter(kind="agenda.called_off", to=member.email).count() == 1
    assert Client().get(event.get_absolute_url()).status_code == 200


def test_the_table_the_places_and_decisions() -> None:
    event = EventFactory(needs_approval=True, parts=[{"capacity_onsite": 1}])
    client = signed_in(AnimatorFactory())
    session = session_of(event)
    asked = [
        places.register(session=session, applicant=Applicant(user=UserFactory(first_name=name)), wish=Wish())
        for name in ("Une", "Deux")
    ]
    for one in asked:
        client.post(f"{date_page(event)}inscriptions/{one.uid}/", {"do": "approve"})
    states = list(Registration.objects.order_by("pk").values_list("state", flat=True))
    assert states == [RegistrationState.CONFIRMED, RegistrationState.WAITING]
    low = client.post(f"{date_page(event)}places/{session.pk}/", {f"s{session.pk}-capacity_onsite": "0"}, follow=True)
    assert "1 places sont prises" in low.content.decode()
    client.post(f"{date_page(event)}places/{session.pk}/", {f"s{session.pk}-capacity_onsite": "2"})
    assert Registration.objects.get(pk=asked[1].pk).state == RegistrationState.OFFERED
    client.post(f"{date_page(event)}inscriptions/{asked[0].uid}/", {"do": "cancel"})
    assert Registration.objects.get(pk=asked[0].pk).state == RegistrationState.CANCELLED
    for page in ("", "pointage/", "statistiques/"):
        assert "Deux" in client.get(f"{date_page(event)}{page}").content.decode() or page == "statistiques/"


def test_exports_run_no_formula() -> None:
    session = make_session(9)
    applicant = Applicant(email="x@test.example", full_name="=HYPERLINK(1)", organisation_name="@structure")
    guest = places.register(session=session, applicant=applicant, wish=Wish(answers={"1": "+33"}))
    places.confirm_address(registration=guest)
    event = session.occurrence.event
    client = signed_in(AnimatorFactory())
    content = client.get(f"{date_page(event)}inscriptions.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1:4] == ["'=HYPERLINK(1)", "x@test.example", "'@structure"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{date_page(event)}inscriptions.xlsx").content))
    cells = [[cell.value or "" for cell in row] for row in book.active.iter_rows()]
    assert cells[1][1] == "'=HYPERLINK(1)"
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}


def test_arrivals_by_list_and_by_code() -> None:
    session = make_session(9)
    event = session.occurrence.event
    one = places.register(session=session, applicant=Applicant(user=UserFactory()), wish=Wish())
    animator = AnimatorFactory()
    client = signed_in(animator)
    mail = OutboxMessage.objects.get(kind="agenda.confirmed")
    link = re.search(r"http://testserver(/agenda/inscriptions/\S+)", mail.text)[1]  # type: ignore[index]
    assert "<svg" in Client().get(link).content.decode()
    client.post(f"{date_page(event)}pointage/{one.uid}/", {"attendance": "absent"})
    assert Registration.objects.get().attendance == "absent"
    from agenda.links import check_in_token

    code = f"/agenda/pointage/{check_in_token(one.uid, one.link_key)}/"
    assert signed_in(UserFactory()).post(code).status_code == 403
    assert client.get(code).status_code == 200
    client.post(code)
    noted = Registration.objects.get()
    assert noted.attendance == "present"
    assert noted.checked_in_at is not None
    assert client.post(f"{date_page(event)}pointage/{one.uid}/", {"attendance": "parti"}).status_code == 404


def test_the_restitution_is_sent_once_to_who_came() -> None:
    event = EventFactory(starts_on=in_days(-2), parts=[{"title": "Matin"}])
    session = session_of(event)
    for attendance in ("present", "absent"):
        Registration.objects.create(
            session=session, user=UserFactory(), state=RegistrationState.CONFIRMED, attendance=attendance
        )
    client = signed_in(AnimatorFactory())
    pk = session.pk
    empty = {"report": "", f"outcome_{pk}": "", f"subjects_{pk}": "", "do": "publish"}
    page = client.post(f"{date_page(event)}restitution/", empty, follow=True).content.decode()
    assert "Écrivez d’abord ce qui en est ressorti" in page
    sent = {"report": "**Trois pistes**", f"outcome_{pk}": "Des freins", f"subjects_{pk}": "Santé\nLogement"}
    too_long = {f"subjects_{pk}": "x" * 121}
    assert client.post(f"{date_page(event)}restitution/", sent | too_long).status_code == 422
    client.post(f"{date_page(event)}restitution/", sent | {"do": "save"})
    assert Client().get(f"{event.get_absolute_url()}restitution/").status_code == 404
    # What is saved and not published is nobody else's to read.
    assert "Des freins" not in Client().get(event.get_absolute_url()).content.decode()
    for _click in range(2):
        client.post(f"{date_page(event)}restitution/", sent | {"do": "publish"})
    assert OutboxMessage.objects.filter(kind="agenda.report").count() == 1
    page = Client().get(f"{event.get_absolute_url()}restitution/").content.decode()
    assert "<strong>Trois pistes</strong>" in page
    assert page.index("Santé") < page.index("Logement")


def test_files_that_are_not_what_they_say_are_refused() -> None:
    event = EventFactory()
    client = signed_in(AnimatorFactory())
    fake = SimpleUploadedFile("piege.pdf", b"MZ not a pdf")
    refused = client.post(f"{page_of(event)}documents/", {"title": "Piège", "access": "public", "file": fake})
    assert refused.status_code == 422
    assert "Piège" in refused.content.decode()
    real = SimpleUploadedFile("vrai.pdf", PDF)
    client.post(f"{page_of(event)}documents/", {"title": "Programme", "access": "public", "file": real})
    document = EventDocument.objects.get()
    assert document.format == "PDF"
    client.post(f"{page_of(event)}documents/{document.uid}/supprimer/")
    assert not EventDocument.objects.exists()


def test_a_copy_has_no_dates_and_nobody() -> None:
    event = EventFactory(parts=[{"title": "Matin", "capacity_onsite": 12}])
    places.register(session=session_of(event), applicant=Applicant(user=UserFactory()), wish=Wish())
    copy = events.duplicate_event(event=event, user=AnimatorFactory())
    assert (copy.status, copy.starts_on, copy.occurrences.count()) == ("draft", None, 0)
    assert copy.plans.get().capacity_onsite == 12
    assert copy.slug != event.slug
    assert copy.organisers.count() == 1


def test_reminders_leave_once_for_a_date_as_it_stands() -> None:
    event = EventFactory(starts_on=in_days(30))
    date_ = first_date(event)
    places.register(session=session_of(event), applicant=Applicant(user=UserFactory()), wish=Wish())
    with time_machine.travel(date_.starts_at - timedelta(days=7) + timedelta(minutes=1), tick=False):
        assert [send_reminders(), send_reminders()] == [1, 0]
        change = dates.OccurrenceChange(date_.starts_at + timedelta(days=10))
        dates.change_occurrence(occurrence=date_, change=change)
        assert send_reminders() == 0
    with time_machine.travel(date_.starts_at + timedelta(days=3, minutes=5), tick=False):
        assert send_reminders() == 1
    with time_machine.travel(date_.starts_at + timedelta(days=9, minutes=5), tick=False):
        assert send_reminders() == 1
    assert Reminder.objects.count() == OutboxMessage.objects.filter(kind="agenda.reminder").count() == 3


def test_opinions_are_asked_once_on_the_day_after() -> None:
    event = EventFactory()
    for attendance in ("present", "", "absent"):
        Registration.objects.create(
            session=session_of(event), user=UserFactory(), state=RegistrationState.CONFIRMED, attendance=attendance
        )
    assert ask_for_feedback() == 0
    with time_machine.travel(first_date(event).ends_at + timedelta(days=1), tick=False):
        assert [ask_for_feedback(), ask_for_feedback()] == [2, 0]


def test_guests_are_forgotten_after_a_year_and_members_when_they_leave() -> None:
    session = make_session(1)
    guest = places.register(
        session=session, applicant=Applicant(email="g@test.example", full_name="Élue locale"), wish=Wish()
    )
    places.confirm_address(registration=guest)
    member = UserFactory()
    waiting = places.register(session=session, applicant=Applicant(user=member), wish=Wish())
    places.cancel(registration=guest, actor=None)
    erase_account(user=member, reason="asked")
    waiting.refresh_from_db()
    assert waiting.state == RegistrationState.CANCELLED
    assert forget_old_guests() == 0
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        assert forget_old_guests() == 1
    assert not Guest.objects.exists()
    assert Registration.objects.get(pk=guest.pk).full_name == ""


def test_same_queries_at_one_and_three_registrations() -> None:
    event = EventFactory()
    client = signed_in(AnimatorFactory())
    # What a process asks once is not the page's.
    client.get(date_page(event))
    counts: dict[str, list[int]] = {}
    for batch in (1, 2):
        for _number in range(batch):
            places.register(session=session_of(event), applicant=Applicant(user=UserFactory()), wish=Wish())
        for path in ("", "pointage/", "statistiques/", "inscriptions.csv"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{date_page(event)}{path}").status_code == 200
            counts.setdefault(path, []).append(len(queries))
    assert all(one == three for one, three in counts.values()), counts
