"""One step of the form: saved, refused at its field, row by row without script."""

from decimal import Decimal

import pytest

from directory.models import Organisation
from project_sheets.editing.rows import MAX_ROWS
from project_sheets.editing.steps import STEPS
from project_sheets.enums import FundingCategory
from project_sheets.models import Action, FundingLine
from tests.factories.directory import OrganisationFactory
from tests.project_sheets.editing.conftest import Desk
from tests.support.forms import form_data
from tests.support.queries import assert_constant_queries


def money(index: int, label: str, amount: str, **more: str) -> dict[str, str]:
    line = {"row": "", "label": label, "category": "state", "amount": amount, "amount_status": "granted", **more}
    return {f"funding_lines-{index}-{name}": value for name, value in line.items()}


def financing(desk: Desk, total: str, *lines: dict[str, str], action: str = "save"):
    data = {key: value for line in lines for key, value in line.items()}
    return desk.save(
        "financement", action=action, total_budget=total, **data, **{"funding_lines-total": str(len(lines))}
    )


def test_the_shares_of_the_source_are_computed_when_it_is_saved(desk: Desk) -> None:
    lines = money(0, "Banque des territoires", "1 094 349 €"), money(1, "Complément de l’État", "501177")
    assert financing(desk, "2\u202f000\u202f845 €", *lines).status_code == 302
    assert desk.draft.total_budget == Decimal(2_000_845)
    assert [line.amount for line in desk.draft.funding_lines.all()] == [Decimal(1_094_349), Decimal(501_177)]
    html = desk.client.get(desk.url("step", "financement")).content.decode()
    assert "54,7\xa0%" in html
    assert "79,7\xa0% (1\u202f595\u202f526\xa0€)" in html
    assert "20,3\xa0% (405\u202f319\xa0€)" in html


def test_a_sum_over_the_total_is_told_at_the_total_and_loses_nothing(desk: Desk) -> None:
    response = financing(desk, "100", money(0, "Une source", "100,01"))
    assert response.status_code == 422
    assert response.context["editor"].form.errors["total_budget"]
    assert b"Une source" in response.content
    assert desk.draft.total_budget is None


def test_a_printed_share_that_is_not_ours_warns_and_is_saved(desk: Desk) -> None:
    ours, theirs = money(0, "A", "547", stated_share="54,7"), money(1, "B", "200", stated_share="20,2")
    assert financing(desk, "1000", ours, theirs).status_code == 302
    response = desk.client.get(desk.url("step", "financement"))
    assert [row.differs_from_print for row in response.context["financing"].shares] == [False, True]


@pytest.mark.parametrize(
    ("step", "typed", "field"),
    [
        ("identite", {"title": "x\x00y"}, "title"),
        ("identite", {"title": ""}, "title"),
        ("identite", {"summary": "x" * 281}, "summary"),
        ("identite", {"start_date": "31/02/2020"}, "start_date"),
        ("identite", {"start_date": "2020-02-01", "end_date": "2020-01-01"}, "end_date"),
        ("identite", {"source_url": "javascript:alert(1)"}, "source_url"),
        ("identite", {"holder": "Nulle part & Cie"}, "holder"),
        ("identite", {"call": "abc"}, "call"),
        ("publics", {"themes": ["999999"]}, "themes"),
        ("financement", {"total_budget": "beaucoup"}, "total_budget"),
        ("financement", {"total_budget": "99999999999999"}, "total_budget"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(desk: Desk, step: str, typed: dict[str, str], field: str) -> None:
    before = desk.draft.serializable_data()
    response = desk.save(step, **typed)
    assert response.status_code == 422
    assert field in response.context["editor"].form.errors
    assert desk.draft.serializable_data() == before


@pytest.mark.parametrize(
    ("step", "typed", "where"),
    [
        ("territoire", {"territories-total": "1", "territories-0-value": "Syldavie"}, "value"),
        ("partenaires", {"partnerships-total": "1", "partnerships-0-organisation": "Inconnue"}, "organisation"),
        ("partenaires", {"partnerships-total": "1", "partnerships-0-contribution": "seule"}, "label"),
        ("financement", {"funding_lines-total": "1", "funding_lines-0-label": "Sans montant"}, "amount"),
        ("resultats", {"indicators-total": "1", "indicators-0-label": "A", "indicators-0-values-total": "0"}, "unit"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_there(desk: Desk, step: str, typed: dict[str, str], where: str) -> None:
    response = desk.save(step, **typed)
    assert response.status_code == 422
    errors = [form.errors for row_set in response.context["editor"].row_sets for form in row_set.kept]
    assert any(where in found for found in errors)
    assert response.context["editor"].errors


def test_a_year_stands_once_in_an_indicator(desk: Desk) -> None:
    row = {"label": "Suivis", "unit": "personnes", "periodicity": "annual", "values-total": "2"}
    row |= {"values-0-year": "2019", "values-0-achieved": "1", "values-1-year": "2019", "values-1-achieved": "2"}
    typed = {"indicators-total": "1", **{f"indicators-0-{name}": value for name, value in row.items()}}
    assert desk.save("resultats", **typed).status_code == 422
    typed["indicators-0-values-1-year"] = "2020"
    assert desk.save("resultats", **typed).status_code == 302
    assert [value.year for value in desk.draft.indicators.first().values.all()] == [2019, 2020]


def test_rows_are_added_moved_and_removed_without_script(desk: Desk) -> None:
    typed = {"actions-total": "2", "actions-0-title": "Une", "actions-1-title": "Deux"}
    response = desk.save("publics", action="up:actions:1", **typed)
    data = form_data_of(response)
    assert [data[f"actions-{index}-title"] for index in (0, 1)] == [["Deux"], ["Une"]]
    response = desk.save("publics", action="add:actions", shown=data)
    data = form_data_of(response)
    assert data["actions-total"] == ["3"]
    assert 'name="actions-2-title"' in response.content.decode().split("autofocus")[0]
    data = form_data_of(desk.save("publics", action="remove:actions:0", shown=data))
    assert data["actions-total"] == ["2"]
    assert not desk.draft.actions.exists(), "nothing is saved before one asks for it"
    assert desk.save("publics", shown=data).status_code == 302
    assert [action.title for action in desk.draft.actions.all()] == ["Une"]


def form_data_of(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    assert not response.context["editor"].errors, "a row that is added is no mistake yet"
    return form_data(response.content.decode(), "seen")


def test_rows_below_a_row_move_with_it(desk: Desk) -> None:
    typed = {"indicators-total": "2", "indicators-0-label": "A", "indicators-0-values-total": "0"}
    typed |= {"indicators-1-label": "B", "indicators-1-values-total": "1", "indicators-1-values-0-year": "2019"}
    data = form_data_of(desk.save("resultats", action="up:indicators:1", **typed))
    assert data["indicators-0-label"] == ["B"]
    assert data["indicators-0-values-0-year"] == ["2019"]
    data = form_data_of(desk.save("resultats", action="add:indicators-0-values", shown=data))
    assert data["indicators-0-values-total"] == ["2"]


@pytest.mark.parametrize(
    "action", ["remove:actions:99", "up:actions:0", "remove:actions:", "add:nothing", "up:::", "??"]
)
def test_a_forged_button_breaks_nothing(desk: Desk, action: str) -> None:
    assert desk.save("publics", action=action).status_code in {200, 302}


def test_more_rows_than_a_sheet_can_hold_are_not_read(desk: Desk) -> None:
    response = desk.save("publics", **{"actions-total": "99999"})
    assert response.status_code == 302
    assert not desk.draft.actions.exists()


def test_an_organisation_is_found_by_its_acronym_and_kept_by_its_name(desk: Desk, partner: Organisation) -> None:
    Organisation.objects.filter(pk=partner.pk).update(acronym="MLPB")
    partner.refresh_from_db()
    partner.update_search_text()
    OrganisationFactory(name="Mission locale du Pays de Brest")
    row = {"partnerships-total": "1", "partnerships-0-role": "partner"}
    response = desk.save("partenaires", **row, **{"partnerships-0-organisation": partner.name})
    assert response.status_code == 422, "two organisations have this name"
    assert desk.save("partenaires", **row, **{"partnerships-0-organisation": "mlpb"}).status_code == 302
    # Shown by its name, which two have, and saved as it is shown.
    assert desk.save("partenaires", consortium_agreement_date="2020-01-01").status_code == 302
    assert desk.draft.partnerships.first().organisation == partner


def test_what_is_saved_by_the_script_says_when(desk: Desk) -> None:
    shown = desk.shown("identite")
    response = desk.save("identite", action="autosave", shown=shown, objective="Un but.")
    answer = response.json()
    assert answer["message"].startswith("Brouillon enregistré à ")
    # The next saving goes on from this one.
    again = desk.save("identite", action="autosave", shown={**shown, "seen": answer["seen"]}, objective="Un autre.")
    assert again.status_code == 200
    assert desk.draft.objective == "Un autre."
    wrong = desk.save("identite", action="autosave", title="")
    assert wrong.status_code == 422
    assert "Pas encore enregistré" in wrong.json()["message"]


def test_savings_of_one_person_are_one_version(desk: Desk) -> None:
    for text in ("Un", "Deux", "Trois"):
        desk.save("identite", action="autosave", objective=text)
    assert desk.sheet.revisions.count() == 2, "the published one, and the draft"


def test_a_step_saved_unchanged_makes_no_version(desk: Desk) -> None:
    for step in STEPS:
        assert desk.save(step.slug).status_code == 302
    assert desk.sheet.revisions.count() == 1


def test_saving_leads_to_the_next_step_and_to_the_proposal_at_the_end(desk: Desk) -> None:
    assert desk.save("identite", action="next").url == desk.url("step", "publics")
    assert desk.save("pieces-jointes", action="next").url == desk.url("submit")


def test_what_is_published_stays_until_the_draft_is(desk: Desk) -> None:
    desk.save("identite", summary="Un brouillon.")
    desk.sheet.refresh_from_db()
    assert (desk.sheet.summary, desk.sheet.has_unpublished_changes) == ("Ce que lit chaque visiteur.", True)


def test_a_long_list_loses_nothing(desk: Desk) -> None:
    """A list that the admin or an import has made may be longer than one that a person types."""
    draft = desk.draft
    draft.actions = [Action(title=f"Action {number}", sort_order=number) for number in range(MAX_ROWS + 2)]
    draft.save_revision(clean=False)
    assert desk.save("publics", **{"actions-61-title": "La dernière"}).status_code == 302
    assert [row.title for row in desk.draft.actions.all()][-2:] == ["Action 60", "La dernière"]
    # One more is refused at the list, and shown all the same.
    more = {"actions-total": "63", "actions-62-row": "", "actions-62-title": "Une de trop"}
    response = desk.save("publics", **more)
    assert response.status_code == 422
    html = response.content.decode()
    assert "63 lignes, pour 62 au plus" in html
    assert "Une de trop" in html
    assert desk.draft.actions.count() == MAX_ROWS + 2
    shown = desk.save("publics", action="up:actions:61")
    assert form_data(shown.content.decode(), "seen")["actions-total"] == [str(MAX_ROWS + 2)]


def test_a_forged_number_of_rows_makes_no_more_than_a_list_holds(desk: Desk) -> None:
    response = desk.save("publics", action="up:actions:0", **{"actions-total": "9999"})
    assert form_data(response.content.decode(), "seen")["actions-total"] == [str(MAX_ROWS)]


def test_rows_of_odd_numbers_are_none(desk: Desk) -> None:
    odd = {"actions-total": "1", "actions-99999-title": "x", "actions-²-title": "x", "actions-٣-title": "x"}
    assert desk.save("publics", action="add:actions", **odd).status_code == 200
    # One name of a high number does not bring thousands of empty rows.
    response = desk.save("publics", action="add:actions", **{"actions-total": "9999", "actions-9999-title": "x"})
    assert form_data(response.content.decode(), "seen")["actions-total"] == [str(MAX_ROWS)]


def test_a_step_asks_as_much_for_three_rows_as_for_one(desk: Desk) -> None:
    def add_row() -> None:
        draft = desk.draft
        funder, channel = OrganisationFactory(), OrganisationFactory()
        line = FundingLine(label="A", category=FundingCategory.STATE, amount=1, funder=funder, channel=channel)
        draft.funding_lines = [*draft.funding_lines.all(), line]
        draft.save_revision()

    assert_constant_queries(add_row=add_row, call=lambda: desk.client.get(desk.url("step", "financement")), budget=60)
