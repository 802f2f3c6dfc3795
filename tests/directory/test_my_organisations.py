"""My organisation: its members and their roles, and nobody left without a manager."""

import pytest
from django.test import Client

from directory.enums import Visibility
from directory.models import Membership, Organisation
from directory.services import SoleManagerError, change_role, end_membership, join_organisation
from tests.directory.people import make_member
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
URL = "/mon-espace/ma-structure/"
Role = Membership.Role


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Structure d’essai")


@pytest.fixture
def manager(client: Client, organisation: Organisation) -> Membership:
    place = MembershipFactory(organisation=organisation, role=Role.MANAGER, user__last_name="Responsable")
    client.force_login(place.user)
    return place


@pytest.fixture
def colleague(organisation: Organisation) -> Membership:
    return MembershipFactory(organisation=organisation, user__last_name="Collègue")


def address(place: Membership, action: str) -> str:
    return f"{URL}places/{place.pk}/{action}/"


def test_members_see_one_another_and_managers_alone_act(
    client: Client, manager: Membership, colleague: Membership
) -> None:
    html = client.get(URL).content.decode()
    assert "Collègue" in html
    assert address(colleague, "role") in html
    assert address(colleague, "retirer") in client.get(address(colleague, "role")).content.decode()
    client.force_login(colleague.user)
    html = client.get(URL).content.decode()
    assert "Responsable" in html
    assert "/role/" not in html
    assert address(colleague, "quitter") in html


def test_a_manager_knows_the_name_that_a_colleague_hides(
    client: Client, manager: Membership, colleague: Membership
) -> None:
    make_member(colleague.user, readers=Visibility.NOBODY)
    assert "Collègue" in client.get(URL).content.decode()
    third = MembershipFactory(organisation=manager.organisation)
    client.force_login(third.user)
    assert "Collègue" not in client.get(URL).content.decode()


def test_who_acts_for_nobody_is_told_what_to_do(client: Client) -> None:
    client.force_login(UserFactory())
    assert 'href="/contact/"' in client.get(URL).content.decode()
    assert URL not in client.get("/mon-espace/mon-profil/").content.decode()


def test_a_manager_changes_a_role(client: Client, manager: Membership, colleague: Membership) -> None:
    assert client.get(address(colleague, "role")).context["form"].initial == {"role": Role.MEMBER}
    assert client.post(address(colleague, "role"), {"role": "editor"}).status_code == 302
    colleague.refresh_from_db()
    assert colleague.role == Role.EDITOR


@pytest.mark.parametrize("role", ["", "boss", "x" * 300])
def test_an_unknown_role_changes_nothing(client: Client, manager: Membership, colleague: Membership, role: str) -> None:
    response = client.post(address(colleague, "role"), {"role": role})
    assert response.status_code == 422
    assert "role" in response.context["form"].errors
    colleague.refresh_from_db()
    assert colleague.role == Role.MEMBER


def test_the_only_manager_can_neither_leave_nor_step_down(client: Client, manager: Membership) -> None:
    response = client.get(address(manager, "quitter"))
    assert response.context["is_sole_manager"]
    assert "<form" not in response.content.decode().split("<main")[1].split("</main>")[0]
    client.post(address(manager, "quitter"))
    client.post(address(manager, "role"), {"role": "member"})
    manager.refresh_from_db()
    assert (manager.role, manager.left_at) == (Role.MANAGER, None)


def test_a_manager_whose_account_is_closed_does_not_count(manager: Membership, organisation: Organisation) -> None:
    other = MembershipFactory(organisation=organisation, role=Role.MANAGER)
    other.user.is_active = False
    other.user.save()
    with pytest.raises(SoleManagerError):
        end_membership(membership=manager)
    with pytest.raises(SoleManagerError):
        change_role(membership=manager, role=Role.EDITOR)


def test_leaving_keeps_the_history(client: Client, manager: Membership, organisation: Organisation) -> None:
    MembershipFactory(organisation=organisation, role=Role.MANAGER)
    assert client.get(address(manager, "quitter")).status_code == 200
    manager.refresh_from_db()
    assert manager.left_at is None
    client.post(address(manager, "quitter"))
    manager.refresh_from_db()
    assert manager.left_at is not None
    end_membership(membership=manager)
    again = join_organisation(user=manager.user, organisation=organisation)
    assert again.pk != manager.pk
    assert join_organisation(user=manager.user, organisation=organisation, role=Role.MANAGER) == again
    assert again.role == Role.MEMBER


def test_a_manager_removes_after_being_asked(client: Client, manager: Membership, colleague: Membership) -> None:
    assert client.get(address(colleague, "retirer")).status_code == 200
    colleague.refresh_from_db()
    assert colleague.left_at is None
    client.post(address(colleague, "retirer"))
    colleague.refresh_from_db()
    assert colleague.left_at is not None
    assert client.post(address(colleague, "retirer")).status_code == 404


@pytest.mark.parametrize("action", ["role", "retirer"])
def test_others_cannot_act(client: Client, manager: Membership, colleague: Membership, action: str) -> None:
    editor = MembershipFactory(organisation=manager.organisation, role=Role.EDITOR)
    client.force_login(editor.user)
    assert client.post(address(colleague, action), {"role": "manager"}).status_code == 403
    stranger = MembershipFactory(role=Role.MANAGER)
    client.force_login(stranger.user)
    assert client.post(address(colleague, action), {"role": "manager"}).status_code == 404
    client.logout()
    assert client.post(address(colleague, action), {"role": "manager"}).status_code == 302
    colleague.refresh_from_db()
    assert (colleague.role, colleague.left_at) == (Role.MEMBER, None)


def test_nobody_leaves_in_another_s_place(client: Client, manager: Membership, colleague: Membership) -> None:
    assert client.post(address(colleague, "quitter")).status_code == 404
    colleague.refresh_from_db()
    assert colleague.left_at is None


def test_a_suspended_manager_manages_nothing(client: Client, manager: Membership, colleague: Membership) -> None:
    manager.user.membership_status = manager.user.MembershipStatus.SUSPENDED
    manager.user.save()
    assert client.post(address(colleague, "retirer")).status_code == 403
    assert "/role/" not in client.get(URL).content.decode()


def test_a_suspended_colleague_neither_counts_nor_takes_over(
    client: Client, manager: Membership, organisation: Organisation
) -> None:
    other = MembershipFactory(organisation=organisation, role=Role.MANAGER)
    other.user.membership_status = other.user.MembershipStatus.SUSPENDED
    other.user.save()
    with pytest.raises(SoleManagerError):
        end_membership(membership=manager)
    response = client.get(address(manager, "transmettre"))
    assert response.context["is_alone"]
    assert client.post(address(manager, "transmettre"), {"place": other.pk}).status_code == 422
    other.user.membership_status = other.user.MembershipStatus.APPROVED
    other.user.save()
    end_membership(membership=manager)
    assert Membership.objects.get(pk=manager.pk).left_at


def test_same_queries_at_one_and_three_rows(client: Client, manager: Membership) -> None:
    def add_row() -> None:
        MembershipFactory(organisation=manager.organisation)
        MembershipFactory(user=manager.user, organisation=OrganisationFactory(), role=Role.MANAGER)

    assert_constant_queries(add_row=add_row, call=lambda: client.get(URL), budget=16)
