"""From a draft to the public, through the team of the region."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.urls import pages as wagtail_pages
from wagtail.models import Comment, TaskState, WorkflowState

from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.mail.models import OutboxMessage
from portal.notifications.enums import Rhythm
from portal.notifications.fan_out import fan_out_due
from portal.notifications.mailing import send_due
from portal.notifications.models import Notification, Preference
from portal.notifications.services import follow
from project_sheets.editing.selectors import review_of
from project_sheets.enums import EventKind
from project_sheets.models import ProjectSheetPage
from project_sheets.review import services
from tests.factories.accounts import UserFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.sheets import DraftSheetFactory, LeadFactory, SheetFactory
from tests.project_sheets.editing.conftest import Desk, Mails, client_of, decide
from tests.support.forms import form_data
from tests.support.queries import assert_constant_queries


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
    assert decide(team, "approve", submitted.sheet, text="Bravo.").status_code == 302
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Le nouveau résumé."
    (mail,) = mails("published")
    assert mail.to == submitted.user.email
    assert mail.subject == "Votre fiche est en ligne"
    assert submitted.sheet.public_path in mail.text
    assert "Bravo." in mail.text
    # Once decided, it is decided.
    assert decide(team, "refuse", submitted.sheet, text="Trop tard").status_code == 302
    assert not mails("refused")


def test_changes_that_are_asked_for_go_on_in_the_same_review(submitted: Desk, animator: User, mails: Mails) -> None:
    review = review_of(submitted.sheet)
    assert decide(client_of(animator), "changes", submitted.sheet, text="").status_code == 422
    assert decide(client_of(animator), "changes", submitted.sheet, text="Précisez le public.").status_code == 302
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
    decide(client_of(animator), "approve", submitted.sheet)
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Un résumé précis."


def test_a_refusal_says_why_and_takes_nothing_down(submitted: Desk, animator: User, mails: Mails) -> None:
    assert decide(client_of(animator), "refuse", submitted.sheet, text="Hors de l’appel.").status_code == 302
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
    assert decide(team, "comment", submitted.sheet, field="summary", text="Plus court.").status_code == 302
    assert decide(team, "comment", submitted.sheet, field="owner", text="x").status_code == 422
    decide(team, "changes", submitted.sheet, text="Voyez les commentaires.")
    assert "Plus court." in submitted.client.get(submitted.url("step", "identite")).content.decode()
    assert "Plus court." not in submitted.client.get(submitted.url("step", "financement")).content.decode()
    edit = team.get(reverse("wagtailadmin_pages:edit", args=[submitted.sheet.pk])).content.decode()
    assert "Plus court." in edit
    comment = Comment.objects.get()
    submitted.client.post(submitted.url("settle_comment", comment.pk))
    comment.refresh_from_db()
    assert comment.resolved_by == submitted.user


def test_an_archived_sheet_leaves_the_portal_and_comes_back(desk: Desk, animator: User, mails: Mails) -> None:
    team = client_of(animator)
    assert decide(team, "archive", desk.sheet, text="Projet terminé.").status_code == 302
    assert Client().get(desk.sheet.public_path).status_code == 404
    assert "Projet terminé." in mails("archived")[0].text
    assert "Archivée" in desk.client.get(desk.url("overview")).content.decode()
    assert team.post(reverse("sheet_review:reopen", args=[desk.sheet.uid])).status_code == 302
    assert Client().get(desk.sheet.public_path).status_code == 200


def test_what_comes_back_is_what_was_online_and_no_unread_draft(desk: Desk, animator: User, mails: Mails) -> None:
    """Wagtail forgets the published revision of a page that it takes down."""
    desk.save("identite", summary="Un brouillon que personne n’a lu.")
    team = client_of(animator)
    decide(team, "archive", desk.sheet, text="Projet terminé.")
    desk.save("identite", title="Un autre titre")
    assert team.post(reverse("sheet_review:reopen", args=[desk.sheet.uid])).status_code == 302
    page = Client().get(desk.sheet.public_path).content.decode()
    assert "Ce que lit chaque visiteur." in page
    assert "personne n’a lu" not in page
    live = ProjectSheetPage.objects.get(pk=desk.sheet.pk)
    assert (live.title, live.themes.count(), live.has_unpublished_changes) == ("Plateforme", 1, True)
    assert (desk.draft.title, desk.draft.summary) == ("Un autre titre", "Un brouillon que personne n’a lu.")
    assert not mails("published")


def test_a_sheet_whose_new_version_waits_is_not_put_back_beside_it(desk: Desk, animator: User) -> None:
    team = client_of(animator)
    decide(team, "archive", desk.sheet, text="Projet terminé.")
    desk.save("identite", summary="Le nouveau résumé.")
    assert desk.client.post(desk.url("submit"), {"note": ""}).status_code == 302
    team.post(reverse("sheet_review:reopen", args=[desk.sheet.uid]))
    desk.sheet.refresh_from_db()
    assert (desk.sheet.live, review_of(desk.sheet).status) == (False, WorkflowState.STATUS_IN_PROGRESS)


@pytest.mark.parametrize("decision", ["approve", "changes", "refuse"])
def test_a_decision_is_about_the_text_that_was_read(submitted: Desk, animator: User, decision: str) -> None:
    team = client_of(animator)
    shown = form_data(team.get(reverse("sheet_review:detail", args=[submitted.sheet.uid])).content.decode(), "read")
    submitted.client.post(submitted.url("withdraw"))
    submitted.save("identite", summary="Ce que l’équipe n’a pas lu.")
    submitted.client.post(submitted.url("submit"), {"note": ""})
    response = decide(team, decision, submitted.sheet, text="Bien.", read=shown["read"][0])
    assert response.url == reverse("sheet_review:detail", args=[submitted.sheet.uid])
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Ce que lit chaque visiteur."
    assert review_of(submitted.sheet).status == WorkflowState.STATUS_IN_PROGRESS
    assert decide(team, decision, submitted.sheet, text="Bien.").url == reverse("sheet_review:list")


def test_the_word_to_the_team_is_read_by_the_team_alone(submitted: Desk, colleague: Desk, animator: User) -> None:
    assert "Le budget est neuf." not in colleague.client.get(colleague.url("overview")).content.decode()
    team = client_of(animator)
    for url in (reverse("sheet_review:detail", args=[submitted.sheet.uid]), submitted.url("overview")):
        assert "Le budget est neuf." in team.get(url).content.decode()


def test_who_follows_a_sheet_is_told_of_its_new_version(submitted: Desk, animator: User) -> None:
    reader = UserFactory()
    for user in (reader, submitted.user):
        follow(user=user, target=submitted.sheet)
    decide(client_of(animator), "approve", submitted.sheet)
    fan_out_due()
    (told,) = Notification.objects.filter(kind="sheet.updated")
    assert told.user == reader, "whoever looks after it has been mailed"
    assert told.url == submitted.sheet.public_path
    decide(client_of(animator), "archive", submitted.sheet, text="Fini.")
    client_of(animator).post(reverse("sheet_review:reopen", args=[submitted.sheet.uid]))
    fan_out_due()
    assert Notification.objects.filter(kind="sheet.updated").count() == 1


def test_acts_are_told_in_the_name_of_the_organisation(desk: Desk, animator: User, mails: Mails) -> None:
    from directory.models import Membership

    holder, other = desk.sheet.holder, OrganisationFactory()
    Membership.objects.create(user=desk.user, organisation=holder, role=Membership.Role.EDITOR)
    # Nobody speaks for an organisation that is not theirs.
    assert desk.client.post(desk.url("submit"), {"note": "", "on_behalf_of": other.pk}).status_code == 422
    assert desk.client.post(desk.url("submit"), {"note": "", "on_behalf_of": holder.pk}).status_code == 302
    assert f"au nom de {holder.name}" in mails("to_review")[0].text
    assert f"au nom de {holder.name}" in desk.client.get(desk.url("overview")).content.decode()


def page_addresses(sheet: ProjectSheetPage, task_state: TaskState) -> Iterator[tuple[str, str]]:
    """Yield every address of Wagtail's admin that is about one page, with its name, for this sheet."""
    values = {
        **dict.fromkeys(("page_id", "pk", "page_to_move_id"), sheet.pk),
        **dict.fromkeys(("parent_page_id", "destination_id"), sheet.get_parent().pk),
        "revision_id": sheet.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": task_state.pk,
        "task_id": task_state.task_id,
        "workflow_state_id": task_state.workflow_state_id,
        "content_type_app_name": "project_sheets",
        "content_type_model_name": "projectsheetpage",
    }
    for pattern in wagtail_pages.urlpatterns:
        names = pattern.pattern.regex.groupindex
        if any("page" in name or name == "pk" for name in names):
            arguments = {name: values[name] for name in names}
            yield pattern.name, reverse(f"wagtailadmin_pages:{pattern.name}", kwargs=arguments)


def addresses_of_all_pages() -> Iterator[str]:
    """Yield the addresses of Wagtail's admin that list pages or find them."""
    model = ["project_sheets", "projectsheetpage"]
    for name in ("type_use", "type_use_results"):
        yield reverse(f"wagtailadmin_pages:{name}", args=model)
    choosers = ("choose_page", "choose_page_search", "choose_page_chosen_multiple")
    for name in ("pages:search", "pages:search_results", *choosers):
        yield reverse(f"wagtailadmin_{name}")


def test_another_region_s_team_gets_nothing(submitted: Desk, other_animator: User) -> None:
    client, sheet = client_of(other_animator), submitted.sheet
    client.raise_request_exception = False
    assert sheet.title not in client.get(reverse("sheet_review:list")).content.decode()
    decisions = ("approve", "changes", "refuse", "comment", "archive", "reopen", "plan", "publish_now", "call_off")
    for name in ("detail", *decisions):
        url = reverse(f"sheet_review:{name}", args=[sheet.uid])
        assert (client.get(url) if name == "detail" else client.post(url)).status_code == 404, name
    assert client.get(submitted.url("preview")).status_code == 403
    # From here on a sheet that no visitor has read of.
    ProjectSheetPage.objects.filter(pk=sheet.pk).update(live=False, title="Titre tenu", draft_title="Titre tenu")
    task_state = TaskState.objects.get()
    told = []
    for name, address in page_addresses(sheet, task_state):
        for response in (client.get(address), client.post(address, {"comment": "x"})):
            assert response.status_code in {302, 403, 404, 405}, (name, response.status_code)
    for name in ("choose_page_child", "explore", "explore_results"):
        for page in (sheet, sheet.get_parent(), sheet.get_parent().get_parent()):
            response = client.get(reverse(f"wagtailadmin_{name}", args=[page.pk]), follow=True)
            told += [name] if "Titre tenu" in response.content.decode() else []
    for address in addresses_of_all_pages():
        response = client.get(f"{address}?q=Titre&id={sheet.pk}", follow=True)
        told += [address] if "Titre tenu" in response.content.decode() else []
    assert not told
    lists = ["wagtailadmin_home", "wagtailadmin_reports:workflow", "wagtailadmin_reports:site_history"]
    for name in lists:
        response = client.get(reverse(name), follow=True)
        assert "Titre tenu" not in response.content.decode(), name
    for path in (
        f"/admin/api/main/pages/{sheet.pk}/",
        "/admin/api/main/pages/?search=Titre",
        "/admin/api/main/pages/",
    ):
        response = client.get(path)
        assert response.status_code in {200, 302, 403, 404}
        assert "nouveau résumé" not in response.content.decode()
        assert "Titre tenu" not in response.content.decode()
    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS


def test_links_are_made_to_what_one_may_know(submitted: Desk, animator: User, other_animator: User) -> None:
    chosen, key = reverse("wagtailadmin_choose_page_chosen_multiple"), submitted.sheet.pk
    own, elsewhere = client_of(animator), client_of(other_animator)
    assert "Plateforme" in elsewhere.get(f"{chosen}?id={key}").content.decode(), "it is online"
    assert own.get(f"{chosen}?id={key}&id=x").status_code == 302
    ProjectSheetPage.objects.filter(pk=key).update(live=False)
    assert "Plateforme" in own.get(f"{chosen}?id={key}").content.decode()
    assert own.get(reverse("wagtailadmin_choose_page_child", args=[key])).status_code == 200
    parent = reverse("wagtailadmin_choose_page_child", args=[submitted.sheet.get_parent().pk])
    assert "Plateforme" in own.get(parent).content.decode()


def test_the_list_asks_as_much_for_three_sheets_as_for_one(desk: Desk, animator: User) -> None:
    client = client_of(animator)

    def add_row() -> None:
        sheet = SheetFactory(call=desk.sheet.call)
        review = sheet.get_workflow()
        review.start(sheet.get_latest_revision_as_object(), LeadFactory(sheet=sheet))

    assert_constant_queries(add_row=add_row, call=lambda: client.get(reverse("sheet_review:list")), budget=40)


def test_the_journal_keeps_every_step(submitted: Desk, animator: User) -> None:
    decide(client_of(animator), "approve", submitted.sheet)
    kinds = list(submitted.sheet.events.order_by("at", "pk").values_list("kind", flat=True))
    assert kinds == [EventKind.SUBMITTED, EventKind.PUBLISHED]


def mail_the_ledger() -> None:
    """Let the workers tell what happened, and mail what is to be mailed."""
    fan_out_due()
    Notification.objects.update(mail_due_at=timezone.now())
    send_due()


def test_a_step_is_told_on_the_site_and_mailed_once(submitted: Desk, animator: User, mails: Mails) -> None:
    """Even to those who wanted such news at once: each step has a mail of its own."""
    people = {"sheet.submitted": animator, "sheet.rejected": submitted.user, "sheet.approved": submitted.user}
    for kind, user in people.items():
        Preference.objects.create(user=user, kind=kind, rhythm=Rhythm.NOW)
    decide(client_of(animator), "changes", submitted.sheet, text="Précisez le public.")
    submitted.client.post(submitted.url("submit"), {"note": ""})
    decide(client_of(animator), "approve", submitted.sheet)
    mail_the_ledger()
    told = Notification.objects.filter(on_site=True).values_list("kind", "user")
    assert set(told) == {(kind, user.pk) for kind, user in people.items()}
    assert [len(mails(kind)) for kind in ("to_review", "changes_asked", "published")] == [2, 1, 1]
    assert not OutboxMessage.objects.exclude(kind__startswith="project_sheets.").exists()


def test_whoever_is_mailed_of_a_publication_is_not_told_of_it_as_a_reader(sheet: ProjectSheetPage) -> None:
    words = {name: list(getattr(sheet, name).all()) for name in ("themes", "audiences", "territories")}
    draft = DraftSheetFactory(call=sheet.call, **words)
    lead, reader = LeadFactory(sheet=draft), UserFactory()
    appoint_animator(user=(animator := UserFactory()), territory=sheet.region)
    for user in (lead, reader):
        follow(user=user, target=words["themes"][0])
    services.submit_sheet(sheet=draft, user=lead)
    services.approve_sheet(sheet=draft, by=animator)
    mail_the_ledger()
    about_it = Notification.objects.filter(event__object_id=str(draft.pk))
    assert set(about_it.values_list("kind", "user")) == {
        ("sheet.submitted", animator.pk),
        ("sheet.approved", lead.pk),
        ("sheet.published", reader.pk),
    }


def test_wagtail_s_own_mails_about_comments_lead_to_the_form(submitted: Desk) -> None:
    from django.template.loader import render_to_string

    context = {"page": submitted.sheet, "editor": submitted.user, "user": submitted.user, "new_comments": []}
    for kind in ("txt", "html"):
        text = render_to_string(f"wagtailadmin/notifications/updated_comments.{kind}", context)
        assert f"/mon-espace/mes-fiches/{submitted.sheet.uid}/" in text
        assert "/admin/" not in text
