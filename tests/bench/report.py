"""The results as people and as programs read them, compared with the run before."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from tests.bench.measure import Cell, Measure
from tests.bench.run import Options, Results

#: A page from the page cache may cost this many times the bare Django page.
CACHE_FACTOR = 2.0
ROLES = {"visitor": "visiteur", "member": "membre", "administrator": "administrateur"}
#: The yardstick before and after may differ by this much before the run is called unsteady.
STEADY_PERCENT = 10
COLUMNS = (
    *("Page", "Lecteur", "CPU ms", "× étalon", "Cible", "Avant", "Croissance"),
    *("1 conn. p50/p95 ms", "8 conn. p50/p95 ms", "req/s", "SQL", "Octets"),
)


def number(value: float | None, digits: int = 1) -> str:
    """Write a number as French readers do; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".replace(",", "\u202f").replace(".", ",")


def target_of(cell: Cell, hello_ms: float) -> float | None:
    """Return the most CPU milliseconds that the cell may cost, or None where there is no target."""
    if cell.target_ms is None:
        return None
    return CACHE_FACTOR * hello_ms if cell.cached else cell.target_ms


def is_met(cell: Cell, measure: Measure, hello_ms: float) -> bool | None:
    """Whether the cell keeps its target; None where it has none or nothing was measured."""
    target = target_of(cell, hello_ms)
    if target is None or measure.error:
        return None
    return measure.cpu_ms is not None and measure.cpu_ms <= target


@dataclass(frozen=True)
class Report:
    """One run, ready to be written; ``previous`` is the JSON of the run it is compared with."""

    stamp: str
    options: Options
    results: Results
    previous: dict[str, Any] | None
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return everything that was measured."""
        hello_ms = self.results.hello_cpu_ms
        return {
            "stamp": self.stamp,
            "database": self.options.database,
            "sheets": self.options.sizes[-1],
            "seed": self.options.seed,
            "quick": self.options.quick,
            "seconds": round(self.seconds, 1),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "django": version("django")},
            "hello": {**asdict(self.results.hello), "cpu_ms": hello_ms},
            "hello_after": asdict(self.results.hello_after),
            "cells": {
                key: {
                    **asdict(measure),
                    "path": self.results.cells[key].path,
                    "target_ms": target_of(self.results.cells[key], hello_ms),
                    "target_met": is_met(self.results.cells[key], measure, hello_ms),
                }
                for key, measure in self.results.measures.items()
            },
        }

    def as_markdown(self) -> str:
        """Return the table with what one must know to read it."""
        rows = [self._hello_row(), *(self._row(key) for key in self.results.cells)]
        lines = [" | ".join(("", *row, "")).strip() for row in (COLUMNS, ["---"] * len(COLUMNS), *rows)]
        return "\n".join([f"# Mesure du {self.stamp}", "", *self._notes(), "", *lines, "", *self._verdict(), ""])

    def _notes(self) -> list[str]:
        steps = " → ".join(map(str, self.options.sizes))
        conditions = (
            f"Base {self.options.database}, {steps} fiches, {os.cpu_count()} cœurs, {number(self.seconds, 0)} s."
        )
        notes = [
            conditions,
            "CPU : temps utilisateur et système des processus du serveur et de la base, par requête.",
        ]
        before, after = self.results.hello.cpu_ms, self.results.hello_after.cpu_ms
        if before and after and abs(after / before - 1) * 100 > STEADY_PERCENT:
            notes.append(
                f"⚠ L’étalon est passé de {number(before, 2)} à {number(after, 2)} ms pendant la mesure : "
                "la machine n’était pas stable, comparez plutôt la colonne « × étalon »."
            )
        if self.previous:
            notes.append(f"« Avant » : mesure du {self.previous['stamp']}.")
        return notes

    def _hello_row(self) -> list[str]:
        hello = self.results.hello
        known = (self.previous or {}).get("hello", {}).get("cpu_ms")
        cpu = self.results.hello_cpu_ms
        start = ["*étalon*", "–", number(cpu, 2), "1,0", "–", change(known, cpu), "–"]
        return [*start, *_latencies(hello), "0", number(hello.bytes, 0)]

    def _row(self, key: str) -> list[str]:
        cell, measure = self.results.cells[key], self.results.measures[key]
        reader = ROLES[cell.role] + (", cache" if cell.cached else "")
        if measure.error:
            return [cell.page, reader, f"erreur : {measure.error}", *["–"] * 9]
        if measure.never_cached:
            return [cell.page, reader, "jamais en cache", "–", self._target(cell, measure), *["–"] * 7]
        hello_ms = self.results.hello_cpu_ms
        known = (self.previous or {}).get("cells", {}).get(key, {}).get("cpu_ms")
        return [
            *(cell.page, reader, number(measure.cpu_ms, 2 if cell.cached else 1)),
            number(measure.cpu_ms / hello_ms if measure.cpu_ms and hello_ms else None),
            self._target(cell, measure),
            change(known, measure.cpu_ms),
            " ".join(f"×{number(measure.cpu_ms / small, 2)}" for small in measure.smaller.values() if measure.cpu_ms)
            or "–",
            *_latencies(measure),
            *(number(measure.queries, 0), number(measure.bytes, 0)),
        ]

    def _target(self, cell: Cell, measure: Measure) -> str:
        target = target_of(cell, self.results.hello_cpu_ms)
        if target is None:
            return "–"
        mark = "✓" if is_met(cell, measure, self.results.hello_cpu_ms) else "✗"
        return f"{mark} ≤ {number(target, 2 if cell.cached else 0)}"

    def _verdict(self) -> list[str]:
        pairs = [(self.results.cells[key], measure) for key, measure in self.results.measures.items()]
        verdicts = [is_met(cell, measure, self.results.hello_cpu_ms) for cell, measure in pairs]
        lines = [f"Cibles tenues : {verdicts.count(True)} sur {len(verdicts) - verdicts.count(None)}."]
        return lines + [f"✗ {key} : {error}" for key, error in self.results.errors.items()]


def change(before: float | None, now: float | None) -> str:
    """Write by how much a figure changed."""
    if not before or not now:
        return "–"
    percent = round((now / before - 1) * 100)
    return "=" if percent == 0 else f"{percent:+d}\u202f%".replace("-", "−")


def _latencies(measure: Measure) -> list[str]:
    one, eight = measure.latency_1, measure.latency_8
    return [
        f"{number(one['p50'])} / {number(one['p95'])}" if one else "–",
        f"{number(eight['p50'])} / {number(eight['p95'])}" if eight else "–",
        number(eight["per_second"], 0) if eight else "–",
    ]


def previous_of(options: Options) -> dict[str, Any] | None:
    """Return the last complete run on the same kind of database and of the same size, or None."""
    latest = options.folder / "latest.json"
    if not latest.exists():
        return None
    found = json.loads(latest.read_text(encoding="utf-8")).get(options.database)
    return found if found and found["sheets"] == options.sizes[-1] else None


def write_report(options: Options, results: Results, seconds: float) -> str:
    """Write <stamp>.md and <stamp>.json, make a complete run the latest, and return the Markdown."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    report = Report(stamp, options, results, previous_of(options), seconds)
    text, data = report.as_markdown(), report.as_json()
    (options.folder / f"{stamp}.md").write_text(text, encoding="utf-8")
    (options.folder / f"{stamp}.json").write_text(_json(data), encoding="utf-8")
    if not (options.only or options.quick or results.errors):
        latest = options.folder / "latest.json"
        known = json.loads(latest.read_text(encoding="utf-8")) if latest.exists() else {}
        latest.write_text(_json({**known, options.database: data}), encoding="utf-8")
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
