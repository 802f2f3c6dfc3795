"""Every request to Elasticsearch is one that its published types know; and what is done while it is down."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from search.engines import failover
from search.engines.base import EngineUnavailable, SearchRequest, SimilarRequest, Sort
from search.engines.elastic import bodies
from search.engines.elastic.engine import ElasticEngine, make_client
from search.engines.question import concepts_of, words_of
from search.enums import MEMBERS, PUBLIC
from search.models import SearchDocument
from search.selectors import search_site

ROOT = Path(__file__).resolve().parents[2]
TOKENS = frozenset({PUBLIC, MEMBERS})
CONCEPTS = concepts_of(words_of("titre de séjour"), [(("titr", "sejour"), ("carte", "sejour"))])
REQUEST = SearchRequest(
    "titre de séjour", TOKENS, {"theme": ("toit",), "territoire": ("dep-29",)}, sort=Sort.DATE, page=3
)


def bodies_by_type() -> list[tuple[str, Any]]:
    row = SearchDocument(key="note:1", kind="note", title="Titre", audience=" public ", weight=1.0, version=7)
    return [
        ("SearchRequest", bodies.search_body(REQUEST, CONCEPTS, 2)),
        ("SearchRequest", bodies.search_body(SearchRequest("titre", frozenset({PUBLIC})), CONCEPTS[:1], 1)),
        ("SearchRequest", bodies.match_body(REQUEST, CONCEPTS, ["note:1"])),
        ("SearchRequest", bodies.said_body(TOKENS, CONCEPTS)),
        ("SearchRequest", bodies.titles_body("titre de sé", TOKENS, 20)),
        ("SearchRequest", bodies.similar_body(SimilarRequest("Un texte", TOKENS, ("note",), frozenset({"note:1"})))),
        ("IndicesCreateRequest", {"index": "portal-search-1", "aliases": {"portal-search": {}}, **bodies.index_body()}),
        ("IndicesUpdateAliasesRequest", bodies.alias_actions("portal-search", ["old"], "new", "building")),
        ("BulkRequest", {"operations": bodies.bulk_operations("portal-search", [row], {"note:2": 8})}),
    ]


def compile_bodies(folder: Path, typed: list[tuple[str, Any]]) -> subprocess.CompletedProcess[str]:
    lines = ['import type { estypes } from "@elastic/elasticsearch"']
    for number, (name, body) in enumerate(typed):
        lines.append(f"export const body{number}: estypes.{name} = {json.dumps(body)}")
    source = folder / "bodies.ts"
    source.write_text("\n".join(lines))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    tsc = [ROOT / "node_modules/.bin/tsc", "--strict", "--noEmit", "--skipLibCheck", "--module", "node16", source]
    return subprocess.run(tsc, capture_output=True, text=True, check=False, cwd=folder)


@pytest.mark.skipif(not (ROOT / "node_modules/.bin/tsc").exists(), reason="the types are installed by make env-dev")
def test_bodies_are_those_of_the_published_types(tmp_path: Path) -> None:
    typed = bodies_by_type()
    # A mistake is seen: else the check could pass because nothing is checked.
    wrong = bodies.search_body(REQUEST, CONCEPTS, 2)
    wrong["aggs"]["type"]["aggs"]["values"]["terms"]["sizes"] = wrong["aggs"]["type"]["aggs"]["values"]["terms"].pop(
        "size"
    )
    done = compile_bodies(tmp_path, [*typed, ("SearchRequest", wrong)])
    errors = [line for line in done.stdout.splitlines() if line.startswith("bodies.ts(")]
    assert {line.split("(")[1].split(",")[0] for line in errors} == {str(len(typed) + 2)}, done.stdout[:3000]


class _Down:
    """An Elasticsearch that answers nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def search(self, request: SearchRequest) -> Any:
        self.asked += 1
        raise EngineUnavailable("down")


def test_the_database_answers_while_elasticsearch_does_not(
    add_note: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_note("Logement")
    down, now = _Down(), [0.0]
    engine = failover.FailoverEngine(down, clock=lambda: now[0])  # type: ignore[arg-type]
    monkeypatch.setattr("search.selectors.get_engine", lambda: engine)
    for _time in range(3):
        found = search_site(user=AnonymousUser(), text="logement", chosen={})
        assert (found.result.total, found.result.degraded) == (1, True)
    assert down.asked == 1, "nobody waits for it in between"
    now[0] = failover.PAUSE_SECONDS
    search_site(user=AnonymousUser(), text="logement", chosen={})
    assert down.asked == 2
    assert "Recherche simplifiée" in client.get("/recherche/", {"q": "logement"}).content.decode()


def test_a_server_that_is_not_there_is_unavailable(db: None) -> None:
    engine = ElasticEngine(make_client("http://127.0.0.1:9"))
    with pytest.raises(EngineUnavailable):
        engine.search(SearchRequest("logement", TOKENS))
    assert "does not answer" in engine.health()
