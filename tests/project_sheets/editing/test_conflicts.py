"""Two people at one sheet, and what stood there before: nothing is lost."""

import re

import pytest
from django.db import transaction

from directory.models import Organisation
from portal.accounts.models import User
from project_sheets.models import Partnership, ProjectSheetPage
from project_sheets.review.services import approve_sheet, submit_sheet
from tests.factories.directory import OrganisationFactory
from tests.project_sheets.editing.conftest import Desk
from tests.support.forms import form_data


def test_a_step_saved_by_somebody_else_meanwhile_shows_both_versions(desk: Desk, colleague: Desk) -> None:
    shown = desk.shown("identite")
    assert colleague.save("identite", summary="Celui de la collègue.").status_code == 302
    response = desk.save("identite", shown=shown, summary="Celui de la référente.")
    assert response.status_code == 409
    html = response.content.decode()
    assert "Collègue" in html
    assert "collègue." in html
    assert 'rows="3"' in html
    assert "Celui de la référente." in html
    assert desk.draft.summary == "Celui de la collègue."
    # The form that is shown knows of the other version now: saving it is a choice.
    assert desk.save("identite", shown=form_data(html, "seen")).status_code == 302
    assert desk.draft.summary == "Celui de la référente."
    summaries = [revision.as_object().summary for revision in desk.sheet.revisions.order_by("pk")]
    assert "Celui de la collègue." in summaries


def test_another_step_is_no_conflict(desk: Desk, colleague: Desk) -> None:
    shown = desk.shown("identite")
    assert colleague.save("resultats", results="Des résultats.").status_code == 302
    assert desk.save("identite", shown=shown, summary="Un résumé.").status_code == 302
    assert (desk.draft.summary, desk.draft.results) == ("Un résumé.", "Des résultats.")


def test_the_script_is_told_of_a_conflict(desk: Desk, colleague: Desk) -> None:
    shown = desk.shown("identite")
    colleague.save("identite", summary="Celui de la collègue.")
    response = desk.save("identite", action="autosave", shown=shown, summary="Un autre.")
    assert response.status_code == 409
    assert response.json()["conflict"] is True
    assert desk.draft.summary == "Celui de la collègue."


def test_what_one_s_own_automatic_saving_has_saved_is_no_conflict(desk: Desk) -> None:
    """The button is pressed while the automatic saving is on its way: the same text comes twice."""
    shown = desk.shown("identite")
    assert desk.save("identite", action="autosave", shown=shown, summary="Deux fois.").status_code == 200
    revisions = desk.sheet.revisions.count()
    assert desk.save("identite", shown=shown, summary="Deux fois.").status_code == 302
    assert (desk.draft.summary, desk.sheet.revisions.count()) == ("Deux fois.", revisions)
    assert desk.save("identite", shown=shown, summary="Autre chose.").status_code == 409


@pytest.mark.parametrize("seen", ["", "faux", "0" * 20, "\x00"])
def test_a_forged_state_is_a_conflict_and_no_more(desk: Desk, seen: str) -> None:
    assert desk.save("identite", seen=seen, summary="Autre.").status_code == 409
    assert desk.draft.summary == "Ce que lit chaque visiteur."


def test_the_history_tells_what_changed_in_words(desk: Desk, colleague: Desk) -> None:
    first = desk.sheet.latest_revision_id
    colleague.save("identite", summary="Ce que lit chaque lecteur.")
    latest = desk.draft.latest_revision_id
    assert "Collègue" in desk.client.get(desk.url("history")).content.decode()
    html = desk.client.get(desk.url("version", latest)).content.decode()
    assert re.search(r"<del>.*?visiteur\.", html, re.DOTALL)
    assert re.search(r"<ins>.*?lecteur\.", html, re.DOTALL)
    assert desk.client.post(desk.url("version", first)).status_code == 302
    assert desk.draft.summary == "Ce que lit chaque visiteur."
    assert desk.sheet.revisions.filter(pk=latest).exists()


def test_a_version_of_another_sheet_is_not_found(desk: Desk) -> None:
    from tests.factories.sheets import SheetFactory

    other = SheetFactory(call=desk.sheet.call)
    assert desk.client.get(desk.url("version", other.latest_revision_id)).status_code == 404


def test_a_version_is_restored_without_what_no_longer_exists(desk: Desk, animator: User) -> None:
    """An old revision protects nothing: the partner that it names may be deleted."""
    partner, funder = OrganisationFactory(name="Structure disparue"), OrganisationFactory()
    draft = desk.draft
    draft.partnerships = [Partnership(organisation=partner, contribution="Sa part.")]
    draft.funding_lines.create(label="Ligne", category="state", amount=1, funder=funder)
    draft.total_budget = 10
    old = draft.save_revision()
    draft.partnerships, draft.funding_lines = [], []
    draft.save_revision()
    Organisation.objects.filter(pk__in=[partner.pk, funder.pk]).delete()
    assert desk.client.get(desk.url("version", old.pk)).status_code == 200
    assert desk.client.post(desk.url("version", old.pk)).status_code == 302
    restored = desk.draft.partnerships.first()
    assert (restored.organisation, restored.contribution) == (None, "Sa part.")
    assert "retirée" in restored.label
    assert desk.draft.funding_lines.first().funder is None
    submit_sheet(sheet=desk.sheet, user=desk.user)
    approve_sheet(sheet=desk.sheet, by=animator)
    # Read anew: refresh_from_db leaves the rows that a page holds in memory as they are.
    published = ProjectSheetPage.objects.get(pk=desk.sheet.pk)
    assert published.partnerships.get().label == restored.label


def test_a_version_is_restored_with_the_organisation_that_took_in_another(desk: Desk) -> None:
    absorbed, kept, last = (OrganisationFactory(name=name) for name in ("Absorbée", "Retenue", "Dernière"))
    draft = desk.draft
    draft.holder, draft.total_budget = absorbed, 10
    draft.partnerships = [Partnership(organisation=absorbed)]
    draft.funding_lines.create(label="Ligne", category="state", amount=1, funder=absorbed, channel=kept)
    old = draft.save_revision()
    Organisation.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    Organisation.objects.filter(pk=kept.pk).update(merged_into=last)
    assert desk.client.post(desk.url("version", old.pk)).status_code == 302
    restored = desk.draft
    assert (restored.holder, restored.partnerships.first().organisation) == (last, last)
    line = restored.funding_lines.first()
    assert (line.funder, line.channel) == (last, None), "one body does not pay through itself"


def test_publishing_an_old_text_takes_back_no_confirmation(desk: Desk) -> None:
    from project_sheets.living.services import confirm_sheet

    old = desk.sheet.latest_revision
    moment = confirm_sheet(sheet=desk.sheet, by=desk.user)
    with transaction.atomic():
        old.publish()
    desk.sheet.refresh_from_db()
    assert desk.sheet.last_confirmed_at == moment
