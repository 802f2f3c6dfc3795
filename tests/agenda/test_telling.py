"""Who is told what, once: announcements, reminders, opinions, feeds, files of those registered."""

import base64
import re
from datetime import timedelta

import icalendar
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from agenda.enums import Access, AnnouncementAudience, DocumentAccess
from agenda.links import read_registration_token, registration_token
from agenda.models import EventDocument, Registration
from agenda.services import dates, places
from agenda.services.announcements import write_announcements
from agenda.services.feedback import ask_for_feedback
from agenda.services.places import Applicant, Wish
from agenda.services.reminders import send_reminders
from portal.core.dates import format_day
from portal.mail.models import OutboxMessage
from portal.notifications.models import MailSettings, Preference
from tests.agenda.test_dates import weekly
from tests.agenda.test_desk import date_page, page_of, signed_in
from tests.factories import AnimatorFactory, RegionFactory, ThemeFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, in_days, session_of
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db


def announce(event_id: int) -> list[str]:
    write_announcements(event_id=event_id, audience=AnnouncementAudience.MEMBERS)
    return list(OutboxMessage.objects.filter(kind="agenda.announcement").order_by("pk").values_list("to", flat=True))


def test_announcements_keep_to_pauses_and_can_be_ended_from_the_mail() -> None:
    event = weekly(2, in_days(3))
    reader, paused, back = UserFactory(), UserFactory(), UserFactory()
    MailSettings.objects.create(user=paused, paused_until=timezone.localdate())
    MailSettings.objects.create(user=back, paused_until=timezone.localdate() - timedelta(days=1))
    assert announce(event.pk) == announce(event.pk) == [reader.email, back.email]
    mail = OutboxMessage.objects.filter(to=reader.email).get()
    client = Client()
    # One click of the mail program, RFC 8058.
    client.post(mail.unsubscribe_url.removeprefix("http://testserver"), {"List-Unsubscribe": "One-Click"})
    assert Preference.objects.get(user=reader).kind == "event.announced"
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        # The next date is other news; who has unsubscribed is spared it.
        assert announce(event.pk) == [reader.email, back.email, paused.email, back.email]


def test_an_announcement_holds_the_one_date_that_takes_place() -> None:
    event = weekly(3, in_days(3))
    UserFactory()
    dates.cancel_occurrence(occurrence=first_date(event), reason="Grève")
    announce(event.pk)
    attachment = OutboxMessage.objects.get(kind="agenda.announcement").attachments[0]
    calendar = icalendar.Calendar.from_ical(base64.b64decode(attachment["content"]))
    (component,) = calendar.walk("VEVENT")
    assert str(calendar["method"]) == "PUBLISH"
    assert attachment["content_type"] == "text/calendar; method=PUBLISH"
    assert component["dtstart"].dt.date() == in_days(10)
    assert "rrule" not in component
    assert "organizer" in component


def test_readers_of_feeds_and_frames_see_what_is_called_off() -> None:
    event = EventFactory(title="Atelier du jeudi")
    EventFactory(title="Autre atelier")
    dates.cancel_occurrence(occurrence=first_date(event), reason="Grève")
    feed = Client().get("/agenda/flux/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "<title>Annulé : Atelier du jeudi</title>" in feed.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "<title>Autre atelier</title>" in feed
    frame = Client().get("/agenda/integration/").content.decode()
    assert frame.count("<strong>Annulé") == 1


def test_a_feed_for_each_theme_and_each_territory() -> None:
    theme, centre = ThemeFactory(name="Logement"), RegionFactory(code="24", name="Centre-Val de Loire")
    EventFactory(title="Atelier logement", themes=[ThemeFactory(name="Foyers", parent=theme)])
    EventFactory(title="Atelier santé", region=centre)
    EventFactory(title="Entre nous", visibility=Access.MEMBERS, themes=[theme])

    def titles(path: str) -> list[str]:
        response = signed_in(UserFactory()).get(f"/agenda/flux/{path}")
        assert response["Content-Type"].startswith("application/rss+xml")
        return re.findall("<title>(.*?)</title>", response.content.decode())

    # A theme holds what is about the themes below it; members' dates are in no feed, whoever asks.
    assert titles("theme/logement/") == ["Agenda – Logement", "Atelier logement"]
    assert titles("?theme=logement") == ["Agenda", "Atelier logement"]
    assert titles(f"territoire/{centre.public_code}/") == [f"Agenda – {centre}", "Atelier santé"]
    for path in ("theme/inconnu/", "territoire/reg-xx/"):
        assert Client().get(f"/agenda/flux/{path}").status_code == 404
    page = Client().get(theme.get_absolute_url()).content.decode()
    assert 'href="/agenda/flux/theme/logement/"' in page
    assert 'href="webcal://testserver/agenda/calendrier/theme/logement.ics"' in page
    assert 'href="/agenda/flux/?theme=logement"' in Client().get("/agenda/?theme=logement").content.decode()


def test_both_parts_of_a_day_make_one_reminder_and_one_opinion() -> None:
    event = EventFactory(
        starts_on=in_days(30), parts=[{"title": "Matin"}, {"title": "Après-midi", "duration_minutes": 300}]
    )
    member = UserFactory()
    both = [
        places.register(session=session_of(event, part), applicant=Applicant(user=member), wish=Wish())
        for part in (0, 1)
    ]
    begins = first_date(event).starts_at
    with time_machine.travel(begins - timedelta(days=1) + timedelta(minutes=1), tick=False):
        assert send_reminders() == 1
    mail = OutboxMessage.objects.get(kind="agenda.reminder")
    assert "Matin" in mail.text
    assert "Après-midi" in mail.text
    # Seen in the second part alone: that one is asked about.
    Registration.objects.filter(pk=both[1].pk).update(attendance="present")
    with time_machine.travel(begins + timedelta(days=1), tick=False):
        assert ask_for_feedback() == 1
    asked = OutboxMessage.objects.get(kind="agenda.feedback").text
    token = re.search(r"/agenda/inscriptions/([^/\s]+)/avis/", asked)
    assert token is not None
    assert read_registration_token(token[1]) == (both[1].uid, both[1].link_key)


def test_a_guest_reads_the_files_of_those_registered_by_the_link_of_the_mail() -> None:
    event = EventFactory()
    files = {
        access: EventDocument.objects.create(
            event=event, title=f"Pour {access}", access=access, file=ContentFile(PDF, name="d.pdf")
        )
        for access in DocumentAccess
    }
    applicant = Applicant(email="elue@ville.example", full_name="Élue locale")
    found = places.register(session=session_of(event), applicant=applicant, wish=Wish())
    token = registration_token(found.uid, found.link_key)
    client = Client()
    address = f"{files[DocumentAccess.REGISTERED].get_absolute_url()}?inscription={token}"
    assert client.get(address).status_code == 404
    places.confirm_address(registration=found)
    page = client.get(f"/agenda/inscriptions/{token}/").content.decode()
    assert address in page
    assert "Pour members" not in page
    response = client.get(address)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    members = files[DocumentAccess.MEMBERS].get_absolute_url()
    assert client.get(f"{members}?inscription={token}").status_code == 404
    other = EventDocument.objects.create(
        event=EventFactory(), title="Ailleurs", access=DocumentAccess.REGISTERED, file=ContentFile(PDF, name="d.pdf")
    )
    assert client.get(f"{other.get_absolute_url()}?inscription={token}").status_code == 404
    assert client.get(f"{files[DocumentAccess.REGISTERED].get_absolute_url()}?inscription=faux").status_code == 404


def test_buttons_and_boxes_say_whom_and_which_day() -> None:
    event = weekly(2, in_days(10))
    for name in ("Une & Cie", "Deux"):
        places.register(session=session_of(event), applicant=Applicant(user=UserFactory(first_name=name)), wish=Wish())
    client = signed_in(AnimatorFactory())
    arrivals = client.get(f"{date_page(event)}pointage/").content.decode()
    assert arrivals.count('Absent<span class="visually-hidden">') == 2
    assert "Une &amp; Cie" in arrivals
    page = client.get(page_of(event)).content.decode()
    # Nobody is registered for the second date: it can be left out, by its day in words.
    assert f'aria-label="Exclure le {format_day(in_days(17))}"' in page
    assert page.count('aria-label="Exclure le') == 1
