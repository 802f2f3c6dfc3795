import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import WORD_LENGTH, clean_text, fold, stem, stems, text_of_html, text_of_markdown, tokens


@pytest.mark.parametrize(
    "words",
    [
        "réfugié réfugiée réfugiés réfugiées REFUGIES",
        "héberger hébergé hébergée hébergés",
        "régional régionale régionaux régionales",
        "travail travaux",
        "travailleur travailleuse travailleurs travailleuses",
        "formateur formatrice formatrices",
        "actif active actifs actives",
        "premier première premières",
        "français française françaises",
        "bureau bureaux",
        "professionnel professionnelle professionnels professionnelles",
        "bretonne breton bretonnes",
        "nombreux nombreuse nombreuses",
        "jeune jeunes",
        "milieu milieux",
        "aide aides aidé aider",
    ],
)
def test_inflections_share_a_stem(words: str) -> None:
    assert len(set(stems(words))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("département", "départ"),
        ("logement", "log"),
        ("FLE", "fleur"),
        ("formation", "format"),
        ("emploi", "employeur"),
    ],
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_accents_ligatures_and_case_fold() -> None:
    assert [fold(word) for word in ("Éléphant", "CŒUR", "Ægis", "naïve", "ça")] == [
        "elephant",
        "coeur",
        "aegis",
        "naive",
        "ca",
    ]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_elided_articles_fall_away(apostrophe: str) -> None:
    assert stems(f"l{apostrophe}hébergement d{apostrophe}urgence, qu{apostrophe}on") == stems("hébergement urgence")


def test_a_letter_that_is_no_article_stays() -> None:
    assert "c" in stems("langage C++")
    assert stems("l") == ("l",)


def test_hyphens_and_stop_words_do_not_matter() -> None:
    assert stems("titre-de-séjour") == stems("titres de séjour") == ("titr", "sejour")


def test_a_decomposed_accent_is_the_same_word() -> None:
    assert stems("re\u0301fugie\u0301") == stems("réfugié")


def test_tokens_know_their_place() -> None:
    text = "L’hébergement des réfugiées"
    assert [text[token.start : token.end] for token in tokens(text)] == ["hébergement", "réfugiées"]


def test_controls_and_invisible_signs_become_spaces() -> None:
    assert clean_text("a\x00b\u200bc\x1fd\te") == "a b c d\te"


def test_markup_gives_its_words_apart() -> None:
    assert text_of_html("<p>Un</p><p>deux &amp; <b>tr</b>ois</p><ul><li>quatre</li><li>cinq</li></ul>") == (
        "Un deux & trois quatre cinq"
    )
    assert text_of_markdown("# Titre\n\n- **gras**\n- lien [ici](https://exemple.fr)") == "Titre gras lien ici"
    assert text_of_markdown("") == ""


@given(st.text())
def test_any_text_is_analysed(text: str) -> None:
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    for token in tokens(cleaned):
        assert 0 < len(token.exact) <= WORD_LENGTH
        assert 0 < len(token.stem) <= WORD_LENGTH
        assert cleaned[token.start : token.end]


@given(st.from_regex(r"[a-z]{1,30}", fullmatch=True))
def test_a_stem_is_never_empty_nor_much_longer(word: str) -> None:
    assert stem(word)
    assert len(stem(word)) <= len(word) + 1
