"""From a draft to the public, through the team of the region."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, TaskState, WorkflowState

from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from project_sheets.editing.selectors import review_of
from project_sheets.enums import EventKind
from project_sheets.models import ProjectSheetPage
from project_sheets.review import services
from project_sheets.review.planned import publish_planned_sheets
from tests.factories.directory import OrganisationFactory
from tests.project_sheets.editing.conftest import Desk, client_of
from tests.support.queries import assert_constant_queries

Mails = Callable[[str], list[OutboxMessage]]


def post(client: Client, name: str, sheet: ProjectSheetPage, **typed: str):
    prefix = {"changes": "changes", "refuse": "refuse", "approve": "approve"}.get(name, name)
    data = {f"{prefix}-{field}": value for field, value in typed.items()}
    return client.post(reverse(f"sheet_review:{name}", args=[sheet.uid]), data)


@pytest.fixture
def submitted(desk: Desk, animator: User) -> Desk:
    """A new version of a published sheet, in review."""
    desk.save("identite", summary="Le nouveau résumé.")
    assert desk.client.post(desk.url("submit"), {"note": "Le budget est neuf."}).status_code == 302
    return desk


@pytest.mark.parametrize("missing", ["summary", "holder", "call", "themes", "audiences", "territories"])
def test_a_draft_that_lacks_something_is_not_proposed(desk: Desk, animator: User, missing: str) -> None:
    """Wagtail alone would publish it: a draft is saved unchecked."""
    draft = desk.draft
    if missing in {"themes", "audiences", "territories"}:
        setattr(draft, missing, [])
    else:
        setattr(draft, missing, None if missing in {"holder", "call"} else "")
    draft.wave = None
    draft.save_revision(clean=False)
    response = desk.client.post(desk.url("submit"), {"note": ""})
    assert response.status_code == 422
    assert len(response.context["problems"]) == 1
    assert review_of(desk.sheet) is None


def test_a_broken_row_is_found_before_the_public_finds_it(desk: Desk) -> None:
    draft = desk.draft
    draft.funding_lines.create(label="", category="state", amount=1)
    draft.total_budget = None
    draft.save_revision(clean=False)
    problems = {problem.step for problem in services.what_blocks(desk.draft)}
    assert problems == {"financement"}


def test_a_published_sheet_stays_as_it_is_while_its_new_version_is_read(submitted: Desk, mails: Mails) -> None:
    page = Client().get(submitted.sheet.public_path).content.decode()
    assert "Ce que lit chaque visiteur." in page
    assert "Le nouveau résumé." not in page
    (mail,) = mails("to_review")
    assert "Le budget est neuf." in mail.text
    assert f"/animation/a-valider/{submitted.sheet.uid}/" in mail.text
    assert "/admin/" not in mail.text + mail.html


def test_an_approved_sheet_is_online_and_its_writers_are_told(submitted: Desk, animator: User, mails: Mails) -> None:
    team = client_of(animator)
    assert submitted.sheet.title in team.get(reverse("sheet_review:list")).content.decode()
    assert post(team, "approve", submitted.sheet, text="Bravo.").status_code == 302
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Le nouveau résumé."
    (mail,) = mails("published")
    assert mail.to == submitted.user.email
    assert mail.subject == "Votre fiche est en ligne"
    assert submitted.sheet.public_path in mail.text
    assert "Bravo." in mail.text
    # Once decided, it is decided.
    assert post(team, "refuse", submitted.sheet, text="Trop tard").status_code == 302
    assert not mails("refused")


def test_changes_that_are_asked_for_go_on_in_the_same_review(submitted: Desk, animator: User, mails: Mails) -> None:
    review = review_of(submitted.sheet)
    assert post(client_of(animator), "changes", submitted.sheet, text="").status_code == 422
    assert post(client_of(animator), "changes", submitted.sheet, text="Précisez le public.").status_code == 302
    (mail,) = mails("changes_asked")
    assert "Précisez le public." in mail.text
    assert f"/mon-espace/mes-fiches/{submitted.sheet.uid}/" in mail.text
    assert "/admin/" not in mail.text + mail.html
    page = submitted.client.get(submitted.url("overview")).content.decode()
    assert "Précisez le public." in page
    assert submitted.save("identite", summary="Un résumé précis.").status_code == 302
    assert submitted.client.post(submitted.url("submit"), {"note": ""}).status_code == 302
    again = review_of(submitted.sheet)
    assert (again.pk, again.status) == (review.pk, WorkflowState.STATUS_IN_PROGRESS)
    assert len(mails("to_review")) == 2
    post(client_of(animator), "approve", submitted.sheet)
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Un résumé précis."


def test_a_refusal_says_why_and_takes_nothing_down(submitted: Desk, animator: User, mails: Mails) -> None:
    assert post(client_of(animator), "refuse", submitted.sheet, text="Hors de l’appel.").status_code == 302
    (mail,) = mails("refused")
    assert "Hors de l’appel." in mail.text
    submitted.sheet.refresh_from_db()
    assert (submitted.sheet.live, submitted.sheet.summary) == (True, "Ce que lit chaque visiteur.")
    assert submitted.draft.summary == "Le nouveau résumé."
    # A new review may begin.
    assert submitted.client.post(submitted.url("submit"), {"note": ""}).status_code == 302


def test_a_sheet_in_review_is_not_written_until_it_is_taken_back(submitted: Desk, mails: Mails) -> None:
    refused = submitted.client.post(submitted.url("step", "identite"), {"action": "autosave", "title": "Autre"})
    assert refused.status_code == 423
    assert submitted.draft.title == "Plateforme"
    assert submitted.client.post(submitted.url("withdraw")).status_code == 302
    (mail,) = mails("to_review")
    assert mail.status == "cancelled", "the mail of a sheet taken back does not leave"
    assert submitted.save("identite", title="Autre").status_code == 302
    assert submitted.draft.title == "Autre"


def test_a_decision_in_the_admin_says_the_same(submitted: Desk, animator: User, mails: Mails) -> None:
    task_state = review_of(submitted.sheet).current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[submitted.sheet.pk, "reject", task_state.pk])
    client_of(animator).post(url, {"comment": "Depuis l’administration."})
    (mail,) = mails("changes_asked")
    assert "Depuis l’administration." in mail.text
    # Nothing of what Wagtail itself would have written, with its links into the admin.
    assert set(OutboxMessage.objects.values_list("kind", flat=True)) == {
        "project_sheets.to_review",
        "project_sheets.changes_asked",
    }


def test_a_comment_on_a_field_stands_beside_it_here_and_in_the_admin(submitted: Desk, animator: User) -> None:
    team = client_of(animator)
    assert post(team, "comment", submitted.sheet, field="summary", text="Plus court.").status_code == 302
    assert post(team, "comment", submitted.sheet, field="owner", text="x").status_code == 422
    post(team, "changes", submitted.sheet, text="Voyez les commentaires.")
    assert "Plus court." in submitted.client.get(submitted.url("step", "identite")).content.decode()
    assert "Plus court." not in submitted.client.get(submitted.url("step", "financement")).content.decode()
    edit = team.get(reverse("wagtailadmin_pages:edit", args=[submitted.sheet.pk])).content.decode()
    assert "Plus court." in edit
    comment = Comment.objects.get()
    submitted.client.post(submitted.url("settle_comment", comment.pk))
    comment.refresh_from_db()
    assert comment.resolved_by == submitted.user


def test_a_publication_can_be_planned(submitted: Desk, animator: User, mails: Mails) -> None:
    later = timezone.localtime(timezone.now() + timedelta(days=3))
    past = timezone.localtime(timezone.now() - timedelta(days=1))
    when = "%Y-%m-%dT%H:%M"
    assert post(client_of(animator), "approve", submitted.sheet, publish_at=past.strftime(when)).status_code == 422
    assert post(client_of(animator), "approve", submitted.sheet, publish_at=later.strftime(when)).status_code == 302
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Ce que lit chaque visiteur."
    assert len(mails("scheduled")) == 1
    publish_planned_sheets()
    assert not mails("published")
    submitted.sheet.revisions.exclude(approved_go_live_at=None).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    # The moment has come: what the revision itself says is the moment before.
    revision = submitted.sheet.revisions.exclude(approved_go_live_at=None).get()
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save(update_fields=["content"])
    publish_planned_sheets()
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Le nouveau résumé."
    assert len(mails("published")) == 1
    publish_planned_sheets()
    assert len(mails("published")) == 1


def test_an_archived_sheet_leaves_the_portal_and_comes_back(desk: Desk, animator: User, mails: Mails) -> None:
    team = client_of(animator)
    assert post(team, "archive", desk.sheet, text="Projet terminé.").status_code == 302
    assert Client().get(desk.sheet.public_path).status_code == 404
    assert "Projet terminé." in mails("archived")[0].text
    assert "Archivée" in desk.client.get(desk.url("overview")).content.decode()
    assert team.post(reverse("sheet_review:reopen", args=[desk.sheet.uid])).status_code == 302
    assert Client().get(desk.sheet.public_path).status_code == 200


def test_acts_are_told_in_the_name_of_the_organisation(desk: Desk, animator: User, mails: Mails) -> None:
    from directory.models import Membership

    holder, other = desk.sheet.holder, OrganisationFactory()
    Membership.objects.create(user=desk.user, organisation=holder, role=Membership.Role.EDITOR)
    # Nobody speaks for an organisation that is not theirs.
    assert desk.client.post(desk.url("submit"), {"note": "", "on_behalf_of": other.pk}).status_code == 422
    assert desk.client.post(desk.url("submit"), {"note": "", "on_behalf_of": holder.pk}).status_code == 302
    assert f"au nom de {holder.name}" in mails("to_review")[0].text
    assert f"au nom de {holder.name}" in desk.client.get(desk.url("overview")).content.decode()


def test_another_region_s_team_gets_nothing(submitted: Desk, other_animator: User) -> None:
    client, sheet = client_of(other_animator), submitted.sheet
    client.raise_request_exception = False
    assert sheet.title not in client.get(reverse("sheet_review:list")).content.decode()
    for name in ("detail", "approve", "changes", "refuse", "comment", "archive", "reopen"):
        url = reverse(f"sheet_review:{name}", args=[sheet.uid])
        assert (client.get(url) if name == "detail" else client.post(url)).status_code == 404, name
    assert client.get(submitted.url("preview")).status_code == 403
    task_state = TaskState.objects.get()
    pages = [("edit", [sheet.pk]), ("history", [sheet.pk]), ("delete", [sheet.pk]), ("unpublish", [sheet.pk])]
    pages += [("copy", [sheet.pk]), ("move", [sheet.pk]), ("view_draft", [sheet.pk]), ("convert_alias", [sheet.pk])]
    pages += [("revisions_view", [sheet.pk, sheet.latest_revision_id])]
    pages += [("revisions_compare", [sheet.pk, "earliest", "latest"])]
    pages += [("revisions_revert", [sheet.pk, sheet.latest_revision_id])]
    pages += [("workflow_action", [sheet.pk, "approve", task_state.pk])]
    pages += [("workflow_history", [sheet.pk]), ("set_privacy", [sheet.pk])]
    pages += [("confirm_workflow_cancellation", [sheet.pk]), ("lock", [sheet.pk]), ("usage", [sheet.pk])]
    told = []
    for name, arguments in pages:
        url = reverse(f"wagtailadmin_pages:{name}", args=arguments)
        for response in (client.get(url), client.post(url, {"comment": "x"})):
            if response.status_code == 200 and "nouveau résumé" in response.content.decode():
                told.append(name)
            assert response.status_code in {302, 403, 404, 405}, (name, response.status_code)
    assert not told
    lists = ["wagtailadmin_home", "wagtailadmin_reports:workflow", "wagtailadmin_reports:site_history"]
    for name in lists:
        response = client.get(reverse(name), follow=True)
        assert sheet.title not in response.content.decode(), name
    for path in (
        f"/admin/api/main/pages/{sheet.pk}/",
        "/admin/api/main/pages/?search=Plateforme",
        "/admin/api/main/pages/",
    ):
        response = client.get(path)
        assert response.status_code in {200, 302, 403, 404}
        assert "nouveau résumé" not in response.content.decode()
    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS


def test_the_list_asks_as_much_for_three_sheets_as_for_one(desk: Desk, animator: User) -> None:
    from tests.factories.sheets import LeadFactory, SheetFactory

    client = client_of(animator)

    def add_row() -> None:
        sheet = SheetFactory(call=desk.sheet.call)
        review = sheet.get_workflow()
        review.start(sheet.get_latest_revision_as_object(), LeadFactory(sheet=sheet))

    assert_constant_queries(add_row=add_row, call=lambda: client.get(reverse("sheet_review:list")), budget=40)


def test_the_journal_keeps_every_step(submitted: Desk, animator: User) -> None:
    post(client_of(animator), "approve", submitted.sheet)
    kinds = list(submitted.sheet.events.order_by("at", "pk").values_list("kind", flat=True))
    assert kinds == [EventKind.SUBMITTED, EventKind.PUBLISHED]


def test_wagtail_s_own_mails_about_comments_lead_to_the_form(submitted: Desk) -> None:
    from django.template.loader import render_to_string

    context = {"page": submitted.sheet, "editor": submitted.user, "user": submitted.user, "new_comments": []}
    for kind in ("txt", "html"):
        text = render_to_string(f"wagtailadmin/notifications/updated_comments.{kind}", context)
        assert f"/mon-espace/mes-fiches/{submitted.sheet.uid}/" in text
        assert "/admin/" not in text
