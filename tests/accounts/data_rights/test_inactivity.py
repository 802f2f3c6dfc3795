"""Accounts that nobody uses: two warnings, then emptied; signing in starts again from nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from directory.models import Membership
from portal.accounts.data_rights.inactivity import follow_inactivity
from portal.accounts.data_rights.models import Departure, InactivityNotice
from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from tests.factories import AdministratorFactory, AnimatorFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
CAME = datetime(2024, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def idle() -> User:
    return UserFactory(email="absente@test.example", last_login=CAME, date_joined=CAME - timedelta(days=900))


def run(days: float) -> dict[str, int]:
    """Run the job ``days`` after the last sign-in."""
    with time_machine.travel(CAME + timedelta(days=days), tick=False):
        return follow_inactivity()


def kinds() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


NOTHING = {"first": 0, "second": 0, "erased": 0}


def test_two_warnings_60_and_15_days_before_then_emptied(idle: User) -> None:
    assert run(669) == NOTHING
    assert run(670) == {**NOTHING, "first": 1}
    assert kinds() == ["data_rights.inactive_first"]
    assert run(671) == NOTHING
    assert run(714) == NOTHING
    assert run(715) == {**NOTHING, "second": 1}
    assert kinds() == ["data_rights.inactive_first", "data_rights.inactive_second"]
    assert run(729) == NOTHING
    assert run(730) == {**NOTHING, "erased": 1}
    assert Departure.objects.get(user=idle).reason == Departure.Reason.INACTIVE
    assert run(731) == NOTHING
    idle.refresh_from_db()
    assert not idle.is_active


def test_signing_in_resets(idle: User, client: Client) -> None:
    run(670)
    run(715)
    with time_machine.travel(CAME + timedelta(days=720), tick=False):
        client.force_login(idle)
    assert run(731) == NOTHING
    assert not InactivityNotice.objects.exists()
    assert run(720 + 669) == NOTHING
    assert run(720 + 670) == {**NOTHING, "first": 1}
    assert len(kinds()) == 3


def test_a_job_that_did_not_run_for_years_still_warns_first(idle: User) -> None:
    assert run(2_000) == {**NOTHING, "first": 1}
    assert run(2_000 + 44) == NOTHING
    assert run(2_000 + 45) == {**NOTHING, "second": 1}
    assert run(2_000 + 59) == NOTHING
    assert run(2_000 + 60) == {**NOTHING, "erased": 1}


def test_nobody_is_emptied_sooner_than_15_days_after_the_second_warning(idle: User) -> None:
    run(670)
    assert run(729) == {**NOTHING, "second": 1}
    assert run(743) == NOTHING
    assert run(744) == {**NOTHING, "erased": 1}


def test_two_runs_at_once_write_once(idle: User) -> None:
    run(670)
    InactivityNotice.objects.all().delete()
    run(670)
    assert kinds() == ["data_rights.inactive_first"]


def test_who_never_signed_in_counts_from_the_day_they_came() -> None:
    UserFactory(last_login=None, date_joined=CAME)
    assert run(670) == {**NOTHING, "first": 1}


@pytest.mark.parametrize("factory", [AnimatorFactory, AdministratorFactory])
def test_who_runs_the_portal_is_warned_and_never_emptied(factory: Any) -> None:
    user = factory(last_login=CAME, date_joined=CAME)
    for days in (670, 715, 730, 3_000):
        run(days)
    assert set(kinds()) == {"data_rights.inactive_animator"}
    user.refresh_from_db()
    assert user.is_active


def test_who_is_still_needed_stays_and_the_team_is_told_once(idle: User) -> None:
    place = MembershipFactory(user=idle, role=Membership.Role.MANAGER)
    for days in (670, 715, 730, 731):
        run(days)
    told = OutboxMessage.objects.get(kind="data_rights.inactive_but_needed")
    assert told.to == settings.CONTACT_EMAIL
    idle.refresh_from_db()
    assert idle.is_active
    MembershipFactory(
        organisation=place.organisation, role=Membership.Role.MANAGER, user__date_joined=CAME + timedelta(700)
    )
    assert run(732)["erased"] == 1


def test_a_closed_account_is_the_administrators_matter() -> None:
    UserFactory(last_login=CAME, is_active=False)
    assert run(3_000) == NOTHING


def test_the_mail_says_the_day(idle: User) -> None:
    run(670)
    # 730 days after 1 January 2024, a leap year.
    assert "31 décembre 2025" in OutboxMessage.objects.get().text
