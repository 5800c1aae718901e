"""Reads rule lines, table cells and headings of tables, in either tongue, into :mod:`yiqi.law.syntax`.

The grammar (``docs/reference/law-language.md`` has it in full)::

    line        = condition [ "unless" condition ] [ "[" tag "]" ] | ( "amount" | "date" ) ":" limited
    condition   = conjunction { "or" conjunction }
    conjunction = test { "and" test }
    test        = "not" test | comparison [ "in each of" n "years" | "in any of" n "years" ]
    comparison  = sum [ comparator sum ] | name "is" [ "not" ] value | name "is one of" value { "," value }
                | name "in" code { "," code } [ "except" code { "," code } ] | name "includes" value
    sum         = product { ( "+" | "-" ) product }
    product     = factor { ( "*" | "/" ) factor }
    factor      = number [ unit ] | name [ "[" year "]" ] | function "(" name [ "," n "years" ] ")" | "(" condition ")"
                | choice "(" limited { "," limited } ")" | "(" limited ")"
    limited     = sum { ( "up to" | "no less than" ) sum }

It is a hand-written descent because every error must say what was expected at which character, in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NoReturn, cast

from yiqi.law.bilingual import Bilingual
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    Choice,
    CodeIn,
    Comparator,
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
    Span,
    Unless,
    Years,
)
from yiqi.law.words import CHOICES, FUNCTIONS, KEYWORDS, OPERATORS, UNITS

MAXIMUM_DEPTH = 20
"""Brackets and indentation deeper than this are refused: a file is data and must not exhaust the reader."""
MAXIMUM_DIGITS = 18
MAXIMUM_TOKENS = 300
"""Words, numbers and signs of one line; so that what is read off a line is never nested deeper than readers can go."""


class GrammarError(Exception):
    """A line that cannot be read; ``span`` is where, ``message`` says what was expected."""

    def __init__(self, span: Span, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        self.span = span
        self.message = Bilingual(en, zh)
        self.remedy = remedy
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """``number``, ``name``, ``word`` (keyword), ``operator``, ``mark`` (punctuation), ``reference``, ``end``."""
    text: str
    span: Span
    value: Fraction | None = None
    unit: str = ""


_ENGLISH_WORDS: dict[str, str] = {en: key for key, (en, _) in KEYWORDS.items()}
_CHINESE_WORDS: dict[str, str] = {}
for _key, (_en, _zh) in KEYWORDS.items():
    _CHINESE_WORDS.setdefault(_zh, _key)
_PHRASES = sorted((en for en in _ENGLISH_WORDS if " " in en), key=len, reverse=True)
_PHRASE = re.compile(r"(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in _PHRASES) + r")(?![A-Za-z0-9_])")
# A comma belongs to a number only between groups of three digits: “44, 51” are two codes.
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
_UNIT = re.compile(
    r"\s?(?:"
    + "|".join(
        re.escape(u) + (r"(?![A-Za-z])" if u.isascii() and u.isalpha() else "")
        for u in sorted(UNITS, key=len, reverse=True)
    )
    + ")"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
_REFERENCE = re.compile(r"[a-z][a-z0-9-]*#[a-z_][a-z0-9_.]*")
_QUOTED = re.compile(r"「([^」]*)」")
_MARKS = {"（": "(", "）": ")", "，": ",", "、": ",", "：": ":", "［": "[", "］": "]"}


class Lexicon:
    """Chinese names that may stand in a line: labels of facts and of their values, by longest match."""

    def __init__(self, names: Mapping[str, str], titles: Callable[[str], str | None] | None = None) -> None:
        """``names`` maps a Chinese label to the id it stands for; ``titles`` finds a rule by its Chinese heading."""
        self.names = dict(names)
        self.titles = titles
        alternatives = sorted({*self.names, *_CHINESE_WORDS}, key=len, reverse=True)
        self.pattern = re.compile("|".join(re.escape(a) for a in alternatives if a)) if alternatives else None


EMPTY_LEXICON = Lexicon({})


def tokenize(text: str, line: int, column: int, lexicon: Lexicon = EMPTY_LEXICON) -> list[Token]:
    """Split one line into tokens; ``column`` is the column of ``text[0]`` in its file."""
    tokens: list[Token] = []
    at = 0

    def span(length: int) -> Span:
        return Span(line, column + at, max(1, length))

    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        # A label may begin with a number (“2024年版”) or with Latin letters (“ISO…认证”): it is taken where it is longer.
        label = lexicon.pattern.match(text, at) if lexicon.pattern else None
        match = _NUMBER.match(text, at)
        if match and label and label.end() > _quantity_end(text, match.end()):
            match = None
        if match:
            digits = match[0].replace(",", "")
            if len(digits) > MAXIMUM_DIGITS:
                raise GrammarError(span(len(match[0])), "this number is too long", "数字过长")
            end = match.end()
            unit = ""
            if unit_match := _UNIT.match(text, end):
                unit = UNITS[unit_match[0].strip()][0]
                end = unit_match.end()
            tokens.append(Token("number", text[at:end], span(end - at), Fraction(digits), unit))
            at = end
            continue
        if match := _REFERENCE.match(text, at):
            tokens.append(Token("reference", match[0], span(len(match[0]))))
            at = match.end()
            continue
        if match := _PHRASE.match(text, at):
            key = _ENGLISH_WORDS[re.sub(r"\s+", " ", match[0])]
            tokens.append(Token("word", key, span(len(match[0]))))
            at = match.end()
            continue
        identifier = _IDENTIFIER.match(text, at)
        if label and (identifier is None or label.end() > identifier.end()):
            found = label[0]
            if found in lexicon.names:
                tokens.append(Token("name", lexicon.names[found], span(len(found))))
            else:
                tokens.append(Token("word", _CHINESE_WORDS[found], span(len(found))))
            at = label.end()
            continue
        if identifier:
            word = identifier[0]
            if word in _ENGLISH_WORDS:
                tokens.append(Token("word", _ENGLISH_WORDS[word], span(len(word))))
            else:
                tokens.append(Token("name", word, span(len(word))))
            at = identifier.end()
            continue
        if match := _QUOTED.match(text, at):
            title = match[1].strip()
            rule = lexicon.titles(title) if lexicon.titles else None
            if rule is None:
                raise GrammarError(
                    span(len(match[0])),
                    f"no rule of this file has the Chinese heading “{title}”",
                    f"本文件没有中文标题为“{title}”的规则",
                )
            tokens.append(Token("reference" if "#" in rule else "name", rule, span(len(match[0]))))
            at = match.end()
            continue
        two = text[at : at + 2]
        if two in OPERATORS:
            tokens.append(Token("operator", OPERATORS[two], span(2)))
            at += 2
            continue
        if char in OPERATORS:
            tokens.append(Token("operator", OPERATORS[char], span(1)))
            at += 1
            continue
        if char in "+-−*×/÷()[],:（）［］，、：":
            mark = {"−": "-", "×": "*", "÷": "/"}.get(char, _MARKS.get(char, char))
            tokens.append(Token("mark", mark, span(1)))
            at += 1
            continue
        raise GrammarError(
            span(1),
            f"`{char}` has no meaning here; a name is an id of the vocabulary or its Chinese label",
            f"此处的“{char}”没有含义；名称应为词表中的英文标识或中文名称",
        )
    tokens.append(Token("end", "", span(1)))
    if len(tokens) > MAXIMUM_TOKENS:
        raise GrammarError(
            tokens[MAXIMUM_TOKENS].span,
            f"a line has at most {MAXIMUM_TOKENS} words and signs",
            f"一行最多{MAXIMUM_TOKENS}个词和符号",
        )
    return tokens


def _quantity_end(text: str, end: int) -> int:
    """Where a number that ends at ``end`` ends together with its unit."""
    unit = _UNIT.match(text, end)
    return unit.end() if unit else end


def split_comment(text: str) -> tuple[str, str | None]:
    """The code of a line and the comment behind `` # ``."""
    match = re.search(r"(?:^|(?<=\s))#(?:\s|$)", text)
    if match is None:
        return text.rstrip(), None
    return text[: match.start()].rstrip(), text[match.end() :].strip() or None


_TAG = re.compile(r"\s*\[([A-D])\]\s*$")


def split_tag(text: str) -> tuple[str, str | None]:
    """The code of a line and the confidence tag at its end."""
    match = _TAG.search(text)
    return (text[: match.start()], match[1]) if match else (text, None)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def advance(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.at += 1
        return token

    def is_word(self, *keys: str) -> bool:
        return self.token.kind == "word" and self.token.text in keys

    def is_mark(self, mark: str) -> bool:
        return self.token.kind == "mark" and self.token.text == mark

    def fail(self, en: str, zh: str) -> NoReturn:
        found = "the end of the line" if self.token.kind == "end" else f"`{self.token.text}`"
        found_zh = "行尾" if self.token.kind == "end" else f"“{self.token.text}”"
        raise GrammarError(self.token.span, f"expected {en}, found {found}", f"此处应为{zh}，却是{found_zh}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise GrammarError(self.token.span, "brackets are nested too deeply", "括号嵌套过深")

    def expect_mark(self, mark: str) -> None:
        if not self.is_mark(mark):
            self.fail(f"`{mark}`", f"“{mark}”")
        self.advance()

    def span_from(self, start: Span) -> Span:
        last = self.tokens[max(0, self.at - 1)].span
        return Span(start.line, start.column, last.column + last.length - start.column)

    # -- conditions ---------------------------------------------------------------------------------------------------

    def condition_unless(self) -> Expression:
        start = self.token.span
        operand = self.condition()
        if self.is_word("unless"):
            self.advance()
            exception = self.condition()
            return Unless(operand, exception, self.span_from(start))
        return operand

    def condition(self) -> Expression:
        return self._junction("or", "any", self.conjunction)

    def conjunction(self) -> Expression:
        return self._junction("and", "all", self.test)

    def _junction(self, word: str, kind: str, operand: Callable[[], Expression]) -> Expression:
        start = self.token.span
        operands = [operand()]
        while self.is_word(word):
            self.advance()
            operands.append(operand())
        if len(operands) == 1:
            return operands[0]
        return Junction("all" if kind == "all" else "any", tuple(operands), self.span_from(start))

    def test(self) -> Expression:
        start = self.token.span
        if self.is_word("not"):
            self.deeper()
            self.advance()
            negation = Negation(self.test(), self.span_from(start))
            self.depth -= 1
            return negation
        expression = self.comparison()
        if self.is_word("in_each_of", "in_any_of"):
            kind = "each" if self.advance().text == "in_each_of" else "any"
            years = self.whole_years()
            return Years("each" if kind == "each" else "any", expression, years, self.span_from(start))
        if self.is_word("last"):
            self.advance()
            years = self.whole_years()
            if not self.is_word("in_each_of", "in_any_of"):
                self.fail("“每年” or “任一年”", "“每年”或“任一年”")
            kind = "each" if self.advance().text == "in_each_of" else "any"
            return Years("each" if kind == "each" else "any", expression, years, self.span_from(start))
        return expression

    def whole_years(self) -> int:
        token = self.token
        if token.kind != "number" or token.unit != "years" or token.value is None or token.value.denominator != 1:
            self.fail("a number of years, such as `2 years`", "年数，例如“2年”")
        self.advance()
        years = int(token.value)
        if not 1 <= years <= 10:
            raise GrammarError(token.span, "the number of years must be from 1 to 10", "年数应在1至10之间")
        return years

    def comparison(self, left: Expression | None = None) -> Expression:
        # Under the heading of a column the left side stands elsewhere; what is read here begins at the cell.
        start = self.token.span
        if left is None:
            left = self.sum()
        token = self.token
        if token.kind == "operator":
            self.advance()
            right = self.sum()
            return Comparison(left, cast(Comparator, token.text), right, self.span_from(start))
        if self.is_word("is", "is_not", "is_one_of", "in", "includes", "yes"):
            # 是 is both the verb and the value; behind a name it is the verb.
            name = self.name_of(left)
            word = self.advance().text
            if word in ("is", "is_not", "yes"):
                return Is(name, (self.value(),), word == "is_not", self.span_from(start))
            if word == "is_one_of":
                return Is(name, tuple(self.values()), False, self.span_from(start))
            if word == "includes":
                return Includes(name, self.value(), self.span_from(start))
            prefixes = self.codes()
            exceptions: tuple[str, ...] = ()
            if self.is_word("except"):
                self.advance()
                exceptions = self.codes()
            return CodeIn(name, prefixes, exceptions, self.span_from(start))
        return left

    def name_of(self, expression: Expression) -> Name:
        if isinstance(expression, Name):
            return expression
        raise GrammarError(expression.span, "only a name can stand before this word", "该词之前只能是名称")

    def value(self) -> Name:
        token = self.token
        if token.kind in ("name", "reference") or self.is_word("yes", "no", "is", "new", "re_review"):
            self.advance()
            text = "yes" if token.kind == "word" and token.text == "is" else token.text
            return Name(text, None, token.span)
        self.fail("a value", "一个取值")

    def values(self) -> list[Name]:
        found = [self.value()]
        while self.is_mark(","):
            self.advance()
            found.append(self.value())
        return found

    def codes(self) -> tuple[str, ...]:
        found = [self.code()]
        while self.is_mark(","):
            self.advance()
            found.append(self.code())
        return tuple(found)

    def code(self) -> str:
        token = self.token
        digits = token.kind == "number" and token.unit == "" and re.fullmatch(r"[0-9]{1,6}", token.text)
        if digits or (token.kind == "name" and re.fullmatch(r"[A-T][0-9]{0,4}", token.text)):
            self.advance()
            return token.text
        self.fail("a code such as C, C34 or 44", "代码，例如C、C34或44")

    # -- numbers ------------------------------------------------------------------------------------------------------

    def sum(self) -> Expression:
        start = self.token.span
        left = self.product()
        while self.token.kind == "mark" and self.token.text in "+-":
            operator = self.advance().text
            left = Arithmetic("+" if operator == "+" else "-", left, self.product(), self.span_from(start))
        return left

    def product(self) -> Expression:
        start = self.token.span
        left = self.factor()
        while self.token.kind == "mark" and self.token.text in "*/":
            operator = self.advance().text
            left = Arithmetic("*" if operator == "*" else "/", left, self.factor(), self.span_from(start))
        return left

    def factor(self) -> Expression:
        token = self.token
        if token.kind == "number":
            self.advance()
            assert token.value is not None
            return Number(token.value, token.unit, token.span)
        if self.is_mark("-"):
            self.advance()
            number = self.token
            if number.kind != "number" or number.value is None:
                self.fail("a number", "数字")
            self.advance()
            return Number(-number.value, number.unit, self.span_from(token.span))
        if self.is_mark("("):
            self.deeper()
            self.advance()
            inner = self.limits(self.condition())
            self.expect_mark(")")
            self.depth -= 1
            return inner
        if token.kind == "word" and token.text in CHOICES:
            return self.choice()
        if token.kind == "word" and token.text in FUNCTIONS:
            self.advance()
            return self.call(token)
        if token.kind == "word" and token.text in ("procedure", "on", "points", "class", "amount", "date"):
            self.advance()
            return Name(token.text, None, token.span)
        if token.kind in ("name", "reference"):
            self.advance()
            return Name(token.text, self.index(), self.span_from(token.span))
        self.fail("a fact, a rule or a number", "事实、规则或数字")

    def limited(self) -> Expression:
        """An amount or a date with the limits written behind it."""
        return self.limits(self.sum())

    def limits(self, operand: Expression) -> Expression:
        while self.is_word("up_to", "no_less_than"):
            kind = self.advance().text
            bound = self.sum()
            span = Span(operand.span.line, operand.span.column, self.span_from(operand.span).length)
            operand = Limit(operand, "up_to" if kind == "up_to" else "no_less_than", bound, span)
        return operand

    def choice(self) -> Choice:
        self.deeper()
        function = self.advance()
        self.expect_mark("(")
        operands = [self.limited()]
        while self.is_mark(","):
            self.advance()
            operands.append(self.limited())
        self.expect_mark(")")
        self.depth -= 1
        if len(operands) < 2:
            raise GrammarError(
                function.span,
                f"`{function.text}` chooses among at least two",
                f"“{KEYWORDS[function.text][1]}”应在至少两项中选取",
            )
        return Choice(function.text, tuple(operands), self.span_from(function.span))

    def call(self, function: Token) -> Call:
        self.expect_mark("(")
        name = self.token
        if name.kind != "name":
            self.fail("the name of a fact", "事实名称")
        self.advance()
        years = 1
        if self.is_mark(","):
            self.advance()
            years = self.whole_years()
        self.expect_mark(")")
        return Call(function.text, Name(name.text, None, name.span), years, self.span_from(function.span))

    def index(self) -> int | None:
        if not self.is_mark("["):
            return None
        self.advance()
        negative = self.is_mark("-")
        if negative:
            self.advance()
        token = self.token
        if (
            token.kind != "number"
            or token.unit
            or token.value is None
            or token.value.denominator != 1
            or token.value > 9
        ):
            self.fail("a year such as [0] or [-1]", "年份序号，例如[0]或[-1]")
        self.advance()
        self.expect_mark("]")
        return -int(token.value) if negative else int(token.value)

    def end(self) -> None:
        if self.token.kind != "end":
            self.fail("the end of the line", "行尾")


def parse_condition(text: str, line: int, column: int, lexicon: Lexicon = EMPTY_LEXICON) -> Expression:
    """Read a whole condition. Raises :class:`GrammarError`."""
    parser = _Parser(tokenize(text, line, column, lexicon))
    expression = parser.condition_unless()
    parser.end()
    return expression


def parse_expression(text: str, line: int, column: int, lexicon: Lexicon = EMPTY_LEXICON) -> Expression:
    """Read the heading of a table column: an amount, a ratio, a name."""
    parser = _Parser(tokenize(text, line, column, lexicon))
    expression = parser.sum()
    parser.end()
    return expression


def parse_cell(text: str, line: int, column: int, left: Expression, lexicon: Lexicon = EMPTY_LEXICON) -> Expression:
    """Read a cell under a heading: ``>= 5%``, ``is none``, ``in C, D``, ``yes``, ``otherwise``; a bare value means *is*."""
    tokens = tokenize(text, line, column, lexicon)
    parser = _Parser(tokens)
    if parser.is_word("otherwise"):
        parser.advance()
        parser.end()
        return Otherwise(tokens[0].span)
    if len(tokens) == 2 and (tokens[0].kind == "name" or parser.is_word("yes", "no", "is", "new", "re_review")):
        value = parser.value()
        parser.end()
        return Is(parser.name_of(left), (value,), False, value.span)
    if parser.token.kind != "operator" and not parser.is_word("is", "is_not", "is_one_of", "in", "includes"):
        parser.fail("a comparison such as `>= 5%`, a value or `otherwise`", "比较（如“≥ 5%”）、取值或“其他”")
    expression = parser.comparison(left)
    parser.end()
    return expression


_RECKONING = re.compile(r"^(?:(amount|金额)|(?:date|日期))\s*[:：]\s*")


def reckoning_of(code: str) -> tuple[Literal["amount", "date"], int] | None:
    """Whether a line gives an amount or a date, and where what it gives begins; None for a condition."""
    match = _RECKONING.match(code)
    return ("amount" if match[1] else "date", match.end()) if match else None


def parse_reckoning(
    kind: Literal["amount", "date"], text: str, line: int, column: int, lexicon: Lexicon = EMPTY_LEXICON
) -> Reckoning:
    """Read what stands behind ``amount:`` or ``date:``, or in the last column of a table of them."""
    parser = _Parser(tokenize(text, line, column, lexicon))
    value = parser.limited()
    parser.end()
    return Reckoning(kind, value, value.span)


_READING = re.compile(r"^(?:reading|解读)\s+([a-z_][a-z0-9_]*)\s*[:：]\s*")
_GROUPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:all of|同时满足)\s*[:：]$"), "all"),
    (re.compile(r"^(?:any of|满足任一)\s*[:：]$"), "any"),
    (re.compile(r"^(?:none of|均不满足)\s*[:：]$"), "none"),
    (re.compile(r"^(?:readings|各种解读)\s*[:：]$"), "readings"),
    (re.compile(r"^(?:at least ([0-9]{1,3}) of|至少满足([0-9]{1,3})项)\s*[:：]$"), "at_least"),
)


def parse_rule(
    lines: Iterable[tuple[int, str]], lexicon: Lexicon = EMPTY_LEXICON
) -> tuple[list[Item], list[GrammarError]]:
    """Read the lines of a rule fence, given as (line number, text), into conditions and groups.

    Indentation (spaces) says what belongs to a group. All errors are collected; a line with an error is left out.
    """
    rows: list[tuple[int, int, str, str | None]] = []  # (number, indent, code, comment)
    errors: list[GrammarError] = []
    for number, text in lines:
        code, comment = split_comment(text)
        stripped = code.strip()
        if not stripped:
            continue
        indent = len(code) - len(code.lstrip(" "))
        if "\t" in code[: len(code) - len(code.lstrip())]:
            errors.append(
                GrammarError(Span(number, 1, 1), "indent with spaces, not with tabs", "请用空格缩进，不要用制表符")
            )
            continue
        rows.append((number, indent, stripped, comment))
    items, rest = _block(rows, 0, rows[0][1] if rows else 0, lexicon, errors, 0)
    if rest < len(rows):
        number, indent, code, _ = rows[rest]
        errors.append(
            GrammarError(
                Span(number, indent + 1, len(code)), "this line is indented less than the first", "本行缩进少于首行"
            )
        )
    return items, errors


def _block(
    rows: list[tuple[int, int, str, str | None]],
    at: int,
    indent: int,
    lexicon: Lexicon,
    errors: list[GrammarError],
    depth: int,
) -> tuple[list[Item], int]:
    items: list[Item] = []
    while at < len(rows):
        number, here, code, comment = rows[at]
        if here < indent:
            break
        start = Span(number, here + 1, len(code))
        if here > indent or depth > MAXIMUM_DEPTH:
            errors.append(
                GrammarError(
                    start,
                    "unexpected indentation: only a line ending in `:` opens a group",
                    "缩进有误：只有以冒号结尾的行才引出下级条件",
                )
            )
            at += 1
            continue
        code, tag = split_tag(code)
        column = here + 1
        reading: str | None = None
        if match := _READING.match(code):
            reading = match[1]
            column += match.end()
            code = code[match.end() :]
        group = next(((kind, m) for pattern, kind in _GROUPS if (m := pattern.match(code))), None)
        at += 1
        if group is None:
            try:
                gives = reckoning_of(code)
                expression: Expression = (
                    parse_reckoning(gives[0], code[gives[1] :], number, column + gives[1], lexicon)
                    if gives is not None
                    else parse_condition(code, number, column, lexicon)
                )
            except GrammarError as error:
                errors.append(error)
                continue
            items.append(Line(expression, tag, reading, comment, start))
            continue
        kind, match_ = group
        if at >= len(rows) or rows[at][1] <= indent:
            errors.append(GrammarError(start, "a group needs indented lines below it", "该条件组下方应有缩进的条件"))
            continue
        children, at = _block(rows, at, rows[at][1], lexicon, errors, depth + 1)
        count = int(match_[1] or match_[2]) if kind == "at_least" else 0
        items.append(Group(kind, count, tuple(children), tag, reading, comment, start))  # type: ignore[arg-type]
    return items, at
