"""News: the list, its filters, an article, the feed."""

from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from wagtail.models import PageViewRestriction

from portal.content.models import NewsPage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from portal.notifications.selectors import unread_count
from portal.notifications.services import follow
from tests.content.pictures import WAGTAIL_LEAVES_A_FILE
from tests.factories.accounts import UserFactory
from tests.factories.content import ImageFactory, NewsCategoryFactory, NewsPageFactory, StandardPageFactory
from tests.factories.taxonomy import ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(home) -> NewsPage:
    return NewsPageFactory(title="Une plateforme & des réfugiés", published_on=date(2019, 9, 10))


def test_who_follows_its_theme_is_told_once_of_an_article_until_they_read_it(client, home) -> None:
    theme, follower = ThemeFactory(name="Logement"), UserFactory()
    follow(user=follower, target=theme)
    page = NewsPageFactory(title="Un toit", live=False, first_published_at=None, last_published_at=None)
    page.themes = [theme]
    for _again in range(2):
        page.save_revision().publish()
        page.refresh_from_db()
        fan_out_due()
    told = Notification.objects.get(user=follower)
    assert (told.kind, told.reason) == ("content.news", "Vous suivez le thème Logement.")
    assert "Un toit" in told.title
    client.force_login(follower)
    client.get(told.url)
    assert unread_count(follower) == 0


def titles(response) -> list[str]:
    return [card["title"] for card in response.context["cards"]]


def test_the_list_shows_published_news_the_latest_first(client, article) -> None:
    NewsPageFactory(title="Plus récente", published_on=date(2020, 1, 1))
    NewsPageFactory(title="Brouillon", live=False)
    response = client.get("/actualites/")
    assert titles(response) == ["Plus récente", "Une plateforme & des réfugiés"]
    assert "10 septembre 2019" in response.content.decode()
    assert 'type="application/rss+xml"' in response.content.decode()


def test_news_closed_to_visitors_are_for_members(client, article) -> None:
    PageViewRestriction.objects.create(page=article, restriction_type=PageViewRestriction.LOGIN)
    assert titles(client.get("/actualites/")) == []
    assert article.title not in client.get("/plan-du-site/").content.decode()
    client.force_login(UserFactory())
    assert titles(client.get("/actualites/")) == [article.title]


def test_filters_by_category_and_theme(client, article) -> None:
    parent, other = ThemeFactory(slug="logement"), ThemeFactory(slug="sante")
    child = ThemeFactory(slug="hebergement", parent=parent)
    housing = NewsPageFactory(title="Logement", category=NewsCategoryFactory(slug="appels", name="Appels"))
    housing.themes = [child]
    housing.save()
    article.themes = [other]
    article.save()
    assert titles(client.get("/actualites/?categorie=appels")) == ["Logement"]
    assert titles(client.get("/actualites/?theme=logement")) == ["Logement"]
    assert titles(client.get("/actualites/?theme=sante")) == [article.title]
    assert titles(client.get("/actualites/?theme=sante&categorie=appels")) == []
    chips = client.get("/actualites/?theme=sante&categorie=appels").context["chips"]
    assert [chip["url"] for chip in chips] == ["/actualites/?theme=sante", "/actualites/?categorie=appels"]


@pytest.mark.parametrize(
    "query", ["theme=%00", "categorie=" + "x" * 5_000, "page=-1", "page=zzz", "theme=%ff%fe", "page=99"]
)
def test_odd_addresses_show_the_list(client, article, query: str) -> None:
    response = client.get(f"/actualites/?{query}")
    assert response.status_code == 200
    assert titles(response) == [article.title]


def test_the_list_has_pages(client, home) -> None:
    NewsPageFactory.create_batch(11)
    assert len(titles(client.get("/actualites/"))) == 10
    assert len(titles(client.get("/actualites/?page=2"))) == 1


@WAGTAIL_LEAVES_A_FILE
def test_the_number_of_queries_does_not_grow_with_the_list(client, home, count_queries) -> None:
    def publish() -> None:
        news = NewsPageFactory(picture=ImageFactory())
        news.themes = [ThemeFactory()]
        news.save()
        rendition = news.picture.get_rendition("fill-640x360")
        rendition.file.close()

    publish()
    one = count_queries(client, "/actualites/")
    publish()
    publish()
    assert count_queries(client, "/actualites/") == one


def test_an_article_shows_its_text_and_source(client, article) -> None:
    article.source_url, article.source_label = "https://www.gref-bretagne.com/", "GREF Bretagne"
    article.body = [
        ("heading", {"text": "Les grands principes", "level": "h2"}),
        ("paragraph", "<p>Assurer la coordination</p>"),
    ]
    article.save()
    content = client.get(article.public_path).content.decode()
    assert content.count("<h1") == 1
    assert "Une plateforme &amp; des réfugiés" in content
    assert '<h2 id="les-grands-principes">Les grands principes</h2>' in content
    assert "Assurer la coordination" in content
    assert 'href="https://www.gref-bretagne.com/"' in content
    assert '<time datetime="2019-09-10">' in content


def test_an_article_leads_to_others_on_its_themes(client, article) -> None:
    theme = ThemeFactory()
    other, draft = NewsPageFactory(), NewsPageFactory(live=False)
    for page in (article, other, draft):
        page.themes = [theme]
        page.save()
    related = client.get(article.public_path).context["related"]
    assert [card["title"] for card in related] == [other.title]


def test_a_draft_does_not_exist(client, home) -> None:
    assert client.get(NewsPageFactory(live=False).public_path).status_code == 404


def feed_items(client) -> list[Element]:
    response = client.get("/actualites/flux/")
    assert response["Content-Type"].startswith("application/rss+xml")
    return ElementTree.fromstring(response.content).findall("./channel/item")


def test_the_feed_has_absolute_addresses_and_the_date_that_people_read(client, article) -> None:
    [item] = feed_items(client)
    assert item.findtext("title") == article.title
    assert item.findtext("link") == f"http://testserver{article.public_path}"
    assert item.findtext("pubDate") == "Tue, 10 Sep 2019 00:00:00 +0200"
    assert item.findtext("category") == article.category.name


def test_the_feed_holds_public_news_alone_even_for_members(client, article) -> None:
    hidden = NewsPageFactory(title="Entre nous")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    NewsPageFactory(title="Brouillon", live=False)
    StandardPageFactory(title="Pas une actualité")
    client.force_login(UserFactory())
    assert [item.findtext("title") for item in feed_items(client)] == [article.title]


def test_the_feed_stops_at_fifty(client, home) -> None:
    day = date(2020, 1, 1)
    parent = NewsPageFactory(published_on=day).get_parent()
    for number in range(1, 52):
        NewsPageFactory(parent=parent, published_on=day + timedelta(days=number))
    items = feed_items(client)
    assert len(items) == 50
    assert items[0].findtext("pubDate").startswith("Fri, 21 Feb 2020")


def test_a_control_character_does_not_break_the_feed(client, article) -> None:
    NewsPage.objects.filter(pk=article.pk).update(title="Une\x08 plateforme", intro="a\x0bb")
    [item] = feed_items(client)
    assert item.findtext("title") == "Une plateforme"
    assert item.findtext("description") == "ab"
