"""Resources: the list, its filters, a resource and its files."""

import pytest

from portal.content.enums import ResourceKind
from portal.content.models import ResourceDocument, ResourcePage
from tests.factories.accounts import UserFactory
from tests.factories.content import DocumentFactory, ResourcePageFactory
from tests.factories.taxonomy import ThemeFactory

pytestmark = pytest.mark.django_db


def with_documents(page: ResourcePage, *documents) -> ResourcePage:
    page.documents = [ResourceDocument(document=document, sort_order=order) for order, document in enumerate(documents)]
    page.save()
    return page


@pytest.fixture
def agreement(home) -> ResourcePage:
    page = ResourcePageFactory(
        title="Accord-cadre", kind=ResourceKind.FRAMEWORK_AGREEMENT, parties="État / OFII / SPE", url=None
    )
    return with_documents(
        page, DocumentFactory(title="Organisation"), DocumentFactory(title="Entre membres", members_only=True)
    )


def titles(response) -> list[str]:
    return [card["title"] for card in response.context["cards"]]


@pytest.mark.parametrize("path", ["/ressources/", "/ressources/accord-cadre/"])
def test_a_visitor_is_told_of_public_documents_alone(client, agreement, path: str) -> None:
    content = client.get(path).content.decode()
    assert "Organisation" in content
    assert "PDF" in content
    assert "État / OFII / SPE" in content
    assert "Entre membres" not in content


@pytest.mark.parametrize("path", ["/ressources/", "/ressources/accord-cadre/"])
def test_a_member_gets_all_documents(client, agreement, path: str) -> None:
    client.force_login(UserFactory())
    content = client.get(path).content.decode()
    assert content.index("Organisation") < content.index("Entre membres")


def test_filters_by_kind_and_theme(client, agreement) -> None:
    scheme = ResourcePageFactory(title="HOPE", kind=ResourceKind.SCHEME)
    scheme.themes = [ThemeFactory(slug="formation")]
    scheme.save()
    assert titles(client.get("/ressources/")) == ["Accord-cadre", "HOPE"]
    assert titles(client.get("/ressources/?type=dispositif")) == ["HOPE"]
    assert titles(client.get("/ressources/?theme=formation")) == ["HOPE"]
    assert titles(client.get("/ressources/?theme=formation&type=accord-cadre")) == []
    assert titles(client.get("/ressources/?type=inconnu%00")) == ["Accord-cadre", "HOPE"]


def test_the_number_of_queries_does_not_grow_with_the_list(client, home, count_queries) -> None:
    def publish() -> None:
        page = with_documents(ResourcePageFactory(), DocumentFactory())
        page.themes = [ThemeFactory()]
        page.save()

    publish()
    one = count_queries(client, "/ressources/")
    publish()
    publish()
    assert count_queries(client, "/ressources/") == one


def test_a_resource_without_a_known_address_has_no_dead_link(client, agreement) -> None:
    assert 'href=""' not in client.get(agreement.public_path).content.decode()
    agreement.url = "https://www.immigration.interieur.gouv.fr/"
    agreement.save()
    assert 'href="https://www.immigration.interieur.gouv.fr/"' in client.get(agreement.public_path).content.decode()


def test_an_empty_list_says_what_it_will_hold(client, agreement) -> None:
    agreement.unpublish()
    response = client.get("/ressources/")
    assert titles(response) == []
    assert 'href="/projets/"' in response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
