"""The cheapest path, held against brute force and against the judge.

- On small laws of their own, written at random, every combination of values is judged: a path is found exactly where one
  exists, it costs what the cheapest combination costs, and the next path is the cheapest of those that leave a change of the
  first undone. With ``fewest`` no combination changes fewer facts.
- On the law there is, with facts drawn near its thresholds: every path is judged again by both evaluators, no change of a
  single fact reaches the target for less, no change of a path can be left out, and what the sheet owes itself is kept.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs.leaves import law as real_law
from proofs.sheets import FULL, MODE, field_of
from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import FrameBuilder
from yiqi.judge.judge import Judge
from yiqi.law.document import SourceText
from yiqi.law.library import build
from yiqi.law.tree import Law
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.path.answer import Finding
from yiqi.path.answer import Path as Way
from yiqi.path.finder import PathFinder

OTHER = random.SystemRandom().randrange(10**6) if MODE == "new" else 0
"""What is drawn: the same in every run, unless other examples are asked for."""
LAWS = 1500 if FULL else 60
FOUND = (1073, 1314, 1370, 2717, 3668, 3831)
"""Laws under which a way was once missed: a missing number that counts at its bound, one that need not be assumed."""
SHEETS = 5
ON = dt.date(2026, 5, 1)
YEAR = 2025
MOST = 3000
"""Combinations that brute force judges for one sheet."""

FACTS = """\
group: {en: Facts, zh: 事实}
facts:
  a: {type: count, label: {en: A, zh: 甲}, known_by: enterprise, bounds: {minimum: 0, maximum: 5}, change: {direction: up, cost: 7元, per: 1, years: 1, effort: {en: E, zh: 力}}}
  b: {type: count, label: {en: B, zh: 乙}, known_by: enterprise, bounds: {minimum: 0, maximum: 5}, change: {direction: up, cost: 5元, per: 2, years: 0, effort: {en: E, zh: 力}}}
  c: {type: count, label: {en: C, zh: 丙}, known_by: enterprise, bounds: {minimum: 0, maximum: 5}, change: {direction: down, cost: 3元, per: 1, years: 0, effort: {en: E, zh: 力}}}
  u: {type: count, label: {en: U, zh: 丁}, known_by: enterprise, bounds: {minimum: 0, maximum: 3}}
  f: {type: yes_no, label: {en: F, zh: 戊}, known_by: enterprise, change: {direction: yes, cost: 11元, years: 0, effort: {en: E, zh: 力}}}
  g: {type: yes_no, label: {en: G, zh: 己}, known_by: enterprise, change: {direction: no, cost: 6元, years: 0, effort: {en: E, zh: 力}}}
  h: {type: yes_no, label: {en: H, zh: 庚}, known_by: official, judged: true}
  s: {type: set_of, label: {en: S, zh: 辛}, known_by: enterprise, values: [{id: x, label: {en: X, zh: 子}}, {id: y, label: {en: Y, zh: 丑}}, {id: z, label: {en: Z, zh: 寅}}], change: {direction: up, cost: 4元, per: 1, years: 0, effort: {en: E, zh: 力}}}
  o: {type: one_of, ordered: true, label: {en: O, zh: 壬}, known_by: enterprise, values: [{id: low, label: {en: Low, zh: 低}}, {id: mid, label: {en: Mid, zh: 中}}, {id: top, label: {en: Top, zh: 高}}], change: {direction: up, cost: 9元, per: 1, years: 0, effort: {en: E, zh: 力}}}
  m: {type: money, per: fiscal_year, unit: 元, label: {en: M, zh: 癸}, known_by: enterprise, bounds: {minimum: 0元, maximum: 0.07元}, change: {direction: up, cost: 2元, per: 0.01元, years: 1, effort: {en: E, zh: 力}}}
  n: {type: money, per: fiscal_year, unit: 元, label: {en: N, zh: 未}, known_by: enterprise, bounds: {minimum: 0元, maximum: 0.07元}, change: {direction: up, cost: 1元, per: 0.01元, years: 1, effort: {en: E, zh: 力}}}
relations:
  - {fact: m, at_most: n, severity: error, say: {en: M is part of N., zh: 癸不大于未。}}
  - {fact: f, implies: s, reaches: x, severity: error, say: {en: F needs X., zh: 戊须有子。}}
"""  # noqa: E501
FRONT = """\
---
id: trial
number: 试〔2026〕1号
title: {en: Trial, zh: 试行}
cite: {en: Trial, zh: 试行}
issuer: {en: Ministry, zh: 部}
in_force: 2026-01-01
reviewed: 2026-05-01
subject: trial
---

"""
VERSIONS = """\
---
subject: trial
title: {en: Trial, zh: 试行}
schemes:
  goal: {en: Goal, zh: 目标}
---

# Which rule counts · 适用规定

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| goal | any | 2026-01-01 | | trial#goal |
"""
VALUES: dict[str, tuple[Any, ...]] = {
    "a": tuple(range(6)), "b": tuple(range(6)), "c": tuple(range(6)), "u": tuple(range(4)),
    "f": (False, True), "g": (False, True), "h": (False, True),
    "s": tuple(frozenset(c) for k in range(4) for c in itertools.combinations("xyz", k)),
    "o": ("low", "mid", "top"), "m": tuple(range(8)), "n": tuple(range(8)),
}  # fmt: skip
YEARLY = ("m", "n")
PRICE = {"a": 700, "b": 250, "c": 300, "f": 1100, "g": 600, "s": 400, "o": 900, "m": 200, "n": 100}
"""Fen for one step, as the vocabulary above says."""


class Writer:
    """Writes a law at random over a few of the facts."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.facts = draw.sample(list(VALUES), draw.randint(2, 5))
        if draw.random() < 0.4 and not {"m", "n"} <= set(self.facts):
            self.facts = [*self.facts[:2], "m", "n"]

    def line(self) -> str:
        draw = self.draw
        fact = draw.choice(self.facts)
        numbers = [x for x in ("a", "b", "c", "u") if x in self.facts]
        if fact in numbers:
            if len(numbers) > 1 and draw.random() < 0.35:
                other = draw.choice([x for x in numbers if x != fact])
                return draw.choice(
                    [f"{fact} {self.sign()} {other}", f"{fact} / {other} >= {draw.choice((50, 60, 120))}%"]
                )
            return f"{fact} {self.sign()} {draw.randint(1, 4)}"
        if fact in YEARLY:
            if {"m", "n"} <= set(self.facts) and draw.random() < 0.6:
                return f"m / n {draw.choice(('>=', '>'))} {draw.choice((50, 60, 80))}%"
            return f"{fact} {draw.choice(('>=', '>', '<='))} 0.0{draw.randint(1, 6)}元"
        if fact == "s":
            return f"s includes {draw.choice('xyz')}"
        if fact == "o":
            return f"o {draw.choice(('>=', '<='))} mid"
        return fact

    def sign(self) -> str:
        return self.draw.choice((">=", ">=", ">", "<=", "<"))

    def group(self, depth: int, indent: str) -> Iterator[str]:
        draw = self.draw
        roll = draw.random()
        if depth == 0 or roll < 0.5:
            line = self.line()
            if draw.random() < 0.25:
                line = f"not {line}" if " " not in line else f"not ({line})"
            elif draw.random() < 0.2:
                line = f"{line} unless {self.line()}"
            yield indent + line
            return
        inner = indent + "  "
        if roll < 0.6:
            yield f"{indent}readings:"
            yield f"{inner}reading one: {self.line()}"
            yield f"{inner}reading two: {self.line()}"
            return
        parts = draw.randint(2, 3)
        yield indent + ("any of:" if roll < 0.78 else "all of:" if roll < 0.85 else f"at least {parts - 1} of:")
        for _ in range(parts):
            yield from self.group(depth - 1, inner)

    def first_table(self, name: str) -> str:
        numbers = [x for x in ("a", "b", "c", "u") if x in self.facts]
        points = self.draw.sample(range(12), 3) if self.draw.random() < 0.4 else [9, 5, 2]
        if numbers:
            fact = self.draw.choice(numbers)
            rows = f"| {fact} | points |\n|---|---|\n| >= 4 | {points[0]} |\n| >= 2 | {points[1]} |\n| otherwise | {points[2]} |\n"
        else:
            rows = (
                f"| condition | points |\n|---|---|\n| {self.line()} | {points[0]} |\n| {self.line()} | {points[1]} |\n"
                f"| otherwise | {points[2]} |\n"
            )
        return f"## {name} · 表 {{#{name}}}\n\nText.\n\n文。\n\n{rows}\n"

    def each_table(self, name: str) -> str:
        rows = "".join(f"| {self.line()} | {self.draw.randint(1, 6)} |\n" for _ in range(3))
        return f"## {name} · 项 {{#{name} .each max=9}}\n\nText.\n\n文。\n\n| condition | points |\n|---|---|\n{rows}\n"

    def text(self) -> str:
        lines = "\n".join(line for _ in range(self.draw.randint(1, 3)) for line in self.group(2, ""))
        parts = [FRONT]
        if self.draw.random() < 0.5:
            mode = self.draw.choice((".sum max=14", ".sum max=99", ".best"))
            parts.append(f"# Score · 得分 {{#score {mode}}}\n\nText.\n\n文。\n\n")
            parts += [self.first_table("first"), self.each_table("second")]
            lines += f"\nscore {self.draw.choice(('>=', '>', '<'))} {self.draw.randint(4, 14)}"
        parts.append(f"# Goal · 目标 {{#goal}}\n\nText.\n\n文。\n\n```rule\n{lines}\n```\n")
        return "".join(parts)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("facts")
    (folder / "all.yaml").write_text(FACTS, encoding="utf-8")
    return read_vocabulary(folder)


def drawn_law(draw: random.Random, vocabulary: Any) -> tuple[Law, str]:
    while True:
        text = Writer(draw).text()
        law, problems = build([SourceText("trial.md", text), SourceText("versions.md", VERSIONS)], vocabulary)
        if not any(p.severity == "error" for p in problems) and law.rule("trial#goal").body is not None:
            return law, text


def sheet_of(values: Mapping[str, Any]) -> FactSheet:
    return FactSheet({k: {YEAR: v} if k in YEARLY else v for k, v in values.items()})


def drawn_values(draw: random.Random) -> dict[str, Any]:
    """A sheet that does not contradict itself, some facts of it left out."""
    values = {k: draw.choice(v) for k, v in VALUES.items()}
    values["n"] = max(values["n"], values["m"])
    if values["f"]:
        values["s"] |= {"x"}
    return {k: v for k, v in values.items() if draw.random() > 0.12}


def options(fact: str, value: Any) -> list[tuple[Any, int]]:
    """Every value that a fact may take, and its cost in fen; a missing fact may be anything, or stay missing."""
    if value is None:
        return [(None, 0), *((v, 0) for v in VALUES[fact])]
    found: list[tuple[Any, int]] = [(value, 0)]
    if fact in ("a", "b", "m", "n"):
        found += [(v, PRICE[fact] * (v - value)) for v in VALUES[fact] if v > value]
    elif fact == "c":
        found += [(v, PRICE[fact] * (value - v)) for v in VALUES[fact] if v < value]
    elif fact == "f" and value is False:
        found.append((True, PRICE["f"]))
    elif fact == "g" and value is True:
        found.append((False, PRICE["g"]))
    elif fact == "s":
        found += [(v, PRICE["s"] * len(v - value)) for v in VALUES["s"] if v > value]
    elif fact == "o":
        place = VALUES["o"].index(value)
        found += [(v, PRICE["o"] * (n - place)) for n, v in enumerate(VALUES["o"]) if n > place]
    return found


def combinations(judge: Judge, values: Mapping[str, Any], facts: list[str]) -> Iterator[tuple[int, frozenset[str]]]:
    """Cost and moved facts of every combination that is answered with yes and does not contradict itself."""
    choices = [options(f, values.get(f)) for f in facts]
    for picked in itertools.product(*choices):
        tried = dict(values) | {f: v for f, (v, _) in zip(facts, picked, strict=True) if v is not None}
        if "m" in tried and "n" in tried and tried["m"] > tried["n"]:
            continue
        if tried.get("f") and "s" in tried and "x" not in tried["s"]:
            continue
        if judge.outcomes(sheet_of(tried), ON)["trial.goal"] == 2:
            moved = frozenset(f for f, (v, _) in zip(facts, picked, strict=True) if v != values.get(f))
            total = sum(cost for _, cost in picked)
            if values.get("m") is not None and values.get("n") is not None:
                # M is part of N: what is won of M is won of N and paid once.
                total -= PRICE["n"] * min(tried["m"] - values["m"], tried["n"] - values["n"])
            yield total, moved


def changed_facts(path: Way) -> frozenset[str]:
    return frozenset(s.key[0] for s in path.steps)


@pytest.mark.parametrize("seed", sorted({*range(LAWS), *FOUND}))
def test_paths_against_brute_force(seed: int, vocabulary: Any) -> None:
    seed += OTHER
    draw = random.Random(seed)
    law, text = drawn_law(draw, vocabulary)
    judge = Judge(law)
    finder = PathFinder(judge)
    target, _ = finder.target("trial.goal", ON)
    # With what is tied to the facts that are read.
    read = {s.fact for s in target.linked.slots}
    facts = sorted(read | ({"n"} if "m" in read else set()) | ({"s"} if "f" in read else set()))
    for _ in range(SHEETS):
        values = drawn_values(draw)
        size = 1
        for fact in facts:
            size *= len(options(fact, values.get(fact)))
        if size > MOST:
            continue
        said = f"seed {seed}\n{text}\n{values}"
        every = list(combinations(judge, values, facts))
        finding = finder.find(sheet_of(values), "trial.goal", ON)
        already = judge.outcomes(sheet_of(values), ON)["trial.goal"] == 2
        assert finding.reached == already, said
        if already:
            continue
        assert bool(finding.paths) == bool(every), said
        if not every:
            assert finding.blocks, said
            continue
        first = finding.paths[0]
        assert first.proven, said
        assert first.cost == min(cost for cost, _ in every), said
        left = [way for way in every if not way[1] >= changed_facts(first)]
        assert (len(finding.paths) > 1) == bool(left), said
        if left:
            assert finding.paths[1].cost == min(cost for cost, _ in left), said
        fewest = finder.find(sheet_of(values), "trial.goal", ON, fewest=True).paths[0]
        # What is assumed of a missing fact is no change.
        counted = [(len(moved & values.keys()), cost) for cost, moved in every]
        assert (len(fewest.changes), fewest.cost) == min(counted), said


# -- the law there is -------------------------------------------------------------------------------------------------

DAY = dt.date(2026, 11, 23)
TARGETS = (
    "ladder.little_giant", "ladder.specialised_sme", "ladder.innovative_sme", "ladder.technology_sme",
    "ladder.key_little_giant", "ladder.single_champion", "digital.level=1", "digital.level=2", "digital.level=3",
    "digital.level=4", "size.class=small", "relief.stable_job_refund",
)  # fmt: skip
DRAWN = 60 if FULL else 6


@pytest.fixture(scope="module")
def finder() -> PathFinder:
    return PathFinder(Judge(real_law()))


BARS = ("_3y", "_2y", "_list", "restricted_products", "falsification")
"""How the names of facts end that bar an enterprise where they are yes."""


def drawn_sheet(draw: random.Random, finder: PathFinder, to: str) -> FactSheet:
    """Facts near the thresholds of a target, some missing, of an enterprise that mostly is not barred; a sheet that
    contradicts itself is drawn again."""
    target, _ = finder.target(to, DAY)
    around = field_of(target.linked)
    vocabulary = finder.law.vocabulary
    while True:
        values = around.draw(draw.randrange)
        for key in list(values):
            fact = vocabulary[key[0]]
            if fact.type == "yes_no" and fact.change is None and draw.random() < 0.8:
                values[key] = not fact.id.endswith(BARS)
            if draw.random() < 0.06:
                del values[key]
        sheet = around.sheet(values)
        if not any(p.severity == "error" for p in plausibility_problems(sheet, vocabulary, DAY)):
            return sheet


def outcome(finder: PathFinder, finding: Finding, sheet: FactSheet) -> bool:
    """Whether a sheet reaches the target, by the compiled rules and by the reference, which have to agree."""
    target = finding.target
    found = finder.judge.outcomes(sheet, DAY, "new", (target.scheme.id,))[target.scheme.id]
    builder = FrameBuilder(target.linked.slots, finder.law.vocabulary, DAY)
    reference = Evaluation(target.linked, builder.build(sheet, "new")).unit(target.root)
    assert target.reached(found) == target.reached(reference)
    return target.reached(found)


@pytest.mark.parametrize("to", TARGETS)
def test_paths_on_the_law_there_is(to: str, finder: PathFinder) -> None:
    draw = random.Random(f"{to} {OTHER}" if OTHER else to)
    vocabulary = finder.law.vocabulary
    for number in range(DRAWN):
        sheet = drawn_sheet(draw, finder, to)
        finding = finder.find(sheet, to, DAY)
        said = f"{to} {number} of {OTHER}: {dict(sheet.values)}"
        assert finding.reached == outcome(finder, finding, sheet), said
        if not finding.reached:
            assert finding.paths or finding.blocks, said
        before = {
            (p.code, p.message.en) for p in plausibility_problems(sheet, vocabulary, DAY) if p.severity == "error"
        }
        for path in finding.paths:
            assert outcome(finder, finding, path.sheet), said
            after = {
                (p.code, p.message.en)
                for p in plausibility_problems(path.sheet, vocabulary, DAY)
                if p.severity == "error"
            }
            assert after <= before, said
            for step in path.steps:
                less = {k: v for k, v in path.sheet.values.items() if k != step.key[0]}
                back = sheet.values.get(step.key[0])
                kept = FactSheet(less | ({} if back is None else {step.key[0]: back}))
                needed = not outcome(finder, finding, kept) or any(
                    (p.code, p.message.en) not in before for p in plausibility_problems(kept, vocabulary, DAY)
                )
                assert needed, f"{step.key} is not needed: {said}"
        costs = [path.cost for path in finding.paths]
        assert costs == sorted(costs), said
        if finding.paths and not finding.paths[0].assumptions:
            # Two facts that move, multiplied, are not looked at, and then nothing is called proven.
            assert finding.paths[0].proven == (not finding.paths[0].unsettled), said
            cheaper = single_changes(finder, finding, sheet, finding.paths[0].cost)
            assert not cheaper, f"{cheaper} {said}"


def single_changes(finder: PathFinder, finding: Finding, sheet: FactSheet, below: Fraction) -> list[Any]:
    """Changes of one fact that reach the target for less; numbers are moved to every threshold of the law and by halves."""
    vocabulary = finder.law.vocabulary
    found = []
    around = field_of(finding.target.linked)
    for (name, index), interesting in around.values.items():
        fact = vocabulary[name]
        if fact.change is None or fact.judged or index not in (None, 0):
            continue
        year = None if fact.per is None else DAY.year - (1 if fact.per == "fiscal_year" else 0)
        value = sheet.get(name, year)
        if value is None:
            continue
        for other in interesting:
            cost = one_cost(fact, value, other)
            if cost is None or cost >= below:
                continue
            changed = sheet.with_values({name: other if year is None else {year: other}})
            if outcome(finder, finding, changed) and not any(
                p.severity == "error" or p.code == "relation" for p in plausibility_problems(changed, vocabulary, DAY)
            ):
                found.append((name, other, cost))
    return found


def one_cost(fact: Any, value: Any, other: Any) -> Fraction | None:
    """What a change of one fact costs, None when it goes the wrong way."""
    change = fact.change
    if fact.type == "yes_no":
        return Fraction(change.cost) if other != value and other == (change.direction == "yes") else None
    if fact.type == "set_of":
        return Fraction(change.cost * len(other - value), change.per) if other > value else None
    if fact.type == "one_of":
        value, other = fact.member_index(value), fact.member_index(other)
    step = other - value if change.direction == "up" else value - other
    return Fraction(change.cost * step, change.per) if step > 0 else None
