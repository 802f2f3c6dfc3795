"""One run: the yardstick, the portal at each size, and the counts, one server at a time."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.database import Database
from tests.bench.inside import run_inside
from tests.bench.measure import Cell, Effort, Measure, cells_of, measure_cpu, measure_crowd
from tests.bench.plan import Plan
from tests.bench.server import HELLO, PORTAL, Application, Server, serving

THOROUGH, GROWTH = Effort(), Effort(rounds=2, seconds=0.6)
BRIEF = Effort(rounds=1, requests=30, seconds=0.3, max_seconds=1.0, exact=False)
HELLO_CELL = Cell("hello", "/", "visitor", "")


def say(text: str) -> None:
    """Tell the person who waits how far it has come."""
    sys.stdout.write(f"→ {text}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Options:
    """What the person asked for; ``sizes`` in numbers of sheets, the last one measured in full."""

    folder: Path
    database: str = "sqlite"
    sizes: tuple[int, ...] = (57, 570)
    seed: int = 2019
    only: tuple[str, ...] = ()
    quick: bool = False
    keep: bool = False

    @property
    def data(self) -> Path:
        """The DATA folder of the portal under measurement."""
        return self.folder / "data"

    @property
    def effort(self) -> Effort:
        """How long a cell is measured."""
        return BRIEF if self.quick else THOROUGH


@dataclass
class Results:
    """Everything that one run measured; ``cells`` and ``measures`` go together by the cell's key."""

    hello: Measure = field(default_factory=Measure)
    #: The yardstick again at the end: it tells whether the machine stayed the same.
    hello_after: Measure = field(default_factory=Measure)
    cells: dict[str, Cell] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)

    @property
    def hello_cpu_ms(self) -> float:
        """CPU time of the yardstick: the mean of before and after."""
        found = [measure.cpu_ms for measure in (self.hello, self.hello_after) if measure.cpu_ms is not None]
        return sum(found) / len(found) if found else 0.0

    @property
    def errors(self) -> dict[str, str]:
        """What could not be measured, with the reason."""
        everything = {"hello": self.hello, "hello, à la fin": self.hello_after, **self.measures}
        return {key: measure.error for key, measure in everything.items() if measure.error}


class Run:
    """Carries the options and the database from pass to pass."""

    def __init__(self, options: Options, database: Database) -> None:
        self.options = options
        self.database = database
        self.environment = {**database.environment, "DATA": str(options.data)}
        self.results = Results()

    @contextmanager
    def served(self, application: Application, workers: int, *, page_cache: bool = False) -> Iterator[Server]:
        """Run a server for one pass."""
        environment = {**self.environment, "PAGE_CACHE": "true" if page_cache else "false"}
        log = self.options.folder / "server.log"
        with serving(application, workers=workers, environment=environment, log=log) as server:
            yield server

    def carry_out(self) -> Results:
        """Measure everything; the results say what went wrong."""
        say("Étalon : la page « bonjour » de Django")
        self.measure_hello(self.results.hello)
        for size in self.sizes_below():
            plan = self.prepare(size)
            self.measure_growth(plan, size)
        plan = self.prepare(self.options.sizes[-1])
        for cached in (False, True):
            self.measure_portal(plan, cached=cached)
        self.count_queries(plan)
        self.measure_hello(self.results.hello_after)
        return self.results

    def sizes_below(self) -> tuple[int, ...]:
        """The sizes that growth is measured from; data that are kept have one size alone."""
        return () if self.options.keep or self.options.quick else self.options.sizes[:-1]

    def measure_hello(self, measure: Measure) -> None:
        """Measure the yardstick as a page is: one process for CPU time, two for the crowd."""
        with self.served(HELLO, 1) as server:
            measure_cpu(server, HELLO_CELL, measure, effort=self.options.effort, database=())
        if measure is self.results.hello:
            with self.served(HELLO, 2) as server:
                measure_crowd(server, HELLO_CELL, measure, effort=self.options.effort)

    def prepare(self, size: int) -> Plan:
        """Bring the data up to ``size`` and return what to measure."""
        file = self.options.folder / "plan.json"
        new = not (self.options.keep or self.results.cells)
        started = time.monotonic()
        say(f"Données : {size} fiches")
        arguments = [str(size), str(self.options.seed), str(file), *(["--new"] if new else [])]
        run_inside("prepare", *arguments, environment=self.environment)
        say(f"  prêtes en {time.monotonic() - started:.0f} s")
        plan = Plan.read(file).only(list(self.options.only))
        for cell in (cell for cached in (False, True) for cell in cells_of(plan, cached=cached)):
            self.results.cells[cell.key] = cell
            self.results.measures.setdefault(cell.key, Measure())
        return plan

    def measure_growth(self, plan: Plan, size: int) -> None:
        """Measure the CPU time of rendered pages at a smaller size."""
        say(f"Temps de calcul à {size} fiches")
        with self.served(PORTAL, 1) as server:
            for cell in cells_of(plan, cached=False):
                found = Measure()
                measure_cpu(server, cell, found, effort=GROWTH, database=self.database.server_pids)
                if found.cpu_ms is not None:
                    self.results.measures[cell.key].smaller[str(size)] = found.cpu_ms

    def measure_portal(self, plan: Plan, *, cached: bool) -> None:
        """Measure pages as rendered, or from the page cache: first their CPU time, then the crowd."""
        title = "depuis le cache de pages" if cached else "calculées"
        cells = cells_of(plan, cached=cached)
        say(f"Pages {title} : temps de calcul, 1 processus, 1 connexion")
        with self.served(PORTAL, 1, page_cache=cached) as server:
            for cell in cells:
                measure = self.results.measures[cell.key]
                measure_cpu(server, cell, measure, effort=self.options.effort, database=self.database.server_pids)
        say(f"Pages {title} : 2 processus de 4 fils, 8 connexions")
        with self.served(PORTAL, 2, page_cache=cached) as server:
            for cell in cells:
                measure_crowd(server, cell, self.results.measures[cell.key], effort=self.options.effort)

    def count_queries(self, plan: Plan) -> None:
        """Count SQL queries in a process apart, so that counting costs no measured time."""
        say("Requêtes SQL")
        chosen, output = self.options.folder / "plan.json", self.options.folder / "queries.json"
        plan.without(self.failed()).write(chosen)
        run_inside("probe", "count", str(chosen), str(output), environment=self.environment)
        for key, count in json.loads(output.read_text(encoding="utf-8")).items():
            self.results.measures[key].queries = count
        for file in (chosen, output):
            file.unlink()

    def failed(self) -> set[tuple[str, str]]:
        """The pages that did not answer, each with the role that asked."""
        cells = self.results.cells.items()
        return {(cell.page, cell.role) for key, cell in cells if self.results.measures[key].error}
