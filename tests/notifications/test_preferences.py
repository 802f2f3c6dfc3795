"""What one follows, and which mails one wants."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.models import AddressMark
from portal.notifications.models import MailSettings, Preference, Subscription
from portal.notifications.selectors import kinds_by_app
from portal.notifications.services import follow
from tests.factories import ThemeFactory, UserFactory
from tests.notifications.conftest import HIDDEN
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
URL, FOLLOWED = "/mon-espace/mes-courriels/", "/mon-espace/mes-abonnements/"


@pytest.fixture
def user(client: Client) -> object:
    """A member who has signed in."""
    member = UserFactory()
    client.force_login(member)
    return member


def filled(**changes: str) -> dict[str, str]:
    kinds = [kind for group in kinds_by_app(User()) for kind in group.kinds]
    data = {f"mail-{kind.key}": kind.default for kind in kinds} | {f"site-{kind.key}": "on" for kind in kinds}
    return data | {"receives_daily": "on", "receives_weekly": "on"} | changes


def test_defaults_are_not_written_and_choices_are(client: Client, user: object) -> None:
    html = client.get(URL).content.decode()
    assert "Une réponse" in html
    assert 'name="mail-sheet.submitted"' not in html, "it concerns animators alone"
    assert 'name="mail-tests.step"' not in html, "what cannot be switched off offers no choice"
    assert client.post(URL, filled())["Location"] == URL
    assert not Preference.objects.exists()
    data = filled(**{"mail-tests.now": "never", "quiet_from": "19:00", "quiet_until": "08:00"})
    del data["site-tests.daily"], data["receives_weekly"]
    client.post(URL, data)
    assert dict(Preference.objects.values_list("kind", "rhythm")) == {"tests.now": "never", "tests.daily": "daily"}
    assert not Preference.objects.get(kind="tests.daily").on_site
    chosen = MailSettings.objects.get()
    assert (chosen.quiet_from.hour, chosen.receives_weekly) == (19, False)
    client.post(URL, filled())
    assert not Preference.objects.exists()


def test_what_has_a_mail_of_its_own_offers_no_rhythm(client: Client, user: object) -> None:
    html = client.get(URL).content.decode()
    assert "Immédiat, par un courriel à part" in html
    client.post(URL, filled(**{"mail-sheet.approved": "now"}))
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet_from": "19:00"},
        {"quiet_until": "08:00"},
        {"quiet_from": "08:00", "quiet_until": "08:00"},
        {"quiet_from": "tard"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "2999-01-01"},
        {"paused_until": "demain\x00"},
        {"mail-tests.now": "hourly"},
        {"mail-tests.now": ""},
    ],
)
def test_what_means_nothing_is_refused_at_its_field(client: Client, user: object, changes: dict[str, str]) -> None:
    response = client.post(URL, filled(**changes))
    assert response.status_code == 422
    assert "_error" in response.content.decode()
    assert not Preference.objects.exists()
    assert not MailSettings.objects.exists()


def test_a_pause_that_is_over_does_not_stand_in_the_way(client: Client, user: object) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    MailSettings.objects.create(user=user, paused_until=yesterday)
    assert client.post(URL, filled(paused_until=yesterday.isoformat())).status_code == 302
    assert MailSettings.objects.get().paused_until is None


def test_a_marked_address_is_shown_and_lifted(client: Client, user: object) -> None:
    assert "reviennent" not in client.get(URL).content.decode()
    mark = AddressMark.objects.create(address=user.email, reason="bounce", marked_at=timezone.now())
    assert user.email in client.get(URL).content.decode()
    client.post(f"{URL}adresse/")
    mark.refresh_from_db()
    assert mark.marked_at is None
    assert mark.lifted_at


def test_subscriptions_are_listed_changed_and_ended(client: Client, user: object) -> None:
    assert "ne suivez rien" in client.get(FOLLOWED).content.decode()
    theme, gone = ThemeFactory(name="Logement"), ThemeFactory(name=HIDDEN)
    for target in (theme, gone):
        follow(user=user, target=target, because="Vous avez répondu.")
    html = client.get(FOLLOWED).content.decode()
    assert "Logement" in html
    assert HIDDEN not in html
    subscription = Subscription.objects.get(object_id=str(theme.pk))
    client.post(f"{FOLLOWED}{subscription.pk}/", {"rhythm": "now"})
    subscription.refresh_from_db()
    assert subscription.rhythm == "now"
    client.post(f"{FOLLOWED}{subscription.pk}/", {"rhythm": "hourly"})
    subscription.refresh_from_db()
    assert subscription.rhythm == "now"
    client.post(f"{FOLLOWED}{subscription.pk}/", {"action": "unfollow"})
    assert Subscription.objects.count() == 1
    other = Subscription.objects.create(
        user=UserFactory(), content_type=subscription.content_type, object_id=str(theme.pk)
    )
    assert client.post(f"{FOLLOWED}{other.pk}/", {"action": "unfollow"}).status_code == 404


def test_the_list_of_subscriptions_costs_the_same_with_more_rows(client: Client, user: object) -> None:
    assert_constant_queries(
        add_row=lambda: follow(user=user, target=ThemeFactory()), call=lambda: client.get(FOLLOWED), budget=16
    )
