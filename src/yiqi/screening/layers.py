"""From terms to one SQL query: what is asked for more than once is computed once, in a layer of its own.

The query is a tree of sqlglot, so the same terms print for DuckDB, Spark and PostgreSQL. The innermost subquery reads the
table; each one above computes what rests on the layers below and carries along only what is still needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from yiqi.screening.prepared import Column
from yiqi.screening.terms import Term

Dialect = Literal["duckdb", "spark", "postgres"]
DIALECTS: tuple[Dialect, ...] = ("duckdb", "spark", "postgres")

BIT, WORD, LONG, WIDE = 0, 1, 2, 3
"""Widths of whole numbers: a bit or a small count, 32 bits, 64 bits, 38 digits."""

_TYPES: dict[Dialect, tuple[str, str, str, str]] = {
    "duckdb": ("UTINYINT", "INT", "BIGINT", "HUGEINT"),
    "spark": ("TINYINT", "INT", "BIGINT", "DECIMAL(38, 0)"),
    "postgres": ("INT", "INT", "BIGINT", "DECIMAL(38, 0)"),
}
_COLUMN_WIDTHS = {"BIGINT": LONG, "INTEGER": WORD, "SMALLINT": WORD, "BOOLEAN": BIT, "DATE": LONG}
_WORTH: dict[Dialect, int] = {"duckdb": 1, "spark": 24, "postgres": 1}
"""How many operations a term that is used more than once must have to be a column of a layer.

DuckDB and PostgreSQL hand a column on from layer to layer for less than it takes to compute anything again. Spark writes
every column of every row anew in each layer, and compiles a class for each: it computes small terms again, in a third of
the layers, in half the time.
"""
SMALL_COUNT = 127
"""Sums and products of bits up to this stay in the type of bits."""
EPOCH = dt.date(1970, 1, 1)

_COMPARISONS: dict[str, type[exp.Binary]] = {
    ">=": exp.GTE, ">": exp.GT, "=": exp.EQ, "<": exp.LT, "<=": exp.LTE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the result: its name, its term, and the type it is handed out in (None: as it is computed).

    Where the bit ``known`` is 0 it is NULL; ``is_date`` hands a day number out as a date.
    """

    name: str
    term: Term
    width: int | None = None
    known: Term | None = None
    is_date: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.term,) if self.known is None else (self.term, self.known)


class Layers:
    """Writes outputs over a table as one query in one dialect.

    ``hints`` names columns of layers by the number of their term.
    """

    def __init__(self, dialect: Dialect, columns: Mapping[str, Column], hints: Mapping[int, str] | None = None) -> None:
        self.dialect: Dialect = dialect
        self.columns = columns
        self.hints = hints or {}
        self._types = [exp.DataType.build(t, dialect=dialect) for t in _TYPES[dialect]]
        self._cells: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._widths: dict[int, int] = {}

    def query(self, source: exp.Expr, passed: Sequence[str], outputs: Sequence[Output]) -> exp.Select:
        """``SELECT passed columns, outputs FROM source`` in layers. ``passed`` are names of columns of the source."""
        order = self._choose_cells([term for o in outputs for term in o.terms])
        top = max(self._levels.values(), default=0)
        by_level: list[list[Term]] = [[] for _ in range(top + 1)]
        for term in order:
            if term.number in self._cells:
                by_level[self._levels[term.number]].append(term)
        # What each level needs of those below: names of cells and of source columns.
        needed: list[set[str]] = [set() for _ in range(top + 2)]
        written: list[list[exp.Expr]] = [[] for _ in range(top + 1)]
        for level in range(1, top + 1):
            for term in by_level[level]:
                expression = self._write(term, own=True)
                needed[level] |= {c.name for c in expression.find_all(exp.Column)}
                written[level].append(exp.alias_(expression, self._cells[term.number], quoted=True))
        final = [self._final(o) for o in outputs]
        needed[top + 1] = {c.name for e in final for c in e.find_all(exp.Column)} | set(passed)
        current: exp.Expr = source
        for level in range(1, top + 1):
            later = set().union(*needed[level + 1 :])
            made = {self._cells[t.number] for t in by_level[level]}
            below = (
                set(self.columns) | set(passed) | {self._cells[t.number] for lower in by_level[1:level] for t in lower}
            )
            carried = [_column(name) for name in sorted((later - made) & below)]
            select = exp.select(*carried, *written[level], copy=False).from_(current, copy=False)
            if self.dialect == "postgres":
                # Else PostgreSQL pulls the layers together again and computes what is shared once for each use.
                select = select.offset(0, copy=False)
            current = select.subquery(f"layer_{level}", copy=False)
        return exp.select(*[_column(p) for p in passed], *final, copy=False).from_(current, copy=False)

    def _final(self, output: Output) -> exp.Expr:
        expression = self._date(output.term) if output.is_date else self._write(output.term, own=False)
        if output.width == WIDE:
            # As every engine and every file holds it exactly: DuckDB writes its HUGEINT to Parquet as a binary fraction.
            expression = exp.cast(expression, "DECIMAL(38, 0)")
        elif output.width is not None and self.width(output.term) != output.width:
            expression = self._cast(expression, output.width)
        if output.known is not None and output.known.constant != 1:
            test = exp.NEQ(this=self._part(output.known), expression=_number(0))
            expression = exp.Case(ifs=[exp.If(this=test, true=expression)])
        return exp.alias_(expression, output.name, quoted=True)

    # -- what becomes a column of a layer -------------------------------------------------------------------------------

    def _choose_cells(self, roots: Sequence[Term]) -> list[Term]:
        """Chooses the terms that are computed once for several uses, and their levels; all terms, lowest first."""
        uses: dict[int, int] = {}
        order: list[Term] = []
        seen: set[int] = set()

        def visit(term: Term) -> None:
            if term.number in seen:
                return
            seen.add(term.number)
            for argument in _parts(term):
                visit(argument)
            order.append(term)

        for root in roots:
            visit(root)
            uses[root.number] = uses.get(root.number, 0) + 1
        for term in reversed(order):
            # A term that is inverted where it stands is used as often as what asks for the opposite.
            times = uses.get(term.number, 0) if term.operation == "not" else 1
            for argument in _parts(term):
                uses[argument.number] = uses.get(argument.number, 0) + times
        operations: dict[int, int] = {}
        for term in order:
            level = max((self._level(a) for a in _parts(term)), default=0)
            size = 1 + sum(1 if a.number in self._cells else operations[a.number] for a in _parts(term))
            operations[term.number] = size if term.operation != "constant" else 0
            worth = operations[term.number] >= _WORTH[self.dialect] or term.number in self.hints
            if uses[term.number] > 1 and (term.operation not in ("constant", "not") or _is_read(term)) and worth:
                self._cells[term.number] = self.hints.get(term.number, f"c{term.number}")
                level += 1
            self._levels[term.number] = level
        return order

    def _level(self, term: Term) -> int:
        return self._levels[term.number]

    # -- expressions --------------------------------------------------------------------------------------------------

    def width(self, term: Term) -> int:
        """The width a term is computed in: what its range needs, and at least that of its parts."""
        found = self._widths.get(term.number)
        if found is None:
            found = self._widths[term.number] = self._width(term)
        return found

    def _width(self, term: Term) -> int:
        match term.operation:
            case "known" | "flag" | "and" | "or" | "not" | "compare" | "members":
                return BIT
            case "fill":
                return _COLUMN_WIDTHS[self.columns[str(term.detail[0])].type]
            case "day" | "moved":
                return LONG
        if term.operation == "choose" and all(_is_small(a) or self.width(a) == BIT for a in term.arguments[1:]):
            return BIT
        needed = WORD if term.low > -(2**31) and term.high < 2**31 else LONG
        if not (term.low > -(2**63) and term.high < 2**63):
            needed = WIDE
        if term.operation in ("constant", "quotient"):
            return needed
        parts = [a for a in term.arguments if a.constant is None]
        if term.operation == "choose":
            parts = [a for a in term.arguments[1:] if a.constant is None]
        widest = max((self.width(p) for p in parts), default=BIT)
        few = term.high <= SMALL_COUNT and all(a.low >= 0 for a in term.arguments)
        if term.operation in ("add", "multiply") and widest == BIT and few:
            return BIT
        return max(needed, widest)

    def _write(self, term: Term, *, own: bool) -> exp.Expr:
        """The expression of a term; the name of its column where it has one, unless it is that column itself."""
        if not own and term.number in self._cells:
            return _column(self._cells[term.number])
        writers: dict[str, Callable[[Term], exp.Expr]] = {
            "constant": lambda t: _number(t.low),
            "known": self._known,
            "fill": self._fill,
            "flag": self._flag,
            "day": self._day,
            "and": lambda t: self._chain(exp.BitwiseAnd, t),
            "or": lambda t: self._chain(exp.BitwiseOr, t),
            "not": self._not,
            "add": self._add,
            "multiply": self._multiply,
            "compare": lambda t: self._cast(self._test(t), BIT),
            "members": lambda t: self._cast(self._test(t), BIT),
            "choose": self._choose,
            "quotient": self._quotient,
            "moved": self._moved_day,
        }
        return writers[term.operation](term)

    def _part(self, term: Term, width: int | None = None) -> exp.Expr:
        """A term inside another, in parentheses where it has an operator, cast to a width if it is narrower."""
        expression = self._write(term, own=False)
        if width is not None and term.constant is None and self.width(term) < width:
            return self._cast(expression, width)
        if isinstance(expression, exp.Binary | exp.Neg | exp.Case):
            return exp.paren(expression, copy=False)
        return expression

    def _known(self, term: Term) -> exp.Expr:
        return self._cast(exp.Not(this=exp.Is(this=_column(str(term.detail[0])), expression=exp.null())), BIT)

    def _not(self, term: Term) -> exp.Expr:
        inner = term.arguments[0]
        if _is_read(term):
            return self._cast(exp.Is(this=_column(str(inner.detail[0])), expression=exp.null()), BIT)
        return exp.Sub(this=_number(1), expression=self._part(inner))

    def _fill(self, term: Term) -> exp.Expr:
        return _instead_of_null(str(term.detail[0]), _number(int(term.detail[1])))

    def _flag(self, term: Term) -> exp.Expr:
        return self._cast(_instead_of_null(str(term.detail[0]), exp.Boolean(this=bool(term.detail[1]))), BIT)

    def _day(self, term: Term) -> exp.Expr:
        name, shift, unit = term.detail
        day: exp.Expr = _column(str(name))
        if unit:
            day = self._moved(day, int(shift), str(unit))
        return exp.Coalesce(this=self._day_number(day), expressions=[_number(0)])

    def _day_number(self, day: exp.Expr) -> exp.Expr:
        epoch = exp.cast(exp.Literal.string(EPOCH.isoformat()), "DATE")
        passed: exp.Expr
        if self.dialect == "spark":
            passed = exp.DateDiff(this=day, expression=epoch)
        else:
            passed = exp.Sub(this=day, expression=epoch)
        number = exp.Add(this=exp.paren(passed, copy=False), expression=_number(EPOCH.toordinal()))
        return self._cast(number, LONG)

    def _date(self, number: Term) -> exp.Expr:
        """A day number as a date of SQL."""
        passed = exp.Sub(this=self._part(number), expression=_number(EPOCH.toordinal()))
        epoch = exp.cast(exp.Literal.string(EPOCH.isoformat()), "DATE")
        days = self._cast(exp.paren(passed, copy=False), WORD)
        if self.dialect == "spark":
            return exp.DateAdd(this=epoch, expression=days, unit=exp.var("DAY"))
        return exp.Add(this=epoch, expression=days)

    def _moved_day(self, term: Term) -> exp.Expr:
        return self._day_number(
            self._moved(exp.paren(self._date(term.arguments[0]), copy=False), int(term.detail[0]), "months")
        )

    def _quotient(self, term: Term) -> exp.Expr:
        """Division rounded down. Every engine cuts towards zero, so a number below zero is divided as its opposite."""
        (inner,) = term.arguments
        divisor, width = int(term.detail[0]), self.width(inner)
        if inner.low >= 0:
            return self._cast(self._cut(self._part(inner), divisor, width), self.width(term))
        below = exp.Sub(this=_number(divisor - 1), expression=self._part(inner))
        ceiling = exp.Neg(this=exp.paren(self._cut(exp.paren(below, copy=False), divisor, width), copy=False))
        if inner.high < 0:
            return self._cast(ceiling, self.width(term))
        negative = exp.LT(this=self._part(inner), expression=_number(0))
        branches = [exp.If(this=negative, true=ceiling)]
        return self._cast(
            exp.Case(ifs=branches, default=self._cut(self._part(inner), divisor, width)), self.width(term)
        )

    def _cut(self, number: exp.Expr, divisor: int, width: int) -> exp.Expr:
        """The whole part of a quotient of a number of zero or more."""
        if self.dialect == "postgres" and width == WIDE:
            return exp.func("div", number, _number(divisor))
        if self.dialect == "postgres":
            return exp.Div(this=number, expression=_number(divisor), typed=True, safe=False)
        if self.dialect == "spark" and width == WIDE:
            # Its whole-number division gives 64 bits, its decimal one is exact only where nothing is left.
            whole = exp.Sub(this=number, expression=exp.Mod(this=number.copy(), expression=_number(divisor)))
            return exp.Div(this=exp.paren(whole, copy=False), expression=_number(divisor), typed=False, safe=True)
        return exp.IntDiv(this=number, expression=_number(divisor))

    def _moved(self, day: exp.Expr, shift: int, unit: str) -> exp.Expr:
        """A date moved by days, months or years; the 31st and 29 February fall on the last day there is."""
        if self.dialect == "spark":
            if unit == "days":
                return exp.DateAdd(this=day, expression=_number(shift), unit=exp.var("DAY"))
            return exp.AddMonths(this=day, expression=_number(shift * 12 if unit == "years" else shift))
        interval = exp.Interval(this=exp.Literal.string(str(shift)), unit=exp.var(unit.removesuffix("s").upper()))
        return exp.cast(exp.Add(this=day, expression=interval), "DATE")

    def _chain(self, kind: type[exp.Binary], term: Term) -> exp.Expr:
        result = self._part(term.arguments[0])
        for argument in term.arguments[1:]:
            result = kind(this=result, expression=self._part(argument))
        return result

    def _add(self, term: Term) -> exp.Expr:
        width = self.width(term)
        result: exp.Expr | None = None
        for argument in term.arguments:
            if argument.constant is not None and argument.constant < 0 and result is not None:
                result = exp.Sub(this=result, expression=_number(-argument.constant))
                continue
            part = self._part(argument, width)
            result = part if result is None else exp.Add(this=result, expression=part)
        assert result is not None
        return result

    def _multiply(self, term: Term) -> exp.Expr:
        width = self.width(term)
        left, right = term.arguments
        return exp.Mul(this=self._part(left, width), expression=self._part(right, width))

    def _test(self, term: Term) -> exp.Expr:
        """A bit of a comparison as a truth of SQL."""
        if term.operation == "members":
            held = exp.BitwiseAnd(this=self._part(term.arguments[0]), expression=_number(int(term.detail[0])))
            return exp.NEQ(this=exp.paren(held, copy=False), expression=_number(0))
        left, right = term.arguments
        width = max(self.width(left), self.width(right)) if left.constant is None and right.constant is None else None
        return _COMPARISONS[str(term.detail[0])](this=self._part(left, width), expression=self._part(right, width))

    def _choose(self, term: Term) -> exp.Expr:
        width = self.width(term)
        branches: list[exp.If] = []
        rest = term
        # A choice in the place of *otherwise* is one more branch of the same CASE.
        while rest is term or (rest.operation == "choose" and rest.number not in self._cells):
            bit, yes, no = rest.arguments
            if bit.operation in ("compare", "members") and bit.number not in self._cells:
                test = self._test(bit)
            else:
                test = exp.NEQ(this=self._part(bit), expression=_number(0))
            branches.append(exp.If(this=test, true=self._branch(yes, width)))
            rest = no
        return exp.Case(ifs=branches, default=self._branch(rest, width))

    def _branch(self, term: Term, width: int) -> exp.Expr:
        if term.constant is not None:
            return self._cast(_number(term.constant), width) if width != WORD else _number(term.constant)
        return self._part(term, width)

    def _cast(self, expression: exp.Expr, width: int) -> exp.Expr:
        return exp.Cast(this=expression, to=self._types[width].copy())


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), copy=False)


def _is_read(term: Term) -> bool:
    """Whether a term says that a column is missing, which is read as cheaply as that it is known."""
    return term.operation == "not" and term.arguments[0].operation == "known"


def _parts(term: Term) -> tuple[Term, ...]:
    """The terms that a term is written over."""
    return () if _is_read(term) else term.arguments


def _is_small(term: Term) -> bool:
    return term.constant is not None and 0 <= term.constant <= SMALL_COUNT


def _instead_of_null(name: str, value: exp.Expr) -> exp.Case:
    """A column with a value in place of NULL. DuckDB takes half as long for it as for COALESCE where many are NULL."""
    column = _column(name)
    return exp.Case(ifs=[exp.If(this=exp.Is(this=column, expression=exp.null()), true=value)], default=column.copy())


def _number(value: int) -> exp.Expr:
    literal = exp.Literal.number(str(abs(value)))
    return exp.Neg(this=literal) if value < 0 else literal
