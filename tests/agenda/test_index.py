from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from portal.content.models import NewsCategory, NewsPage

pytestmark = pytest.mark.django_db


def add_news(title: str, **values: object) -> NewsPage:
    category, _created = NewsCategory.objects.get_or_create(slug="actualites", defaults={"name": "Actualités"})
    root = Page.objects.filter(depth=2).first() or Page.add_root(title="Racine")
    news = NewsPage(title=title, category=category, intro="En bref", **values)
    root.add_child(instance=news)
    return news


def test_the_agenda_says_what_it_will_hold_with_the_latest_news(client: Client) -> None:
    assert reverse("agenda:index") == "/agenda/"
    for day in range(1, 5):
        add_news(f"Nouvelle {day}", published_on=date(2024, 3, day))
    add_news("Brouillon", live=False, published_on=date(2025, 1, 1))
    PageViewRestriction.objects.create(
        page=add_news("Réservée", published_on=date(2025, 1, 2)), restriction_type=PageViewRestriction.LOGIN
    )
    page = client.get("/agenda/").content.decode()
    assert page.index("Nouvelle 4") < page.index("Nouvelle 3") < page.index("Nouvelle 2")
    for absent in ("Nouvelle 1", "Brouillon", "Réservée"):
        assert absent not in page
    assert 'datetime="2024-03-04"' in page


def test_same_queries_at_one_and_three_rows(client: Client) -> None:
    counts = []
    for batch in (1, 2):
        for number in range(batch):
            add_news(f"Nouvelle {batch} {number}")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/agenda/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
