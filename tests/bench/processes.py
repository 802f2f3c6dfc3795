"""CPU time of processes, read from /proc: the work done, without the time spent waiting for a turn."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessTimes:
    """A line of /proc/<pid>/stat: the parent, and the ticks of the process and of its ended children."""

    parent: int
    ticks: int


def parse_stat(line: str) -> ProcessTimes:
    """Read a line of /proc/<pid>/stat; the program's name in it may hold blanks and parentheses."""
    fields = line.rpartition(")")[2].split()
    # proc_pid_stat(5): ppid is field 4; utime, stime, cutime and cstime are fields 14 to 17.
    return ProcessTimes(parent=int(fields[1]), ticks=sum(map(int, fields[11:15])))


def _processes() -> Iterator[tuple[int, ProcessTimes]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                yield int(folder.name), parse_stat((folder / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # It ended while we were reading; its parent has its time.


def tree_cpu_seconds(roots: Iterable[int]) -> float:
    """Return the user and system time of the processes ``roots`` and of all below them, in seconds."""
    processes = dict(_processes())
    children = defaultdict(list)
    for pid, times in processes.items():
        children[times.parent].append(pid)
    ticks, waiting = 0, [pid for pid in roots if pid in processes]
    while waiting:
        pid = waiting.pop()
        ticks += processes[pid].ticks
        waiting += children[pid]
    return ticks / TICKS_PER_SECOND


def parent_of(pid: int) -> int:
    """Return the parent of a process; raises FileNotFoundError where there is none of this number here."""
    return parse_stat((PROC / str(pid) / "stat").read_text()).parent


def program_of(pid: int) -> str:
    """Return the short name of a process's program; raises FileNotFoundError likewise."""
    return (PROC / str(pid) / "comm").read_text().strip()
