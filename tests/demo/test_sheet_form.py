"""The form shows every fact of a sheet and loses none: saved as it is shown, nothing changes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from project_sheets.editing.differences import differences_between
from project_sheets.editing.steps import STEPS
from project_sheets.models import ProjectSheetPage, SheetLead
from tests.support.forms import form_data

#: A demonstration is on SQLite, always.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]
ASLD = "Loir-et-Cher"


@pytest.fixture
def sheet(demo: str) -> ProjectSheetPage:
    return ProjectSheetPage.objects.get(title__contains=ASLD)


@pytest.fixture
def writer(sheet: ProjectSheetPage) -> Client:
    client = Client()
    user = User.objects.get(email="membre@demo.example")
    SheetLead.objects.get_or_create(sheet=sheet, user=user)
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        ignored = {"pk", "sort_order", "latest_revision", "latest_revision_created_at", "has_unpublished_changes"}
        # The moment loses its microseconds in a revision.
        ignored |= {"first_published_at", "last_published_at"}
        return {name: without_keys(entry) for name, entry in value.items() if name not in ignored}
    return [without_keys(entry) for entry in value] if isinstance(value, list) else value


def test_saving_every_step_unchanged_changes_nothing(sheet: ProjectSheetPage, writer: Client) -> None:
    before = sheet.get_latest_revision_as_object()
    saved = before.serializable_data()
    for step in STEPS:
        url = reverse("sheet_editing:step", args=[sheet.uid, step.slug])
        data = form_data(writer.get(url).content.decode(), "seen")
        assert writer.post(url, {**data, "action": "save"}).status_code == 302, step.slug
    sheet.refresh_from_db()
    after = sheet.get_latest_revision_as_object()
    assert without_keys(after.serializable_data()) == without_keys(saved)
    assert differences_between(before, after) == []


def test_a_step_written_and_written_back_is_as_it_was(sheet: ProjectSheetPage, writer: Client) -> None:
    """With a revision really saved in between: rows get new keys and keep their facts."""
    before = sheet.get_latest_revision_as_object().serializable_data()
    for name, step in (("partnerships-0-contribution", "partenaires"), ("funding_lines-1-label", "financement")):
        url = reverse("sheet_editing:step", args=[sheet.uid, step])
        shown = form_data(writer.get(url).content.decode(), "seen")
        assert writer.post(url, {**shown, name: ["Autre chose"], "action": "save"}).status_code == 302
        again = form_data(writer.get(url).content.decode(), "seen")
        assert again[name] == ["Autre chose"]
        assert writer.post(url, {**again, name: shown[name], "action": "save"}).status_code == 302
    sheet.refresh_from_db()
    assert without_keys(sheet.get_latest_revision_as_object().serializable_data()) == without_keys(before)


def test_the_published_shares_are_shown_beside_the_amounts(sheet: ProjectSheetPage, writer: Client) -> None:
    html = writer.get(reverse("sheet_editing:step", args=[sheet.uid, "financement"])).content.decode()
    for figure in ("54,7\xa0%", "79,7\xa0% (1\u202f595\u202f526\xa0€)", "20,3\xa0% (405\u202f319\xa0€)"):
        assert figure in html
