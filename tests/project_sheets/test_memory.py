"""What processes remember of sheets: shown to those who may read it, and to nobody else."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client

from directory.models import Profile
from portal.accounts.models import User
from project_sheets.circles import is_laureate
from project_sheets.facets import FacetedList
from project_sheets.filters import parse_filters
from project_sheets.models import ProjectSheetPage, SheetLead
from tests.factories import DraftSheetFactory, SheetFactory
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.support.queries import process_memory, queries_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 9


def page_of(reader: User | None, sheet: ProjectSheetPage) -> str:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    return client.get(sheet.public_path).content.decode()


def listed(reader: Any) -> list[int]:
    return list(FacetedList(reader, parse_filters(QueryDict(""))).found())


def test_each_reader_has_their_depth_of_a_sheet_that_others_have_read() -> None:
    sheet, member = SheetFactory(body="Zsecret pour les membres"), UserFactory()
    with process_memory():
        for _time in range(2):
            assert "Zsecret" in page_of(member, sheet)
            assert "Zsecret" not in page_of(None, sheet)


def test_a_sheet_that_others_have_read_can_be_edited_by_its_lead_alone() -> None:
    lead, sheet = UserFactory(), SheetFactory()
    SheetLead.objects.create(sheet=sheet, user=lead)
    with process_memory():
        for reader, may in ((lead, True), (UserFactory(), False), (lead, True)):
            assert (f"/mes-fiches/{sheet.uid}/" in page_of(reader, sheet)) == may


def test_the_leads_are_told_to_members_alone_and_by_the_name_that_they_give() -> None:
    lead, sheet = UserFactory(first_name="Zoé", last_name="Zsecretname"), SheetFactory()
    SheetLead.objects.create(sheet=sheet, user=lead)
    with process_memory() as forget:
        assert "Zsecretname" in page_of(UserFactory(), sheet)
        assert "Zsecretname" not in page_of(None, sheet)
        Profile.objects.filter(user=lead).update(name_visibility="nobody")
        forget()
        assert "Zsecretname" not in page_of(UserFactory(), sheet)


def test_a_change_is_read_at_once(django_capture_on_commit_callbacks: Any) -> None:
    member = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        sheet = SheetFactory(body="Avant le changement")
    with process_memory():
        assert "Avant le changement" in page_of(member, sheet)
        with django_capture_on_commit_callbacks(execute=True):
            sheet.body = "Depuis le changement"
            sheet.save_revision().publish()
        assert "Depuis le changement" in page_of(member, sheet)
        with django_capture_on_commit_callbacks(execute=True):
            SheetLead.objects.create(sheet=sheet, user=UserFactory(first_name="Zoé", last_name="Référente"))
        assert "Zoé Référente" in page_of(member, sheet)


def test_a_sheet_read_before_costs_members_little_and_visitors_nothing() -> None:
    sheet, member = SheetFactory(), Client()
    member.force_login(UserFactory())
    with process_memory():
        assert len(queries_of(lambda: Client().get(sheet.public_path))) <= 1
        assert len(queries_of(lambda: member.get(sheet.public_path))) <= MOST_QUERIES


def test_a_call_read_before_costs_little() -> None:
    sheet, member = SheetFactory(), Client()
    member.force_login(UserFactory())
    with process_memory():
        for client, most in ((Client(), 4), (member, 8)):
            assert len(queries_of(lambda client=client: client.get(sheet.call.get_absolute_url()))) <= most


def test_drafts_are_listed_for_those_who_may_see_them_now(django_capture_on_commit_callbacks: Any) -> None:
    lead, administrator = UserFactory(), AdministratorFactory()
    with django_capture_on_commit_callbacks(execute=True):
        draft = DraftSheetFactory()
    with process_memory():
        readers = [AnonymousUser(), lead, administrator]
        assert [listed(reader) for reader in readers] == [[], [], [draft.pk]]
        with django_capture_on_commit_callbacks(execute=True):
            place = SheetLead.objects.create(sheet=draft, user=lead)
        assert [listed(reader) for reader in readers] == [[], [draft.pk], [draft.pk]]
        with django_capture_on_commit_callbacks(execute=True):
            place.delete()
        administrator.is_superuser = False
        administrator.save()
        assert [listed(reader) for reader in readers] == [[], [], []]


def test_whoever_leads_a_published_sheet_is_a_laureate_as_long_as_they_do(
    django_capture_on_commit_callbacks: Any,
) -> None:
    user, draft = UserFactory(), DraftSheetFactory()
    with process_memory():
        SheetLead.objects.create(sheet=draft, user=user)
        assert not is_laureate(user.pk)
        with django_capture_on_commit_callbacks(execute=True):
            draft.save_revision().publish()
        assert is_laureate(user.pk)
        with django_capture_on_commit_callbacks(execute=True):
            SheetLead.objects.filter(user=user).delete()
        assert not is_laureate(user.pk)
