"""The parts of the measurement that compute; the whole is tried by running it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from tests.bench.__main__ import parse
from tests.bench.load import Order, carry_out, percentile
from tests.bench.measure import Cell, Measure, cells_of
from tests.bench.pages import BenchPage, all_pages, in_order
from tests.bench.plan import Plan, PlannedPage
from tests.bench.processes import parent_of, parse_stat, program_of, tree_cpu_seconds
from tests.bench.report import Report, change, is_met, number, previous_of, write_report
from tests.bench.run import Options, Results

HOME = PlannedPage("home", "/", ("visitor", "member"), 12)
PLAN = Plan((HOME, PlannedPage("desk", "/bureau/", ("member",), None)), {"member": "session=abc"})


def test_stat_is_read_whatever_the_name_of_the_program() -> None:
    line = "42 (gunicorn: (worker) x) S 7 42 42 0 -1 4194560 1 0 0 0 100 20 3 4 20 0 5 0 1 2 3"

    times = parse_stat(line)

    assert (times.parent, times.ticks) == (7, 127)


def test_cpu_of_a_tree_counts_children_alive_and_ended() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\n"
    script = f"import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {burn!r}])\nprint('x', flush=True)"
    alive = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {(burn + 'time.sleep(60)')!r}])\n"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{alive}{script}\ntime.sleep(60)"], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stdout is not None
        process.stdout.read(1)
        deadline = time.monotonic() + 20
        # Each of the two burns 0.3 s; the kernel counts in ticks of 0.01 s, rounded down.
        while tree_cpu_seconds([process.pid]) < 0.56 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert tree_cpu_seconds([process.pid]) >= 0.56
        assert parent_of(process.pid) == os.getpid()
        assert program_of(process.pid).startswith("python")
    finally:
        os.killpg(process.pid, 9)
        process.communicate()


def test_a_process_that_does_not_exist_costs_nothing() -> None:
    assert tree_cpu_seconds([2**30]) == 0


class Handler(BaseHTTPRequestHandler):
    """Answers 404 under /absent/, tells of the page cache where a cookie comes, and is kept alive."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/absent/" else 200)
        self.send_header("Content-Length", "5")
        if self.headers.get("Cookie") == "session=abc":
            self.send_header("X-Page-Cache", "hit")
        self.end_headers()
        self.wfile.write(b"12345")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name of the base class
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """A server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.integration
def test_the_client_carries_out_an_order(port: int) -> None:
    outcome = carry_out(Order(port, "/", "session=abc", connections=4, min_requests=40))

    assert 40 <= outcome.requests < 44
    assert outcome.from_cache == outcome.requests
    assert outcome.bytes == 5
    assert outcome.failures == {}
    assert 0 < outcome.p50 <= outcome.p95


@pytest.mark.integration
def test_the_client_gives_up_on_refusals(port: int) -> None:
    outcome = carry_out(Order(port, "/absent/", min_requests=1000))

    assert outcome.failures == {"404": 5}
    assert outcome.requests == 5


def test_percentiles() -> None:
    values = [float(value) for value in range(1, 101)]

    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.95) == 96
    assert percentile([3.0], 0.95) == 3
    assert percentile([], 0.5) == 0


def test_modules_come_after_those_they_build_on() -> None:
    sheets, directory = SimpleNamespace(AFTER=("directory",)), SimpleNamespace()

    assert in_order({"sheets": sheets, "directory": directory}) == [directory, sheets]  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="AFTER"):
        in_order({"sheets": sheets})  # type: ignore[dict-item]


def test_two_pages_may_not_have_one_name() -> None:
    module = SimpleNamespace(PAGES=[BenchPage("home", "/"), BenchPage("home", lambda: "/accueil/")])

    with pytest.raises(ValueError, match="home"):
        all_pages([module])  # type: ignore[list-item]


def test_only_visitors_are_measured_from_the_page_cache() -> None:
    assert [cell.key for cell in cells_of(PLAN, cached=False)] == ["home visitor", "home member", "desk member"]
    assert [cell.key for cell in cells_of(PLAN, cached=True)] == ["home visitor cached"]
    assert cells_of(PLAN, cached=False)[1].cookie == "session=abc"


def test_a_plan_is_read_as_it_was_written(tmp_path) -> None:
    PLAN.write(tmp_path / "plan.json")

    assert Plan.read(tmp_path / "plan.json") == PLAN
    assert (tmp_path / "plan.json").stat().st_mode & 0o077 == 0


def test_only_some_pages() -> None:
    assert PLAN.only(["home"]).pages == (HOME,)
    with pytest.raises(ValueError, match="nowhere"):
        PLAN.only(["nowhere"])


def test_what_did_not_answer_is_not_asked_again() -> None:
    left = PLAN.without({("home", "visitor"), ("desk", "member")})

    assert [(page.name, page.roles) for page in left.pages] == [("home", ("member",))]


@pytest.mark.parametrize(
    ("cached", "cpu_ms", "met"), [(False, 12.0, True), (False, 12.1, False), (True, 1.0, True), (True, 1.1, False)]
)
def test_targets(cached: bool, cpu_ms: float, met: bool) -> None:
    cell = Cell("home", "/", "visitor", "", cached=cached, target_ms=12)

    assert is_met(cell, Measure(cpu_ms=cpu_ms), hello_ms=0.5) is met


def test_a_page_without_target_or_with_an_error_is_not_judged() -> None:
    assert is_met(Cell("home", "/", "visitor", ""), Measure(cpu_ms=99), 0.5) is None
    assert is_met(Cell("home", "/", "visitor", "", target_ms=12), Measure(error="500 × 5"), 0.5) is None


def test_a_page_with_a_target_that_is_never_cached_misses_it() -> None:
    assert is_met(Cell("home", "/", "visitor", "", cached=True, target_ms=12), Measure(never_cached=True), 0.5) is False


def test_numbers_and_changes_are_written_as_the_french_do() -> None:
    assert number(1234.56) == "1\u202f234,6"
    assert number(None) == "–"
    assert change(10, 12) == "+20\u202f%"
    assert change(10, 9) == "−10\u202f%"
    assert change(10, 10.01) == "="
    assert change(None, 10) == "–"


def results() -> Results:
    """A run in which the rendered home keeps its target, the cached one misses it and the desk breaks."""
    found = Results(hello=Measure(cpu_ms=0.5, bytes=7), hello_after=Measure(cpu_ms=0.5))
    for cached in (False, True):
        found.cells.update({cell.key: cell for cell in cells_of(PLAN, cached=cached)})
    found.measures = {
        "home visitor": Measure(
            cpu_ms=10, bytes=14_000, queries=9, smaller={"57": 8.0}, latency_1={"p50": 9, "p95": 14}
        ),
        "home member": Measure(cpu_ms=11),
        "desk member": Measure(error="500 × 5"),
        "home visitor cached": Measure(cpu_ms=1.5),
    }
    return found


def test_the_table_tells_targets_growth_and_errors(tmp_path) -> None:
    report = Report("2026-01-01", Options(tmp_path), results(), None, 100).as_markdown()

    rows = {
        line.split(" | ")[0].strip("| ") + line.split(" | ")[1]: line for line in report.splitlines() if "|" in line
    }
    assert "| 10,0 | 20,0 | ✓ ≤ 12 | – | ×1,25 | 9,0 / 14,0 |" in rows["homevisiteur"]
    assert "| 1,50 | 3,0 | ✗ ≤ 1,00 |" in rows["homevisiteur, cache"]
    assert "erreur : 500 × 5" in rows["deskmembre"]
    assert len({line.count("|") for line in rows.values()}) == 1
    assert "Cibles tenues : 2 sur 3." in report
    assert "✗ desk member : 500 × 5" in report


def test_a_run_is_compared_with_the_last_complete_one(tmp_path) -> None:
    options, first, second = Options(tmp_path), results(), results()
    del first.measures["desk member"], first.cells["desk member"]
    second.measures["home visitor"].cpu_ms = 5

    write_report(options, first, 1)
    text = write_report(options, second, 1)

    previous = previous_of(options)
    assert previous is not None
    assert "−50\u202f%" in text
    # The second has an error: it is kept, but later runs compare with the first.
    assert previous["cells"]["home visitor"]["cpu_ms"] == 10
    assert previous_of(Options(tmp_path, sizes=(10,))) is None
    assert previous_of(Options(tmp_path, database="postgres")) is None


def test_a_partial_run_does_not_become_the_reference(tmp_path) -> None:
    write_report(Options(tmp_path, quick=True), results(), 1)
    write_report(Options(tmp_path, only=("home",)), results(), 1)

    assert not (tmp_path / "latest.json").exists()


@pytest.mark.parametrize("sizes", ["570,57", "0", "", "dix"])
def test_sizes_that_do_not_grow_are_refused(sizes: str, capsys) -> None:
    with pytest.raises(SystemExit):
        parse(["--sizes", sizes])
    assert "--sizes" in capsys.readouterr().err


def test_sizes_are_read() -> None:
    assert parse(["--sizes", "57,570", "--only", "home,list"]).sizes == (57, 570)
