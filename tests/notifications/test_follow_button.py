"""The button that follows something, with and without an account."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from portal.notifications.selectors import is_following
from tests.factories import PendingUserFactory, ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN

pytestmark = pytest.mark.django_db
URL = "/notifications/suivre/"


def drawn(user: object, theme: object) -> str:
    request = RequestFactory().get("/themes/logement/?page=2")
    request.user = user
    template = Template("{% load notifications %}{% follow_button theme %}")
    return template.render(Context({"request": request, "theme": theme, "csrf_token": "jeton"}))


def test_it_leads_a_visitor_to_sign_in_and_holds_no_token(client: Client) -> None:
    from django.contrib.auth.models import AnonymousUser

    html = drawn(AnonymousUser(), ThemeFactory())
    assert "/connexion/?next=%2Fthemes%2Flogement%2F" in html
    assert "jeton" not in html
    assert client.post(URL, {"target": "taxonomy.theme:1"}).status_code == 302


def test_a_member_follows_and_ends_it(client: Client) -> None:
    user, theme = UserFactory(), ThemeFactory()
    client.force_login(user)
    assert 'value="follow"' in drawn(user, theme)
    answer = client.post(URL, {"target": f"taxonomy.theme:{theme.pk}", "next": "/themes/?page=2"})
    assert answer["Location"] == "/themes/?page=2"
    assert is_following(user, theme)
    assert 'value="unfollow"' in drawn(user, theme)
    answer = client.post(
        URL, {"target": f"taxonomy.theme:{theme.pk}", "next": "//ailleurs.example/", "action": "unfollow"}
    )
    assert answer["Location"] == theme.get_absolute_url()
    assert not is_following(user, theme)


@pytest.mark.parametrize(
    "target", ["", "taxonomy.theme:", "taxonomy.theme:x", "taxonomy.theme:9999", "accounts.user:1", "taxonomy.theme:\0"]
)
def test_what_cannot_be_followed_is_not_found(client: Client, target: str) -> None:
    client.force_login(UserFactory())
    assert client.post(URL, {"target": target}).status_code == 404


def test_what_one_may_not_see_or_without_approval_is_refused(client: Client) -> None:
    theme = ThemeFactory(name=HIDDEN)
    client.force_login(UserFactory())
    assert client.post(URL, {"target": f"taxonomy.theme:{theme.pk}"}).status_code == 404
    client.force_login(PendingUserFactory())
    assert client.post(URL, {"target": f"taxonomy.theme:{ThemeFactory().pk}"}).status_code == 403
    assert "<form" not in drawn(PendingUserFactory(), theme)
