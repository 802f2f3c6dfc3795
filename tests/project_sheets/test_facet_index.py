"""What the counts of the list of sheets cost: apart from the others, since it takes real transactions."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from project_sheets.facets import FacetedList
from project_sheets.filters import parse_filters
from tests.factories import OrganisationFactory, OrganisationKindFactory, SheetFactory


@pytest.mark.django_db(transaction=True)
def test_a_visitor_s_counts_cost_no_query_once_read() -> None:
    cache.clear()
    filters = parse_filters(QueryDict("theme=logement"))
    assert list(FacetedList(AnonymousUser(), filters).found()) == []
    with CaptureQueriesContext(connection) as queries:
        FacetedList(AnonymousUser(), filters).options("theme")
    # The generation of the content.
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_holder_s_new_kind_is_counted_at_once(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    # As outside of a transaction, where what is read is kept.
    monkeypatch.setattr("portal.core.remember.connection", SimpleNamespace(in_atomic_block=False))
    before, after = OrganisationKindFactory(name="Association"), OrganisationKindFactory(name="Entreprise")
    with django_capture_on_commit_callbacks(execute=True):
        holder = OrganisationFactory(kind=before)
        SheetFactory(holder=holder)

    def kinds() -> list[str]:
        found = FacetedList(AnonymousUser(), parse_filters(QueryDict("")))
        return [option.label for option in found.options("porteur")]

    assert kinds() == ["Association"]
    with django_capture_on_commit_callbacks(execute=True):
        holder.kind = after
        holder.save()
    assert kinds() == ["Entreprise"]
