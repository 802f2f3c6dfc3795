"""What organisers save twice is not lost, and what they mistype is said at its field."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agenda.enums import EventStatus, OrganiserRole
from agenda.forms.shared import PrintableLinesField
from agenda.models import Event, Organiser, Session, Subject
from agenda.services import events, reports
from portal.mail.models import OutboxMessage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Event as News
from portal.notifications.models import Notification
from tests.agenda.test_desk import date_page, inputs_of, page_of, signed_in
from tests.factories import AnimatorFactory, EditorFactory, OrganisationFactory, ThemeFactory, UserFactory
from tests.factories.agenda import EventFactory, first_date, in_days, session_of

pytestmark = pytest.mark.django_db


def test_subjects_keep_their_themes_when_the_restitution_is_saved_again() -> None:
    event = EventFactory(starts_on=in_days(-2))
    session, theme = session_of(event), ThemeFactory(name="Logement")
    Subject.objects.create(session=session, rank=1, title="Se loger", theme=theme)
    reports.save_outcome(
        occurrence=first_date(event), report="", outcomes={}, subjects={session.pk: ["Se soigner", "Se loger"]}
    )
    assert list(session.subjects.values_list("rank", "title", "theme")) == [
        (1, "Se soigner", None),
        (2, "Se loger", theme.pk),
    ]


def test_a_part_with_an_outcome_is_not_taken_away() -> None:
    event = EventFactory(starts_on=in_days(-2), parts=[{"title": "Matin"}, {"title": "Soir"}])
    Session.objects.filter(pk=session_of(event, 1).pk).update(outcome="Trois pistes")
    client = signed_in(AnimatorFactory())
    sent = inputs_of(client.get(f"{page_of(event)}dates/").content.decode()) | {"parts-1-is_removed": "on"}
    answer = client.post(f"{page_of(event)}dates/", sent)
    assert answer.status_code == 422
    assert "a une restitution" in answer.content.decode()
    assert event.plans.count() == 2


def test_every_organiser_stays_when_the_presentation_is_saved() -> None:
    first, second = OrganisationFactory(name="Zénith"), OrganisationFactory(name="Abri")
    event = EventFactory(organiser=first)
    Organiser.objects.create(event=event, organisation=second, position=1)
    # Whoever writes for one of both: the other one is among the choices, and chosen.
    client = signed_in(EditorFactory(organisation=second))
    page = client.get(f"{page_of(event)}presentation/").content.decode()
    for organisation in (first, second):
        assert f'<option value="{organisation.pk}" selected>' in page
    sent = inputs_of(page) | {"organiser": [first.pk, second.pk], "summary": "Autre chose."}
    assert client.post(f"{page_of(event)}presentation/", sent).status_code == 302
    rows = event.organisers.filter(role=OrganiserRole.ORGANISES).order_by("position")
    assert [row.organisation for row in rows] == [first, second]
    assert Event.objects.get().summary == "Autre chose."
    # A third one is nobody's to add but an animator's.
    sent["organiser"] = [first.pk, OrganisationFactory().pk]
    assert client.post(f"{page_of(event)}presentation/", sent).status_code == 422


def test_what_is_to_change_reaches_the_organisers() -> None:
    organisation = OrganisationFactory()
    editor = EditorFactory(organisation=organisation)
    event = EventFactory(status=EventStatus.SUBMITTED, organiser=organisation, created_by=editor)
    events.return_event(event=event, user=UserFactory(), reason="Précisez le lieu de la matinée.")
    assert "Précisez le lieu de la matinée." in signed_in(editor).get(page_of(event)).content.decode()
    told = News.objects.get(kind="event.returned")
    assert told.data == {"reason": "Précisez le lieu de la matinée."}
    fan_out_due()
    assert Notification.objects.get(kind="event.returned").user == editor
    send_due(now=timezone.now() + timedelta(minutes=2))
    assert "Précisez le lieu de la matinée." in OutboxMessage.objects.get(to=editor.email).text
    events.submit_event(event=event, user=editor)
    assert "Précisez le lieu" not in signed_in(editor).get(page_of(event)).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-01-01", "1999-12-31", "2101-01-01"])
def test_a_day_that_no_calendar_holds_is_refused_at_its_field(day: str) -> None:
    event = EventFactory()
    client = signed_in(AnimatorFactory())
    sent = inputs_of(client.get(f"{page_of(event)}dates/").content.decode())
    series = sent | {"starts_on": day, "frequency": "weekly", "count": "4"}
    change = inputs_of(client.get(f"{date_page(event)}modifier/").content.decode()) | {"day": day}
    for address, typed in ((f"{page_of(event)}dates/", series), (f"{date_page(event)}modifier/", change)):
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert "Choisissez un jour entre 2000 et 2100." in answer.content.decode()


def test_lines_hold_no_invisible_signs() -> None:
    assert PrintableLinesField(required=False).clean("Sa\x00n\x1bté\u202e\r\nLoge\tment\n") == ["Santé", "Loge ment"]


def test_two_events_of_one_title_in_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = EventFactory(title="Rencontre")
    free_slug, asked = Event._free_slug, []

    def late(event: Event) -> str:
        """Answer the first time as if the other event were not there yet."""
        asked.append(event)
        return taken.slug if len(asked) == 1 else free_slug(event)

    monkeypatch.setattr(Event, "_free_slug", late)
    assert Event.objects.create(title="Rencontre", summary="…").slug == "rencontre-2"


def test_dates_and_zones_are_written_in_french() -> None:
    event = EventFactory(timezone="Indian/Reunion", starts_on=in_days(21))
    client = signed_in(AnimatorFactory())
    assert ">La Réunion<" in client.get(f"{page_of(event)}dates/").content.decode()
    assert "heure de La Réunion" in Client().get(event.get_absolute_url()).content.decode()


def test_one_more_part_keeps_what_is_typed_and_saves_nothing() -> None:
    event = EventFactory()
    client = signed_in(AnimatorFactory())
    typed = inputs_of(client.get(f"{page_of(event)}dates/").content.decode()) | {"venue": "Ailleurs", "count": "abc"}
    page = client.post(f"{page_of(event)}dates/", typed | {"add_part": "1"})
    assert page.status_code == 200
    shown = inputs_of(page.content.decode())
    assert (shown["venue"], shown["count"], shown["parts-TOTAL_FORMS"]) == ("Ailleurs", "abc", "2")
    assert (shown["parts-0-start_time"], shown["parts-1-start_time"]) == ("09:30", "")
    event.refresh_from_db()
    assert (event.venue, event.plans.count()) == ("Ti Lab", 1)
    for forged in ("x", "-1", "99999999"):
        forged_page = client.post(f"{page_of(event)}dates/", typed | {"add_part": "1", "parts-TOTAL_FORMS": forged})
        assert forged_page.status_code == 200
    # The empty part leaves by its box, whatever is missing in it.
    saved = client.post(f"{page_of(event)}dates/", shown | {"count": "", "parts-1-is_removed": "on"})
    assert saved.status_code == 302
    event.refresh_from_db()
    assert (event.venue, event.plans.count()) == ("Ailleurs", 1)
