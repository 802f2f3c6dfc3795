"""What the counts of the list of sheets cost: apart from the others, since it takes real transactions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from project_sheets.facets import FacetedList
from project_sheets.filters import parse_filters


@pytest.mark.django_db(transaction=True)
def test_a_visitor_s_counts_cost_no_query_once_read() -> None:
    cache.clear()
    filters = parse_filters(QueryDict("theme=logement"))
    assert FacetedList(AnonymousUser(), filters).found() == []
    with CaptureQueriesContext(connection) as queries:
        FacetedList(AnonymousUser(), filters).options("theme")
    # The generation of the content.
    assert len(queries) == 1
