"""The facets of the list: each count is what choosing it shows, for every reader."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from portal.taxonomy.models import Territory
from project_sheets.facet_index import STAGE_VALUES
from project_sheets.facets import TERRITORY, WAVE, FacetedList
from project_sheets.filters import FACETS, SheetFilters, deployed_in, parse_filters
from project_sheets.models import ProjectSheetPage
from project_sheets.selectors import stage_on
from tests.factories.sheets import CallFactory, SheetFactory, WaveFactory
from tests.support.world import World

QUERIES = (
    "",
    "theme=logement",
    "theme=emploi&public=refugies",
    "territoire=dep-35",
    "q=projet",
    "appel=nul",
    "vague=1",
    "secteur=bois",
    "etape=termine",
    "etape=en-cours&etape=prevu",
)


def reader_of(world: World, role: str) -> Any:
    return AnonymousUser() if role == "visitor" else world.users[role]


def words_of(sheet: ProjectSheetPage) -> dict[str, set[str]]:
    themes = list(sheet.themes.select_related("parent"))
    return {
        "appel": {sheet.call.slug} if sheet.call else set(),
        "vague": {str(sheet.wave.pk)} if sheet.wave else set(),
        "theme": {theme.slug for theme in themes} | {theme.parent.slug for theme in themes if theme.parent},
        "public": {audience.slug for audience in sheet.audiences.all()},
        "secteur": {sector.slug for sector in sheet.sectors.all()},
        "etape": {STAGE_VALUES[stage]} if (stage := stage_on(sheet, timezone.localdate())) else set(),
        "porteur": {sheet.holder.kind.slug} if sheet.holder and sheet.holder.kind else set(),
    }


def is_found(sheet: ProjectSheetPage, filters: SheetFilters) -> bool:
    words = words_of(sheet)
    text = f"{sheet.title} {sheet.acronym} {sheet.summary} {sheet.objective} {sheet.holder or ''}".lower()
    return (
        all(not chosen or words[facet] & set(chosen) for facet, chosen in filters.chosen.items())
        and all(word.lower() in text for word in filters.query.split())
        and (not filters.territories or deployed_in(filters.territories).filter(projectsheetpage_id=sheet.pk).exists())
    )


def shown(reader: Any, filters: SheetFilters) -> list[int]:
    """Look at the sheets that the reader may see one by one."""
    return [sheet.pk for sheet in ProjectSheetPage.objects.visible_to(reader) if is_found(sheet, filters)]


def chosen_besides(filters: SheetFilters, facet: str, value: str) -> SheetFilters:
    if facet == TERRITORY:
        return replace(filters, territories=tuple(Territory.objects.with_public_codes([value])))
    return replace(filters, chosen={**filters.chosen, facet: (value,)})


@pytest.mark.parametrize("query", QUERIES)
def test_a_count_is_what_its_choice_shows(world: World, query: str) -> None:
    for role in ("visitor", "member", "lead", "animator", "administrator"):
        check_counts(world, role, query)


def check_counts(world: World, role: str, query: str) -> None:
    reader, filters = reader_of(world, role), parse_filters(QueryDict(query))
    faceted = FacetedList(reader, filters)
    found = faceted.found()
    assert sorted(found) == sorted(shown(reader, filters))
    assert len(found) == len(list(found))
    assert found[1:3] == list(found)[1:3]
    options = {facet: faceted.options(facet) for facet in FACETS} | {TERRITORY: faceted.territories()}
    for facet, choices in options.items():
        for option in choices:
            assert option.count == len(shown(reader, chosen_besides(filters, facet, option.value))), (facet, option)
    if not query:
        assert {"theme", TERRITORY} <= {facet for facet, choices in options.items() if choices}


def test_a_draft_counts_for_those_who_see_it_alone(world: World) -> None:
    filters = parse_filters(QueryDict(""))
    before = [len(FacetedList(reader, filters).found()) for reader in (world.users["lead"], AnonymousUser())]
    world.sheet.unpublish()
    after = [len(FacetedList(reader, filters).found()) for reader in (world.users["lead"], AnonymousUser())]
    assert after == [before[0], before[1] - 1]


def test_waves_are_offered_within_one_call_alone(db: None) -> None:
    calls = [CallFactory(), CallFactory()]
    waves = [WaveFactory(call=call, number=1) for call in calls]
    for call, wave in zip(calls, waves, strict=True):
        SheetFactory(call=call, wave=wave)

    def offered(query: str) -> list[str]:
        return [option.value for option in FacetedList(AnonymousUser(), parse_filters(QueryDict(query))).options(WAVE)]

    assert offered("") == []
    assert offered(f"appel={calls[0].slug}") == [str(waves[0].pk)]
    assert offered(f"appel={calls[0].slug}&appel={calls[1].slug}") == []
    assert offered(f"vague={waves[1].pk}") == [str(waves[1].pk)], "what is chosen can be taken back"


def test_sheets_come_in_the_order_asked_for(world: World) -> None:
    by_title = FacetedList(world.users["administrator"], parse_filters(QueryDict("tri=titre"))).found()
    titles = dict(ProjectSheetPage.objects.values_list("pk", "title"))
    assert [titles[sheet] for sheet in by_title] == sorted(titles.values())
