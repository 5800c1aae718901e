"""Counts of a comparison: one pass over the table into groups, and everything that is read from the groups."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from yiqi.law.tree import Rule
from yiqi.screening.changes import Change, Direction, goes
from yiqi.screening.comparison import Cause, CauseSet, Example, Matrix, SchemeComparison
from yiqi.screening.pair_query import WORD, PairQuery, PairScheme, passed_columns
from yiqi.screening.prepared import ROW, Prepared
from yiqi.screening.program import Program
from yiqi.screening.quoting import identifier
from yiqi.screening.summary import Cut
from yiqi.screening.watching import watched

LARGEST_KEY = 2**62
SETS = 40
"""Sets of causes that are told apart in each direction; the rest is counted line by line only."""

_CUT_SQL: dict[Cut, tuple[str, str, int]] = {
    "province": ("region", "coalesce(region // 10000, 0)", 100),
    "industry": ("industry", "coalesce(industry // 100000, 0)", 32),
}
_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class _Digit:
    """A part of a group's key: its name, the SQL for it over the outcomes of a row, and a number above its values."""

    name: str
    sql: str
    radix: int


class PairCounts:
    """Runs a query and counts its rows. ``cuts`` are those that the table has a column for."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        query: PairQuery,
        prepared: Prepared,
        cuts: Sequence[Cut],
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.connection = connection
        self.query = query
        self.prepared = prepared
        self.cuts = tuple(
            cut for cut in cuts if (bool(query.size_names) if cut == "size" else _CUT_SQL[cut][0] in prepared.columns)
        )
        self.groups = f"yiqi_compared_{next(_serial)}"
        """Table of the groups: cuts, outcomes and words of causes, ``n`` rows of them, ``first`` the lowest row."""
        statement = self._statement()
        if progress is None:
            connection.execute(statement)
        else:
            watched(connection, statement, progress)

    def drop(self) -> None:
        self.connection.execute(f"DROP TABLE {self.groups}")

    # -- the pass -----------------------------------------------------------------------------------------------------

    def _digits(self) -> Iterator[_Digit]:
        for cut in self.cuts:
            if cut == "size":
                yield _Digit(cut, "size", len(self.query.size_names) + 1)
            else:
                _, sql, radix = _CUT_SQL[cut]
                yield _Digit(cut, sql, radix)
        for scheme in self.query.schemes:
            for side in ("b", "a"):
                name = f"o{scheme.number}{side}"
                yield _Digit(name, name, scheme.radix)

    def _statement(self) -> str:
        """Makes the groups. Their keys are few whole numbers while rows are counted, and columns afterwards."""
        keys: list[str] = []
        unpacked: list[str] = []
        packed, size = "0::BIGINT", 1
        for digit in self._digits():
            if size * digit.radix > LARGEST_KEY:
                keys.append(packed)
                packed, size = "0::BIGINT", 1
            packed = f"{packed} + {size}::BIGINT * {digit.sql}"
            unpacked.append(f"(k{len(keys)} // {size} % {digit.radix})::USMALLINT AS {digit.name}")
            size *= digit.radix
        keys.append(packed)
        inner = self.query.changes(self.prepared.source, passed_columns(self.prepared, self.cuts))
        words = [s.word(i) for s in self.query.schemes for i in range(s.words)]
        columns = [*(f"{key} AS k{i}" for i, key in enumerate(keys)), *words]
        names = [*(f"k{i}" for i in range(len(keys))), *words]
        counted = (
            f"SELECT {', '.join(names)}, count(*) AS n, min({ROW}) AS first"
            f" FROM (SELECT {', '.join(columns)}, {ROW} FROM ({inner})) GROUP BY {', '.join(names)}"
        )
        shown = [*unpacked, *words]
        return f"CREATE TEMP TABLE {self.groups} AS SELECT {', '.join(shown)}, n, first FROM ({counted})"

    # -- what is read from the groups ---------------------------------------------------------------------------------

    def scheme(self, scheme: PairScheme, examples: int) -> SchemeComparison:
        """All that the groups say of one scheme."""
        causes = {way: tuple(self._causes(scheme, way)) for way in scheme.lines}
        sets = {way: tuple(self._sets(scheme, way)) for way in scheme.lines}
        return SchemeComparison(
            scheme.scheme,
            scheme.names,
            _rule(self.query.before, scheme.scheme),
            _rule(self.query.after, scheme.scheme),
            self._matrix(scheme),
            {cut: self._cut(scheme, cut) for cut in self.cuts},
            causes,
            sets,
            tuple(self._examples(scheme, examples)),
        )

    def _matrix(self, scheme: PairScheme) -> Matrix:
        before, after = scheme.outcome("before"), scheme.outcome("after")
        rows = self._ask(f"SELECT {before}, {after}, sum(n) FROM {self.groups} GROUP BY ALL ORDER BY ALL")
        return {(b, a): int(n) for b, a, n in rows}

    def _cut(self, scheme: PairScheme, cut: Cut) -> dict[str | None, Matrix]:
        before, after = scheme.outcome("before"), scheme.outcome("after")
        rows = self._ask(f"SELECT {cut}, {before}, {after}, sum(n) FROM {self.groups} GROUP BY ALL ORDER BY ALL")
        found: dict[str | None, dict[Change, int]] = {}
        for key, b, a, n in rows:
            matrix = found.setdefault(self._cut_key(cut, key), {})
            matrix[b, a] = matrix.get((b, a), 0) + int(n)  # several keys are not known
        return dict(found)

    def _cut_key(self, cut: Cut, key: int) -> str | None:
        if cut == "size":
            return self.query.size_names[key - 1] if key else None
        if not key:
            return None
        return f"{key:02d}" if cut == "province" else chr(ord("A") + key - 1)

    def _where(self, scheme: PairScheme, way: Direction) -> str:
        return goes(way, scheme.outcome("before"), scheme.outcome("after"))

    def _causes(self, scheme: PairScheme, way: Direction) -> Iterator[Cause]:
        lines = scheme.lines[way]
        sums: list[str] = []
        for place in range(len(lines)):
            word, bit = divmod(place, WORD)
            others = [f"{scheme.word(w)} = 0" for w in range(scheme.words) if w != word]
            alone = " AND ".join([f"{scheme.word(word)} = {1 << bit}", *others])
            sums.append(f"coalesce(sum(n) FILTER (WHERE {scheme.word(word)} & {1 << bit} <> 0), 0)")
            sums.append(f"coalesce(sum(n) FILTER (WHERE {alone}), 0)")
        if not sums:
            return
        before, after = scheme.outcome("before"), scheme.outcome("after")
        rows = self._ask(
            f"SELECT {before}, {after}, {', '.join(sums)} FROM {self.groups} WHERE {self._where(scheme, way)}"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        for place, line in enumerate(lines):
            all_of_them = {(r[0], r[1]): int(r[2 + 2 * place]) for r in rows if r[2 + 2 * place]}
            alone_of_them = {(r[0], r[1]): int(r[3 + 2 * place]) for r in rows if r[3 + 2 * place]}
            yield Cause(line, all_of_them, alone_of_them)

    def _sets(self, scheme: PairScheme, way: Direction) -> Iterator[CauseSet]:
        before, after = scheme.outcome("before"), scheme.outcome("after")
        words = [scheme.word(w) for w in range(scheme.words)]
        if not words:
            return
        rows = self._ask(
            f"SELECT {before}, {after}, {', '.join(words)}, sum(n) AS together FROM {self.groups}"
            f" WHERE {self._where(scheme, way)} GROUP BY ALL ORDER BY together DESC, {before}, {after}, {', '.join(words)} LIMIT {SETS}"
        )
        for b, a, *held, n in rows:
            yield CauseSet((b, a), _places(held), int(n))

    def _examples(self, scheme: PairScheme, limit: int) -> Iterator[Example]:
        """Enterprises that change: of each change as many, and of each the most frequent sets of causes first."""
        before, after = scheme.outcome("before"), scheme.outcome("after")
        words = [scheme.word(w) for w in range(scheme.words)]
        changes = self._ask(f"SELECT count(DISTINCT ({before}, {after})) FROM {self.groups} WHERE {before} <> {after}")
        if not limit or not changes[0][0] or not words:
            return
        together = ", ".join([before, after, *words])
        rows = self._ask(
            f"WITH alike AS (SELECT {together}, first, sum(n) OVER (PARTITION BY {together}) AS together,"
            f" row_number() OVER (PARTITION BY {together} ORDER BY first) AS nth FROM {self.groups} WHERE {before} <> {after}),"
            f" ranked AS (SELECT *, row_number() OVER (PARTITION BY {before}, {after} ORDER BY nth, together DESC, first)"
            f" AS place FROM alike)"
            f" SELECT {before}, {after}, {', '.join(words)}, first FROM ranked"
            f" ORDER BY place, {before} DESC, {after} LIMIT {int(limit)}"
        )
        named = [c for c in ("uscc", "name", "region", "industry") if c in self.prepared.columns]
        numbers = ", ".join(str(int(r[-1])) for r in rows)
        columns = ", ".join([ROW, *map(identifier, named)])
        found = {
            r[0]: dict(zip(named, r[1:], strict=True))
            for r in self._ask(f"SELECT {columns} FROM {self.prepared.source} WHERE {ROW} IN ({numbers})")
        }
        examples = [
            Example(
                int(row),
                who.get("uscc"),
                who.get("name"),
                who.get("region"),
                who.get("industry"),
                (b, a),
                _places(held),
            )
            for b, a, *held, row in rows
            for who in (found[row],)
        ]
        yield from sorted(examples, key=lambda e: (-e.change[0], e.change[1], e.row))

    def _ask(self, sql: str) -> list[tuple]:  # type: ignore[type-arg]
        return self.connection.execute(sql).fetchall()


def _rule(program: Program, scheme: str) -> Rule:
    return program.judge.law.rule(program.scheme_columns[scheme].version.rule)


def _places(words: Sequence[int]) -> tuple[int, ...]:
    """The places of the bits that are set."""
    return tuple(w * WORD + bit for w, word in enumerate(words) for bit in range(WORD) if word >> bit & 1)
