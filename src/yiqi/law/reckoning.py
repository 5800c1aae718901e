"""Lines that give an amount or a date, multiplied out: whole-number polynomials, and what chooses among them.

What is only sums and products of facts and numbers becomes one polynomial; ``up to``, ``highest`` and their kin, other
rules and dates that a fact moves stand between polynomials. A line comes out in a whole part of a fen, its *scale*.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from yiqi.law.arithmetic import (
    RATES,
    ComplexityError,
    Quantity,
    UnitError,
    add,
    constant,
    divide,
    multiply,
    product_kind,
)
from yiqi.law.bilingual import Bilingual
from yiqi.law.problem import ProblemError
from yiqi.law.syntax import Arithmetic, Call, Choice, Expression, Limit, Name, Number, Reckoning
from yiqi.law.tree import (
    Added,
    Formula,
    Given,
    Highest,
    Lowest,
    Moved,
    Multiplied,
    Reckoned,
    ReckonNode,
    RuleTest,
    ScoreRule,
)
from yiqi.law.vocabulary import Fact

Unit = Literal["days", "months", "years"]
KINDS: dict[str, str] = {"amount": "money", "date": "date"}
"""The kind of quantity that a line of each kind has to come out at."""
SPAN_UNITS: dict[str, Unit] = {"天": "days", "日": "days", "个月": "months", "月": "months", "年": "years"}
"""How facts that are numbers of days, months or years are declared: by their unit."""
LARGEST_SCALE = 10**15
"""Parts of a fen; ours have at most a few thousand, and 1e8 for each share that is a fact."""


@dataclass(frozen=True, slots=True)
class Value:
    """A node that comes out in 1/``scale`` of the natural unit of its kind."""

    kind: str
    node: ReckonNode
    scale: int


@dataclass(frozen=True, slots=True)
class Named:
    """A rule that a name means: its amount or date, with ``test`` where conditions decide whether it is given."""

    kind: str
    rule: ScoreRule
    test: RuleTest | None


class Names(Protocol):
    """What the heading of a line knows."""

    def quantity(self, expression: Expression) -> Quantity:
        """A number, a fact or a sum of years as a quantity. Raises :class:`ProblemError`."""

    def fact_named(self, name: Name) -> Fact | None:
        """The fact that a name means."""

    def giving(self, name: Name) -> Named:
        """The rule that a name means. Raises :class:`ProblemError` where it gives neither an amount nor a date."""

    def units(self, expression: Expression, error: UnitError) -> ProblemError:
        """What is wrong with quantities that cannot be combined."""


class Reckoner:
    """Multiplies out the lines of one heading."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def line(self, reckoning: Reckoning, identifier: str) -> Reckoned:
        """A line or a cell. Raises :class:`ProblemError`."""
        try:
            value = self._value_of(self.reckon(reckoning.value), reckoning.value)
        except ComplexityError:
            raise ProblemError(
                reckoning.span, "too-complex", "this line multiplies out to too many terms", "该行展开后的项数过多",
                Bilingual("give parts of it headings of their own", "请将部分内容另设标题"),
            ) from None  # fmt: skip
        wanted = KINDS[reckoning.kind]
        if value.kind != wanted:
            raise self.names.units(reckoning.value, UnitError(value.kind, wanted))
        if value.scale > LARGEST_SCALE:
            raise ProblemError(
                reckoning.span, "too-fine", "this line divides too finely", "该行的除数过大",
                Bilingual("round a part of it under a heading of its own", "请将部分内容另设标题，先行取整"),
            )  # fmt: skip
        return Reckoned(identifier, value.node, value.scale, reckoning, reckoning.span)

    # -- expressions --------------------------------------------------------------------------------------------------

    def reckon(self, expression: Expression) -> Quantity | Value:
        """A polynomial as long as it is one, else a node."""
        match expression:
            case Name() if expression.id != "on" and self.names.fact_named(expression) is None:
                named = self.names.giving(expression)
                node: ReckonNode = named.rule if named.test is None else Given(named.test, named.rule)
                return Value(KINDS[named.kind], node, 1)
            case Number() | Name() | Call():
                return self.names.quantity(expression)
            case Arithmetic():
                return self._arithmetic(expression)
            case Limit(operand, kind, bound):
                choose = Lowest if kind == "up_to" else Highest
                return self._chosen(choose, (operand, bound), expression)
            case Choice(function, operands):
                choose = Lowest if function in ("lowest", "earliest") else Highest
                value = self._chosen(choose, operands, expression)
                if (function in ("latest", "earliest")) != (value.kind == "date"):
                    raise ProblemError(
                        expression.span, "choice-kind",
                        "dates are chosen by `latest` and `earliest`, amounts by `highest` and `lowest`",
                        "日期用“最晚”“最早”选取，金额用“最高”“最低”选取",
                    )  # fmt: skip
                return value
            case _:
                raise ProblemError(expression.span, "not-a-number", "a number is expected here", "此处应为数值")

    def _chosen(
        self,
        choose: Callable[[tuple[ReckonNode, ...]], Lowest | Highest],
        parts: tuple[Expression, ...],
        whole: Expression,
    ) -> Value:
        values = [self._value_of(self.reckon(part), part) for part in parts]
        kind, scale, nodes = self._alike(values, whole)
        return Value(kind, choose(nodes), scale)

    def _arithmetic(self, expression: Arithmetic) -> Quantity | Value:
        operator = expression.operator
        left, right = self.reckon(expression.left), self.reckon(expression.right)
        if left.kind == "date" and operator in "+-" and right.kind != "date":
            return self._moved(expression, left, right)
        try:
            if operator == "/":
                divisor = right.constant if isinstance(right, Quantity) else None
                if divisor is None or right.kind != "number":
                    raise ProblemError(
                        expression.right.span, "divided-by-fact",
                        "in an amount only a number divides, such as `/ 12`", "金额中只能除以数字，例如“/ 12”",
                    )  # fmt: skip
                if divisor <= 0:
                    raise ProblemError(
                        expression.right.span, "divided-by-fact", "an amount is divided by a number above zero",
                        "除数应大于零",
                    )  # fmt: skip
                if isinstance(left, Quantity):
                    return divide(left, cast(Quantity, right))
                return self._times(left, self._value_of(constant(1 / divisor, "number"), expression.right), expression)
            if isinstance(left, Quantity) and isinstance(right, Quantity):
                if operator == "*":
                    return multiply(left, right, RATES)
                return add(left, right, 1 if operator == "+" else -1)
        except UnitError as error:
            raise self.names.units(expression, error) from None
        a, b = self._value_of(left, expression.left), self._value_of(right, expression.right)
        if operator == "*":
            return self._times(a, b, expression)
        kind, scale, nodes = self._alike([a, b], expression)
        second = nodes[1] if operator == "+" else lifted(nodes[1], -1)
        return Value(kind, Added((nodes[0], second)), scale)

    def _times(self, a: Value, b: Value, expression: Expression) -> Value:
        try:
            kind = product_kind(a.kind, b.kind, RATES)
        except UnitError as error:
            raise self.names.units(expression, error) from None
        return Value(kind, Multiplied(a.node, b.node), a.scale * b.scale)

    def _moved(self, expression: Arithmetic, date: Quantity | Value, span: Quantity | Value) -> Quantity | Value:
        fixed = span.constant if isinstance(span, Quantity) else None
        if isinstance(date, Quantity) and fixed is not None and span.kind in ("days", "months", "years"):
            return self.names.quantity(expression)
        unit = self._unit(expression.right, span)
        by = self._value_of(span, expression.right)
        if by.scale != 1:
            raise ProblemError(
                expression.right.span, "date-shift", "a date is moved by a whole number of years, months or days",
                "日期只能加减整数年、月或日",
            )  # fmt: skip
        node = by.node if expression.operator == "+" else lifted(by.node, -1)
        return Value("date", Moved(self._value_of(date, expression.left).node, node, unit), 1)

    def _unit(self, expression: Expression, span: Quantity | Value) -> Unit:
        if span.kind in ("days", "months", "years"):
            return cast(Unit, span.kind)
        facts = [self.names.fact_named(name) for name in _names(expression)]
        units = {SPAN_UNITS.get(fact.unit or "") if fact is not None else None for fact in facts}
        found = units.pop() if len(units) == 1 else None
        if span.kind != "count" or found is None:
            raise ProblemError(
                expression.span, "date-shift",
                "a date is moved by years, months or days, or by a fact that is a number of them (its `unit` is 天, 个月 or 年)",
                "日期只能加减年、月、日，或单位为天、个月、年的事实",
            )  # fmt: skip
        return found

    # -- scales -------------------------------------------------------------------------------------------------------

    def _value_of(self, quantity: Quantity | Value, expression: Expression) -> Value:
        if isinstance(quantity, Value):
            return quantity
        if set(quantity.denominator) != {()} or quantity.root != 1:
            raise ProblemError(
                expression.span, "divided-by-fact", "in an amount only a number divides, such as `/ 12`",
                "金额中只能除以数字，例如“/ 12”",
            )  # fmt: skip
        bottom = quantity.denominator[()]
        terms = {m: c / bottom for m, c in quantity.numerator.items()}
        scale = math.lcm(*(c.denominator for c in terms.values())) if terms else 1
        return Value(quantity.kind, Formula(tuple(sorted((m, int(c * scale)) for m, c in terms.items()))), scale)

    def _alike(self, values: list[Value], expression: Expression) -> tuple[str, int, tuple[ReckonNode, ...]]:
        """The kind of values that are added or compared, and their nodes in one scale."""
        kinds = {v.kind for v in values}
        counted = kinds - {"number"}
        if len(counted) > 1 or (counted and "number" in kinds and counted & {"money", "ratio", "date"}):
            raise self.names.units(
                expression, UnitError(values[0].kind, next(v.kind for v in values if v.kind != values[0].kind))
            )
        scale = math.lcm(*(v.scale for v in values))
        return (counted or kinds).pop(), scale, tuple(lifted(v.node, scale // v.scale) for v in values)


def lifted(node: ReckonNode, factor: int) -> ReckonNode:
    """The node ``factor`` times as large."""
    if factor == 1:
        return node
    match node:
        case Formula(polynomial):
            return Formula(tuple((m, c * factor) for m, c in polynomial))
        case Lowest(children) if factor > 0:
            return Lowest(tuple(lifted(c, factor) for c in children))
        case Highest(children) if factor > 0:
            return Highest(tuple(lifted(c, factor) for c in children))
        case Added(children):
            return Added(tuple(lifted(c, factor) for c in children))
        case Multiplied(left, right):
            return Multiplied(lifted(left, factor), right)
        case _:
            return Multiplied(Formula((((), factor),)), node)


def _names(expression: Expression) -> Iterator[Name]:
    match expression:
        case Name():
            yield expression
        case Arithmetic(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case Limit(operand, _, bound):
            yield from _names(operand)
            yield from _names(bound)
        case Choice(_, operands):
            for operand in operands:
                yield from _names(operand)
        case Call(name=name):
            yield name
