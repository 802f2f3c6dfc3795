"""From an event to one decision for each person."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.mail.models import AddressMark
from portal.notifications.enums import EventState, MailState, Rhythm, Why
from portal.notifications.fan_out import claim_next, fan_out_due, tell
from portal.notifications.kinds import Recipient
from portal.notifications.models import Event, MailSettings, Notification, Preference, Subscription
from portal.notifications.selectors import is_following, subscriptions_to, unread_count
from portal.notifications.services import follow, mark_seen, record_event, unfollow
from tests.factories import ThemeFactory, UserFactory
from tests.notifications.conftest import break_kind
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db


def test_an_event_is_recorded_once_and_with_its_transaction() -> None:
    theme = ThemeFactory()
    with transaction.atomic():
        record_event("tests.answer", about=theme, key="1")
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    record_event("tests.answer", about=theme, key="1")
    record_event("tests.answer", about=theme, key="1")
    assert Event.objects.count() == 1
    with pytest.raises(KeyError):
        record_event("tests.unknown", about=theme, key="1")


def test_recording_costs_the_same_whoever_follows() -> None:
    theme = ThemeFactory()
    keys = iter(range(100))
    users = User.objects.bulk_create([User(email=f"suit{n}@test.example") for n in range(2000)])

    def queries() -> list[str]:
        return queries_of(lambda: record_event("tests.answer", about=theme, key=str(next(keys)), actor=users[0]))

    for user in users[:2]:
        follow(user=user, target=theme)
    with_two = queries()
    first = subscriptions_to(theme).first()
    Subscription.objects.bulk_create(
        [Subscription(user=user, content_type=first.content_type, object_id=first.object_id) for user in users[2:]]
    )
    assert len(set(subscriptions_to(theme).values_list("user_id"))) == 2000
    assert len(queries()) == len(with_two) == 1


def test_everyone_concerned_is_told_once_with_their_reason_but_not_who_acted() -> None:
    theme = ThemeFactory(name="Logement")
    actor, follower, named = UserFactory.create_batch(3)
    for user in (actor, follower, named):
        follow(user=user, target=theme, because="essai")
        follow(user=user, target=theme)
    record_event("tests.answer", about=theme, key="1", actor=actor, data={"named": [named.pk]})
    assert fan_out_due() == 2
    told = {row.user: row for row in Notification.objects.all()}
    assert told.keys() == {follower, named}
    assert told[follower].reason == "Vous suivez le thème Logement."
    assert told[follower].subscription.because == "essai"
    assert told[named].reason == "Vous êtes nommée."
    assert told[named].url == theme.get_absolute_url()
    assert {row.why for row in told.values()} == {Why.DEFAULT}
    assert fan_out_due() == 0


def test_who_is_suspended_unconfirmed_or_gone_or_may_not_see_is_told_nothing() -> None:
    theme = ThemeFactory()
    status = User.MembershipStatus
    for fields in (
        {"membership_status": status.SUSPENDED},
        {"membership_status": status.PENDING},
        {"membership_status": status.REFUSED},
        {"is_active": False},
        {"last_name": "Aveugle"},
    ):
        follow(user=UserFactory(**fields), target=theme)
    record_event("tests.step", about=theme, key="1")
    assert fan_out_due() == 0
    assert Event.objects.get().state == EventState.DONE


def test_an_event_whose_object_is_gone_is_closed() -> None:
    theme = ThemeFactory()
    follow(user=UserFactory(), target=theme)
    record_event("tests.answer", about=theme, key="1")
    theme.delete()
    assert fan_out_due() == 0
    assert Event.objects.get().state == EventState.DONE


def test_a_worker_that_dies_leaves_its_event_to_another_without_telling_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    theme = ThemeFactory()
    monkeypatch.setattr("portal.notifications.fan_out.BATCH", 2)
    for user in UserFactory.create_batch(5):
        follow(user=user, target=theme)
    record_event("tests.answer", about=theme, key="1")
    event = claim_next()
    assert event is not None
    assert claim_next() is None
    calls = 0

    def dies(event: Event, user: User) -> object:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise SystemExit
        return telling(event, user)

    from portal.notifications.kinds import notification_kinds

    telling = notification_kinds.get("tests.answer").telling
    with monkeypatch.context() as patched:
        break_kind(patched, "tests.answer", telling=dies)
        with pytest.raises(SystemExit):
            tell(event)
    assert Notification.objects.count() == 2
    Event.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert fan_out_due() == 3
    assert Notification.objects.count() == 5


def test_a_kind_that_fails_is_tried_again_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    theme = ThemeFactory()
    follow(user=UserFactory(), target=theme)
    break_kind(monkeypatch, "tests.now", audience=lambda event: 1 / 0)
    record_event("tests.now", about=theme, key="1")
    record_event("tests.answer", about=theme, key="1")
    assert fan_out_due() == 1
    failed = Event.objects.get(kind="tests.now")
    assert "ZeroDivisionError" in failed.last_error
    for _attempt in range(5):
        Event.objects.filter(pk=failed.pk).update(next_attempt_at=timezone.now())
        fan_out_due()
    failed.refresh_from_db()
    assert failed.state == EventState.FAILED


def _decided(kind: str, user: User, **data: object) -> Notification:
    theme = ThemeFactory()
    follow(user=user, target=theme)
    record_event(kind, about=theme, key=str(theme.pk), data=data)
    fan_out_due()
    return Notification.objects.get(event__kind=kind, event__key=str(theme.pk))


def test_the_nearest_choice_decides() -> None:
    user = UserFactory()
    assert (_decided("tests.answer", user).rhythm, _decided("tests.now", user).rhythm) == ("weekly", "now")
    Preference.objects.create(user=user, kind="tests.answer", rhythm=Rhythm.DAILY, on_site=False)
    row = _decided("tests.answer", user)
    assert (row.rhythm, row.on_site, row.why) == ("daily", False, Why.PREFERENCE)
    theme = ThemeFactory()
    follow(user=user, target=theme)
    user.subscriptions.filter(object_id=str(theme.pk)).update(rhythm=Rhythm.NOW)
    record_event("tests.answer", about=theme, key="x")
    fan_out_due()
    row = Notification.objects.get(event__key="x")
    assert (row.rhythm, row.why, row.mail_state) == ("now", Why.SUBSCRIPTION, MailState.PENDING)


def test_a_pause_a_summary_switched_off_and_a_dead_address_stop_mails_but_not_the_site() -> None:
    paused, stopped, dead = UserFactory.create_batch(3)
    MailSettings.objects.create(user=paused, paused_until=timezone.localdate())
    MailSettings.objects.create(user=stopped, receives_weekly=False)
    AddressMark.objects.create(address=dead.email, reason="bounce", marked_at=timezone.now())
    for user, why in ((paused, Why.PAUSED), (stopped, Why.STOPPED), (dead, Why.ADDRESS)):
        row = _decided("tests.answer", user)
        assert (row.rhythm, row.why, row.mail_state, row.on_site) == ("never", why, MailState.NONE, True)
    assert _decided("tests.step", paused).why == Why.MANDATORY
    assert _decided("tests.daily", stopped).rhythm == "daily"
    assert _decided("tests.step", dead).why == Why.ADDRESS


def test_reading_on_the_site_cancels_the_mail_and_costs_one_query_where_nothing_waits() -> None:
    user = UserFactory()
    row = _decided("tests.now", user)
    other = _decided("tests.now", user)
    assert unread_count(user) == 2
    mark_seen(user=user, group=row.group)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.mail_state, row.why) == (MailState.CANCELLED, Why.SEEN)
    assert row.read_at
    assert (other.mail_state, other.read_at) == (MailState.PENDING, None)
    assert unread_count(user) == 1
    assert len(queries_of(lambda: mark_seen(user=user, group=row.group))) == 1


def test_following_ends() -> None:
    user, theme = UserFactory(), ThemeFactory()
    follow(user=user, target=theme)
    assert is_following(user, theme)
    unfollow(user=user, target=theme)
    unfollow(user=user, target=theme)
    assert not is_following(user, theme)
    assert Recipient(user.pk).reason == ""
    with pytest.raises(KeyError):
        follow(user=user, target=user)
