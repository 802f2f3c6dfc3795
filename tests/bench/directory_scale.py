"""The directory with 20,000 organisations, measured in process: ``python -m tests.bench.directory_scale [COUNT]``.

Makes a database of its own (SQLite, or the PostgreSQL that TEST_DATABASE_URL names, whose database
``bench_directory`` is made anew), imports the generated organisations as an animator would, then
prints CPU milliseconds and queries a request. Nothing here is a test: the figures are for people.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

DEFAULT_COUNT, SEED = 20_000, 1
REQUESTS = 30


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    os.environ["DATA"] = tempfile.mkdtemp(prefix="bench-directory-")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    get_runner(settings)(verbosity=0, interactive=False, parallel=0).setup_databases()


def _cpu_ms(call: Callable[[], object], times: int = REQUESTS) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    best = float("inf")
    for _round in range(3):
        start = time.process_time()
        for _time in range(times):
            call()
        best = min(best, (time.process_time() - start) / times * 1_000)
    with CaptureQueriesContext(connection) as queries:
        call()
    return best, len(queries)


def _import(count: int) -> None:
    from django.core.files.base import ContentFile

    from directory.duplicates.detection import find_duplicates
    from directory.exchange.work import run_check, run_write
    from directory.exchange.writing import index_organisations
    from directory.models import ImportJob
    from portal.accounts.models import User
    from tests.bench.organisations import as_csv, organisations

    owner = User.objects.create_superuser("bench@demo.example")
    content = as_csv(organisations(count, SEED))
    job = ImportJob.objects.create(owner=owner, file=ContentFile(content, name="essai.csv"), file_name="essai.csv")
    start = time.process_time()
    run_check(job=job)
    job.refresh_from_db()
    checked = time.process_time()
    _say(f"contrôle de {job.total} lignes", checked - start, f"{job.to_create} à créer, {job.refused} refusées")
    for line in job.lines.filter(outcome="wrong")[:3]:
        _say(f"{line} : {line.errors}", 0)
    type(job).objects.filter(pk=job.pk).update(state="writing", mode="valid")
    job.refresh_from_db()
    # Search and duplicates follow the import; each is told apart.
    from directory.exchange import work

    keys: list[int] = []
    work.index_organisations, work.find_duplicates = keys.extend, lambda: 0  # type: ignore[assignment]
    run_write(job=job)
    written = time.process_time()
    _say("écriture (contrôle compris)", written - checked)
    _say("import entier", written - start)
    index_organisations(keys)
    indexed = time.process_time()
    _say("indexation par la recherche", indexed - written)
    waiting = find_duplicates()
    _say("recherche de doublons", time.process_time() - indexed, f"{waiting} paires")


def _import_again(count: int) -> None:
    """Import the same organisations once more, one in ten with another description: most lines change nothing."""
    from django.core.files.base import ContentFile

    from directory.exchange.work import run_check, run_write
    from directory.models import ImportJob
    from portal.accounts.models import User
    from tests.bench.organisations import as_csv, organisations

    rows = [row for row in organisations(count, SEED) if row["siret"]]
    for row in rows[::10]:
        row["description"] += " Sur rendez-vous."
    file = ContentFile(as_csv(iter(rows)), name="encore.csv")
    job = ImportJob.objects.create(owner=User.objects.get(), file=file, file_name="encore.csv")
    start = time.process_time()
    run_check(job=job)
    checked = time.process_time()
    type(job).objects.filter(pk=job.pk).update(state="writing", mode="valid")
    job.refresh_from_db()
    run_write(job=job)
    job.refresh_from_db()
    more = f"{job.to_update} changées, {job.unchanged} inchangées, {job.refused} refusées"
    _say("contrôle du même fichier, modifié", checked - start, more)
    _say("son écriture (contrôle compris)", time.process_time() - checked)


def _say(what: str, seconds: float, more: str = "") -> None:
    sys.stdout.write(f"{what:<40} {seconds:8.2f} s CPU  {more}\n")
    sys.stdout.flush()


def _pages() -> None:
    from django.test import Client

    from directory.duplicates.likeness import similar_to
    from directory.index import directory_index

    start = time.process_time()
    directory_index()
    _say("index en mémoire", time.process_time() - start)
    client = Client()
    addresses = (
        *("/annuaire/", "/annuaire/?page=500", "/annuaire/?tri=recent", "/annuaire/?type=association&theme=logement"),
        *("/annuaire/?q=mission+locale", "/annuaire/?q=misson+locle", "/annuaire/?territoire=dep-35"),
        *("/annuaire/?autour=Rennes+35000&rayon=50", "/annuaire/carte/", "/annuaire/api/v1/structures/"),
    )
    for address in addresses:
        milliseconds, queries = _cpu_ms(lambda address=address: client.get(address).content)
        sys.stdout.write(f"{address:<50} {milliseconds:7.1f} ms CPU  {queries} requêtes SQL\n")
    milliseconds, queries = _cpu_ms(lambda: similar_to("Mision locale de Renes"))
    sys.stdout.write(f"{'doublons pendant la frappe':<50} {milliseconds:7.1f} ms CPU  {queries} requêtes SQL\n")


def main() -> None:
    """Measure everything."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_COUNT
    _set_up()
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection

    call_command("load_reference", verbosity=0)
    sys.stdout.write(f"{connection.vendor}, {count} structures\n")
    cache.clear()
    _import(count)
    _import_again(count)
    _pages()
    sys.stdout.write(f"données : {Path(os.environ['DATA'])}\n")


if __name__ == "__main__":
    main()
