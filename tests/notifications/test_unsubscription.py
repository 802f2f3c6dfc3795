"""The address in each mail: one click to leave, without signing in, and one to come back."""

import re

import pytest
from django.test import Client

from portal.mail.models import OutboxMessage
from portal.notifications.enums import MailState, Rhythm, Why
from portal.notifications.mailing import send_due
from portal.notifications.models import MailSettings, Notification, Preference, Subscription
from portal.notifications.services import choose_subscription_rhythm, save_preferences
from portal.notifications.tokens import Scope, read_token, unsubscribe_path
from tests.factories import UserFactory
from tests.notifications.support import happen, is_due

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def strict() -> Client:
    """A mail program: no session, no cookie, no token of a form."""
    return Client(enforce_csrf_checks=True)


def undo_of(response: object) -> str:
    return re.search(r'name="undo" value="([^"]+)"', response.content.decode()).group(1)  # type: ignore[attr-defined]


def test_reading_the_page_changes_nothing_and_one_click_ends_the_summary(strict: Client) -> None:
    user = UserFactory()
    row = happen("tests.answer", user)
    path = unsubscribe_path(user, Scope(Rhythm.WEEKLY))
    for method in (strict.get, strict.head):
        assert method(path).status_code == 200
    assert not MailSettings.objects.exists()
    response = strict.post(path, ONE_CLICK)
    assert response.status_code == 200
    assert "Vous ne recevrez plus le résumé hebdomadaire" in response.content.decode()
    assert not response.cookies
    chosen = MailSettings.objects.get()
    assert (chosen.receives_weekly, chosen.receives_daily) == (False, True)
    row.refresh_from_db()
    assert (row.mail_state, row.why, row.on_site) == (MailState.CANCELLED, Why.STOPPED, True)
    strict.post(path, ONE_CLICK)
    response = strict.post(path, {"undo": undo_of(response)})
    assert "Annuler" not in response.content.decode()
    assert MailSettings.objects.get().receives_weekly


def test_the_mail_of_a_subscription_ends_that_subscription_s_mails_alone(strict: Client) -> None:
    user = UserFactory()
    row, other = happen("tests.now", user), happen("tests.now", user)
    Subscription.objects.filter(pk=row.subscription_id).update(rhythm=Rhythm.NOW)
    is_due(row)
    send_due()
    path = OutboxMessage.objects.get().unsubscribe_url.removeprefix("http://testserver")
    response = strict.post(path, ONE_CLICK)
    assert Subscription.objects.get(pk=row.subscription_id).rhythm == Rhythm.NEVER
    assert Subscription.objects.get(pk=other.subscription_id).rhythm == ""
    assert Notification.objects.get(pk=row.pk).unsubscribed_at
    strict.post(path, {"undo": undo_of(response)})
    assert Subscription.objects.get(pk=row.subscription_id).rhythm == Rhythm.NOW
    assert Notification.objects.get(pk=row.pk).unsubscribed_at is None


def test_the_mail_of_a_kind_ends_that_kind_and_gives_back_what_was_chosen(strict: Client) -> None:
    user = UserFactory()
    path = unsubscribe_path(user, Scope("kind", "tests.now"))
    response = strict.post(path, ONE_CLICK)
    assert Preference.objects.get().rhythm == Rhythm.NEVER
    strict.post(path, {"undo": undo_of(response)})
    assert not Preference.objects.exists()
    Preference.objects.create(user=user, kind="tests.now", rhythm=Rhythm.WEEKLY, on_site=False)
    response = strict.post(path, ONE_CLICK)
    strict.post(path, {"undo": undo_of(response)})
    assert (Preference.objects.get().rhythm, Preference.objects.get().on_site) == (Rhythm.WEEKLY, False)


def test_who_unsubscribed_twice_is_subscribed_again_by_the_way_back(strict: Client) -> None:
    """The mail program's button, then the page's own."""
    path = unsubscribe_path(UserFactory(), Scope("kind", "tests.now"))
    strict.post(path, ONE_CLICK)
    response = strict.post(path, ONE_CLICK)
    strict.post(path, {"undo": undo_of(response)})
    assert not Preference.objects.exists()


def test_never_stops_what_already_waits(strict: Client) -> None:
    user = UserFactory()
    row, other = happen("tests.answer", user), happen("tests.now", user)
    save_preferences(user=user, choices={"tests.answer": (True, Rhythm.NEVER)})
    choose_subscription_rhythm(subscription=Subscription.objects.get(pk=other.subscription_id), rhythm=Rhythm.NEVER)
    for one in (row, other):
        one.refresh_from_db()
        assert (one.mail_state, one.why, one.on_site) == (MailState.CANCELLED, Why.STOPPED, True)


def test_a_forged_address_is_explained_and_a_forged_undo_gives_the_default(strict: Client) -> None:
    user = UserFactory()
    path = unsubscribe_path(user, Scope("kind", "tests.now"))
    for forged in (path[:-3] + "xx/", "/desabonnement/x/", f"/desabonnement/{'a' * 600}/", path.replace(":", "%00", 1)):
        for method in (strict.get, strict.post):
            assert method(forged).status_code == 404, forged
    assert "Ce lien ne fonctionne pas" in strict.get("/desabonnement/x/").content.decode()
    strict.post(path, {"undo": "now"})
    assert not Preference.objects.exists()
    assert read_token("x") is None


def test_links_of_an_account_that_is_gone_or_a_subscription_that_ended_do_no_harm(strict: Client) -> None:
    user = UserFactory()
    row = happen("tests.now", user)
    path = unsubscribe_path(user, Scope("follow", str(row.subscription_id)))
    Subscription.objects.all().delete()
    assert strict.post(path, ONE_CLICK).status_code == 200
    user.delete()
    assert strict.post(path, ONE_CLICK).status_code == 404
