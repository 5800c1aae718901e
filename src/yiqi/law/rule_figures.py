"""The figures of a heading's rule: what its lines say and so its prose must say, and what its prose may also say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from yiqi.law.bilingual import Bilingual
from yiqi.law.document import Fence, Section, TableBlock
from yiqi.law.figures import Reading, figures_in
from yiqi.law.grammar import (
    GrammarError,
    Lexicon,
    parse_cell,
    parse_condition,
    parse_expression,
    parse_reckoning,
    parse_rule,
)
from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.law.resolve import is_chinese
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    Choice,
    CodeIn,
    Comparison,
    Expression,
    Group,
    Includes,
    Is,
    Item,
    Junction,
    Limit,
    Line,
    Name,
    Negation,
    Number,
    Reckoning,
    Span,
    Unless,
    Years,
)
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.law.words import KEYWORDS, UNIT_TEXT, UNITS


@dataclass(frozen=True, slots=True)
class RuleFigure:
    """A figure of a rule line as written there."""

    text: Bilingual
    span: Span
    readings: tuple[Reading, ...]


@dataclass
class RuleFigures:
    """``required`` must stand in the prose of both languages; the prose may state these and ``allowed``."""

    required: list[RuleFigure] = field(default_factory=list)
    allowed: list[tuple[Reading, ...]] = field(default_factory=list)
    sums: set[Fraction] = field(default_factory=set)
    """How many conditions there are, below the heading and in its groups: what a sentence may sum up."""

    def require(self, figure: RuleFigure) -> None:
        self.allowed.append(figure.readings)
        # Nobody writes "at least zero", and one of a thing may be written "a", "any" or not at all.
        trivial = all(value == 0 or (kind, abs(value)) in _SINGULAR for kind, value in figure.readings)
        if not trivial and not any(f.readings == figure.readings for f in self.required):
            self.required.append(figure)

    def allow(self, *readings: Reading) -> None:
        self.allowed.append(readings)

    def include(self, other: RuleFigures) -> None:
        self.allowed.extend(other.allowed)
        self.sums |= other.sums


_SINGULAR = {
    ("number", Fraction(1)),
    ("count", Fraction(1)),
    ("months", Fraction(12)),
    ("months", Fraction(1)),
    ("days", Fraction(1)),
}
_WINDOW = re.compile(r"_(\d+)y(?=_|\Z)")
_TOP = re.compile(r"_top(\d+)(?=_|\Z)")


def figures_of(section: Section, vocabulary: Vocabulary) -> RuleFigures:
    """The figures of the rule and procedure fences, tables and attributes of one heading, not of those below it."""
    reader = _Reader(vocabulary)
    reader.attributes(section)
    for block in section.blocks:
        if isinstance(block, Fence) and block.word == "rule":
            reader.rule(block)
        elif isinstance(block, Fence) and block.word == "procedure":
            reader.procedure(block)
        elif isinstance(block, TableBlock):
            reader.table(block)
    reader.found.sums.add(Fraction(len(section.sections)))
    return reader.found


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        names = {m.label.zh: m.id for fact in vocabulary for m in fact.members}
        names |= {fact.label.zh: fact.id for fact in vocabulary}
        self.lexicon = Lexicon(names, lambda title: f"x#{title}")
        self.found = RuleFigures()

    # -- what a heading holds -----------------------------------------------------------------------------------------

    def attributes(self, section: Section) -> None:
        for mark in section.marks:
            if mark.startswith("at-least-") and mark[9:].isdigit():
                self.found.require(RuleFigure(_both(f".{mark}"), section.span, (("count", Fraction(mark[9:])),)))
        maximum = section.values.get("max", "")
        if maximum.isdigit():
            self.found.allow(("count", Fraction(maximum)))
        elif maximum:
            for figure in figures_in(maximum, "zh"):
                self.found.require(RuleFigure(_both(f"max={maximum}"), section.span, figure.readings))

    def rule(self, fence: Fence) -> None:
        items, _ = parse_rule(fence.lines, self.lexicon)  # what cannot be read is an error of its own
        self.items(items)

    def items(self, items: list[Item] | tuple[Item, ...]) -> None:
        # "the four conditions below", "either of the two"
        self.found.sums.add(Fraction(len(items)))
        for item in items:
            if isinstance(item, Line):
                for figure in self.expression(item.expression):
                    self.found.require(figure)
            elif isinstance(item, Group):
                if item.kind == "at_least":
                    text = Bilingual(f"at least {item.count}", f"至少{item.count}项")
                    self.found.require(RuleFigure(text, item.span, (("count", Fraction(item.count)),)))
                self.items(item.items)

    def procedure(self, fence: Fence) -> None:
        for number, text in fence.lines:
            for figure in figures_in(text, "zh" if is_chinese(text) else "en"):
                if figure.stated:
                    span = Span(number, figure.start + 1, len(figure.text))
                    self.found.require(RuleFigure(_both(figure.text), span, figure.readings))

    def table(self, block: TableBlock) -> None:
        """The prose may state what a table says; it need not repeat the table."""
        self.found.sums.add(Fraction(len(block.rows)))
        lefts: list[Expression | None] = []
        for cell in block.header[:-1]:
            left: Expression | None = None
            try:
                left = parse_expression(cell.text, cell.span.line, cell.span.column, self.lexicon)
            except GrammarError:
                left = None  # `condition`, or an error that is reported where tables are typed
            lefts.append(left)
            self.allow_all(left)
        for cells in block.rows:
            for cell, left in zip(cells[:-1], lefts, strict=True):
                try:
                    if left is None:
                        self.allow_all(parse_condition(cell.text, cell.span.line, cell.span.column, self.lexicon))
                    else:
                        self.allow_all(parse_cell(cell.text, cell.span.line, cell.span.column, left, self.lexicon))
                except GrammarError:
                    continue  # an empty cell, or an error that is reported where tables are typed
            for figure in figures_in(cells[-1].text, "zh"):
                self.found.allow(*figure.readings)
            result = block.header[-1].text
            if result in KEYWORDS["amount"] or result in KEYWORDS["date"]:
                try:
                    line = parse_reckoning("amount", cells[-1].text, cells[-1].span.line, 1, self.lexicon)
                except GrammarError:
                    continue  # reported where tables are typed
                self.allow_all(line)

    def allow_all(self, expression: Expression | None) -> None:
        if expression is not None:
            for figure in self.expression(expression):
                self.found.allow(*figure.readings)

    # -- expressions --------------------------------------------------------------------------------------------------

    def expression(self, expression: Expression) -> Iterator[RuleFigure]:
        """The figures of an expression and of its parts; notes what its codes and values allow."""
        match expression:
            case Number(value, unit, span):
                yield RuleFigure(_number_text(value, unit), span, (_reading(value, unit),))
            case Call(years=years, span=span) | Years(years=years, span=span):
                yield RuleFigure(_years_text(years), span, (("months", Fraction(12 * years)),))
            case Name():
                yield from self.name(expression)
            case Is(left, values):
                self.allow_members(left, values)
            case Includes(left, member):
                self.allow_members(left, (member,))
            case CodeIn(_, prefixes, exceptions):
                for code in (*prefixes, *exceptions):
                    if digits := code.lstrip("ABCDEFGHIJKLMNOPQRST"):
                        self.found.allow(("count", Fraction(digits)))
        for part in parts_of(expression):
            yield from self.expression(part)

    def name(self, name: Name) -> Iterator[RuleFigure]:
        """A fact that carries a window or a rank in its id (``award_national_top3_3y``) states both."""
        fact = self.vocabulary.get(name.id)
        if fact is None:
            return
        for match in _WINDOW.finditer(fact.id):
            yield RuleFigure(_years_text(match[1]), name.span, (("months", Fraction(match[1]) * 12),))
        for match in _TOP.finditer(fact.id):
            yield RuleFigure(Bilingual(f"top {match[1]}", f"前{match[1]}"), name.span, (("count", Fraction(match[1])),))
        self.allow_fact(fact)

    def allow_fact(self, fact: Fact) -> None:
        for figure in (*figures_in(fact.label.en, "en"), *figures_in(fact.label.zh, "zh")):
            self.found.allow(*figure.readings)
        if fact.kind == "points":
            # "from 0 to 15 points" says how far a fact that is points goes
            for bound in (fact.minimum, fact.maximum):
                if bound is not None:
                    self.found.allow(("count", Fraction(bound, POINTS_SCALE)))

    def allow_members(self, left: Name, values: tuple[Name, ...]) -> None:
        fact = self.vocabulary.get(left.id)
        chosen = {value.id for value in values}
        for member in fact.members if fact is not None else ():
            if member.id in chosen:
                for figure in (*figures_in(member.label.en, "en"), *figures_in(member.label.zh, "zh")):
                    self.found.allow(*figure.readings)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside an expression."""
    match expression:
        case Comparison(left, _, right) | Arithmetic(_, left, right):
            return (left, right)
        case Unless(operand, exception):
            return (operand, exception)
        case Negation(operand) | Years(_, operand):
            return (operand,)
        case Limit(operand, _, bound):
            return (operand, bound)
        case Reckoning(_, value):
            return (value,)
        case Junction(_, operands) | Choice(_, operands):
            return operands
        case Call(name=name) | Is(left=name) | Includes(left=name) | CodeIn(left=name):
            return (name,)
        case _:
            return ()


def _reading(value: Fraction, unit: str) -> Reading:
    if not unit:
        return ("number", value)
    _, kind, factor = UNITS[unit] if unit in UNITS else ("", "points", Fraction(1))
    if kind == "years":
        return ("months", value * 12)
    return (kind if kind in ("money", "ratio", "months", "days") else "count", value * factor)


def _number_text(value: Fraction, unit: str) -> Bilingual:
    en, zh = UNIT_TEXT.get(unit, (unit, unit))
    return Bilingual(decimal_text(value) + en, decimal_text(value) + zh)


def _years_text(years: int | str) -> Bilingual:
    return Bilingual(f"{years} years", f"{years}年")


def _both(text: str) -> Bilingual:
    return Bilingual(text, text)
