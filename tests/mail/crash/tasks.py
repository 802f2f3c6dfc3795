"""A task that outlives its first worker."""

import time
from pathlib import Path

from django_tasks import task


@task()
def leave_a_trace(folder: str) -> None:
    """Begin, and end at once where it has begun before; else take longer than its worker lives."""
    begun = Path(folder) / "begun"
    if begun.exists():
        (Path(folder) / "ended").touch()
        return
    begun.touch()
    time.sleep(60)
