"""Queue messages as pages do, while everything else is being killed.

``python -m tests.mail.crash.producer COUNT SEED FILE``: each message that is committed gets one
line "key" in FILE, each that is rolled back on purpose one line "!key". A commit that ended in an
error may have taken place or not; as a person who sends a form again, it is done again with the
same key until it is confirmed. A producer that was killed goes on where FILE ends.
"""

import os
import random
import sys
import time
from pathlib import Path

import django

PAUSE_SECONDS = 0.02
ROLLED_BACK = 0.1


class UndoneOnPurposeError(Exception):
    """What a view raises after it has queued a message."""


def queue(key: str, *, rolled_back: bool) -> None:
    """Queue the message ``key`` in a transaction that also does something else."""
    from django.db import transaction

    from portal.core.models import WorkerHeartbeat
    from portal.mail.services import queue_mail

    with transaction.atomic():
        WorkerHeartbeat.objects.update_or_create(worker_id="producer")
        queue_mail(
            "crash.message", to=f"{key}@test.example", key=key, context={"key": key}, url="https://portail.example/"
        )
        if rolled_back:
            raise UndoneOnPurposeError(key)


def produce(count: int, seed: int, journal: Path) -> None:
    """Queue ``count`` messages, and note each one."""
    with journal.open("a+", encoding="utf-8") as lines:
        lines.seek(0)
        for number in range(len(lines.readlines()), count):
            chance = random.Random(f"{seed}:{number}")  # noqa: S311 -- the same run again for the same seed
            key, rolled_back = f"crash{number}", chance.random() < ROLLED_BACK
            queue_until_sure(key, rolled_back=rolled_back)
            lines.write(f"{'!' * rolled_back}{key}\n")
            lines.flush()
            time.sleep(chance.uniform(0, PAUSE_SECONDS))


def queue_until_sure(key: str, *, rolled_back: bool) -> None:
    """Queue a message again and again until the database has answered."""
    from django.db import DatabaseError, close_old_connections

    while True:
        try:
            close_old_connections()
            return queue(key, rolled_back=rolled_back)
        except UndoneOnPurposeError:
            return None
        except DatabaseError:
            time.sleep(0.1)


def declare_message(folder: Path) -> None:
    """Declare the one message of the harness, with its template."""
    from portal.mail.kinds import declare

    template = folder / "crash" / "mail" / "message.txt"
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text("Bonjour,\n\nceci est le message {{ key }}.\n", encoding="utf-8")
    declare("crash.message", subject="%(key)s", action="Ouvrir", reason="Un essai.", sample=dict)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.mail.crash.settings"
    target = Path(sys.argv[3])
    from django.conf import settings

    settings.TEMPLATES[0]["DIRS"].append(target.parent)
    django.setup()
    declare_message(target.parent)
    produce(int(sys.argv[1]), int(sys.argv[2]), target)
