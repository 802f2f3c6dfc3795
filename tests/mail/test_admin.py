"""The outbox in the admin: who sees what, and what nobody sees."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.mail.enums import MailStatus
from portal.mail.models import OutboxMessage
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

SECRET = "https://portail.example/secret-link/"
JOURNAL, DEAD, PREVIEWS = "/admin/courriels/", "/admin/courriels/abandonnes/", "/admin/courriels/apercus/"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def animator(client: Client) -> Client:
    client.force_login(AnimatorFactory())
    return client


def test_the_journal_tells_what_became_of_each_message_and_never_its_content(administrator, queue) -> None:
    message = queue(url=SECRET)
    for path in (JOURNAL, f"{JOURNAL}resultats/", f"{JOURNAL}{message.pk}/"):
        content = administrator.get(path).content.decode()
        assert message.subject in content
        assert "membre@test.example" in content
        assert str(MailStatus.PENDING.label) in content
        for secret in (SECRET, "Bonjour Camille"):
            assert secret not in content


def test_a_message_shows_its_hours_as_here(administrator, queue) -> None:
    message = queue()
    OutboxMessage.objects.update(created_at="2026-07-01 10:00+00:00", sent_at=None)
    fields = administrator.get(f"{JOURNAL}{message.pk}/").content.decode().partition("<dl>")[2].partition("</dl>")[0]
    assert "01/07/2026 12:00" in fields
    assert "None" not in fields


def test_the_journal_is_searched_and_filtered(administrator, queue) -> None:
    queue()
    queue(key="essai:2", to="autre@test.example")
    OutboxMessage.objects.filter(key="essai:2").update(status=MailStatus.SENT)
    for query, shown, hidden in (
        ("q=autre", "autre@", "membre@test"),
        ("status=sent", "autre@", "membre@test"),
        ("status=pending", "membre@test", "autre@"),
        ("category=account", "membre@test", "nobody@"),
    ):
        content = administrator.get(f"{JOURNAL}?{query}").content.decode()
        assert shown in content
        assert hidden not in content


def test_the_journal_takes_the_same_queries_for_any_number_of_rows(administrator, queue) -> None:
    numbers = iter(range(10))
    assert_constant_queries(
        add_row=lambda: queue(key=f"essai:{next(numbers)}"), call=lambda: administrator.get(JOURNAL), budget=25
    )


def test_dead_letters_take_the_same_queries_for_any_number_of_rows(administrator, queue) -> None:
    numbers = iter(range(10))

    def add_row() -> None:
        queue(key=f"essai:{next(numbers)}")
        OutboxMessage.objects.update(status=MailStatus.DEAD)

    assert_constant_queries(add_row=add_row, call=lambda: administrator.get(DEAD), budget=25)


def test_dead_letters_are_sent_again(administrator, queue) -> None:
    chosen, left, sent, purged = (queue(key=f"essai:{number}") for number in range(4))
    OutboxMessage.objects.update(status=MailStatus.DEAD, last_error="550 no such mailbox", attempts=1)
    OutboxMessage.objects.filter(pk=sent.pk).update(status=MailStatus.SENT)
    OutboxMessage.objects.filter(pk=purged.pk).update(purged_at=timezone.now())
    page = administrator.get(DEAD).content.decode()
    assert "550 no such mailbox" in page
    assert page.count('name="message"') == 2
    response = administrator.post(DEAD, {"message": [chosen.pk, sent.pk, purged.pk, "x", "²", "9" * 40]})
    assert (response.status_code, response["Location"]) == (302, DEAD)
    statuses = dict(OutboxMessage.objects.values_list("key", "status"))
    assert statuses == {
        "essai:0": MailStatus.PENDING,
        "essai:1": MailStatus.DEAD,
        "essai:2": MailStatus.SENT,
        "essai:3": MailStatus.DEAD,
    }
    assert left.subject in administrator.get(DEAD).content.decode()


def test_an_empty_choice_changes_nothing(administrator, queue) -> None:
    queue()
    OutboxMessage.objects.update(status=MailStatus.DEAD)
    assert administrator.post(DEAD).status_code == 302
    assert OutboxMessage.objects.get().status == MailStatus.DEAD


def test_an_empty_list_says_so(administrator) -> None:
    assert 'name="message"' not in administrator.get(DEAD).content.decode()


def test_the_journal_is_for_administrators(animator, queue) -> None:
    message = queue()
    OutboxMessage.objects.update(status=MailStatus.DEAD)
    for path in (JOURNAL, f"{JOURNAL}resultats/", f"{JOURNAL}{message.pk}/", DEAD):
        # Wagtail answers a refusal with the dashboard and a message.
        assert (animator.get(path).status_code, animator.get(path)["Location"]) == (302, "/admin/")
    assert animator.post(DEAD, {"message": [message.pk]})["Location"] == "/admin/"
    assert OutboxMessage.objects.get().status == MailStatus.DEAD
    menu = animator.get("/admin/").content.decode()
    assert PREVIEWS in menu
    assert f'"{JOURNAL}"' not in menu


def test_animators_read_every_message_beforehand(animator) -> None:
    listed = animator.get(PREVIEWS).content.decode()
    assert f"{PREVIEWS}tests.step/" in listed
    assert "À propos de Un titre" in listed
    assert "%(title)s" not in listed
    assert f"{PREVIEWS}content.contact_message/" in listed
    page = animator.get(f"{PREVIEWS}tests.step/")
    assert "Bonjour Prénom," in page.content.decode()
    assert page.content.decode().count("sandbox") == 2
    assert animator.get(f"{PREVIEWS}tests.unknown/").status_code == 404
    assert not OutboxMessage.objects.exists()


def test_the_html_of_a_message_is_kept_in_a_box(animator) -> None:
    response = animator.get(f"{PREVIEWS}tests.step/html/")
    assert "Bonjour Prénom," in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert animator.get(f"{PREVIEWS}tests.unknown/html/").status_code == 404
    assert animator.post(f"{PREVIEWS}tests.step/html/").status_code == 405


@pytest.mark.parametrize("path", [JOURNAL, DEAD, PREVIEWS, f"{PREVIEWS}tests.step/", f"{PREVIEWS}tests.step/html/"])
def test_members_and_visitors_stay_outside(client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(UserFactory())
    assert client.get(path).status_code in {302, 403}
    assert "Prénom" not in client.get(path, follow=True).content.decode()
