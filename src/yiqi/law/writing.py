"""Turns syntax back into text, in either tongue.

``write_law`` gives what stands in a rule fence and reads back as the same syntax: English ids and keywords, or Chinese
labels and keywords. What a person reads in an explanation is written by :mod:`yiqi.law.wording`, whose functions are
offered here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yiqi.law.bilingual import Language
from yiqi.law.quantities import decimal_text
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
    Otherwise,
    Reckoning,
    Unless,
    Years,
)
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.law.wording import group_text, required_text, write_page
from yiqi.law.words import KEYWORDS, OPERATORS, UNIT_TEXT

__all__ = ["Names", "Titles", "group_text", "required_text", "write_cell", "write_law", "write_line", "write_page"]

Titles = Callable[[str], str | None]
"""The Chinese heading of a rule, by its name in the text, when it can name the rule in its file; else None."""
Names = Callable[[str], str]
"""The name under which a rule is to be written, by its name in the text."""


def _as_written(name: str) -> str:
    return name


CONTEXT_NAMES = ("procedure", "on")
VALUES = ("yes", "no", "new", "re_review")
INDENT = "  "

# How tightly an expression holds together; an operand that holds less tightly than its place asks for is bracketed.
_UNLESS, _OR, _AND, _TEST, _COMPARISON, _SUM, _PRODUCT, _FACTOR = range(8)


def write_law(
    item: Item | Expression, language: Language, vocabulary: Vocabulary, titles: Titles, names: Names = _as_written
) -> str:
    """A line, a group (several lines, indented by two spaces) or an expression as it stands in a law file.

    A fact or value whose Chinese label could be read as something else is written by its id, and so is a rule without
    a title of its own. Raises ``ValueError`` for syntax that the grammar has no spelling for.
    """
    writer = _LawWriter(language, vocabulary, titles, names)
    if isinstance(item, Line | Group):
        return "\n".join(writer.item(item, 0))
    return writer.expression(item, _UNLESS)


def write_line(
    item: Line | Group, language: Language, vocabulary: Vocabulary, titles: Titles, names: Names = _as_written
) -> str:
    """The one line on which a line or the opening of a group stands, without indentation."""
    return _LawWriter(language, vocabulary, titles, names).item(item, 0)[0]


def write_cell(
    expression: Expression, language: Language, vocabulary: Vocabulary, titles: Titles, names: Names = _as_written
) -> str:
    """A table cell below a heading: the condition without its left side; ``is`` before a single value is left out.

    ``expression`` is what :func:`yiqi.law.grammar.parse_cell` gives, so its left side is the heading of the column.
    """
    return _LawWriter(language, vocabulary, titles, names).cell(expression)


def _level(expression: Expression) -> int:
    match expression:
        case Unless():
            return _UNLESS
        case Junction(kind="any"):
            return _OR
        case Junction():
            return _AND
        case Negation() | Years():
            return _TEST
        case Comparison() | Is() | Includes() | CodeIn() | Limit():
            return _COMPARISON
        case Reckoning():
            return _UNLESS
        case Arithmetic(operator="+" | "-"):
            return _SUM
        case Arithmetic():
            return _PRODUCT
        case _:
            return _FACTOR


class _LawWriter:
    def __init__(self, language: Language, vocabulary: Vocabulary, titles: Titles, names: Names) -> None:
        self.language = language
        self.chinese = language == "zh"
        self.vocabulary = vocabulary
        self.titles = titles
        self.names = names

    def word(self, key: str) -> str:
        return KEYWORDS[key][1 if self.chinese else 0]

    # -- lines and groups ---------------------------------------------------------------------------------------------

    def item(self, item: Item, depth: int) -> list[str]:
        if isinstance(item, Line):
            return [INDENT * depth + self._line(item, self.expression(item.expression, _UNLESS))]
        lines = [INDENT * depth + self._line(item, self._opening(item))]
        for child in item.items:
            lines.extend(self.item(child, depth + 1))
        return lines

    def _opening(self, group: Group) -> str:
        colon = "：" if self.chinese else ":"
        if group.kind == "at_least":
            return f"至少满足{group.count}项：" if self.chinese else f"at least {group.count} of:"
        return self.word("readings" if group.kind == "readings" else f"{group.kind}_of") + colon

    def _line(self, item: Item, code: str) -> str:
        reading = ""
        if item.reading is not None:
            reading = f"{self.word('reading')} {item.reading}" + ("：" if self.chinese else ": ")
        tag = f" [{item.tag}]" if item.tag else ""
        comment = f" # {item.comment}" if item.comment else ""
        return reading + code + tag + comment

    # -- expressions --------------------------------------------------------------------------------------------------

    def expression(self, expression: Expression, level: int) -> str:
        if _level(expression) >= level:
            return self._plain(expression)
        if isinstance(expression, Unless):
            raise ValueError("an exception (`unless`) can only stand at the end of a whole line")
        return self._bracketed(self._plain(expression))

    def _bracketed(self, text: str) -> str:
        return f"（{text}）" if self.chinese else f"({text})"

    def _plain(self, expression: Expression) -> str:
        match expression:
            case Number() | Name() | Call() | Arithmetic() | Limit() | Choice():
                return self._amount(expression)
            case Reckoning(kind, value):
                return f"{self.word(kind)}{'：' if self.chinese else ': '}{self.expression(value, _COMPARISON)}"
            case Comparison(left) | Is(left) | Includes(left) | CodeIn(left):
                return f"{self.expression(left, _SUM)} {self.predicate(expression)}"
            case Negation(operand):
                return f"{self.word('not')} {self.expression(operand, _TEST)}"
            case Junction(kind, operands):
                inner, word = (_TEST, "and") if kind == "all" else (_AND, "or")
                return f" {self.word(word)} ".join(self.expression(o, inner) for o in operands)
            case Unless(operand, exception):
                return f"{self.expression(operand, _OR)} {self.word('unless')} {self.expression(exception, _OR)}"
            case Years(kind, operand, years):
                word = self.word("in_each_of" if kind == "each" else "in_any_of")
                period = f"{self.word('last')}{years}年{word}" if self.chinese else f"{word} {_years(years)}"
                return f"{self.expression(operand, _COMPARISON)} {period}"
            case Otherwise():
                return self.word("otherwise")

    def _amount(self, expression: Number | Name | Call | Arithmetic | Limit | Choice) -> str:
        match expression:
            case Number():
                return self._number(expression)
            case Name():
                return self._name(expression) + self._index(expression)
            case Call(function, name, years):
                open_, comma, close = ("（", "，", "）") if self.chinese else ("(", ", ", ")")
                period = "" if years == 1 else comma + (f"{years}年" if self.chinese else _years(years))
                return f"{self.word(function)}{open_}{self._name(name)}{period}{close}"
            case Arithmetic(operator, left, right):
                level = _level(expression)
                return f"{self.expression(left, level)} {operator} {self.expression(right, level + 1)}"
            case Limit(operand, kind, bound):
                return f"{self.expression(operand, _COMPARISON)} {self.word(kind)} {self.expression(bound, _SUM)}"
            case Choice(function, operands):
                open_, comma, close = ("（", "，", "）") if self.chinese else ("(", ", ", ")")
                return f"{self.word(function)}{open_}{comma.join(self.expression(o, _COMPARISON) for o in operands)}{close}"

    def predicate(self, expression: Comparison | Is | Includes | CodeIn) -> str:
        """A test without its left side."""
        match expression:
            case Comparison(left, operator, right):
                fact = self._listed(left)
                value = self._value(right, fact) if fact and isinstance(right, Name) else self.expression(right, _SUM)
                return f"{self._operator(operator)} {value}"
            case Is(left, values, negated):
                if negated and len(values) > 1:
                    raise ValueError("`is not` takes one value")
                word = self.word("is_not" if negated else "is_one_of" if len(values) > 1 else "is")
                return f"{word} {self._joined(self._value(v, self._listed(left)) for v in values)}"
            case Includes(left, member):
                return f"{self.word('includes')} {self._value(member, self._listed(left))}"
            case CodeIn(_, prefixes, exceptions):
                text = f"{self.word('in')} {self._joined(prefixes)}"
                return f"{text} {self.word('except')} {self._joined(exceptions)}" if exceptions else text

    def cell(self, expression: Expression) -> str:
        match expression:
            case Is(left, (value,), False):
                text = self._value(value, self._listed(left))
                # “其他” alone in a cell closes the table, so the value of that name keeps its verb.
                return f"{self.word('is')} {text}" if text in KEYWORDS["otherwise"] else text
            case Comparison() | Is() | Includes() | CodeIn():
                return self.predicate(expression)
            case Otherwise():
                return self.word("otherwise")
            case _:
                raise ValueError("a cell holds a comparison, a value or `otherwise`")

    # -- words --------------------------------------------------------------------------------------------------------

    def _operator(self, operator: str) -> str:
        return {">=": "≥", "<=": "≤"}.get(operator, operator) if self.chinese else OPERATORS[operator]

    def _joined(self, parts: Iterable[str]) -> str:
        return ("、" if self.chinese else ", ").join(parts)

    def _number(self, number: Number) -> str:
        text = decimal_text(number.value)
        if not number.unit:
            return text
        if number.unit in ("years", "months", "days"):
            english, chinese = UNIT_TEXT[number.unit]
            return text + (chinese if self.chinese else english.removesuffix("s") if number.value == 1 else english)
        # Points keep 分 in both tongues: with and without it are two spellings of different syntax.
        return text + (UNIT_TEXT["points"][1] if number.unit == "points" else number.unit)

    def _name(self, name: Name) -> str:
        if name.id in CONTEXT_NAMES:
            return self.word(name.id)
        fact = self.vocabulary.get(name.id)
        if fact is not None:
            return self._label(fact.label.zh, fact.id) if self.chinese else fact.id
        title = self.titles(name.id) if self.chinese else None
        return f"「{title}」" if title is not None else self.names(name.id)

    def _index(self, name: Name) -> str:
        """``[0]`` is left out; where years make no sense it is an error of the text and stays for the check to find."""
        fact = self.vocabulary.get(name.id)
        wrong = name.index == 0 and (fact is None or fact.per is None)
        return f"[{name.index}]" if name.index or wrong else ""

    def _value(self, value: Name, fact: Fact | None) -> str:
        if value.id in VALUES:
            return self.word(value.id)
        if self.chinese and fact is not None:
            for member in fact.members:
                if member.id == value.id:
                    return self._label(member.label.zh, member.id)
        return value.id

    def _label(self, label: str, identifier: str) -> str:
        return label if self.vocabulary.chinese_names.get(label) == identifier else identifier

    def _listed(self, left: Expression) -> Fact | None:
        """The fact with named values that stands on the left, if one does."""
        fact = self.vocabulary.get(left.id) if isinstance(left, Name) else None
        return fact if fact is not None and fact.members else None


def _years(years: int) -> str:
    return f"{years} year" if years == 1 else f"{years} years"
