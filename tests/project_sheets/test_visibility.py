"""Who sees which sheet, and how deep."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from project_sheets.models import ProjectSheetPage
from project_sheets.selectors import documents_visible_to, present_sheet
from tests.support.world import ROLES, SECRETS, World, read

WHO_SEES_THE_DRAFT = {"lead", "editor", "animator", "administrator"}


@pytest.mark.parametrize("role", ROLES)
def test_a_draft_is_seen_by_those_who_answer_for_it(world: World, role: str) -> None:
    seen = ProjectSheetPage.objects.visible_to(world.users[role])
    assert seen.contains(world.sheet)
    assert seen.contains(world.draft) == (role in WHO_SEES_THE_DRAFT)


@pytest.mark.parametrize("role", ROLES)
def test_a_draft_s_page_exists_for_the_same_people(world: World, role: str) -> None:
    status = world.client(role).get(world.draft.public_path).status_code
    assert status == (200 if role in WHO_SEES_THE_DRAFT else 404)


def test_a_pending_account_reads_no_more_than_a_visitor(world: World) -> None:
    user = world.users["member"]
    user.membership_status = user.MembershipStatus.PENDING
    user.save()
    assert present_sheet(user, world.sheet).members is None
    assert not documents_visible_to(user).exists()


def test_a_visitor_s_presentation_does_not_even_load_the_members_part(
    world: World, django_assert_num_queries: object
) -> None:
    presented = present_sheet(AnonymousUser(), world.sheet)
    assert presented.members is None
    with pytest.raises(AttributeError):
        _ = presented.total_budget


def test_a_member_reads_the_whole_sheet(world: World) -> None:
    html = world.client("member").get(world.sheet.public_path).content.decode()
    for name, secret in SECRETS.items():
        if name.startswith(("sheet.", "action.", "team", "partnership", "testimony")) and not secret.isdigit():
            assert secret in html, name
    assert "7\u202f654\u202f321\u00a0€" in html


def test_an_erased_lead_loses_the_draft(world: World) -> None:
    lead = world.users["lead"]
    lead.led_sheets.all().delete()
    assert not ProjectSheetPage.objects.visible_to(lead).contains(world.draft)


def test_publishing_an_old_draft_gives_no_right_back(world: World) -> None:
    """Leads stand beside the page: a revision from before must not bring one back."""
    revision = world.sheet.save_revision()
    world.sheet.leads.all().delete()
    revision.publish()
    assert not world.sheet.leads.exists()


def test_a_file_is_served_to_members_alone(world: World) -> None:
    url = world.document.get_absolute_url()
    assert world.client("visitor").get(url).status_code == 404
    response = world.client("member").get(url)
    assert response.status_code == 200
    assert read(response).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_of_a_draft_does_not_exist_for_ordinary_members(world: World) -> None:
    world.document.sheet = world.draft
    world.document.save()
    assert world.client("member").get(world.document.get_absolute_url()).status_code == 404
    response = world.client("lead").get(world.document.get_absolute_url())
    assert response.status_code == 200
    read(response)


def test_a_missing_file_is_not_found_rather_than_an_error(world: World) -> None:
    world.document.file.storage.delete(world.document.file.name)
    assert world.client("member").get(world.document.get_absolute_url()).status_code == 404


def test_addresses_are_those_of_wagtail(world: World) -> None:
    assert world.sheet.public_path == world.sheet.get_url() == "/projets/bretagne/projet-public/"
    assert reverse("project_sheets:call", args=["ipr"]) == "/appels/ipr/"
