"""Building the index, asking the questions, and the tables of what came of it."""

import dataclasses
import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection, transaction

from portal.core import areas
from portal.taxonomy.models import Occupation
from search import indexing, selectors, synonyms
from search.engines import database_engine
from search.engines.base import SearchEngine, SearchRequest, SimilarRequest
from search.engines.elastic.engine import ElasticEngine
from search.enums import MEMBERS, PUBLIC
from tests.search_quality.corpus import fetch, passages, read_sheets
from tests.search_quality.index import CorpusSource, declare_corpus, fill
from tests.search_quality.questions import Question, judged, known_items

READER = frozenset({PUBLIC})
UPDATES = 60
#: CPU that is allowed over 100,000 documents: milliseconds at the 95th percentile, seconds.
MOST_MS = {"recherche d’un visiteur": 30, "recherche d’un membre": 30, "mise à jour": 15}
MOST_REBUILD = 120
#: recall@3 that is asked of each set of questions.
TARGETS = {
    "jugées": 0.90, "titre : mots exacts": 0.95, "titre : sans accents": 0.95, "titre : autre nombre": 0.88,
    "titre : une faute": 0.92,
}  # fmt: skip


def run(folder: Path, *, database: str, speed: int | None) -> dict[str, Any]:
    """Measure quality, or CPU times over ``speed`` documents; raises RuntimeError where the corpus cannot be had."""
    for app in ("search", "taxonomy"):
        call_command("migrate", app, verbosity=0)
    call_command("createcachetable", verbosity=0)
    synonyms.load_default_groups()
    sheets = list(read_sheets(fetch(folder)))
    if speed is not None:
        declare_corpus(passages(sheets, speed))
        return {"database": database, "speed": _measure_speed([sheet.title for sheet in sheets])}
    questions = {"jugées": judged()} | known_items(sheets)
    engines: dict[str, SearchEngine] = {f"base de données ({database})": database_engine()}
    if os.environ.get("ELASTICSEARCH_URL"):
        engines["elasticsearch"] = ElasticEngine()
    results = {}
    for name, engine in engines.items():
        fill(engine, sheets)
        results[name] = {kind: _score(engine, asked) for kind, asked in questions.items()}
    return {"database": database, "documents": len(sheets), "results": results}


def _score(engine: SearchEngine, questions: Sequence[Question]) -> dict[str, Any]:
    """Return recall@3 and the mean reciprocal rank over ten results, and the questions that found nothing good."""
    ranks = []
    missed = []
    for question in questions:
        keys = engine.search(SearchRequest(question.text, READER)).keys
        found = (key.partition(":")[2] for key in keys)
        rank = next((place for place, one in enumerate(found, start=1) if one in question.answers), None)
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


def _measure_speed(titles: Sequence[str]) -> dict[str, Any]:
    """Return CPU milliseconds, the server's of the database included.

    A search is that of the page: rights, five facets, the second check, ten excerpts with their
    marks. An update is a row changed: its task, its description, projection and index. A rebuild is
    the command's: everything described anew, the projection written, the index built.
    """
    engine = database_engine()
    spent = _spent_in_all()
    started = spent()
    documents = indexing.rebuild(lambda kind, done, total: None)
    rebuild = spent() - started
    # The corpus in memory is this measurement's alone: a search pays for no collection of it.
    gc.collect()
    gc.freeze()
    # The corpus has no accounts: what a reader holds is said here.
    selectors.tokens_for = lambda user: frozenset({PUBLIC} if user.is_anonymous else {PUBLIC, MEMBERS})
    asked = _asked(titles)
    times = {}
    for name, user in (("recherche d’un visiteur", AnonymousUser()), ("recherche d’un membre", _Reader())):
        for text in asked[:20]:
            _search(user, text)
        times[name] = _times(spent, [partial(_search, user, text) for text in asked])
    begun = [title[: 3 + number % 12] for number, title in enumerate(titles[:: len(titles) // 100])]
    times["saisie complétée"] = _times(spent, [partial(engine.suggest, one, READER, limit=5) for one in begun])
    likened = [f"{one.title}\n{one.body}" for one in islice(CorpusSource.documents.values(), UPDATES)]
    times["« Voir aussi »"] = _times(spent, [partial(engine.similar, SimilarRequest(text, READER)) for text in likened])
    rows = list(Occupation.objects.order_by("-pk")[: UPDATES * 100 : 100])
    times["mise à jour"] = _times(spent, [partial(_update, row) for row in rows])
    return {"documents": documents, "rebuild": rebuild, "times": times}


def _search(user: Any, text: str) -> None:
    """Search as a request does, whose tokens are read once."""
    with areas.tokens_of_request(areas.read_tokens()):
        selectors.search_site(user=user, text=text, chosen={})


def _times(spent: Callable[[], float], works: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Return the median and the 95th percentile of what each of ``works`` costs, in milliseconds."""
    costs = []
    for work in works:
        started = spent()
        work()
        costs.append((spent() - started) * 1000)
    return {"p50": statistics.median(costs), "p95": sorted(costs)[int(len(costs) * 0.95)]}


def _update(row: Occupation) -> None:
    """Change a document as an edit does: a sentence more."""
    documents = CorpusSource.documents
    body = f"{documents[row.pk].body} Une phrase de plus sur le logement des apprentis."
    documents[row.pk] = dataclasses.replace(documents[row.pk], body=body)
    with transaction.atomic():
        # The signal of a save would announce all kinds of the corpus, whose table is the same.
        Occupation.objects.filter(pk=row.pk).update(code=row.code)
        indexing.request_indexing([f"{row.name}:{row.pk}"])


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


def _spent_in_all() -> Callable[[], float]:
    """Return a clock of the CPU seconds of this process and of the database's server that answers it."""
    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        # In nanoseconds, where /proc/<pid>/stat counts in hundredths of a second.
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + int(server.read_text().split()[0]) / 1e9


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
    rebuild = f"index reconstruit en {speed['rebuild']:.0f} s de calcul (cible : {MOST_REBUILD} s)"
    lines = [
        f"{speed['documents']} documents, {report['database']} ; {rebuild}", "",
        "| ms de calcul, serveur compris | médiane | 95e centile | cible |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, found in speed["times"].items():
        most = MOST_MS.get(name)
        mark = f"{most} {'✓' if found['p95'] <= most else '✗'}" if most else "–"
        lines.append(f"| {name} | {found['p50']:.1f} | {found['p95']:.1f} | {mark} |")
    return "\n".join(lines)
