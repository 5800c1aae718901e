"""A screening program: the schemes asked for, as outputs over the columns of a prepared table.

One row of the result is one enterprise. For every scheme there is its outcome (2 yes, 1 unknown, 0 no; for a class the
bits of the names still possible) and, where its rule asks for a score, the range of it. Its reasons stand in words of
:data:`WORD_BITS` bits of its own: in the ``sure`` words a bit is set where a condition holds, in the ``may`` words where it holds or
may hold, so that a failed condition is in neither and an unknown one in ``may`` alone. A condition that the judge does
not come to (another region's rule) counts as holding, so that it is neither failed nor unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlglot import exp

from yiqi.judge.judge import Judge
from yiqi.judge.link import deciding
from yiqi.judge.reasons import NOWHERE, Outline
from yiqi.law.tree import VersionRow
from yiqi.screening.layers import BIT, LONG, WIDE, WORD, Dialect, Layers, Output
from yiqi.screening.nearness import Nearness
from yiqi.screening.planes import Classes, Planes, Points, Span, Truth
from yiqi.screening.prepared import ROW, Bounds, Column
from yiqi.screening.terms import Term, Terms

GROUP_BITS = 7
"""Bits that are put together in the smallest type first, which is the cheapest."""
WORD_BITS = 8 * GROUP_BITS
PLANES = ("sure", "may")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands in the words of its scheme's reasons."""

    word: int
    bit: int


@dataclass(frozen=True, slots=True)
class Gift:
    """What a scheme gives where its conditions hold: the id of the rule, the conditions, and fen or day numbers."""

    rule: str
    held: Truth
    span: Span


@dataclass(frozen=True)
class SchemeColumns:
    """What the result says of one scheme."""

    scheme: str
    version: VersionRow
    value: str
    """``truth``, ``class`` or ``points``."""
    conditions: tuple[str, ...]
    """Ids of its single conditions, in the order of the law."""
    places: tuple[Place, ...]
    """Where each condition stands."""
    words: int
    """How many words of each plane its reasons take."""
    threshold: int | None
    """The points its score must reach, in 1/10000; None where the rule asks for none."""


class Program:
    """The SQL for a day, a procedure and a set of schemes over a table with given columns.

    ``schemes`` without a rule on the day are left out of ``scheme_columns``: they do not apply. Two programs that share
    their ``terms`` (two versions of a law) share in one query what both compute. ``amounts`` adds what measures give.
    ``act`` names a column of dates with the day of each row's own act; ``on`` then only says which versions count.
    ``fixed`` has figures that are the same in every row, by fact, in smallest units.

    Raises ``ValueError`` for an unknown procedure and for a rule of years under ``act``,
    :class:`yiqi.screening.planes.TooLargeError` for a law beyond 38 digits and
    :class:`yiqi.screening.reckoned.NotInScreeningError` for an amount that has no query.
    """

    def __init__(
        self,
        judge: Judge,
        on: dt.date,
        procedure: str,
        schemes: Sequence[str],
        columns: Mapping[str, Column],
        bounds: Mapping[str, Bounds] | None = None,
        terms: Terms | None = None,
        *,
        amounts: bool = False,
        act: str | None = None,
        fixed: Mapping[str, int] | None = None,
    ) -> None:
        self.judge = judge
        self.on = on
        self.procedure = procedure
        self.schemes = tuple(schemes)
        self.table_columns = columns
        self.bounds = dict(bounds or {})
        program = judge.program(on, procedure, self.schemes)
        # What measures give is reckoned only where it is asked for.
        self.linked = program.compiled.linked if amounts else deciding(program.compiled.linked)
        self.amounts = amounts
        if act is not None and any(slot.index is not None for slot in self.linked.slots):
            raise ValueError("a rule asks for a year, which is another one for each day of the act")
        self.terms = terms if terms is not None else Terms()
        self.planes = Planes(self.linked, procedure, columns, self.bounds, self.terms, act=act, fixed=fixed)
        self._reasons: dict[str, list[Truth]] = {}
        self._nearness: dict[str, Nearness] = {}
        self.scheme_columns: dict[str, SchemeColumns] = {}
        self.scores: dict[str, Points] = {}
        """The range of the score that a scheme's own rule asks for, by scheme."""
        for scheme, version in program.versions.items():
            outline = program.outlines[scheme]
            self.scheme_columns[scheme] = self._scheme(scheme, version, outline)

    def _scheme(self, scheme: str, version: VersionRow, outline: Outline) -> SchemeColumns:
        reached = self.planes.reached(version.rule)
        conditions: dict[str, Truth] = {}
        for found in walk(outline):
            if found.kind == "condition" and found.value == "truth" and found.id not in conditions:
                unit = reached.get(found.unit.key)
                if unit is None or unit.constant == 0 or found.id not in self.planes.conditions:
                    continue
                truth = self.planes.conditions[found.id]
                elsewhere = self.terms.invert(unit)
                conditions[found.id] = Truth(
                    self.terms.any_of([truth.sure, elsewhere]), self.terms.any_of([truth.may, elsewhere])
                )
        threshold = None
        if (score := self._score(outline)) is not None:
            self.scores[scheme], threshold = score
        self._reasons[scheme] = list(conditions.values())
        places = tuple(Place(*divmod(number, WORD_BITS)) for number in range(len(conditions)))
        words = -(-len(conditions) // WORD_BITS)
        return SchemeColumns(scheme, version, outline.value, tuple(conditions), places, words, threshold)

    def _score(self, outline: Outline) -> tuple[Points, int] | None:
        """The score that the rule itself asks for, with the points it must reach."""
        own = outline.unit.rule.instrument
        for found in walk(outline):
            if found.threshold is not None:
                parts = [self._points(c) for c in found.children if c.unit.rule.instrument == own]
                ranges = [p for p in parts if p is not None]
                if ranges:
                    low = self.terms.add([p.low for p in ranges])
                    high = self.terms.add([p.high for p in ranges])
                    return Points(low, high), found.threshold
        return None

    def _points(self, outline: Outline) -> Points | None:
        if outline.value != "points":
            return None
        if outline.position == NOWHERE:
            node = cast(Any, outline.leaves[0])
            return self.planes.points(node, outline.unit)
        return cast(Points, self.planes.units[outline.unit.key])

    # -- outputs ------------------------------------------------------------------------------------------------------

    def outcome(self, scheme: str) -> Term:
        """2, 1 or 0, or the bits of the classes still possible."""
        value = self.planes.units[self.scheme_columns[scheme].version.rule]
        if isinstance(value, Truth):
            return self.terms.add([value.sure, value.may])
        assert isinstance(value, Classes)
        return self.terms.add([self.terms.scaled(1 << i, bit) for i, bit in enumerate(value.possible)])

    def gifts(self, scheme: str) -> dict[str, Gift]:
        """What a scheme gives, by kind (``amount``, ``date``); empty for a program without amounts."""
        rule = self.scheme_columns[scheme].version.rule
        found: dict[str, Gift] = {}
        for key in self.judge.law.rule(rule).gives if self.amounts else ():
            held, value = cast(Truth, self.planes.units[rule]), cast(Span, self.planes.units[key])
            kind = str(self.linked.units[key].rule.value)
            # A day is given or not, there is none between: only an amount runs from nothing.
            found[kind] = Gift(key, held, self.planes.spans.given(held, value) if kind == "amount" else value)
        return found

    def _gift_outputs(self, scheme: str) -> Iterator[Output]:
        for kind, gift in self.gifts(scheme).items():
            span, held = gift.span, gift.held.may
            is_date = kind == "date"
            low, high = ("earliest", "latest") if is_date else ("low", "high")
            for name, value, there in ((low, span.low, span.has_low), (high, span.high, span.has_high)):
                width = None if is_date else LONG if value.low > -(2**63) and value.high < 2**63 else WIDE
                yield Output(f"{scheme}.{name}", value, width, self.terms.all_of([held, there]), is_date)

    def outputs(self, *, scores: bool = True, reasons: bool = False, near: bool = False) -> list[Output]:
        """The columns of the result. ``near`` adds for each scheme the number (in ``nearness(scheme).lines``) of the one line of the
        law that keeps an enterprise out, or -1."""
        result: list[Output] = []
        for scheme, columns in self.scheme_columns.items():
            if columns.value != "points":
                result.append(Output(scheme, self.outcome(scheme), BIT if columns.value == "truth" else None))
            if scheme in self.scores and scores:
                result.append(Output(f"{scheme}.low", self.scores[scheme].low, WORD))
                result.append(Output(f"{scheme}.high", self.scores[scheme].high, WORD))
            result += self._gift_outputs(scheme)
            if near and columns.value == "truth":
                result.append(Output(f"{scheme}.near", self.nearness(scheme).near(columns.version.rule), WORD))
            if reasons:
                result += [
                    Output(f"{scheme}.{plane}.{word}", self._word(scheme, word, plane), LONG)
                    for word in range(columns.words)
                    for plane in PLANES
                ]
        return result

    def nearness(self, scheme: str) -> Nearness:
        """The costs of a scheme, with its lines by number."""
        if scheme not in self._nearness:
            self._nearness[scheme] = Nearness(self.planes)
            self._nearness[scheme].near(self.scheme_columns[scheme].version.rule)
        return self._nearness[scheme]

    def _word(self, scheme: str, word: int, plane: str) -> Term:
        terms = self.terms
        reasons = self._reasons[scheme][word * WORD_BITS : (word + 1) * WORD_BITS]
        bits = [truth.sure if plane == "sure" else truth.may for truth in reasons]
        groups: list[Term] = []
        for start in range(0, len(bits), GROUP_BITS):
            group = terms.add([terms.scaled(1 << i, b) for i, b in enumerate(bits[start : start + GROUP_BITS])])
            groups.append(terms.scaled(1 << start, group))
        return terms.add(groups)

    def query(
        self,
        dialect: Dialect,
        source: exp.Expr,
        passed: Sequence[str] = (ROW,),
        *,
        scores: bool = True,
        reasons: bool = False,
        near: bool = False,
        more: Sequence[Output] = (),
        for_reading: bool = False,
    ) -> exp.Select:
        """The query over ``source`` (a table or subquery of a prepared table). ``passed`` columns are handed through.

        ``for_reading`` names the columns of its layers by the rules and conditions they hold, for a person; PostgreSQL
        cuts such names off and always has short ones.
        """
        outputs = [*self.outputs(scores=scores, reasons=reasons, near=near), *more]
        hints = self.hints if for_reading and dialect != "postgres" else None
        return Layers(dialect, self.table_columns, hints).query(source, passed, outputs)

    @cached_property
    def hints(self) -> dict[int, str]:
        """Names for the terms a reader of the SQL looks for: rules and conditions, by the number of the term."""
        found: dict[int, str] = {}
        for key, value in self.planes.units.items():
            if isinstance(value, Truth):
                found.setdefault(value.sure.number, f"{key} sure")
                found.setdefault(value.may.number, f"{key} may")
        for key, truth in self.planes.conditions.items():
            found.setdefault(truth.sure.number, f"{key} sure")
            found.setdefault(truth.may.number, f"{key} may")
        return found


def walk(outline: Outline) -> Iterator[Outline]:
    """An outline and all below it, in the order of the law."""
    yield outline
    for child in outline.children:
        yield from walk(child)
