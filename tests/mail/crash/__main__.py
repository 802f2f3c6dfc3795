"""The whole trial of the outbox: ``python -m tests.mail.crash``, or ``make crash``.

Twenty SIGKILLs over a thousand messages for each database; two minutes or three. Prints one line for
each, and ends with 1 where the promise was broken.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.mail.crash.harness import Harness
from tests.support.postgres_server import PostgresServer


def main() -> int:
    """Carry it out on both databases."""
    parser = argparse.ArgumentParser(prog="python -m tests.mail.crash", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of a run to repeat")
    asked = parser.parse_args()
    failed = False
    for name in ("SQLite", "PostgreSQL"):
        server = PostgresServer() if name == "PostgreSQL" else None
        try:
            with tempfile.TemporaryDirectory(prefix="portal-crash-") as folder:
                harness = Harness(
                    Path(folder), seed=asked.seed, messages=asked.messages, kills=asked.kills, server=server
                )
                outcome = harness.run()
        finally:
            if server is not None:
                server.remove()
        problems = outcome.problems(messages=asked.messages, kills=asked.kills)
        print(f"{name}, seed {asked.seed}: {outcome}", *problems, sep="\n  ", flush=True)  # noqa: T201 -- the report
        failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
