"""How long the cheapest path takes to find, and whether each path stands up before the judge.

    ./yiqi bench path [--enterprises 60] [--seed 20261123] [--unknown 10] [--to TARGET …]

For each target so many enterprises, drawn like those of `bench interview` (made up: four standings, some prepared), a share of
the facts left out; sheets that contradict themselves are drawn again. What is timed is one call: the cheapest path, the
next two and what blocks, from the fact sheet on, the law being loaded. Every path is judged again by the reference
evaluator, apart from the search. Bounds: median 100 ms, greatest 2 s.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from interview import Enterprise
from measuring import machine

from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import FrameBuilder
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.vocabulary import fiscal_year_of
from yiqi.path.answer import Finding
from yiqi.path.finder import PathFinder

ON = dt.date(2026, 11, 23)
TARGETS = (
    "ladder.little_giant", "ladder.specialised_sme", "ladder.innovative_sme", "ladder.technology_sme", "digital.level=2",
    "digital.level=3", "digital.level=4",
)  # fmt: skip
MEDIAN_BOUND, GREATEST_BOUND = 100.0, 2000.0
"""Milliseconds."""


def draw_sheet(draw: random.Random, finder: PathFinder, to: str, unknown: int) -> FactSheet:
    """An enterprise with the facts that a target reads and those tied to them, a share of them left out."""
    target, _ = finder.target(to, ON)
    vocabulary = finder.law.vocabulary
    keys: dict[tuple[str, int | None], None] = {}
    for slot in target.linked.slots:
        fact = vocabulary.get(slot.fact)
        if fact is not None and fact.series is None:
            year = None if fact.per is None else fiscal_year_of(ON, fact.per, slot.index or 0)
            keys.setdefault((fact.id, year))
    while True:
        known = [key for key in keys if draw.random() * 100 >= unknown]
        sheet = Enterprise(draw, vocabulary, ON).sheet(known)
        if not any(p.severity == "error" for p in plausibility_problems(sheet, vocabulary, ON)):
            return sheet


def verified(finder: PathFinder, finding: Finding) -> int:
    """How many of the paths the reference evaluator answers as wanted."""
    target = finding.target
    builder = FrameBuilder(target.linked.slots, finder.law.vocabulary, ON)
    return sum(
        target.reached(Evaluation(target.linked, builder.build(path.sheet, "new")).unit(target.root))
        for path in finding.paths
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enterprises", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--unknown", type=int, default=10, help="percent of values left out")
    parser.add_argument("--to", action="append", metavar="TARGET")
    options = parser.parse_args()

    finder = PathFinder(Judge(load()))
    draw = random.Random(options.seed)
    print(machine())
    print(
        f"{options.enterprises} enterprises a target, seed {options.seed}, {options.unknown}% of values unknown, {ON}\n"
    )
    print(
        f"  {'':24} {'median':>8} {'90th':>8} {'greatest':>8}  ms   reached, a path, blocked; paths verified, first proven"
    )
    every: list[float] = []
    paths = stood = firsts = proven = 0
    for to in options.to or TARGETS:
        took: list[float] = []
        kinds: Counter[str] = Counter()
        here = stood_here = firsts_here = proven_here = 0
        for number in range(options.enterprises):
            sheet = draw_sheet(draw, finder, to, options.unknown if number % 2 else 0)
            if not number:
                finder.find(sheet, to, ON)  # what is kept of a target is made once
            started = time.perf_counter()
            finding = finder.find(sheet, to, ON)
            took.append((time.perf_counter() - started) * 1e3)
            kinds["reached" if finding.reached else "path" if finding.paths else "blocked"] += 1
            if not finding.reached and not finding.paths and not finding.blocks:
                raise AssertionError(f"{to}: neither a path nor what blocks: {dict(sheet.values)}")
            here += len(finding.paths)
            stood_here += verified(finder, finding)
            firsts_here += bool(finding.paths)
            proven_here += bool(finding.paths) and finding.paths[0].proven
        took.sort()
        print(
            f"  {to:24} {statistics.median(took):8.1f} {took[len(took) * 9 // 10]:8.1f} {took[-1]:8.1f}       "
            f"{kinds['reached']:3}, {kinds['path']:3}, {kinds['blocked']:3}; {stood_here} of {here}, {proven_here} of {firsts_here}"
        )
        every += took
        paths, stood, firsts, proven = paths + here, stood + stood_here, firsts + firsts_here, proven + proven_here
    median, greatest = statistics.median(every), max(every)
    print(
        f"\n  all: median {median:.1f} ms (bound {MEDIAN_BOUND:.0f}), greatest {greatest:.1f} ms (bound {GREATEST_BOUND:.0f})"
    )
    print(
        f"  paths verified by the reference evaluator: {stood} of {paths}; first paths proven cheapest: {proven} of {firsts}"
    )


if __name__ == "__main__":
    main()
