"""What every benchmark shares: the machine in a line, repeated timing of a call, and a table."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def machine() -> str:
    """The processor, its count and the Python, in one line."""
    model = platform.machine()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass  # not Linux: the architecture is all that is known
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def cpu_microseconds(
    call: Callable[[], object], *, rounds: int = 7, seconds: float = 0.25
) -> tuple[float, float, float]:
    """Least, median and greatest CPU time of one call in microseconds, over ``rounds`` batches of about ``seconds``."""
    call()
    started = time.process_time()
    count = 0
    while time.process_time() - started < seconds / 5 or count < 3:
        call()
        count += 1
    per_batch = max(3, int(count * 5))
    found = []
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(per_batch):
            call()
        found.append((time.process_time() - started) / per_batch * 1e6)
    return min(found), statistics.median(found), max(found)


def wall_milliseconds(call: Callable[[], object], *, rounds: int = 9) -> tuple[float, float, float]:
    """Least, median and greatest wall time of one call in milliseconds."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        found.append((time.perf_counter() - started) * 1e3)
    return min(found), statistics.median(found), max(found)


def show(title: str, unit: str, rows: Sequence[tuple[str, tuple[float, float, float], str]]) -> None:
    """A table of (what, (least, median, greatest), bound or remark)."""
    width = max(len(name) for name, _, _ in rows)
    print(f"\n{title}")
    print(f"  {'':{width}}  {'min':>10} {'median':>10} {'max':>10}  {unit}")
    for name, (least, median, greatest), remark in rows:
        print(f"  {name:{width}}  {least:10.1f} {median:10.1f} {greatest:10.1f}  {remark}")
