"""Run one of the modules that need Django: ``python -m tests.bench.inside MODULE ARGUMENT…``.

The measuring process itself has no Django: what it costs to start never counts.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def run_inside(module: str, *arguments: str, environment: dict[str, str]) -> None:
    """Run ``tests.bench.<module>.main(arguments)`` in a process with Django; RuntimeError if it fails."""
    variables = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", **environment}
    command = [sys.executable, "-m", "tests.bench.inside", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed, for the reason above")


if __name__ == "__main__":
    django.setup()
    importlib.import_module(f"tests.bench.{sys.argv[1]}").main(sys.argv[2:])
