"""Nobody learns of what they may not read: not in results, totals, facets, order or excerpts."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client

from portal.accounts.models import User
from portal.taxonomy.models import Occupation
from search import api, sources
from search.selectors import search_site

AddNote = Callable[..., Occupation]
VISITOR = AnonymousUser()


def urls_for(user: User | AnonymousUser, text: str) -> list[str]:
    return [hit.url for hit in search_site(user=user, text=text, chosen={}).hits]


def test_members_words_are_found_and_quoted_for_members_alone(add_note: AddNote, member: User) -> None:
    add_note("Projet", body="Un texte public.", members_body="Le budget comporte zanzibarite.", themes=("toit",))
    mine = search_site(user=member, text="zanzibarite", chosen={})
    assert mine.result.total == 1
    assert "<mark>zanzibarite</mark>" in mine.hits[0].excerpt
    others = search_site(user=VISITOR, text="zanzibarite", chosen={})
    assert (others.result.total, others.hits, others.facets) == (0, [], [])
    assert not any(others.result.facets.values())


def test_members_words_neither_mark_nor_quote_for_a_visitor(add_note: AddNote, member: User) -> None:
    add_note("Projet", body="Un texte public.", members_body="Un projet confidentiel zanzibarite.")
    seen = search_site(user=VISITOR, text="projet zanzibarite public", chosen={})
    assert seen.result.total == 1
    assert "zanzibarite" not in seen.hits[0].excerpt
    assert "confidentiel" not in seen.hits[0].excerpt
    assert "confidentiel" in search_site(user=member, text="confidentiel", chosen={}).hits[0].excerpt


def test_members_words_change_no_order_for_a_visitor(add_note: AddNote) -> None:
    """A visitor could else guess words by watching the order of the results."""
    add_note("Note", body="un accueil ordinaire")
    add_note("Note", body="un accueil ordinaire", members_body="accueil " * 50)
    add_note("Note", body="ordinaire")
    before = urls_for(VISITOR, "accueil ordinaire")
    assert before == ["/notes/T0000/", "/notes/T0001/"]
    scores = search_site(user=VISITOR, text="accueil ordinaire", chosen={}).result
    assert scores.total == 2


def test_an_audience_opens_a_document_to_its_own(add_note: AddNote, member: User) -> None:
    team = Group.objects.create(name="Équipe")
    add_note("Secret des membres", audience=frozenset({api.MEMBERS}))
    add_note("Secret de groupe", audience=frozenset({f"group:{team.pk}"}))
    add_note("Secret d’administration", audience=frozenset({api.ADMINISTRATORS}))
    administrator = User.objects.create_superuser("administrateur@demo.example")
    assert urls_for(VISITOR, "secret") == []
    assert urls_for(member, "secret") == ["/notes/T0000/"]
    member.groups.add(team)
    assert set(urls_for(member, "secret")) == {"/notes/T0000/", "/notes/T0001/"}
    assert set(urls_for(administrator, "secret")) == {"/notes/T0000/", "/notes/T0002/"}


def test_a_person_not_yet_admitted_reads_as_a_visitor(add_note: AddNote) -> None:
    pending = User.objects.create_user("attente@demo.example")
    add_note("Secret", audience=frozenset({api.MEMBERS}))
    assert api.tokens_for(pending) == frozenset({api.PUBLIC})
    assert urls_for(pending, "secret") == []


def test_apps_give_tokens_of_their_own(add_note: AddNote, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_token_providers", [])
    add_note("Secret d’équipe", audience=frozenset({"sheet-team:7"}))
    assert urls_for(member, "secret") == []
    api.register_tokens(lambda user: ["sheet-team:7"])
    assert urls_for(member, "secret") == ["/notes/T0000/"]
    assert urls_for(VISITOR, "secret") == []


def test_the_second_check_drops_what_is_no_longer_visible(add_note: AddNote, notes: object) -> None:
    gone = add_note("Logement retiré", themes=("toit", "secret"))
    add_note("Logement", themes=("toit",))
    notes.hidden_now = {str(gone.pk)}  # type: ignore[attr-defined]
    found = search_site(user=VISITOR, text="logement", chosen={})
    assert [hit.url for hit in found.hits] == ["/notes/T0001/"]
    assert (found.result.total, found.result.facets["type"], found.result.facets["theme"]) == (
        1, {"note": 1}, {"toit": 1},
    )  # fmt: skip
    assert not api.similar_to_text("logement retiré", user=VISITOR, limit=1)[1:]


@pytest.mark.parametrize("address", ["/recherche/?q=zanzibarite", "/recherche/?q=zanzibarite&type=note&theme=toit"])
def test_the_page_of_a_hidden_word_is_the_page_of_an_unknown_word(
    add_note: AddNote, client: Client, address: str
) -> None:
    add_note("Projet", body="Public.", members_body="zanzibarite", themes=("toit",))
    add_note("Réservé zanzibarite", audience=frozenset({api.MEMBERS}), themes=("toit",))
    hidden = client.get(address).content.decode()
    unknown = client.get(address.replace("zanzibarite", "inconnuissime")).content.decode()
    assert hidden == unknown.replace("inconnuissime", "zanzibarite")
