"""Editing a sheet in the admin: errors at their field, nothing lost, nothing half-written."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from project_sheets.models import Call, ProjectSheetPage, RegionIndexPage
from tests.support.world import PDF, World

INLINES = (
    *("actions", "team_roles", "partnerships", "funding_lines", "indicators"),
    *("testimonies", "documents", "photos", "comments"),
)

#: Forms of the admin, slow to draw, and the same on both databases.
pytestmark = pytest.mark.only_on("sqlite")


def data(world: World, **changes: Any) -> dict[str, Any]:
    """Return what the admin's form posts for a sheet without rows, with ``changes``."""
    values: dict[str, Any] = {
        "title": "Projet public",
        "slug": "projet-public",
        "summary": "Un résumé public.",
        "call": world.call.pk,
        "holder": world.organisation.pk,
        **{name: inline_formset([]) for name in (*INLINES, "comments")},
        **changes,
    }
    return nested_form_data({name: value for name, value in values.items() if value is not None})


def line(amount: str, **fields: Any) -> dict[str, Any]:
    return {"label": "Ligne", "category": "state", "amount": amount, "amount_status": "granted", **fields}


def post(world: World, **changes: Any) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[world.sheet.pk])
    files = changes.pop("files", {})
    return world.client("animator").post(url, {**data(world, **changes), **files, "action-publish": "1"})


def errors(response: Any) -> dict[str, list[str]]:
    form = response.context["form"]
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


def test_a_valid_sheet_is_published(world: World) -> None:
    lines = inline_formset([line("60"), line("40")])
    response = post(world, total_budget="100", funding_lines=lines, title="Projet renommé")
    assert response.status_code == 302
    sheet = ProjectSheetPage.objects.get(pk=world.sheet.pk)
    assert sheet.title == "Projet renommé"
    assert [row.amount for row in sheet.funding_lines.filter(label="Ligne")] == [60, 40]


def test_lines_over_the_total_are_an_error_at_the_total(world: World) -> None:
    response = post(world, total_budget="100", funding_lines=inline_formset([line("60"), line("40.01")]))
    assert list(errors(response)) == ["total_budget"]
    assert "100,01" in errors(response)["total_budget"][0]
    assert ProjectSheetPage.objects.get(pk=world.sheet.pk).total_budget == 7_654_321
    assert 'value="40.01"' in response.content.decode() or "40,01" in response.content.decode()


def test_a_deleted_line_does_not_count(world: World) -> None:
    kept, deleted = line("60"), {**line("90"), "DELETE": "on"}
    assert post(world, total_budget="100", funding_lines=inline_formset([kept, deleted])).status_code == 302


def test_lines_without_a_total_ask_for_it(world: World) -> None:
    assert list(errors(post(world, funding_lines=inline_formset([line("60")])))) == ["total_budget"]


def test_a_wave_of_another_call_is_refused(world: World) -> None:
    other = Call.objects.create(programme=world.call.programme, title="Autre appel", slug="autre")
    assert list(errors(post(world, call=other.pk, wave=world.call.waves.get().pk))) == ["wave"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_date": "2020-02-01", "end_date": "2020-01-01"}, "end_date"),
        ({"award_date": "2018-09-30"}, "award_date"),
        ({"duration_months": "121"}, "duration_months"),
        ({"total_budget": "-1"}, "total_budget"),
        ({"total_budget": "beaucoup"}, "total_budget"),
        ({"summary": "x" * 281}, "summary"),
        ({"summary": ""}, "summary"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
def test_bad_values_are_errors_at_their_field(world: World, changes: dict[str, str], field: str) -> None:
    assert list(errors(post(world, **changes))) == [field]


@pytest.mark.parametrize(
    "row",
    [
        {"role": "partner"},
        {"role": "partner", "label": "les entreprises", "quantity": "0"},
    ],
)
def test_a_partner_is_an_organisation_or_a_counted_group(world: World, row: dict[str, str]) -> None:
    response = post(world, partnerships=inline_formset([row]))
    assert response.status_code == 200
    assert response.context["form"].formsets["partnerships"].errors[0]


def test_a_disguised_file_is_refused_and_nothing_is_written(world: World) -> None:
    before = world.sheet.documents.count()
    rows = inline_formset([{"title": "Rapport", "kind": "report"}])
    disguised = SimpleUploadedFile("rapport.pdf", b"<html><script>alert(1)</script></html>")
    response = post(world, documents=rows, files={"documents-0-file": disguised})
    assert response.status_code == 200
    assert "file" in response.context["form"].formsets["documents"].errors[0]
    assert world.sheet.documents.count() == before


def test_a_file_is_described_when_it_is_saved(world: World) -> None:
    rows = inline_formset([{"title": "Rapport", "kind": "report"}])
    response = post(world, documents=rows, files={"documents-0-file": SimpleUploadedFile("rapport.pdf", PDF)})
    assert response.status_code == 302
    document = ProjectSheetPage.objects.get(pk=world.sheet.pk).documents.get(title="Rapport")
    assert (document.format, document.size) == ("PDF", len(PDF))


def test_the_preview_shows_what_is_being_typed(world: World) -> None:
    client = world.client("animator")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[world.sheet.pk])
    lines = inline_formset([line("60")])
    assert client.post(url, data(world, title="Titre en cours", total_budget="100", funding_lines=lines)).json()
    html = client.get(url).content.decode()
    assert "Titre en cours" in html
    assert "60\u00a0%" in html


def test_a_submitted_sheet_waits_for_its_region(world: World) -> None:
    """Wagtail's own review: the region's animators see it among what waits for them."""
    world.draft.get_workflow().start(world.draft.save_revision().content_object, world.users["lead"])
    assert "Zsecretdraft" in world.client("animator").get("/").content.decode()
    assert "Zsecretdraft" not in world.client("other_animator").get("/").content.decode()


def test_a_sheet_can_be_copied_with_its_file(world: World) -> None:
    url = reverse("wagtailadmin_pages:copy", args=[world.sheet.pk])
    parent = world.sheet.get_parent()
    copied = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": parent.pk, "copy_subpages": ""}
    assert world.client("animator").post(url, copied).status_code == 302
    copy = ProjectSheetPage.objects.get(slug="copie")
    assert copy.uid != world.sheet.uid
    assert copy.documents.get().uid != world.document.uid


def test_the_preview_of_a_new_sheet_works_for_an_administrator(world: World) -> None:
    client = world.client("administrator")
    place = ["project_sheets", "projectsheetpage", world.sheet.get_parent().pk]
    url = reverse("wagtailadmin_pages:preview_on_add", args=place)
    assert client.post(url, data(world, title="Neuve", slug="neuve")).status_code == 200
    assert "Neuve" in client.get(url).content.decode()


def test_moving_a_sheet_changes_who_answers_for_it(world: World) -> None:
    world.draft.move(RegionIndexPage.objects.get(slug="centre-val-de-loire"), pos="last-child")
    sheets = ProjectSheetPage.objects
    roles = ("animator", "other_animator")
    seen_by = {role for role in roles if sheets.visible_to(world.users[role]).contains(world.draft)}
    assert seen_by == {"other_animator"}


def test_a_suspended_animator_loses_the_admin(world: World) -> None:
    client = world.client("animator")
    user = world.users["animator"]
    user.membership_status = user.MembershipStatus.SUSPENDED
    user.save()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[world.sheet.pk])).status_code in {302, 403}
