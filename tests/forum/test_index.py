import pytest
from django.test import Client
from django.urls import reverse

from tests.directory.factories import OrganisationFactory
from tests.taxonomy.factories import ThemeFactory

pytestmark = pytest.mark.django_db


def test_the_forum_says_what_it_will_hold_with_what_exists(client: Client) -> None:
    theme = ThemeFactory(name="Titres de séjour", slug="titres-de-sejour")
    OrganisationFactory.create_batch(2, themes=[theme])
    response = client.get("/forum/")
    assert reverse("community_forum:index") == "/forum/"
    page = response.content.decode()
    assert 'href="/themes/titres-de-sejour/"' in page
    assert 'href="/annuaire/"' in page
    assert response.context["counts"][theme.pk][-1].startswith("2 ")
