"""Wagtail's admin: one door, French, messages read and never rewritten."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.content.models import ContactMessage
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client) -> Client:
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def message() -> ContactMessage:
    return ContactMessage.objects.create(
        subject="question", name="Une conseillère", email="a@example.fr", message="Bonjour"
    )


def test_the_admin_has_no_sign_in_of_its_own(client) -> None:
    for path in ("/admin/", "/admin/login/"):
        response = client.get(path)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/connexion/")
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/password_reset/").status_code == 404


def test_its_old_sign_in_leads_those_who_are_in_where_they_were_going(administrator) -> None:
    response = administrator.get("/admin/login/?next=/admin/", follow=True)
    assert (response.status_code, response.redirect_chain[-1][0]) == (200, "/admin/")


def test_the_admin_speaks_french_and_keeps_to_its_own_policy(administrator) -> None:
    response = administrator.get("/admin/")
    assert 'lang="fr"' in response.content.decode()
    assert "'unsafe-inline'" in response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in administrator.get("/contact/")["Content-Security-Policy"]


def test_messages_are_read_and_never_rewritten(administrator, message) -> None:
    def path(view: str, *arguments: object) -> str:
        return reverse(ContactMessage.snippet_viewset.get_url_name(view), args=arguments)

    assert "Une conseillère" in administrator.get(path("list")).content.decode()
    assert "Bonjour" in administrator.get(path("inspect", message.pk)).content.decode()
    assert administrator.get(path("add")).status_code == 302
    assert administrator.get(path("edit", message.pk)).status_code == 302
    administrator.post(path("edit", message.pk), {"subject": "other", "name": "X", "email": "b@b.fr", "message": "X"})
    message.refresh_from_db()
    assert message.message == "Bonjour"


@pytest.mark.parametrize("factory", [UserFactory, AnimatorFactory])
def test_messages_are_for_administrators(client, message, factory) -> None:
    client.force_login(factory())
    response = client.get(reverse(ContactMessage.snippet_viewset.get_url_name("list")))
    assert response.status_code == 302


@pytest.mark.parametrize("page_type", ["newspage", "resourcepage", "standardpage", "homepage"])
def test_every_page_type_can_be_edited(administrator, home, page_type: str) -> None:
    from tests.factories import content

    factories = {
        "newspage": content.NewsPageFactory,
        "resourcepage": content.ResourcePageFactory,
        "standardpage": content.StandardPageFactory,
        "homepage": content.HomePageFactory,
    }
    page = factories[page_type]()
    assert administrator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200
