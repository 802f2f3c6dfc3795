"""The notification centre, and the number in the header."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.notifications.models import Notification
from tests.factories import PendingUserFactory, ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN
from tests.notifications.support import happen
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def test_it_groups_says_why_and_what_is_unread(client: Client) -> None:
    user, theme = UserFactory(), ThemeFactory(name="Logement")
    client.force_login(user)
    assert "Aucune notification" in client.get("/notifications/").content.decode()
    for n in range(3):
        happen("tests.now", user, theme=theme, title=f"Réponse {n}")
    html = client.get("/notifications/").content.decode()
    assert html.count("<article") == 1
    for text in ("Réponse 2", "Logement", "Vous suivez le thème Logement.", "3 non lues"):
        assert text in html, text
    assert "Réponse 1" not in html


def test_opening_marks_the_group_as_read_and_leads_there(client: Client) -> None:
    user, theme = UserFactory(), ThemeFactory()
    client.force_login(user)
    rows = [happen("tests.now", user, theme=theme) for _n in range(2)]
    assert client.get("/notifications/compte/").json() == {"count": 2}
    response = client.get(f"/notifications/{rows[0].pk}/")
    assert response["Location"] == theme.get_absolute_url()
    assert client.get("/notifications/compte/").json() == {"count": 0}
    assert "Vous êtes à jour" in client.get("/notifications/?filtre=non-lues").content.decode()


def test_nobody_opens_another_s_and_what_is_gone_is_said(client: Client) -> None:
    user, theme = UserFactory(), ThemeFactory()
    row = happen("tests.answer", user, theme=theme)
    client.force_login(UserFactory())
    assert client.get(f"/notifications/{row.pk}/").status_code == 404
    client.force_login(user)
    theme.name = HIDDEN
    theme.save()
    assert "<article" not in client.get("/notifications/").content.decode()
    assert client.get("/notifications/compte/").json() == {"count": 0}, "no number that leads to nothing"
    response = client.get(f"/notifications/{row.pk}/", follow=True)
    assert response.redirect_chain == [("/notifications/", 302)]
    assert "n’est plus" in response.content.decode()


def test_a_group_whose_latest_news_is_hidden_shows_the_one_before(client: Client) -> None:
    user, theme, gone = UserFactory(), ThemeFactory(), ThemeFactory()
    for told, title in ((theme, "Avant"), (gone, "Après")):
        happen("tests.answer", user, theme=told, title=title)
    Notification.objects.update(group="essai")
    gone.name = HIDDEN
    gone.save()
    client.force_login(user)
    html = client.get("/notifications/").content.decode()
    assert "Avant" in html
    assert "Après" not in html
    assert "1 non lue" in html
    assert client.get("/notifications/compte/").json() == {"count": 1}
    Notification.objects.filter(title="Avant").update(read_at=timezone.now())
    Notification.objects.filter(title="Après").update(read_at=None)
    unread = client.get("/notifications/?filtre=non-lues").content.decode()
    assert "<article" not in unread, "what was read is not among the unread"


def test_all_can_be_marked_as_read(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    happen("tests.now", user)
    happen("tests.now", user)
    html = client.post("/notifications/tout-lu/", follow=True).content.decode()
    assert "2 notifications" in html
    assert not Notification.objects.unread().exists()


def test_the_list_costs_the_same_with_more_rows(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert_constant_queries(
        add_row=lambda: happen("tests.answer", user), call=lambda: client.get("/notifications/"), budget=14
    )


def test_the_header_shows_members_what_is_unread_and_visitors_nothing(client: Client) -> None:
    user = UserFactory()
    happen("tests.now", user)
    assert "data-count-url" not in client.get("/themes/").content.decode()
    client.force_login(user)
    html = client.get("/themes/").content.decode()
    assert 'data-count-url="/notifications/compte/"' in html
    assert "<span data-number>1</span>" in html
    client.force_login(PendingUserFactory())
    assert "data-count-url" not in client.get("/").content.decode()
