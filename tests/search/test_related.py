"""What resembles a text or an object, by rights."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import User
from portal.taxonomy.models import Occupation
from search import api

AddNote = Callable[..., Occupation]
VISITOR = AnonymousUser()


@pytest.fixture
def housing(add_note: AddNote) -> list[Occupation]:
    """Three notes, of which two speak of the same."""
    return [
        add_note("Bail glissant", body="Un logement pour de jeunes réfugiés, avec un bail à leur nom."),
        add_note("Cours de français", body="Apprendre la langue le soir."),
        add_note("Résidence", summary="Un toit.", body="Logement de réfugiés et bail d’un an."),
    ]


def test_an_object_resembles_others_but_not_itself(housing: list[Occupation]) -> None:
    found = api.similar_to(housing[0], user=VISITOR)
    assert [(hit.title, hit.url, hit.kind, hit.summary) for hit in found] == [
        ("Résidence", "/notes/T0002/", "note", "Un toit.")
    ]


def test_a_text_resembles_what_says_its_words(housing: list[Occupation]) -> None:
    assert [hit.title for hit in api.similar_to_text("Quel bail pour un réfugié ?", user=VISITOR, limit=1)] != []
    assert api.similar_to_text("Quel bail ?", user=VISITOR, kinds=["call"]) == []
    assert api.similar_to_text("le la les", user=VISITOR) == []
    assert api.similar_to_text("\x00" * 50_000, user=VISITOR) == []


def test_nothing_hidden_resembles_anything(add_note: AddNote, member: User, housing: list[Occupation]) -> None:
    add_note("Bail réservé", body="Logement de réfugiés.", audience=frozenset({api.MEMBERS}))
    titles = {hit.title for hit in api.similar_to(housing[0], user=VISITOR)}
    assert "Bail réservé" not in titles
    assert "Bail réservé" in {hit.title for hit in api.similar_to(housing[0], user=member)}
