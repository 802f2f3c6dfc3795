"""The facets of the list: each count is what choosing it shows, for every reader."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portal.taxonomy.models import Territory
from project_sheets.facets import TERRITORY, FacetCounts
from project_sheets.filters import FACETS, SheetFilters, apply_filters, parse_filters
from project_sheets.models import ProjectSheetPage
from tests.support.world import World, build_world

QUERIES = (
    "",
    "theme=logement",
    "theme=emploi&public=refugies",
    "territoire=dep-35",
    "q=projet",
    "appel=nul",
    "vague=1",
)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def reader_of(world: World, role: str) -> Any:
    return AnonymousUser() if role == "visitor" else world.users[role]


def shown(reader: Any, filters: SheetFilters) -> int:
    """Count as the list itself does, by SQL."""
    return apply_filters(ProjectSheetPage.objects.visible_to(reader), filters).count()


def chosen_besides(filters: SheetFilters, facet: str, value: str) -> SheetFilters:
    if facet == TERRITORY:
        return replace(filters, territories=tuple(Territory.objects.with_public_codes([value])))
    return replace(filters, chosen={**filters.chosen, facet: (value,)})


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("role", ["visitor", "member", "lead", "animator", "administrator"])
def test_a_count_is_what_its_choice_shows(world: World, role: str, query: str) -> None:
    reader, filters = reader_of(world, role), parse_filters(QueryDict(query))
    counts = FacetCounts(reader, filters)
    assert counts.total == shown(reader, filters)
    options = {facet: counts.options(facet) for facet in FACETS} | {TERRITORY: counts.territories()}
    for facet, choices in options.items():
        for option in choices:
            assert option.count == shown(reader, chosen_besides(filters, facet, option.value)), (facet, option)
    if not query:
        assert {"theme", TERRITORY} <= {facet for facet, choices in options.items() if choices}


def test_a_draft_counts_for_those_who_see_it_alone(world: World) -> None:
    filters = parse_filters(QueryDict(""))
    before = [FacetCounts(reader, filters).total for reader in (world.users["lead"], AnonymousUser())]
    world.sheet.unpublish()
    after = [FacetCounts(reader, filters).total for reader in (world.users["lead"], AnonymousUser())]
    assert after == [before[0], before[1] - 1]


@pytest.mark.django_db(transaction=True)
def test_a_visitor_s_counts_cost_no_query_once_read() -> None:
    build_world()
    cache.clear()
    filters = parse_filters(QueryDict("theme=logement"))
    FacetCounts(AnonymousUser(), filters)
    with CaptureQueriesContext(connection) as queries:
        FacetCounts(AnonymousUser(), filters).options("theme")
    # The generation of the content.
    assert len(queries) == 1
