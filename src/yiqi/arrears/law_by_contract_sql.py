"""What the law says of every line of a table: one query for each span of days on which the same rules count.

The act is the making of the contract, so a line is asked by the rules of its own day, with that day as the day of the act.
Lines without that day, or from before the first version, are answered by nothing and kept.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlglot import exp, parse_one

from yiqi.arrears.findings import CONTRACT_DATE, INTEREST_DAY, SUBJECT, UNPAID
from yiqi.judge.judge import Judge
from yiqi.judge.link import Linked, Unit
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import (
    Added,
    AmountNode,
    ClassTest,
    Formula,
    Gathered,
    Given,
    Law,
    Reckoned,
    ReckonNode,
    ScoreRule,
    Table,
    amount_children,
    formulas_of,
    named_in,
    rules_of,
    slots_of,
)
from yiqi.screening.layers import BIT, LONG, WIDE, Layers, Output
from yiqi.screening.planes import Classes, Truth
from yiqi.screening.prepared import Bounds, Column
from yiqi.screening.program import Program
from yiqi.screening.reckoned import Span
from yiqi.screening.terms import Term

PROTECTED, DUE, RATE_LOW, RATE_HIGH, RATE_CLASS, BREACHES = (
    "yiqi_protected", "yiqi_due", "yiqi_rate_low", "yiqi_rate_high", "yiqi_rate_class", "yiqi_breaches",
)  # fmt: skip
"""Columns of the answers: 2 yes, 1 unknown, 0 no, NULL without a rule; the day of payment as counted; the least and the
greatest interest of a day, in 1/``scale`` of what is unpaid; the class of the rate, as bits; a bit for each breach."""
MOST_BREACHES = 62


class NotAtScaleError(ValueError):
    """What is answered line by line only; ``message`` says what, in both languages."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class RuleSpan:
    """Days on which the same rules count; an open end is None."""

    first: dt.date | None
    last: dt.date | None
    program: Program | None


@dataclass(frozen=True)
class LawByContract:
    """The queries of all spans of days, and how their columns are read."""

    scale: int
    classes: tuple[str, ...]
    """The names of the bits of :data:`RATE_CLASS`."""
    breaches: tuple[str, ...]
    """The schemes of the bits of :data:`BREACHES`."""
    most_rate: int
    """No rate is above it, in 1/``scale``."""
    spans: tuple[RuleSpan, ...]
    day_count: str
    interest: str

    def query(self, facts: str, passed: Sequence[str], columns: Mapping[str, Column]) -> str:
        """The answers about each line of a subquery, with columns of it handed through."""
        parts = [self._part(span, facts, passed, columns) for span in self.spans]
        return " UNION ALL ".join(f"({part})" for part in parts)

    def _part(self, span: RuleSpan, facts: str, passed: Sequence[str], columns: Mapping[str, Column]) -> str:
        where = []
        if span.first is not None:
            where.append(f"{CONTRACT_DATE} >= DATE '{span.first}'")
        if span.last is not None:
            where.append(f"{CONTRACT_DATE} <= DATE '{span.last}'")
        test = " AND ".join(where)
        if span.program is None:
            test = f"{CONTRACT_DATE} IS NULL OR ({test})" if test else "true"
            if CONTRACT_DATE not in columns:
                test = "true"
            handed = ", ".join(f'"{name}"' for name in passed)
            nothing = (
                f"CAST(NULL AS UTINYINT) AS {PROTECTED}, CAST(NULL AS DATE) AS {DUE}, CAST(NULL AS BIGINT) AS {RATE_LOW},"
                f" CAST(NULL AS BIGINT) AS {RATE_HIGH}, CAST(0 AS BIGINT) AS {RATE_CLASS}, CAST(0 AS BIGINT) AS {BREACHES}"
            )
            return f"SELECT {handed}, {nothing} FROM ({facts}) WHERE {test}"
        source = parse_one(f"SELECT * FROM ({facts}) WHERE {test or 'true'}", dialect="duckdb")
        subquery = cast(exp.Select, source).subquery("lines")
        outputs = list(self._outputs(span.program))
        return Layers("duckdb", columns).query(subquery, passed, outputs).sql(dialect="duckdb")

    def _outputs(self, program: Program) -> Iterator[Output]:
        terms = program.terms
        yield outcome(program, "protected", PROTECTED)
        due, known = terms.zero, terms.zero
        if (gift := _gift(program, "payment_due", "date")) is not None:
            held, span = gift
            due = span.low
            known = terms.all_of([held.sure, span.has_low, span.has_high, terms.compare(span.low, "=", span.high)])
        yield Output(DUE, due, None, known, is_date=True)
        yield from rates(program, self.interest)
        yield Output(RATE_CLASS, _classes(program, self.interest), LONG)
        bits = [
            terms.scaled(1 << number, truth.sure)
            for number, scheme in enumerate(self.breaches)
            if (truth := _truth(program, scheme)) is not None
        ]
        yield Output(BREACHES, terms.add(bits), LONG)


def law_by_contract(
    judge: Judge,
    columns: Mapping[str, Column],
    bounds: Mapping[str, Bounds],
    schemes: Sequence[str],
    day_count: str,
    scale: int,
) -> LawByContract:
    """The rules of every day on which a contract may have been made.

    ``scale`` divides the parts of a fen that rates become whole numbers of. ``schemes`` are those for which the act is the
    contract; ``bounds`` of the day of the contract leave out the versions that no line asks for. Raises
    :class:`NotAtScaleError` for a rate that changes from day to day.
    """
    interest = f"{SUBJECT}.interest_360" if day_count == "360" else f"{SUBJECT}.interest"
    breaches = tuple(s for s in schemes if s.startswith(f"{SUBJECT}.breach_"))
    if len(breaches) > MOST_BREACHES:
        raise AssertionError("more kinds of breach than bits")
    asked = tuple(s for s in schemes if s in (f"{SUBJECT}.protected", f"{SUBJECT}.payment_due", interest, *breaches))
    days = contract_spans(judge, asked, bounds.get(CONTRACT_DATE), CONTRACT_DATE in columns)
    scale = math.lcm(scale, *(scale_of(judge, on, interest) for _, _, on in days if on is not None))
    spans = []
    classes: dict[str, None] = {}
    most = 0
    for first, last, on in days:
        program = None
        if on is not None:
            program = Program(
                judge, on, "new", asked, columns, bounds, amounts=True, act=CONTRACT_DATE, fixed={UNPAID: scale}
            )
            refuse_floating(program, interest)
            classes |= dict.fromkeys(program.linked.classes)
            if (gift := _gift(program, interest, "amount")) is not None:
                most = max(most, gift[1].high.high)
        spans.append(RuleSpan(first, last, program))
    for span in spans:
        if span.program is not None and span.program.linked.classes not in ((), tuple(classes)):
            raise AssertionError("two versions name the rates differently")
    return LawByContract(scale, tuple(classes), breaches, most, tuple(spans), day_count, interest)


def contract_spans(
    judge: Judge, schemes: tuple[str, ...], made: Bounds | None, has_day: bool
) -> list[tuple[dt.date | None, dt.date | None, dt.date | None]]:
    """The first and last day of each span on which the same rules count, and a day on which they do.

    The span without rules comes first, with the lines that have no day. A span that no contract lies in is left out;
    ``made`` are the least and the greatest day of a contract.
    """
    law = judge.law
    edges = _edges(law, schemes)
    if not edges or not has_day:
        return [(None, None, None)]
    day = dt.timedelta(days=1)
    found: list[tuple[dt.date | None, dt.date | None, dt.date | None]] = [(None, edges[0] - day, None)]
    before: object = None
    for number, first in enumerate(edges):
        last = edges[number + 1] - day if number + 1 < len(edges) else None
        if made is not None and not _meets(made, first, last):
            continue
        linked = judge.program(first, "new", schemes).compiled.linked
        versions = [law.version(scheme, "new", first) for scheme in schemes]
        same = (
            [None if v is None else v.rule for v in versions],
            [(u.key, u.choice, sorted(u.targets.items())) for u in linked.units.values()],
        )
        if same == before:
            found[-1] = (found[-1][0], last, found[-1][2])
        else:
            found.append((first, last, first))
        before = same
    return found


def _meets(made: Bounds, first: dt.date, last: dt.date | None) -> bool:
    """Whether a day of ``made`` lies from the first to the last day."""
    if made.low is None or made.high is None:
        return False
    return first.toordinal() <= made.high and (last is None or last.toordinal() >= made.low)


def _edges(law: Law, schemes: tuple[str, ...]) -> list[dt.date]:
    """The days, from the first version on, on which a scheme's rules may begin to be others."""
    rows = [row for row in law.versions if row.scheme in schemes]
    lives = [(row.first, row.last) for row in rows]
    for replacing in law.replacements.values():
        instruments = [law.instruments[rule.partition("#")[0]] for rule in replacing]
        lives += [(i.in_force, i.until) for i in instruments if i.subject == SUBJECT]
    first = min((row.first for row in rows), default=None)
    ends = [last + dt.timedelta(days=1) for _, last in lives if last is not None]
    return sorted(d for d in {*(first for first, _ in lives), *ends} if first is not None and d >= first)


def scale_of(judge: Judge, on: dt.date, scheme: str) -> int:
    """An amount that every line of what a scheme gives divides to whole fen."""
    linked = judge.program(on, "new", (scheme,)).compiled.linked
    return math.lcm(1, *(line.scale for line in lines_of(linked)))


def lines_of(linked: Linked) -> Iterator[Reckoned]:
    """Every line of an amount in a linked set."""
    for unit in linked.units.values():
        if unit.body is not None and unit.rule.value == "amount":
            yield from _lines_in(unit.amount)


def _lines_in(node: AmountNode) -> Iterator[Reckoned]:
    match node:
        case Reckoned():
            yield node
        case Table(rows=rows):
            yield from (row.reckoned for row in rows if row.reckoned is not None)
        case _:
            for child in amount_children(node):
                yield from _lines_in(child)


def floating(law: Law, linked: Linked) -> list[str]:
    """The facts of a linked set that are another each day of interest."""
    read = {slot.fact: None for unit in linked.units.values() if unit.body is not None for slot in slots_of(unit.body)}
    return [
        name
        for name in read
        if (fact := law.vocabulary.get(name)) is not None
        and ((fact.series is not None and fact.series.at == INTEREST_DAY) or fact.id == INTEREST_DAY)
    ]


def only_added(linked: Linked, fact: str) -> bool:
    """Whether a fact stands only in products that are added up, or chosen among by a table or by readings: then an amount
    that has both bounds while the fact is missing does not depend on it."""
    reading: set[str] = set()

    def reads(node: ReckonNode, unit: Unit) -> bool:
        named = (linked.target(unit, n) in reading for n in named_in(node))
        in_facts = (slot.fact == fact for f in formulas_of(node) for monomial, _ in f.polynomial for slot in monomial)
        return any(named) or any(in_facts)

    def plain(node: ReckonNode, unit: Unit) -> bool:
        if isinstance(node, Added):
            return all(plain(child, unit) for child in node.children)
        return isinstance(node, Formula | Given | ScoreRule) or not reads(node, unit)

    for unit in linked.units.values():
        alternatives = [alternative.key for alternative in unit.choice]
        body = unit.body
        if any(key in reading for key in (*unit.targets.values(), *alternatives)):
            reading.add(unit.key)
        if body is None:
            continue
        if any(slot.fact == fact for slot in slots_of(body)):
            reading.add(unit.key)
        if unit.key not in reading:
            continue
        if unit.rule.value not in ("amount", "date"):
            return False  # a condition or a class
        lines = list(_lines_in(unit.amount))
        outside = [slot.fact for slot in slots_of(body)].count(fact) - [
            s.fact for line in lines for s in slots_of(line)
        ].count(fact)
        bounding = isinstance(body, Gathered) and (body.kind == "best" or body.maximum is not None)
        if outside or bounding or not all(plain(line.child, unit) for line in lines):
            return False
    return True


def refuse_floating(program: Program, scheme: str) -> None:
    """Raises :class:`NotAtScaleError` where a scheme's own rate changes from day to day."""
    linked = program.judge.program(program.on, "new", (scheme,)).compiled.linked
    if floating(program.judge.law, linked):
        raise NotAtScaleError(
            Bilingual(
                f"`{scheme}` looks its rate up day by day, which a table is not answered with; answer the ledger line by line",
                f"“{scheme}”的利率逐日变动，无法按表计算；请逐笔计算",
            )
        )


def rates(program: Program, scheme: str) -> Iterator[Output]:
    """The least and the greatest interest of a day where it is settled, in 1/scale of what is unpaid."""
    terms = program.terms
    gift = _gift(program, scheme, "amount")
    if gift is None:
        yield from (Output(name, terms.zero, LONG, terms.zero) for name in (RATE_LOW, RATE_HIGH))
        return
    held, span = gift
    known = terms.all_of([held.sure, span.has_low, span.has_high])
    width = LONG if max(span.high.high, -span.low.low) < 2**63 else WIDE
    yield Output(RATE_LOW, span.low, width, known)
    yield Output(RATE_HIGH, span.high, width, known)


def outcome(program: Program, scheme: str, name: str) -> Output:
    """The outcome of a scheme: 2 yes, 1 unknown, 0 no, NULL where no rule counts."""
    truth = _truth(program, f"{SUBJECT}.{scheme}")
    if truth is None:
        return Output(name, program.terms.zero, BIT, program.terms.zero)
    return Output(name, program.terms.add([truth.sure, truth.may]), BIT)


def _truth(program: Program, scheme: str) -> Truth | None:
    columns = program.scheme_columns.get(scheme)
    return None if columns is None else cast(Truth, program.planes.units[columns.version.rule])


def _gift(program: Program, scheme: str, kind: str) -> tuple[Truth, Span] | None:
    scheme = scheme if scheme.startswith(f"{SUBJECT}.") else f"{SUBJECT}.{scheme}"
    if scheme not in program.scheme_columns or (gift := program.gifts(scheme).get(kind)) is None:
        return None
    return gift.held, gift.span


def _classes(program: Program, scheme: str) -> Term:
    """The class that the rows of a scheme's amount are told apart by, as bits; 0 where there is none."""
    terms = program.terms
    columns = program.scheme_columns.get(scheme)
    if columns is None:
        return terms.zero
    for key in program.judge.law.rule(columns.version.rule).gives:
        unit = program.linked.units[key]
        for named in rules_of(unit.body) if unit.body is not None else ():
            if isinstance(named, ClassTest):
                value = program.planes.units[program.linked.target(unit, named)]
                assert isinstance(value, Classes)
                return terms.add([terms.scaled(1 << i, bit) for i, bit in enumerate(value.possible)])
    return terms.zero
