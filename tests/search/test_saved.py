"""Searches that members keep, their alerts, and questions without a result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.kinds import notification_kinds
from portal.notifications.models import Event
from portal.taxonomy.models import Occupation
from search import api, services
from search.models import NewDocument, SavedSearch, UnansweredQuestion
from tests.support.queries import assert_constant_queries

AddNote = Callable[..., Occupation]


@pytest.fixture
def kept(client: Client, member: User, add_note: AddNote) -> SavedSearch:
    """A search that the member keeps, through the button of the page."""
    client.force_login(member)
    response = client.post("/recherche/enregistrer/", {"q": "logement", "type": "note", "theme": "x' OR"}, follow=True)
    assert "Recherche enregistrée" in response.content.decode()
    return SavedSearch.objects.get()


def test_a_search_is_kept_once_and_forgotten(kept: SavedSearch, client: Client) -> None:
    assert kept.address == "/recherche/?q=logement&type=note"
    client.post("/recherche/enregistrer/", {"q": "logement", "type": "note"})
    assert SavedSearch.objects.count() == 1
    assert "logement" in client.get("/mon-espace/mes-recherches/").content.decode()
    client.post(f"/mon-espace/mes-recherches/{kept.pk}/alertes/", {"alertes": "non"})
    assert not SavedSearch.objects.get().alerts
    client.post(f"/mon-espace/mes-recherches/{kept.pk}/supprimer/")
    assert not SavedSearch.objects.exists()


def test_a_search_kept_again_is_told_of_again(kept: SavedSearch, client: Client) -> None:
    services.set_alerts(saved=kept, alerts=False)
    again = client.post("/recherche/enregistrer/", {"q": "logement", "type": "note"}, follow=True)
    assert "Vous serez informé des nouveautés" in again.content.decode()
    assert SavedSearch.objects.get().alerts


def test_the_corrected_question_is_what_is_kept(client: Client, member: User, add_note: AddNote) -> None:
    """Whole, the words that were right included: the one that nothing says would never be met."""
    add_note("Accompagnement vers le logement")
    client.force_login(member)

    def offered(**query: str) -> str:
        page = BeautifulSoup(client.get("/recherche/", query).content, "html.parser")
        return page.select_one("form[action='/recherche/enregistrer/'] [name=q]")["value"]

    assert offered(q="l’acompagnement vers logment") == "l’accompagnement vers logement"
    assert offered(q="acompagnement logement", exact="1") == "acompagnement logement"
    client.post("/recherche/enregistrer/", {"q": offered(q="acompagnement logement")})
    add_note("Un accompagnement, un logement")
    services.send_alerts()
    assert [event.kind for event in Event.objects.all()] == ["search.alert"]


def test_a_search_without_words_or_one_too_many_is_refused(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(member)
    client.post("/recherche/enregistrer/", {"q": " \x00 "})
    assert not SavedSearch.objects.exists()
    monkeypatch.setattr(services, "MOST_SAVED", 1)
    client.post("/recherche/enregistrer/", {"q": "un"})
    assert "supprimez-en une" in client.post("/recherche/enregistrer/", {"q": "deux"}, follow=True).content.decode()
    assert SavedSearch.objects.count() == 1
    monkeypatch.setattr(services, "MOST_SAVED", 5)
    too_long = client.post("/recherche/enregistrer/", {"q": "жильё " * 33}, follow=True)
    assert "trop longue" in too_long.content.decode()
    assert SavedSearch.objects.count() == 1


def test_another_members_search_does_not_exist(kept: SavedSearch, client: Client) -> None:
    other = User.objects.create_user("autre@demo.example", membership_status=User.MembershipStatus.APPROVED)
    client.force_login(other)
    assert client.post(f"/mon-espace/mes-recherches/{kept.pk}/supprimer/").status_code == 404


def test_what_is_new_is_told_once_by_the_rights_of_now(kept: SavedSearch, add_note: AddNote, notes: Any) -> None:
    add_note("Mobilité")
    found = add_note("Logement", audience=frozenset({api.MEMBERS}))
    add_note("Logement réservé", audience=frozenset({api.ADMINISTRATORS}))
    assert NewDocument.objects.filter(key__startswith="note:").count() == 3
    assert services.send_alerts() == 1
    assert services.send_alerts() == 0
    event = Event.objects.get(kind="search.alert")
    assert event.data["keys"] == [f"note:{found.pk}"]
    kind = notification_kinds.get("search.alert")
    assert [one.user_id for one in kind.audience(event)] == [kept.user_id]
    telling = kind.telling(event, kept.user)
    assert telling is not None
    assert telling.title == "1 nouveau résultat pour votre recherche «\xa0logement\xa0»"
    assert telling.url == "/recherche/?q=logement&type=note&tri=date"
    notes.hidden_now = {str(found.pk)}
    assert kind.telling(event, kept.user) is None
    assert not mail.outbox


def test_nothing_is_noted_while_nobody_waits(add_note: AddNote) -> None:
    add_note("Logement")
    assert not NewDocument.objects.exists()


@pytest.mark.parametrize(
    ("typed", "is_kept"),
    [
        ("logement lunaire", True),
        ("zzz lunaire", False),
        ("logement de 0612345678", False),
        ("logement pour a@b.fr", False),
        ("logement " * 12, False),
        ("", False),
    ],
)
def test_questions_without_a_result_hold_nobody(add_note: AddNote, typed: str, is_kept: bool) -> None:
    add_note("Accueil", body="Un logement.")
    services.note_unanswered(typed)
    assert UnansweredQuestion.objects.exists() == is_kept


def test_questions_are_shown_from_the_third_time_and_forgotten(client: Client, add_note: AddNote) -> None:
    add_note("Accueil", body="Un accueil.", members_body="")
    for _time in range(3):
        assert UnansweredQuestion.objects.filter(times__gte=3).count() == 0
        services.note_unanswered("Accueil  LUNAIRE")
    row = UnansweredQuestion.objects.get()
    assert (row.words, row.times) == ("accueil lunaire", 3)
    administrator = User.objects.create_superuser("administrateur@demo.example")
    client.force_login(administrator)
    assert "accueil lunaire" in client.get("/animation/recherches-sans-resultat/").content.decode()
    UnansweredQuestion.objects.update(last_day=timezone.localdate() - timedelta(days=40))
    services.forget_unanswered()
    assert UnansweredQuestion.objects.exists()
    UnansweredQuestion.objects.update(times=2)
    services.forget_unanswered()
    assert not UnansweredQuestion.objects.exists()


def test_the_lists_ask_the_same_queries_whatever_their_length(client: Client, member: User) -> None:
    client.force_login(member)

    def keep() -> None:
        services.save_search(user=member, text=f"logement {SavedSearch.objects.count()}", chosen={})

    assert_constant_queries(add_row=keep, call=lambda: client.get("/mon-espace/mes-recherches/"), budget=14)
    client.force_login(User.objects.create_superuser("administrateur@demo.example"))
    today = timezone.localdate()

    def ask() -> None:
        words = f"mot {UnansweredQuestion.objects.count()}"
        UnansweredQuestion.objects.create(words=words, times=3, first_day=today, last_day=today)

    assert_constant_queries(add_row=ask, call=lambda: client.get("/animation/recherches-sans-resultat/"), budget=30)
