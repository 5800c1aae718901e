"""How long a user waits: loading the law, and whole commands.

    ./yiqi bench load

Loading is timed in fresh processes, inside the process for the law alone and from outside for whole commands.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import machine, show, wall_milliseconds

ROOT = Path(__file__).resolve().parents[1]
LOAD = """
import time
from yiqi.law.library import load
started = time.perf_counter(); law = load(); print((time.perf_counter() - started) * 1000)
"""


def timed(cache: str) -> float:
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    return float(
        subprocess.run([sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=True).stdout
    )


def three(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]


def main() -> None:
    print(machine())
    files = [*(ROOT / "law").rglob("*.md"), *(ROOT / "law" / "facts").glob("*.yaml")]
    print(f"{len(files)} law and fact files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB")
    cold = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(timed(cache))
    with tempfile.TemporaryDirectory() as cache:
        timed(cache)
        warm = [timed(cache) for _ in range(9)]
        show("Loading the law in a fresh process", "ms", [
            ("cold, every file read", three(cold), "bound 1000"),
            ("warm, from the cache", three(warm), "bound 50"),
        ])  # fmt: skip
        environment = {**os.environ, "XDG_CACHE_HOME": cache}

        def command(*arguments: str) -> tuple[float, float, float]:
            return wall_milliseconds(
                lambda: subprocess.run(
                    [sys.executable, "-m", "yiqi", *arguments], env=environment, capture_output=True, check=True
                )
            )

        bare = wall_milliseconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
        example = str(ROOT / "examples" / "little-giant.yaml")
        show("Whole commands, from start to exit", "ms", [
            ("python3 alone", bare, ""),
            ("yiqi --help", command("--help"), "bound 100"),
            ("yiqi assess FILE", command("assess", example, "--on", "2026-11-23"), "bound 400"),
            ("yiqi assess FILE --format json", command("assess", example, "--on", "2026-11-23", "--format", "json"), "bound 400"),
        ])  # fmt: skip


if __name__ == "__main__":
    main()
