"""The passes of a measurement, each on servers of its own."""

from dataclasses import dataclass, field, replace

from tests.bench.load import Order, Outcome, carry_out
from tests.bench.plan import Plan
from tests.bench.processes import TICKS_PER_SECOND, tree_cpu_seconds
from tests.bench.server import Server

#: Templates and caches of the process fill; a visitor's page is stored at its second visit.
WARM_UP_REQUESTS = 8
CROWD = 8
CROWD_WARM_UP_REQUESTS = 24
#: A reading of /proc is exact to one tick: 50 of them are 2 %.
MIN_TICKS = 50


@dataclass(frozen=True)
class Effort:
    """How long a cell is measured: ``rounds``, each of so many requests and seconds at least.

    A round ends after ``max_seconds`` in any case; it is exact if it must last for MIN_TICKS.
    """

    rounds: int = 3
    requests: int = 30
    seconds: float = 1.0
    max_seconds: float = 3.0
    exact: bool = True


@dataclass(frozen=True)
class Cell:
    """One page as one kind of reader gets it."""

    page: str
    path: str
    role: str
    cookie: str
    cached: bool = False
    target_ms: float | None = None

    @property
    def key(self) -> str:
        """The cell's name in files: it stays the same from run to run."""
        return f"{self.page} {self.role}{' cached' if self.cached else ''}"


@dataclass
class Measure:
    """What was measured of one cell; times in milliseconds, None where it was not measured."""

    cpu_ms: float | None = None
    database_cpu_ms: float = 0
    requests: int = 0
    precision_percent: float = 0
    latency_1: dict[str, float] = field(default_factory=dict)
    latency_8: dict[str, float] = field(default_factory=dict)
    bytes: int = 0
    queries: int | None = None
    #: CPU time at smaller sizes, by number of sheets.
    smaller: dict[str, float] = field(default_factory=dict)
    error: str = ""
    never_cached: bool = False


Results = dict[str, Measure]


def cells_of(plan: Plan, *, cached: bool) -> list[Cell]:
    """Return the cells of the rendered pages, or those of the page cache, which serves visitors alone."""
    return [
        Cell(page.name, page.path, role, plan.cookies.get(role, ""), cached, page.target_ms)
        for page in plan.pages
        for role in page.roles
        if not cached or role == "visitor"
    ]


def refusal_of(outcome: Outcome) -> str:
    """Say what went wrong in a run of the client, or nothing."""
    if outcome.failures:
        return ", ".join(f"{kind} × {times}" for kind, times in sorted(outcome.failures.items()))
    return "" if outcome.requests else "aucune réponse"


def warm_up(server: Server, cell: Cell, connections: int = 1) -> Outcome:
    """Ask a few times without measuring."""
    requests = WARM_UP_REQUESTS if connections == 1 else CROWD_WARM_UP_REQUESTS
    return carry_out(Order(server.port, cell.path, cell.cookie, connections, requests, max_seconds=5))


@dataclass(frozen=True)
class Round:
    """One run of the client, with the CPU seconds that it cost."""

    outcome: Outcome
    seconds: float
    database_seconds: float

    @property
    def cost(self) -> float:
        """CPU seconds per request."""
        return self.seconds / max(1, self.outcome.requests)


def one_round(server: Server, cell: Cell, effort: Effort, database: tuple[int, ...]) -> Round:
    """Ask for a while, and once more for longer where that gave too few ticks to be exact."""
    order = Order(server.port, cell.path, cell.cookie, 1, effort.requests, effort.seconds, effort.max_seconds)
    for asked in (order, replace(order, min_seconds=order.max_seconds)):
        web, behind = tree_cpu_seconds([server.pid]), tree_cpu_seconds(database)
        outcome = carry_out(asked)
        database_spent = tree_cpu_seconds(database) - behind
        spent = tree_cpu_seconds([server.pid]) - web + database_spent
        if spent * TICKS_PER_SECOND >= MIN_TICKS or not effort.exact:
            break
    return Round(outcome, spent, database_spent)


def measure_cpu(server: Server, cell: Cell, measure: Measure, *, effort: Effort, database: tuple[int, ...]) -> None:
    """Fill in CPU time per request, latency at one connection and size.

    The cheapest round counts: what else the machine does, by sharing its caches and cores, only
    ever adds to the CPU time of a request.
    """
    warm = warm_up(server, cell)
    measure.error = refusal_of(warm)
    if cell.cached and not warm.from_cache:
        measure.never_cached = True
    if measure.error or measure.never_cached:
        return
    rounds = []
    for _ in range(effort.rounds):
        rounds.append(one_round(server, cell, effort, database))
        measure.error = refusal_of(rounds[-1].outcome)
        if measure.error:
            return
    best = min(rounds, key=lambda one: one.cost)
    measure.cpu_ms = best.cost * 1000
    measure.database_cpu_ms = best.database_seconds * 1000 / best.outcome.requests
    measure.requests, measure.bytes = best.outcome.requests, best.outcome.bytes
    measure.precision_percent = 100 / max(1.0, best.seconds * TICKS_PER_SECOND)
    measure.latency_1 = {"p50": best.outcome.p50, "p95": best.outcome.p95}


def measure_crowd(server: Server, cell: Cell, measure: Measure, *, effort: Effort) -> None:
    """Fill in latency and throughput at 8 connections."""
    if measure.error or measure.never_cached:
        return
    warm_up(server, cell, CROWD)
    outcome = carry_out(
        Order(server.port, cell.path, cell.cookie, CROWD, effort.requests, effort.seconds, effort.max_seconds)
    )
    measure.error = refusal_of(outcome)
    per_second = outcome.requests / outcome.seconds if outcome.seconds else 0
    measure.latency_8 = {"p50": outcome.p50, "p95": outcome.p95, "per_second": per_second}
