"""What is found, and in what order."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.taxonomy.models import GlossaryEntry, Occupation
from search.engines.base import Match
from search.selectors import Found, search_site

AddNote = Callable[..., Occupation]


def find(text: str, **values: Any) -> Found:
    return search_site(user=AnonymousUser(), text=text, chosen=values.pop("chosen", {}), **values)


def addresses(found: Found) -> list[str]:
    return [hit.url for hit in found.hits]


def test_an_inflection_finds_and_the_exact_form_comes_first(add_note: AddNote) -> None:
    add_note("Note", body="Un réfugié cherche un emploi.")
    add_note("Note", body="Des réfugiées cherchent un emploi.")
    assert addresses(find("réfugiées")) == ["/notes/T0001/", "/notes/T0000/"]
    assert addresses(find("refugie")) == ["/notes/T0000/", "/notes/T0001/"]


def test_the_title_weighs_more_than_the_text(add_note: AddNote) -> None:
    add_note("Divers", body="Une page sur la mobilité.")
    add_note("Mobilité", body="Une page sur autre chose.")
    assert addresses(find("mobilité")) == ["/notes/T0001/", "/notes/T0000/"]


def test_a_rare_word_weighs_more_than_a_common_one(add_note: AddNote) -> None:
    for _number in range(8):
        add_note("Note", body="emploi emploi et formation")
    add_note("Note", body="emploi et numismatique avec bien d’autres choses que personne ne cherche ici")
    assert addresses(find("emploi numismatique oubliettes"))[0] == "/notes/T0008/"


def test_two_thirds_of_the_words_all_of_them_first_then_any(add_note: AddNote) -> None:
    add_note("Note", body="logement mobilité santé")
    add_note("Note", body="logement mobilité")
    add_note("Note", body="logement")
    every = find("logement mobilité santé")
    assert (addresses(every), every.result.match) == (["/notes/T0000/", "/notes/T0001/"], Match.ALL)
    assert addresses(find("mobilité santé")) == ["/notes/T0000/"], "of two words both are asked"
    most = find("logement mobilité alpinisme")
    assert (set(addresses(most)), most.result.match) == ({"/notes/T0000/", "/notes/T0001/"}, Match.MOST)
    some = find("logement alpinisme")
    assert (some.result.total, some.result.match) == (3, Match.ANY)


def test_keywords_are_found_and_never_shown(add_note: AddNote) -> None:
    add_note("France Travail", summary="Service public.", keywords="Pôle emploi")
    hit = find("pole emploi").hits[0]
    assert "Pôle" not in hit.title + hit.excerpt


def test_an_acronym_and_its_expansion_find_each_other(add_note: AddNote) -> None:
    GlossaryEntry.objects.create(acronym="BPI", slug="bpi", expansion="bénéficiaire de la protection internationale")
    add_note("Parcours", body="Accueil des BPI.")
    add_note("Accompagnement", body="Pour les bénéficiaires d’une protection internationale.")
    assert {"/notes/T0000/", "/notes/T0001/"} <= set(addresses(find("bpi")))
    assert {"/notes/T0000/", "/notes/T0001/"} <= set(addresses(find("bénéficiaires de la protection internationale")))
    assert "/notes/T0000/" not in addresses(find("protection internationale")), "a part of it is not the expression"


def test_facets_count_the_set_shown_with_the_other_facets_as_they_are(add_note: AddNote) -> None:
    add_note("Logement A", themes=("toit",), territories=("dep-29", "reg-53"))
    add_note("Logement B", themes=("toit", "sante"), territories=("dep-35", "reg-53"))
    add_note("Logement C", themes=("sante",), territories=("dep-29", "reg-53"))
    add_note("Autre chose", themes=("sante",))
    facets = find("logement").result.facets
    assert facets["type"] == {"note": 3}
    assert facets["theme"] == {"toit": 2, "sante": 2}
    narrowed = find("logement", chosen={"theme": ("toit",), "territoire": ("dep-29",)})
    assert addresses(narrowed) == ["/notes/T0000/"]
    assert narrowed.result.facets["theme"] == {"toit": 1, "sante": 1}
    assert narrowed.result.facets["territoire"] == {"dep-29": 1, "dep-35": 1, "reg-53": 2}
    assert find("logement", chosen={"theme": ("toit", "sante")}).result.total == 3


def test_pages_follow_each_other_and_a_page_too_far_is_the_last(add_note: AddNote) -> None:
    for number in range(5):
        add_note(f"Logement {number}")
    pages = [addresses(find("logement", page=page, page_size=2)) for page in (1, 2, 3)]
    assert len({url for page in pages for url in page}) == 5
    beyond = find("logement", page=99, page_size=2)
    assert (addresses(beyond), beyond.result.page) == (pages[2], 3)


def test_weight_and_date_order_equal_answers(add_note: AddNote) -> None:
    add_note("Logement", date=date(2020, 1, 1))
    add_note("Logement", date=date(2024, 1, 1))
    add_note("Logement", weight=3.0)
    assert addresses(find("logement")) == ["/notes/T0002/", "/notes/T0001/", "/notes/T0000/"]


def test_highlights_escape_what_the_document_says(add_note: AddNote) -> None:
    add_note("<b>Logement</b> & <script>alert(1)</script>", body="Un <img src=x onerror=y> logement & c’est tout")
    hit = find("logement").hits[0]
    assert hit.title == "&lt;b&gt;<mark>Logement</mark>&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
    assert "<img" not in hit.excerpt
    assert "<mark>logement</mark> &amp; c’est tout" in hit.excerpt.replace("&#x27;", "'")


def test_the_excerpt_is_the_passage_that_says_most(add_note: AddNote) -> None:
    filler = "mot vide de sens ici " * 40
    add_note("Note", body=f"logement au début. {filler} le logement et la mobilité vont ensemble. {filler}")
    excerpt = find("logement mobilité").hits[0].excerpt
    assert "<mark>logement</mark> et la <mark>mobilité</mark> vont ensemble" in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")


@pytest.mark.parametrize("text", ["le la les", "", "   ", "???", "\"'()*+-:^~"])
def test_a_question_without_words_finds_nothing(add_note: AddNote, text: str) -> None:
    add_note("Logement")
    assert find(text).result.total == 0


def test_a_word_longer_than_an_excerpt_is_found(add_note: AddNote) -> None:
    add_note("Note", body="avant " + "a" * 5_000 + " après")
    assert len(find("a" * 150).hits[0].excerpt) < 400


def test_a_short_text_is_quoted_from_its_beginning(add_note: AddNote) -> None:
    body = "Un réseau de partenaires accompagne chaque personne vers un parcours qui mène à un emploi durable."
    add_note("Note", body=body)
    assert find("durable").hits[0].excerpt == body.replace("durable", "<mark>durable</mark>")
