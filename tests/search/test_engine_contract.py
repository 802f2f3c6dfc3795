"""What every engine does alike: the database's, Elasticsearch's against a server of the tests, or a real one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from osmem_server import OsmemServer

from search import projection
from search.engines import database_engine
from search.engines.base import Match, RebuildSuperseded, SearchRequest, SimilarRequest, Sort
from search.enums import MEMBERS, PUBLIC
from search.models import RemoteTask, SearchDocument, SynonymGroup
from search.sources import Document
from tests.search.elastic import engine_in_elasticsearch, engine_in_osmem

VISITOR = frozenset({PUBLIC})
MEMBER = frozenset({PUBLIC, MEMBERS})


class Shelf:
    """An engine with the documents that a test puts in it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def put(self, key: str, title: str, **fields: Any) -> None:
        document = Document(key=f"note:{key}", kind=fields.pop("kind", "note"), title=title, url=f"/{key}/", **fields)
        with transaction.atomic():
            changes = projection.write([document], {})
            database_engine().apply(changes)
        self.engine.refresh()

    def take(self, key: str) -> None:
        with transaction.atomic():
            database_engine().apply(projection.erase([f"note:{key}"], {}))
        self.engine.refresh()

    def find(self, text: str, tokens: frozenset[str] = VISITOR, **values: Any) -> Any:
        return self.engine.search(SearchRequest(text, tokens, **values))

    def keys(self, text: str, tokens: frozenset[str] = VISITOR, **values: Any) -> list[str]:
        return [key.removeprefix("note:") for key in self.find(text, tokens, **values).keys]


@pytest.fixture(params=["database", "osmem", "elasticsearch"])
def shelf(request: pytest.FixtureRequest, db: None, settings: Any) -> Iterator[Shelf]:
    """An empty shelf of each engine."""
    if request.param == "database":
        yield Shelf(database_engine())
        return
    settings.SEARCH_ENGINE = "elasticsearch"
    in_osmem = request.param == "osmem"
    with engine_in_osmem(request.getfixturevalue("osmem")) if in_osmem else engine_in_elasticsearch() as engine:
        yield Shelf(engine)


def test_words_facets_and_rights(shelf: Shelf) -> None:
    """One story, since the server of the tests takes long to start."""
    shelf.put(
        "a", "Logement des réfugiés", body="Un bail glissant.", themes=("toit",), territories=("dep-29", "reg-53")
    )
    shelf.put(
        "b", "Hébergement", body="Logement de jeunes réfugiés.", themes=("toit", "sante"), territories=("dep-35",)
    )
    shelf.put("c", "Réunion des membres", body="Le logement aussi.", themes=("toit",), audience=frozenset({MEMBERS}))
    shelf.put("d", "Mobilité", body="Un garage.", members_body="Le logement en secret, zanzibarite.")
    # Inflected, without accents, with an article.
    assert shelf.keys("logements refugies") == ["a", "b"]
    assert set(shelf.keys("l’hébergement")) == {"b"}
    # Counted by rights, before anything else.
    seen = shelf.find("logement")
    assert (seen.total, set(seen.keys)) == (2, {"note:a", "note:b"})
    assert seen.facets["theme"] == {"toit": 2, "sante": 1}
    assert seen.facets["territoire"] == {"dep-29": 1, "reg-53": 1, "dep-35": 1}
    mine = shelf.find("logement", MEMBER)
    assert (mine.total, mine.facets["theme"]["toit"]) == (4, 3)
    assert shelf.find("zanzibarite", corrected=False).total == 0
    assert shelf.keys("zanzibarite", MEMBER) == ["d"]
    # Facets narrow each other, and each counts with the others as they are.
    narrowed = shelf.find("logement", chosen={"theme": ("toit",), "territoire": ("dep-29",)})
    assert (narrowed.total, list(narrowed.keys)) == (1, ["note:a"])
    assert narrowed.facets["theme"] == {"toit": 1}
    assert narrowed.facets["territoire"] == {"dep-29": 1, "reg-53": 1, "dep-35": 1}
    # What a saved search asks.
    request = SearchRequest("logement", VISITOR, {"territoire": ("dep-35",)})
    assert shelf.engine.match(request, ["note:a", "note:b", "note:c", "note:z"]) == {"note:b"}
    # Pages; one too far is the last one.
    assert len({key for page in (1, 2) for key in shelf.keys("logement", page=page, page_size=1)}) == 2
    beyond = shelf.find("logement", page=9, page_size=1)
    assert (beyond.page, len(beyond.keys)) == (2, 1)
    # Any text is a question.
    for text in ("", "???", '"a (b', "NEAR(a b)", "logement AND NOT", "難民", "\x00", "a:b", "x" * 9_000):
        assert shelf.find(text).total >= 0


def test_fewer_words_corrections_and_synonyms(shelf: Shelf) -> None:
    shelf.put("a", "Logement et mobilité", body="santé")
    shelf.put("b", "Logement", body="autre chose")
    found = shelf.find("logement mobilité alpinisme", corrected=False)
    assert (list(found.keys), found.match) == (["note:a"], Match.MOST)
    found = shelf.find("logement alpinisme", corrected=False)
    assert (set(found.keys), found.match) == ({"note:a", "note:b"}, Match.ANY)
    corrected = shelf.find("mobilitée")
    assert list(corrected.keys) == ["note:a"]
    typo = shelf.find("mobiltié")
    assert (list(typo.keys), dict(typo.corrections)) == (["note:a"], {"mobiltie": "mobilité"})
    assert shelf.find("mobiltié", corrected=False).total == 0
    SynonymGroup.objects.create(words="déplacement\nmobilité")
    assert shelf.keys("déplacements") == ["a"]


def test_order_of_dates(shelf: Shelf) -> None:
    from datetime import date

    shelf.put("old", "Logement", date=date(2020, 1, 1))
    shelf.put("new", "Divers", body="un mot du logement", date=date(2025, 6, 1))
    shelf.put("none", "Logement")
    assert shelf.keys("logement", sort=Sort.DATE) == ["new", "old", "none"]
    assert shelf.find("logement").facets["annee"] == {"2020": 1, "2025": 1}


def test_changes_deletions_and_late_writes(shelf: Shelf) -> None:
    shelf.put("a", "Charpente")
    shelf.put("a", "Menuiserie")
    assert (shelf.keys("charpente"), shelf.keys("menuiserie")) == ([], ["a"])
    shelf.take("a")
    assert shelf.keys("menuiserie") == []
    assert not RemoteTask.objects.exists()


def test_a_rebuild_changes_over_at_once(shelf: Shelf) -> None:
    shelf.put("a", "Charpente")
    overtaken = shelf.engine.begin_rebuild()
    generation = shelf.engine.begin_rebuild()
    with pytest.raises(RebuildSuperseded):
        shelf.engine.fill(overtaken, lambda done, total: None)
    shelf.engine.abandon(overtaken)
    shelf.put("b", "Charpente")
    shelf.take("a")
    assert shelf.keys("charpente") == ["b"]
    told: list[tuple[int, int]] = []
    shelf.engine.fill(generation, lambda done, total: told.append((done, total)))
    shelf.engine.refresh()
    assert (shelf.keys("charpente"), told[-1]) == (["b"], (1, 1))
    shelf.put("c", "Charpente")
    assert set(shelf.keys("charpente")) == {"b", "c"}
    assert shelf.engine.health() == ""


def test_completion_and_likeness(shelf: Shelf) -> None:
    shelf.put("a", "Logement accompagné", body="Un bail pour des réfugiés et des jeunes.")
    shelf.put("b", "Logement temporaire", body="Un bail et des jeunes.")
    shelf.put("c", "Logistique secrète", audience=frozenset({MEMBERS}), body="logarithme")
    seen = shelf.engine.suggest("log", VISITOR, limit=5)
    assert "logement" in seen.questions
    assert "logarithme" not in seen.questions
    assert set(seen.keys) <= {"note:a", "note:b"}
    # The vocabulary is public: a word that members alone read completes nothing, and finds their titles once typed.
    assert "note:c" in shelf.engine.suggest("logistique", MEMBER, limit=5).keys
    assert "note:c" not in shelf.engine.suggest("logistique", VISITOR, limit=5).keys
    assert shelf.engine.suggest("logis", MEMBER, limit=5).questions == []
    likeness = SimilarRequest("Un bail pour de jeunes réfugiés", VISITOR, excluded=frozenset({"note:a"}))
    assert shelf.engine.similar(likeness) == ["note:b"]


def test_an_older_version_never_wins(db: None, settings: Any, osmem: OsmemServer) -> None:
    """A copy that comes late is refused by the server."""
    settings.SEARCH_ENGINE = "elasticsearch"
    with engine_in_osmem(osmem) as engine:
        shelf = Shelf(engine)
        shelf.put("a", "Menuiserie")
        SearchDocument.objects.update(title="Ancien", version=0)
        RemoteTask.objects.create(key="note:a", version=0)
        assert engine.copy() == 1
        engine.refresh()
        assert (shelf.keys("menuiserie"), shelf.keys("ancien")) == (["a"], [])
