"""The query over a table for two versions of the law: outcomes of both, and the lines that cause a change.

Outcomes are computed for every row; causes stand in the branch of a CASE, so that they cost only the rows that change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlglot import exp

from yiqi.screening.causes import Causes, CausingLine, Side, class_bits
from yiqi.screening.changes import Direction, goes
from yiqi.screening.late import LateBits
from yiqi.screening.layers import Layers, Output
from yiqi.screening.planes import Classes
from yiqi.screening.prepared import ROW, Prepared
from yiqi.screening.program import GROUP_BITS, Program
from yiqi.screening.quoting import identifier
from yiqi.screening.summary import SIZE, Cut
from yiqi.screening.terms import Term, Terms
from yiqi.screening.versions import Version, Versions

WORD = 8 * GROUP_BITS
"""Causing lines in one whole number of 64 bits."""


@dataclass(frozen=True)
class PairScheme:
    """One scheme of the query. Its outcomes are the columns ``o<number>b`` and ``o<number>a``."""

    number: int
    scheme: str
    names: tuple[str, ...]
    before: Term
    after: Term
    lines: dict[Direction, list[CausingLine]]

    @property
    def words(self) -> int:
        """How many whole numbers hold the causes of one row."""
        return max(-(-len(lines) // WORD) for lines in self.lines.values())

    @property
    def radix(self) -> int:
        """Above every outcome."""
        return len(self.names) + 1 if self.names else 3

    def outcome(self, side: Side) -> str:
        return identifier(f"o{self.number}{side[0]}")

    def word(self, word: int) -> str:
        return identifier(f"w{self.number}_{word}")


class PairQuery:
    """The query for some schemes.

    Raises :class:`yiqi.screening.planes.TooLargeError` for a law beyond 38 digits.
    """

    def __init__(self, versions: Versions, prepared: Prepared, schemes: Sequence[str], cuts: Sequence[Cut]) -> None:
        terms = Terms()
        self.prepared = prepared
        self.before, self.after = (
            _program(version, versions, prepared, [*schemes, *([SIZE] if "size" in cuts else [])], terms)
            for version in (versions.before, versions.after)
        )
        self.terms = terms
        self.late = LateBits()
        self.schemes: list[PairScheme] = []
        for scheme in schemes:
            names, one, other = outcomes_of_both(self.before, self.after, scheme)
            causes = Causes(self.before, self.after, scheme, self.late)
            lines: dict[Direction, list[CausingLine]] = (
                {"other": causes.of("after")} if names else {"lost": causes.of("after"), "gained": causes.of("before")}
            )
            self.schemes.append(PairScheme(len(self.schemes), scheme, names, one, other, lines))
        has_size = "size" in cuts and all(SIZE in p.scheme_columns for p in (self.before, self.after))
        self.size_names = _class_names(self.before, self.after, SIZE) if has_size else ()
        self._causes = {s.number: self._words(s, decides=False) for s in self.schemes}
        self._decides = {s.number: self._words(s, decides=True) for s in self.schemes}

    # -- SQL ----------------------------------------------------------------------------------------------------------

    def outcomes(self, source: str, passed: Sequence[str]) -> str:
        """A row for each of the source, with the passed columns, its size class (``size``), the outcomes of both
        versions, and what causes rest on."""
        outputs = [Output(f"o{s.number}b", s.before) for s in self.schemes]
        outputs += [Output(f"o{s.number}a", s.after) for s in self.schemes]
        if self.size_names:
            outputs.append(Output("size", _outcome(self.before, SIZE, self.size_names)))
        outputs += self.late.outputs()
        query = Layers("duckdb", self.prepared.columns).query(exp.to_table(source), list(passed), outputs)
        return query.sql(dialect="duckdb", copy=False)

    def changes(self, source: str, passed: Sequence[str]) -> str:
        """A row for each of the source, with the passed columns, its size class, the outcomes of both versions, and the
        words of causes of each scheme: a bit for each line of the direction in which the outcome changes, else 0."""
        inner = f"({self.outcomes(source, passed)})"
        found = [sql for s in self.schemes for sql in self._causes[s.number]]
        if found:
            inner = f"(SELECT *, {', '.join(found)} FROM {inner})"
        kept = [identifier(p) for p in passed] + (["size"] if self.size_names else [])
        for scheme in self.schemes:
            kept += [scheme.outcome("before"), scheme.outcome("after")]
            none = " AND ".join(f"{scheme.word(w)} = 0" for w in range(scheme.words))
            changes = f"{scheme.outcome('before')} <> {scheme.outcome('after')}"
            for word, decides in enumerate(self._decides[scheme.number]):
                name = scheme.word(word)
                kept.append(
                    f"CASE WHEN {changes} AND {none} THEN {decides.removesuffix(f' AS {name}')} ELSE {name} END AS {name}"
                )
        return f"SELECT {', '.join(kept)} FROM {inner}"

    def _words(self, scheme: PairScheme, *, decides: bool) -> list[str]:
        before, after = scheme.outcome("before"), scheme.outcome("after")
        words: list[str] = []
        for word in range(scheme.words):
            branches = [
                f"WHEN {goes(way, before, after)} THEN {self._bits(lines[word * WORD : (word + 1) * WORD], decides)}"
                for way, lines in scheme.lines.items()
            ]
            words.append(f"CASE {' '.join(branches)} ELSE 0::BIGINT END AS {scheme.word(word)}")
        return words

    def _bits(self, lines: Sequence[CausingLine], decides: bool) -> str:
        """Bits in a whole number, put together in the smallest type first."""
        groups: list[str] = []
        for start in range(0, len(lines), GROUP_BITS):
            parts = [
                f"{self.late.write(term)} * {1 << bit}" if bit else self.late.write(term)
                for bit, line in enumerate(lines[start : start + GROUP_BITS])
                if (term := line.decides if decides else line.causes).constant != 0
            ]
            if parts:
                groups.append(f"({' + '.join(parts)})::BIGINT * {1 << start}")
        return " + ".join(groups) or "0::BIGINT"


def _program(version: Version, versions: Versions, prepared: Prepared, schemes: Sequence[str], terms: Terms) -> Program:
    chosen = tuple(dict.fromkeys(s for s in schemes if s in version.law.schemes))
    return Program(version.judge, versions.on, versions.procedure, chosen, prepared.columns, prepared.bounds, terms)


def outcomes_of_both(before: Program, after: Program, scheme: str) -> tuple[tuple[str, ...], Term, Term]:
    """The classes that either version can give (none for a scheme that is answered by yes or no), and the outcome of
    each version as :data:`yiqi.screening.changes.Change` has it."""
    names = _class_names(before, after, scheme)
    return names, _outcome(before, scheme, names), _outcome(after, scheme, names)


def _class_names(before: Program, after: Program, scheme: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for program in (before, after):
        value = program.planes.units[program.scheme_columns[scheme].version.rule]
        if isinstance(value, Classes):
            bits = zip(program.linked.classes, value.possible, strict=True)
            found |= {name: None for name, bit in bits if bit.constant != 0}
    return tuple(found)


def _outcome(program: Program, scheme: str, names: Sequence[str]) -> Term:
    """2, 1 or 0; for a class its place among ``names`` from 1 on, 0 while several are possible."""
    if not names:
        return program.outcome(scheme)
    value = cast(Classes, program.planes.units[program.scheme_columns[scheme].version.rule])
    terms = program.terms
    bits = class_bits(value, program, names)
    alone = [terms.all_of([bit, *(terms.invert(other) for other in bits if other is not bit)]) for bit in bits]
    return terms.add([terms.scaled(place, bit) for place, bit in enumerate(alone, start=1)])


def passed_columns(prepared: Prepared, cuts: Sequence[Cut]) -> list[str]:
    """The columns of the table that cuts need."""
    needed = {"province": "region", "industry": "industry"}
    return [ROW, *(needed[cut] for cut in cuts if cut in needed and needed[cut] in prepared.columns)]
