"""The client: asks one page again and again over kept-alive loopback connections.

``python -m tests.bench.load`` reads an Order as JSON from its standard input and writes an Outcome
as JSON: a process of its own, so that its work is never counted with the server's.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Order:
    """How many requests for what: until both minima are reached, but never longer than ``max_seconds``."""

    port: int
    path: str
    cookie: str = ""
    connections: int = 1
    min_requests: int = 1
    min_seconds: float = 0
    max_seconds: float = 10


@dataclass
class Outcome:
    """What the client saw; latencies in milliseconds, ``seconds`` of the whole, ``bytes`` of one body."""

    requests: int = 0
    seconds: float = 0
    p50: float = 0
    p95: float = 0
    bytes: int = 0
    from_cache: int = 0
    #: Status codes other than 200 and broken connections, with how many there were.
    failures: dict[str, int] = field(default_factory=dict)


def percentile(sorted_values: list[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of the sorted values lie, by the nearest rank."""
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))] if sorted_values else 0.0


class Client:
    """Several connections that share one count and one deadline."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.latencies: list[float] = []
        self.failures: Counter[str] = Counter()
        self.from_cache = 0
        self.bytes = 0
        self.lock = threading.Lock()

    def run(self) -> Outcome:
        """Carry out the order."""
        self.started = time.monotonic()
        threads = [threading.Thread(target=self.ask_repeatedly) for _ in range(self.order.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        latencies = sorted(self.latencies)
        return Outcome(
            requests=len(latencies),
            seconds=time.monotonic() - self.started,
            p50=percentile(latencies, 0.5),
            p95=percentile(latencies, 0.95),
            bytes=self.bytes,
            from_cache=self.from_cache,
            failures=dict(self.failures),
        )

    def may_go_on(self) -> bool:
        """Whether there is a next request."""
        elapsed = time.monotonic() - self.started
        if elapsed >= self.order.max_seconds or sum(self.failures.values()) >= 5:
            return False
        return len(self.latencies) < self.order.min_requests or elapsed < self.order.min_seconds

    def ask_repeatedly(self) -> None:
        """Use one connection until the order is carried out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.order.port, timeout=30)
        headers = {"Cookie": self.order.cookie} if self.order.cookie else {}
        while self.may_go_on():
            try:
                self.ask(connection, headers)
            except (OSError, http.client.HTTPException) as error:
                connection.close()  # The next request opens it anew.
                with self.lock:
                    self.failures[type(error).__name__] += 1
        connection.close()

    def ask(self, connection: http.client.HTTPConnection, headers: dict[str, str]) -> None:
        """Ask once and note what came."""
        started = time.perf_counter()
        connection.request("GET", self.order.path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        elapsed = (time.perf_counter() - started) * 1000
        with self.lock:
            self.latencies.append(elapsed)
            self.bytes = len(body)
            self.from_cache += response.headers.get("X-Page-Cache") == "hit"
            if response.status != http.client.OK:
                self.failures[str(response.status)] += 1


def carry_out(order: Order) -> Outcome:
    """Carry out an order in a client process; raises CalledProcessError where the client itself breaks."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=order.max_seconds + 60,
    )
    return Outcome(**json.loads(done.stdout))


if __name__ == "__main__":
    json.dump(asdict(Client(Order(**json.load(sys.stdin))).run()), sys.stdout)
