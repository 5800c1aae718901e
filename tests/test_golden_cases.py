"""The golden cases: enterprises with the answers that the law gives them, kept as data in ``tests/cases``.

``tests/cases/README.md`` says how a case is written. What stands there was worked out from the law by hand; when the
program and a case disagree, one of them misreads the law, and a case is never changed to what the program prints.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.judge.answer import Answer
from yiqi.judge.judge import Judge
from yiqi.judge.ranges import Range
from yiqi.judge.reasons import Reason
from yiqi.law.library import load
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml
from yiqi.law.quantities import POINTS_SCALE, parse_quantity
from yiqi.relief.entitlements import entitlements
from yiqi.relief.stacking import Stacking

CASES = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parents[1] / "examples"
WRITTEN = dt.date(2026, 11, 23)
"""The day the examples were written: sheets are checked as of that day, also when an earlier act is judged."""

CASE_KEYS = {"case", "file", "facts", "changed", "on", "procedure", "expect", "together"}
ANSWER_KEYS = {
    "outcome", "possible", "rule", "score", "pass", "failed", "open", "met", "missing", "confidence", "amount", "standing",
    "stale",
}  # fmt: skip
TOGETHER_KEYS = {"measures", "without", "total"}
TRUTHS = {"yes": 2, "unknown": 1, "no": 0}


@dataclass(frozen=True)
class Case:
    """One case as written: every value is still the text that stands in the file."""

    place: str
    title: str
    on: dt.date
    procedure: str
    expect: dict[str, dict[str, Any]]
    file: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    together: dict[str, Any] | None = None
    """Of the best combination of measures: some that are in it, some that are not, and the total by what it counts for."""


def _plain(node: Node) -> Any:
    match node:
        case Text(text=text):
            return text
        case Items(items=items):
            return [_plain(item) for item in items]
        case Entries(entries=entries):
            return {key.text: _plain(value) for key, value in entries}


def _cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.yaml")):
        root, diagnostics = read_located_yaml(path.read_text(encoding="utf-8"), path.name)
        assert not diagnostics, "\n".join(d.render("en") for d in diagnostics)
        assert isinstance(root, Items), f"{path.name} is a list of cases"
        for node in root.items:
            yield _case(f"{path.name}:{node.place.line}", _plain(node))


def _case(place: str, data: dict[str, Any]) -> Case:
    assert not set(data) - CASE_KEYS, f"{place}: unknown keys {sorted(set(data) - CASE_KEYS)}"
    assert " · " in data["case"], f"{place}: a title is `English · 中文`"
    assert ("file" in data) != ("facts" in data), f"{place}: a case has either `file` or `facts`"
    assert "changed" not in data or "file" in data, f"{place}: only the facts of a file can be changed"
    assert not set(data.get("together", ())) - TOGETHER_KEYS, f"{place}: unknown keys below `together`"
    for scheme, answer in data["expect"].items():
        here = f"{place}: {scheme}"
        assert not set(answer) - ANSWER_KEYS, f"{here}: unknown keys {sorted(set(answer) - ANSWER_KEYS)}"
        assert ("outcome" in answer) != ("possible" in answer), f"{here}: an outcome, or the classes still possible"
        assert answer.get("outcome") != "no" or "failed" in answer, f"{here}: a no names what failed"
        assert answer.get("outcome") != "unknown" or "open" in answer, f"{here}: an unknown names what is open"
        known = answer.get("outcome") not in ("unknown", None)
        assert known != ("missing" in answer), f"{here}: an open answer, and no other, says what is missing"
    return Case(
        place,
        data["case"],
        dt.date.fromisoformat(data["on"]),
        data["procedure"],
        data["expect"],
        data.get("file"),
        data.get("facts") or data.get("changed") or {},
        data.get("together"),
    )


ALL = tuple(_cases())


@cache
def judge() -> Judge:
    return Judge(load())


@cache
def _sheet_of(file: str, checked: dt.date) -> FactSheet:
    return read_fact_sheet(EXAMPLES / file, judge().law.vocabulary, checked).required()


def _sheet(case: Case) -> FactSheet:
    """The facts of a case: those of its file with some changed, or those that stand in it."""
    checked = max(WRITTEN, case.on)
    base = _sheet_of(case.file, checked) if case.file is not None else FactSheet()
    unknown: dict[str, dict[int, None] | None] = {}
    known: dict[str, Any] = {}
    for fact, value in case.facts.items():
        if value == "unknown":
            unknown[fact] = None
        elif isinstance(value, dict) and "unknown" in value.values():
            unknown[fact] = {int(year): None for year, single in value.items() if single == "unknown"}
            if rest := {year: single for year, single in value.items() if single != "unknown"}:
                known[fact] = rest
        else:
            known[fact] = value
    for fact in unknown:
        assert fact in base.values, f"{case.place}: `{fact}` is not known anyway"
    changes: dict[str, Value | Yearly] = {}
    if known:
        # JSON is what the reader of fact sheets takes from a program; every value in it is still text.
        written = json.dumps(known, ensure_ascii=False).encode()
        changes = dict(read_fact_sheet(written, judge().law.vocabulary, checked, name=case.place).required().values)
    return base.with_values(changes).with_values(unknown)


def _effective(reason: Reason) -> int:
    """The outcome as it counts: what rests on an unconfirmed source counts as unknown."""
    return reason.value if reason.decides else TRUTHS["unknown"]


def decisive(reason: Reason) -> set[str]:
    """The ids of the conditions that give an answer its outcome.

    From the top down, those parts that have the same outcome; where none has, the condition itself.
    """
    same = [c for c in reason.children if c.outline.value == "truth" and _effective(c) == _effective(reason)]
    return set().union(*(decisive(c) for c in same)) if same else {reason.outline.id}


def _points(text: str) -> tuple[int, int]:
    """``64`` or ``75..95`` in the smallest unit of points."""
    low, _, high = text.partition("..")
    return parse_quantity(low, "points"), parse_quantity(high or low, "points")


def _amount(text: str) -> Range | None:
    """``18000元``, ``3.1万元..4.8万元``, ``0元..`` without a bound, or ``nothing``, in fen."""
    if text == "nothing":
        return None
    low, between, high = text.partition("..")
    first = parse_quantity(low, "money")
    return first, (parse_quantity(high, "money") if high else None) if between else first


def _differences(answer: Answer, expected: dict[str, Any]) -> Iterator[str]:
    def differs(what: str, wanted: object, found: object) -> Iterator[str]:
        if wanted != found:
            yield f"{what}: expected {wanted}, found {found}"

    yield from differs("outcome", expected.get("outcome"), answer.outcome)
    if "possible" in expected:
        yield from differs("possible", sorted(expected["possible"]), sorted(answer.possible or ()))
    if "amount" in expected:
        found = answer.amount.range if answer.amount is not None else None
        yield from differs("amount (in fen)", _amount(expected["amount"]), found)
    if "stale" in expected:
        yield from differs("stale", expected["stale"], "yes" if answer.stale else "no")
    if "rule" in expected:
        yield from differs("rule", expected["rule"], answer.rule.id if answer.rule is not None else "none")
    if "score" in expected:
        found = answer.score[:2] if answer.score is not None else None
        yield from differs(f"score (in 1/{POINTS_SCALE} point)", _points(expected["score"]), found)
    if "confidence" in expected:
        yield from differs("confidence", expected["confidence"], answer.confidence)
    if "pass" in expected:
        mark = answer.score[2] if answer.score is not None else None
        yield from differs(f"pass (in 1/{POINTS_SCALE} point)", _points(expected["pass"])[0], mark)
    for key, outcome in (("failed", "no"), ("open", "unknown")):
        if key in expected and answer.reason is not None and answer.outcome == outcome:
            yield from differs(key, sorted(expected[key]), sorted(decisive(answer.reason)))
    if "met" in expected and answer.reason is not None and answer.outcome == "yes":
        yield from differs("met", [], sorted(set(expected["met"]) - decisive(answer.reason)))
    if "missing" in expected:
        wanted = sorted(sorted(names) for names in expected["missing"])
        yield from differs("missing", wanted, sorted(sorted(names) for names in answer.missing.settle))


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.place} {case.title}")
def test_the_law_answers_as_worked_out_by_hand(case: Case) -> None:
    answers = judge().judge(_sheet(case), case.on, case.procedure, judge().schemes(case.expect))
    differences = [
        f"{scheme}: {difference}"
        for scheme, expected in case.expect.items()
        for difference in _differences(answers[scheme], expected)
    ]
    differences += _list_differences(case)
    assert not differences, f"{case.place}: {case.title}\n" + "\n".join(differences)


def _list_differences(case: Case) -> Iterator[str]:
    """What is expected of the list of measures: where each stands, and what goes together."""
    standings = {scheme: answer["standing"] for scheme, answer in case.expect.items() if "standing" in answer}
    if not standings and case.together is None:
        return
    answers = judge().judge(_sheet(case), case.on, case.procedure, judge().schemes(["relief"]))
    found = entitlements(answers, judge().law)
    for scheme, standing in standings.items():
        if found[scheme].standing != standing:
            yield f"{scheme}: expected {standing}, found {found[scheme].standing}"
    if case.together is not None:
        stacking = Stacking(found)
        measures = set(stacking.best.schemes)
        for scheme in case.together.get("measures", ()):
            if scheme not in measures:
                yield f"together: {scheme} is missing"
        for scheme in case.together.get("without", ()):
            if scheme in measures:
                yield f"together: {scheme} is there"
        wanted = {per: _amount(text) for per, text in case.together.get("total", {}).items()}
        totals = {per: stacking.totals.get(per) for per in wanted}
        if wanted != totals:
            yield f"together, total (in fen): expected {wanted}, found {totals}"


def test_the_cases_cover_every_scheme_both_days_and_both_procedures() -> None:
    asked = {(scheme, case.procedure) for case in ALL for scheme in case.expect}
    schemes = [s for s in judge().schemes() if s.startswith(("size.", "ladder.", "digital."))]
    assert [s for s in schemes if (s, "new") not in asked] == []
    assert {p for _, p in asked} == {"new", "re_review"}
    assert {dt.date(2025, 12, 15), WRITTEN} <= {case.on for case in ALL}
    measures = [case for case in ALL if any(s.startswith("relief.") for s in case.expect)]
    assert len(measures) >= 40
    assert len(ALL) - len(measures) >= 40


def test_every_example_has_a_case() -> None:
    examples = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".yaml", ".json", ".xlsx")}
    assert examples - {case.file for case in ALL} == set()


def test_the_table_of_examples_names_every_file_in_both_languages() -> None:
    english, chinese = (EXAMPLES / "README.md").read_text(encoding="utf-8").split("\n## 示例企业\n")
    for path in EXAMPLES.iterdir():
        if path.suffix in (".yaml", ".json", ".xlsx"):
            assert f"| [{path.name}]({path.name}) |" in english
            assert f"| [{path.name}]({path.name}) |" in chinese


def test_titles_are_told_apart() -> None:
    titles = [case.title for case in ALL]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []
