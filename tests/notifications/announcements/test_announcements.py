"""Announcements: to whom, once, when, and what became of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Membership
from portal.accounts.models import User
from portal.mail.delivery import deliver_due
from portal.mail.models import OutboxMessage
from portal.notifications.announcements.enums import State
from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.selectors import figures_of, people_of
from portal.notifications.announcements.services import (
    AlreadySentError,
    delete_draft,
    schedule_announcement,
    send_announcement,
    send_scheduled,
)
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Notification, Preference
from project_sheets.services import add_lead
from tests.factories import (
    AdministratorFactory,
    AnimatorFactory,
    DepartmentFactory,
    OrganisationFactory,
    PendingUserFactory,
    RegionFactory,
    SheetFactory,
    ThemeFactory,
    UserFactory,
)
from tests.support.queries import assert_constant_queries
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
URL = "/animation/annonces/"


def make(author: User, **fields: object) -> Announcement:
    values = {"title": "Session Lab du 12 mars", "body": "Venez.\n\n- 9 h : accueil", "region": RegionFactory()}
    return Announcement.objects.create(author=author, **values | fields)


def member(**fields: object) -> User:
    """A member who says to act in the region."""
    user = UserFactory(**fields)
    user.profile.territories.add(RegionFactory())
    return user


def test_the_audience_is_those_who_fit_all_criteria_in_the_region() -> None:
    author = AnimatorFactory()
    here, elsewhere, pending = member(), UserFactory(), PendingUserFactory()
    pending.profile.territories.add(RegionFactory())
    department = DepartmentFactory(region=RegionFactory())
    theme = ThemeFactory()
    seated = Membership.objects.create(
        user=UserFactory(), organisation=OrganisationFactory(seat=department), role=Membership.Role.EDITOR
    ).user
    seated.profile.themes.add(ThemeFactory(parent=theme))
    sheet = SheetFactory()
    lead = member()
    add_lead(sheet=sheet, user=lead)

    def people(**criteria: str) -> set[User]:
        return set(people_of(make(author, criteria=criteria)))

    assert people() == {here, seated, lead}
    assert people(theme=theme.slug) == {seated}
    assert people(territory=department.public_code) == {seated}
    assert people(role="editor") == {seated}
    assert people(call=sheet.call.slug) == {lead}
    assert people(theme=theme.slug, call=sheet.call.slug) == set()
    assert people(team="animation") == set(), "the author is told nothing"
    assert people(gone="x") == set(), "a criterion that is no more fits nobody"
    whole = set(people_of(make(author, region=None)))
    assert {here, elsewhere, seated, lead} <= whole
    assert pending not in whole


def test_it_leaves_once_as_each_chose_and_its_figures_name_nobody(smtp_server: SmtpServer) -> None:
    author = AnimatorFactory()
    reader, weekly, refused, leaving = member(), member(), member(email="refuse@test.example"), member()
    Preference.objects.create(user=weekly, kind="announcements.announcement", rhythm="weekly")
    announcement = make(author, link_url="/agenda/")
    for _time in range(2):
        sent = send_announcement(announcement=announcement)
    assert (sent.state, sent.recipient_count) == (State.SENT, 4)
    assert fan_out_due() == 4
    Notification.objects.update(mail_due_at=timezone.now())
    assert send_due() == 3
    deliver_due()
    mail = next(one for one in smtp_server.messages if one["To"] == reader.email)
    assert mail["Subject"].strip() == "Session Lab du 12 mars"
    assert mail["List-Unsubscribe-Post"]
    text = mail.get_body(("plain",)).get_content()
    assert "- 9 h : accueil" in text
    assert f"/notifications/annonces/{announcement.uid}/lien/" in text
    assert "son équipe vous écrit" in text
    path = OutboxMessage.objects.get(to=leaving.email).unsubscribe_url.removeprefix("http://testserver")
    visitor = Client()
    visitor.post(path, {"List-Unsubscribe": "One-Click"})
    for _visit in range(2):
        assert visitor.get(f"/notifications/annonces/{announcement.uid}/lien/")["Location"] == "/agenda/"
    visitor.head(f"/notifications/annonces/{announcement.uid}/lien/")
    announcement.refresh_from_db()
    figures = figures_of(announcement)
    assert (figures.told, figures.mailed, figures.failed, figures.in_summaries) == (4, 2, 1, 1)
    assert (figures.unsubscribed, figures.visits) == (1, 2)
    # The one who left is told of the next on the site alone; the address that was refused as well.
    send_announcement(announcement=make(author, title="La suite"))
    fan_out_due()
    told = dict(Notification.objects.filter(title="La suite").values_list("user", "rhythm"))
    assert told == {reader.pk: "now", weekly.pk: "weekly", refused.pk: "never", leaving.pk: "never"}


def test_a_scheduled_one_leaves_at_its_hour_and_what_left_does_not_change() -> None:
    author = AnimatorFactory()
    member()
    announcement = make(author)
    schedule_announcement(announcement=announcement, at=timezone.now() + timedelta(hours=1))
    assert send_scheduled() == 0
    assert send_scheduled(now=timezone.now() + timedelta(hours=2)) == 1
    assert send_scheduled(now=timezone.now() + timedelta(hours=2)) == 0
    assert fan_out_due() == 1
    with pytest.raises(AlreadySentError):
        schedule_announcement(announcement=announcement, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(AlreadySentError):
        delete_draft(announcement=announcement)


def filled(**changes: str) -> dict[str, str]:
    return {"title": "Un titre", "body": "Un texte", "region": str(RegionFactory().pk), **changes}


def test_an_animator_writes_counts_tries_and_sends(client: Client) -> None:
    animator, reader = AnimatorFactory(), member()
    client.force_login(animator)
    assert "Aucune annonce" in client.get(URL).content.decode()
    page = client.post(f"{URL}nouvelle/", filled(), follow=True)
    html = page.content.decode()
    assert "1 personne la reçoit" in html
    announcement = Announcement.objects.get()
    address = f"{URL}{announcement.uid}/"
    client.post(f"{address}modifier/", filled(title="Un autre titre", to_role="manager"))
    assert "Personne ne répond" in client.get(address).content.decode()
    client.post(f"{address}modifier/", filled(title="Un autre titre"))
    client.post(f"{address}essai/")
    assert OutboxMessage.objects.get().to == animator.email
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(f"{address}programmer/", {"at_0": tomorrow.isoformat(), "at_1": "08:00"})
    assert Announcement.objects.get().state == State.SCHEDULED
    assert client.post(f"{address}programmer/", {"at_0": "2020-01-01", "at_1": "08:00"}).status_code == 422
    assert client.post(f"{address}programmer/", {"at_0": "demain", "at_1": "\x00"}).status_code == 422
    client.post(f"{address}deprogrammer/")
    client.post(f"{address}envoyer/")
    assert "1 personne destinataire" in client.get(address).content.decode()
    assert client.get(f"{address}modifier/").status_code == 302
    assert "déjà partie" in client.post(f"{address}supprimer/", follow=True).content.decode()
    fan_out_due()
    client.force_login(reader)
    assert "Un texte" in client.get(f"/notifications/annonces/{announcement.uid}/").content.decode()
    client.force_login(UserFactory())
    assert client.get(f"/notifications/annonces/{announcement.uid}/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 61},
        {"body": ""},
        {"body": "x" * 5001},
        {"link_url": "javascript:alert(1)"},
        {"link_url": "//ailleurs.example"},
        {"link_url": "x" * 501},
        {"region": ""},
        {"region": "999999"},
        {"to_theme": "inconnu"},
        {"title": "a\x00b"},
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(client: Client, changes: dict[str, str]) -> None:
    client.force_login(AnimatorFactory())
    response = client.post(f"{URL}nouvelle/", filled(**changes))
    assert response.status_code == 422
    assert "_error" in response.content.decode()
    assert not Announcement.objects.exists()


def test_an_animator_writes_to_their_region_alone_and_administrators_to_all(client: Client) -> None:
    other = RegionFactory(code="24", name="Centre-Val de Loire")
    elsewhere = make(AnimatorFactory(region=other), region=other)
    client.force_login(AnimatorFactory())
    assert client.get(f"{URL}{elsewhere.uid}/").status_code == 404
    assert client.post(f"{URL}{elsewhere.uid}/envoyer/").status_code == 404
    assert client.post(f"{URL}nouvelle/", filled(region=str(other.pk))).status_code == 422
    client.force_login(AdministratorFactory())
    assert client.get(f"{URL}{elsewhere.uid}/").status_code == 200
    assert client.post(f"{URL}nouvelle/", filled(region="")).status_code == 302
    assert Announcement.objects.filter(region=None).exists()
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 403


def test_the_list_costs_the_same_with_more_rows(client: Client) -> None:
    animator = AnimatorFactory()
    client.force_login(animator)
    assert_constant_queries(add_row=lambda: make(animator), call=lambda: client.get(URL), budget=30)
