"""Runs the case fences of law files: facts in, expected answers out.

A case belongs to the law text; it is what a policy officer reads to see that the rule means what the article says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from yiqi.facts.interpret import Interpreter
from yiqi.facts.series import looked_up
from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.facts.statement import Statement, Written
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import PROCEDURES, FrameBuilder
from yiqi.judge.given import gifts
from yiqi.judge.link import Linked, UnsoundError, link
from yiqi.judge.missing import SmallestSets, smallest_sets
from yiqi.judge.ranges import Range
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, did_you_mean
from yiqi.law.document import SourceText, read_yaml
from yiqi.law.quantities import POINTS_SCALE, QuantityError, decimal_text, parse_quantity, yuan_text
from yiqi.law.references import parent_of
from yiqi.law.tree import CaseText, Condition, Instrument, Law, Rule, TruthNode, truth_children

CASE_SHAPES: dict[str, type | tuple[type, ...]] = {
    "title": (str, int), "id": (str, int), "like": (str, int), "facts": dict, "expect": dict, "missing": dict, "gives": dict,
}  # fmt: skip
FIRST_DAY, LAST_DAY = dt.date(1949, 10, 1), dt.date(2999, 12, 31)
"""Days of an act that a case may have: dates can be moved from them without leaving the calendar."""
CASE_KEYS = ("title", "id", "like", "on", "procedure", "facts", "expect", "missing", "gives")
TRUTHS = {2: "yes", 1: "unknown", 0: "no"}


Asked = Literal["expect", "missing", "gives"]
"""What is asked of a rule: its value, the smallest sets of facts that could settle it, what the heading above it lets it
give."""


@dataclass(frozen=True)
class Case:
    """A case as written, with what it takes over from the case named by ``like``."""

    instrument: str
    scope: str
    title: str
    on: dt.date
    procedure: str
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    missing: Mapping[str, Any]
    place: Place
    gives: Mapping[str, Any] = field(default_factory=dict)

    def said(self) -> Iterator[tuple[str, Any, Asked]]:
        """Everything the case says: what it names, what it expects of it, and of which kind that is."""
        for asked, wanted in (("expect", self.expect), ("missing", self.missing), ("gives", self.gives)):
            for key, value in wanted.items():
                yield str(key), value, cast(Asked, asked)


@dataclass(frozen=True)
class Failure:
    """One expectation that did not come true."""

    case: Case
    what: str
    expected: str
    found: str

    def render(self, language: str) -> str:
        if language == "zh":
            return f"{self.case.place}: {self.case.title}\n      {self.what}：应为 {self.expected}，实为 {self.found}"
        return f"{self.case.place}: {self.case.title}\n      {self.what}: expected {self.expected}, found {self.found}"


def read_cases(instrument: Instrument) -> tuple[list[Case], list[Diagnostic]]:
    """Every case of an instrument, in file order, with every problem in them."""
    diagnostics: list[Diagnostic] = []
    cases: list[Case] = []
    by_id: dict[str, Case] = {}
    for text in instrument.cases:
        case = _read(instrument, text, by_id, diagnostics)
        if case is not None:
            cases.append(case)
    return cases, diagnostics


def _read(instrument: Instrument, text: CaseText, by_id: dict[str, Case], diagnostics: list[Diagnostic]) -> Case | None:
    source = SourceText(instrument.file, "\n" * text.line + text.text)
    data, lines = read_yaml(source, text.line + 1, text.text, diagnostics)
    place = Place(instrument.file, text.line)

    def error(key: str, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        at = source.line_span(lines.get(key, text.line + 1))
        diagnostics.append(source.diagnostic("error", "case", at, en, zh, remedy))

    if not isinstance(data, dict):
        if data is not None:
            error("", "a case is a map", "用例应为键值表")
        return None
    for key in data:
        if key not in CASE_KEYS:
            error(key, f"`{key}` is not a key of a case", f"“{key}”不是用例的键", did_you_mean(str(key), CASE_KEYS))
    for key, shape in CASE_SHAPES.items():
        if key in data and not isinstance(data[key], shape):
            kind, kind_zh = ("a map", "键值表") if shape is dict else ("a text", "文本")
            error(key, f"`{key}` is {kind}", f"“{key}”应为{kind_zh}")
            return None
    if "title" not in data:
        error("title", "a case needs `title`", "用例缺少“title”")
    if not {"expect", "gives"} & set(data):
        error("expect", "a case needs `expect`", "用例缺少“expect”")
    base: Case | None = None
    if "like" in data:
        base = by_id.get(str(data["like"]))
        if base is None:
            error(
                "like",
                f"no case above has the id `{data['like']}`",
                f"前文没有标识为“{data['like']}”的用例",
                did_you_mean(str(data["like"]), by_id),
            )
            return None
    on = data.get("on", base.on if base else instrument.in_force)
    if not isinstance(on, dt.date) or not FIRST_DAY <= on <= LAST_DAY:
        error("on", f"`on` is a date from {FIRST_DAY} to {LAST_DAY}", f"“on”应为{FIRST_DAY}至{LAST_DAY}的日期")
        return None
    procedure = str(data.get("procedure", base.procedure if base else "new"))
    if procedure not in PROCEDURES:
        error(
            "procedure",
            f"`{procedure}` is not a procedure",
            f"“{procedure}”不是办理类型",
            did_you_mean(procedure, PROCEDURES),
        )
        return None
    facts = dict(base.facts) if base else {}
    for fact, value in (data.get("facts") or {}).items():
        known = facts.get(fact)
        facts[fact] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    case = Case(
        instrument.id, text.scope, str(data.get("title", "")), on, procedure, facts, data.get("expect") or {},
        data.get("missing") or {}, place, data.get("gives") or {},
    )  # fmt: skip
    if "id" in data:
        if str(data["id"]) in by_id:
            error("id", f"the case id `{data['id']}` is used twice", f"用例标识“{data['id']}”重复")
        by_id[str(data["id"])] = case
    return case


def case_sheet(case: Case, law: Law) -> tuple[FactSheet, list[Diagnostic]]:
    """The facts of a case as a fact sheet."""
    interpreter = Interpreter()
    diagnostics: list[Diagnostic] = []
    values: dict[str, Value | Yearly] = {}

    def read(fact_id: str, year: int | None, written: Any) -> Value | None:
        text: Written = (
            tuple(str(w) for w in written)
            if isinstance(written, list)
            else written
            if isinstance(written, (bool, dt.date))
            else str(written)
        )
        return interpreter.value(Statement(law.vocabulary[fact_id], year, text, case.place))

    def problem(en: str, zh: str, remedy: Bilingual | None = None) -> None:
        diagnostics.append(Diagnostic("error", "case", Bilingual(en, zh), case.place, remedy))

    for fact_id, written in case.facts.items():
        fact = law.vocabulary.get(fact_id)
        if fact is None:
            problem(
                f"`{fact_id}` is not a fact", f"没有事实“{fact_id}”", did_you_mean(str(fact_id), law.vocabulary.facts)
            )
        elif fact.series is not None:
            problem(
                f"`{fact_id}` is looked up on the day of `{fact.series.at}`, not given",
                f"“{fact_id}”按“{fact.series.at}”查表得出，不能填写",
            )
        elif written == "unknown" or written is None:
            continue
        elif fact.per is not None:
            if not isinstance(written, dict):
                problem(f"`{fact_id}` is given per year", f"“{fact_id}”应按年度填写")
                continue
            if not all(isinstance(year, int) and 1900 <= year <= 2999 for year in written):
                problem(
                    f"`{fact_id}` is given per year, such as {{2025: …}}", f"“{fact_id}”应按年度填写，例如{{2025: …}}"
                )
                continue
            years = {int(y): v for y, w in written.items() if (v := read(fact_id, int(y), w)) is not None}
            if years:
                values[fact_id] = years
        elif isinstance(written, dict):
            problem(f"`{fact_id}` is not given per year", f"“{fact_id}”不按年度填写")
        elif (value := read(fact_id, None, written)) is not None:
            values[fact_id] = value
    return looked_up(FactSheet(values), law.vocabulary), [*diagnostics, *interpreter.diagnostics]


Links = dict[tuple[str, dt.date], Linked]
"""Rules linked for a day, kept while many cases of one law are run."""


def run_case(case: Case, law: Law, links: Links | None = None) -> tuple[list[Failure], list[Diagnostic]]:
    """Run one case: what did not come true, and what is wrong with the case itself.

    ``links`` may be shared by cases of the same law, never by two laws.
    """
    links = {} if links is None else links
    sheet, diagnostics = case_sheet(case, law)
    if diagnostics:
        return [], diagnostics
    failures: list[Failure] = []
    for key, expected, asked in case.said():
        found = find(case, key, law)
        if found is None:
            diagnostics.append(
                Diagnostic(
                    "error",
                    "case",
                    Bilingual(f"`{key}` is neither a rule nor a condition", f"“{key}”既不是规则，也不是条件"),
                    case.place,
                    did_you_mean(str(key), law.instruments[case.instrument].rules),
                )
            )
            continue
        rule, condition = found
        root = rule if asked != "gives" else measure_of(rule, law)
        if root is None:
            message = Bilingual(
                f"`{key}` is not an amount or a date below a heading of conditions",
                f"“{key}”不是条件标题下的金额或日期",
            )
            diagnostics.append(Diagnostic("error", "case", message, case.place))
            continue
        try:
            linked = links.get((root.id, case.on)) or link(law, (root.id,), case.on, gives=True)
            links[(root.id, case.on)] = linked
        except UnsoundError as unsound:
            message = Bilingual(f"the rule `{unsound}` has an error", f"规则“{unsound}”有错误")
            diagnostics.append(Diagnostic("error", "case", message, case.place))
            continue
        frame = FrameBuilder(linked.slots, law.vocabulary, case.on).build(sheet, case.procedure)
        evaluation = Evaluation(linked, frame)
        if asked == "missing":
            got, wanted = missing_text(smallest_sets(evaluation, rule.id), expected)
            if got != wanted:
                failures.append(Failure(case, f"missing {key}", wanted, got))
            continue
        got_text = result_text(evaluation, rule, condition) if asked == "expect" else given_text(evaluation, rule, root)
        wanted_text = expected_text(expected, rule.value if condition is None else None)
        if got_text != wanted_text:
            failures.append(Failure(case, f"gives {key}" if asked == "gives" else key, wanted_text, got_text))
    return failures, diagnostics


def measure_of(rule: Rule, law: Law) -> Rule | None:
    """The heading of conditions that lets a rule give its amount or date; None where there is none."""
    parent = parent_of(law, rule)
    return parent if parent is not None and rule.id in parent.gives else None


NOTHING = "nothing"
"""How a case says that nothing is given."""


def given_text(evaluation: Evaluation, rule: Rule, measure: Rule) -> str:
    """What a measure gives by one of its amounts or dates, as a case writes it; ``nothing`` where its conditions fail."""
    gift = gifts(evaluation, measure.id).get(str(rule.value))
    return NOTHING if gift is None else span_text(str(rule.value), gift.range)


def missing_text(sets: SmallestSets, expected: Iterable[Iterable[Any]]) -> tuple[str, str]:
    """The sets that were found and those that a case names, written so that they can be compared."""
    wanted = sorted(sorted(str(f) for f in group) for group in expected)
    got = sorted(sorted(_as_written(name, wanted) for name in group) for group in sets.settle)
    return str(got), str(wanted)


def _as_written(name: str, wanted: Iterable[Iterable[str]]) -> str:
    """A missing value's name with its year, or without when the case names the fact alone."""
    names = {n for group in wanted for n in group}
    bare, _, year = name.rpartition("_")
    return bare if name not in names and year.isdigit() and bare in names else name


def find(case: Case, name: str, law: Law) -> tuple[Rule, Condition | None] | None:
    """The rule or the condition that an expectation names."""
    path, _, number = name.partition("/")
    rule: Rule | None = None
    if "#" in path:
        instrument, _, _ = path.partition("#")
        rule = law.instruments[instrument].rules.get(path) if instrument in law.instruments else None
    else:
        parts = case.scope.split(".") if case.scope else []
        for depth in range(len(parts), -1, -1):
            prefix = ".".join(parts[:depth])
            rule = law.instruments[case.instrument].rules.get(
                f"{case.instrument}#{prefix}.{path}" if prefix else f"{case.instrument}#{path}"
            )
            if rule is not None:
                break
    if rule is None or rule.body is None:
        return None
    if not number:
        return rule, None
    if rule.value != "truth":
        return None
    for condition in conditions(cast(TruthNode, rule.body)):
        if condition.id == f"{rule.id}/{number}":
            return rule, condition
    return None


def conditions(node: TruthNode) -> Iterator[Condition]:
    """Every condition in a rule's own body."""
    if isinstance(node, Condition):
        yield node
    for child in truth_children(node):
        yield from conditions(child)


def result_text(evaluation: Evaluation, rule: Rule, condition: Condition | None) -> str:
    """The value of a rule or of one of its conditions as a case writes it: ``yes``, ``55..70``, ``small``."""
    unit = evaluation.linked.units[rule.id]
    if condition is not None:
        # A condition shows its own result, also where its source is unconfirmed and it decides nothing.
        return TRUTHS[evaluation.truth(condition.child, unit)]
    value = evaluation.unit(rule.id)
    if rule.value == "points":
        low, high = value[0], value[1]
        return _points(low) if low == high else f"{_points(low)}..{_points(high)}"
    if rule.value in ("amount", "date"):
        return span_text(rule.value, value)
    if rule.value == "class":
        names = [n for i, n in enumerate(evaluation.linked.classes) if value & (1 << i)]
        return names[0] if len(names) == 1 else str(sorted(names))
    return TRUTHS[value]


def _points(value: int) -> str:
    from fractions import Fraction

    return decimal_text(Fraction(value, POINTS_SCALE))


def span_text(kind: str, value: Range) -> str:
    """An amount or a date as a case is compared: ``31000.00..48000.00``; an end without bound is left out."""
    low, high = ("" if end is None else _end_text(kind, end) for end in value)
    return low if low == high and low else f"{low}..{high}"


def _end_text(kind: str, end: int) -> str:
    if kind == "amount":
        return yuan_text(end)
    # A changed law (`yiqi law mutate`) may lead out of the calendar; such a day is like no day that a case can expect.
    inside = dt.date.min.toordinal() <= end <= dt.date.max.toordinal()
    return dt.date.fromordinal(end).isoformat() if inside else f"day {end}"


def expected_span(kind: str, value: Any) -> str:
    """What a case expects of an amount (``18000元``, ``3.1万元..4.8万元``, ``3.1万元..``) or a date (``2026-03-31``).

    What cannot be read stays as it is, and so fails as an expectation that did not come true.
    """
    if kind == "date" or isinstance(value, bool):
        return str(value)
    ends = [end.strip() for end in str(value).split("..")]
    try:
        return "..".join(yuan_text(parse_quantity(end, "money")) if end else "" for end in ends)
    except QuantityError:
        return str(value)


def expected_text(value: Any, kind: str | None = None) -> str:
    """What a case expects, in the form of :func:`result_text`; ``kind`` is the value of the rule it names."""
    if kind in ("amount", "date"):
        return expected_span(kind, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return str(sorted(str(v) for v in value)) if len(value) != 1 else str(value[0])
    return str(value)


def run_all(law: Law, instruments: Iterable[str] | None = None) -> tuple[int, list[Failure], list[Diagnostic]]:
    """Run every case: how many there were, what failed, and what is wrong with the cases themselves."""
    count = 0
    links: Links = {}
    failures: list[Failure] = []
    diagnostics: list[Diagnostic] = []
    for instrument in law.instruments.values():
        if instruments is not None and instrument.id not in set(instruments):
            continue
        cases, problems = read_cases(instrument)
        diagnostics.extend(problems)
        for case in cases:
            count += 1
            failed, problems = run_case(case, law, links)
            failures.extend(failed)
            diagnostics.extend(problems)
    return count, failures, diagnostics
