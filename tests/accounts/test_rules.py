"""Who is what."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from portal.accounts.models import User
from portal.accounts.rules import animates, is_administrator, is_animator, is_member
from portal.accounts.services import appoint_animator
from tests.support.world import make_territories, make_user


@pytest.mark.parametrize("status", [s for s in User.MembershipStatus.values if s != "approved"])
def test_only_an_approved_account_is_a_member(db: None, status: str) -> None:
    assert not is_member(make_user("membre", membership_status=status))


def test_an_inactive_account_is_nothing(db: None) -> None:
    user = make_user("administrateur", is_superuser=True, is_active=False)
    assert not is_member(user)
    assert not is_administrator(user)
    assert not is_animator(user)


def test_a_visitor_is_nothing() -> None:
    visitor = AnonymousUser()
    assert not is_member(visitor)
    assert not is_animator(visitor)
    assert not animates(visitor, 1)


def test_an_animator_animates_their_region_alone(db: None) -> None:
    places = make_territories()
    user = make_user("animateur")
    appoint_animator(user=user, territory=places["53"])
    assert is_animator(user)
    assert animates(user, places["53"].pk)
    assert not animates(user, places["24"].pk)
    assert not animates(user, None)


def test_a_suspended_animator_animates_nothing(db: None) -> None:
    places = make_territories()
    user = make_user("animateur")
    appoint_animator(user=user, territory=places["53"])
    user.membership_status = User.MembershipStatus.SUSPENDED
    user.save()
    assert not is_animator(user)
    assert not animates(user, places["53"].pk)


def test_one_address_one_account_whatever_its_case(db: None) -> None:
    make_user("membre")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="MEMBRE@test.example", password="x")])


def test_names_never_show_the_address(db: None) -> None:
    user = make_user("membre", first_name="")
    assert "@" not in str(user)
