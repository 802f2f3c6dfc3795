"""Building the index, asking the questions, and the tables of what came of it."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection

from search import indexing, projection, selectors, synonyms
from search.engines import database_engine
from search.engines.base import SearchEngine, SearchRequest
from search.engines.elastic.engine import ElasticEngine
from search.enums import MEMBERS, PUBLIC
from search.models import SearchDocument
from tests.search_quality.corpus import fetch, passages, read_sheets
from tests.search_quality.index import build, load
from tests.search_quality.questions import Question, judged, known_items

READER = frozenset({PUBLIC})
UPDATES = 60
#: recall@3 that is asked of each set of questions.
TARGETS = {
    "jugées": 0.90, "titre : mots exacts": 0.95, "titre : sans accents": 0.95, "titre : autre nombre": 0.88,
    "titre : une faute": 0.92,
}  # fmt: skip


def run(folder: Path, *, database: str, speed: int | None) -> dict[str, Any]:
    """Measure quality, or CPU times over ``speed`` documents; raises RuntimeError where the corpus cannot be had."""
    for app in ("search", "taxonomy"):
        call_command("migrate", app, verbosity=0)
    synonyms.load_default_groups()
    sheets = list(read_sheets(fetch(folder)))
    if speed is not None:
        load(passages(sheets, speed), all_public=False)
        return {"database": database, "speed": _measure_speed(database_engine(), [sheet.title for sheet in sheets])}
    load(sheets, all_public=True)
    questions = {"jugées": judged()} | known_items(sheets)
    engines: dict[str, SearchEngine] = {f"base de données ({database})": database_engine()}
    if os.environ.get("ELASTICSEARCH_URL"):
        engines["elasticsearch"] = ElasticEngine()
    results = {}
    for name, engine in engines.items():
        build(engine)
        results[name] = {kind: _score(engine, asked) for kind, asked in questions.items()}
    return {"database": database, "documents": len(sheets), "results": results}


def _score(engine: SearchEngine, questions: Sequence[Question]) -> dict[str, Any]:
    """Return recall@3 and the mean reciprocal rank over ten results, and the questions that found nothing good."""
    ranks = []
    missed = []
    for question in questions:
        keys = engine.search(SearchRequest(question.text, READER)).keys
        rank = next((place for place, key in enumerate(keys, start=1) if key in question.answers), None)
        ranks.append(rank)
        if rank is None or rank > 3:
            missed.append(question.text)
    return {
        "questions": len(ranks),
        "recall": sum(1 for rank in ranks if rank is not None and rank <= 3) / len(ranks),
        "mrr": sum(1 / rank for rank in ranks if rank) / len(ranks),
        "missed": missed,
    }


# CPU times


class _Reader:
    is_anonymous = False


def _measure_speed(engine: SearchEngine, titles: Sequence[str]) -> dict[str, Any]:
    """Return CPU milliseconds: of whole searches with rights, five facets and highlights, and of updates."""
    with _server_time() as server:
        built = build(engine)
        server_seconds = server()
    # The corpus has no models to be checked against; the index alone is measured.
    selectors.still_visible = lambda user, keys: list(keys)  # type: ignore[assignment]
    selectors.tokens_for = lambda user: frozenset({PUBLIC} if user.is_anonymous else {PUBLIC, MEMBERS})  # type: ignore[assignment]
    asked = _asked(titles)
    times = {}
    for name, user in (("visiteur", AnonymousUser()), ("membre", _Reader())):
        for text in asked[:20]:
            selectors.search_site(user=user, text=text, chosen={})  # type: ignore[arg-type]
        with _server_time() as server:
            spent = [_cpu(partial(selectors.search_site, user=user, text=text, chosen={})) for text in asked]  # type: ignore[arg-type]
            mean_of_server = server() * 1000 / len(asked)
        times[name] = {"p50": statistics.median(spent), "p95": _p95(spent), "serveur": mean_of_server}
    rows = list(SearchDocument.objects.order_by("-pk")[:UPDATES])
    with _server_time() as server:
        spent = [_cpu(lambda row=row: _update(row)) for row in rows]  # type: ignore[misc]
        times["mise à jour"] = {
            "p50": statistics.median(spent),
            "p95": _p95(spent),
            "serveur": server() * 1000 / len(rows),
        }
    return {"documents": built.documents, "build": built.cpu_seconds, "build_server": server_seconds, "times": times}


def _update(row: SearchDocument) -> None:
    """Change a document as an edit does: a sentence more."""
    from django.db import transaction

    changed = SearchDocument.objects.get(pk=row.pk)
    changed.body += " Une phrase de plus sur le logement des apprentis."
    with transaction.atomic():
        indexing.lock_index()
        before = SearchDocument.objects.get(pk=row.pk)
        SearchDocument.objects.bulk_update([changed], projection.FIELDS)
        database_engine().apply([projection.Change(before, changed)])


def _asked(titles: Sequence[str]) -> list[str]:
    """Return questions as people type them, with the commonest words of the corpus among them."""
    import random

    dice = random.Random(4)  # noqa: S311 -- the same questions at each run
    common = "emploi logement travail formation demande droit salarié aide contrat entreprise".split()
    found = []
    for title in dice.sample(list(titles), 80):
        words = title.split()
        dice.shuffle(words)
        found.append(" ".join(words[: dice.randint(1, 4)]))
    found += [" ".join(dice.sample(common, dice.randint(1, 3))) for _number in range(20)]
    return [*found, *(question.text for question in judged()), "hebergment durgence", "aide au logment jeune"]


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


class _server_time:  # noqa: N801 -- read as a word
    """Seconds of CPU that the database server has spent on this connection since the block began."""

    def __enter__(self) -> Callable[[], float]:
        if connection.vendor != "postgresql":
            return lambda: 0.0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")

        def spent() -> float:
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

        started = spent()
        return lambda: spent() - started

    def __exit__(self, *error: object) -> None:
        """Nothing is held."""


# Tables


def table(report: dict[str, Any], before: dict[str, Any] | None) -> str:
    """Return ``report`` as Markdown, with the change since ``before``."""
    return _speed_table(report) if "speed" in report else _quality_table(report, before)


def _quality_table(report: dict[str, Any], before: dict[str, Any] | None) -> str:
    lines = [
        f"{report['documents']} documents", "",
        "| moteur | questions | nombre | rappel à 3 | cible | avant | MRR | avant |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for engine, results in report["results"].items():
        for kind, found in results.items():
            known = (before or {}).get("results", {}).get(engine, {}).get(kind)
            changes = [f"{found[name] - known[name]:+.3f}" if known else "–" for name in ("recall", "mrr")]
            mark = "✓" if found["recall"] >= TARGETS[kind] else "✗"
            lines.append(
                f"| {engine} | {kind} | {found['questions']} | {found['recall']:.3f} | {TARGETS[kind]:.2f} {mark} "
                f"| {changes[0]} | {found['mrr']:.3f} | {changes[1]} |"
            )
    if "elasticsearch" not in report["results"]:
        lines.append("| elasticsearch | non mesuré : ELASTICSEARCH_URL n’est pas réglé | | | | | | |")
    lines += ["", "Sans bonne réponse dans les trois premières :"]
    for engine, results in report["results"].items():
        for kind, found in results.items():
            lines += [f"- {engine}, {kind} : {text}" for text in found["missed"][:25]]
    return "\n".join(lines)


def _speed_table(report: dict[str, Any]) -> str:
    speed = report["speed"]
    built = f"index construit en {speed['build']:.0f} s de calcul, et {speed['build_server']:.0f} s du serveur"
    lines = [
        f"{speed['documents']} documents, {report['database']} ; {built}", "",
        "| ms de calcul | médiane | 95e centile | dont serveur, en plus (moyenne) |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, found in speed["times"].items():
        lines.append(f"| {name} | {found['p50']:.1f} | {found['p95']:.1f} | {found['serveur']:.1f} |")
    return "\n".join(lines)
