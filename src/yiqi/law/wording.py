"""Conditions as a person reads them in an explanation, in English or Chinese.

``主营业务收入÷营业收入 ≥ 90%`` / ``Main-business revenue / operating revenue ≥ 90%``. Facts go by their labels,
rules by the titles of their headings. This text is never read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import decimal_text
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    Choice,
    CodeIn,
    Comparator,
    Comparison,
    Expression,
    Includes,
    Is,
    Junction,
    Limit,
    Name,
    Negation,
    Number,
    Otherwise,
    Reckoning,
    Unless,
    Years,
)
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.law.words import CLASSES, UNIT_TEXT, UNITS

TitleOfRule = Callable[[str], Bilingual | None]
"""The title of the rule that a name means where it stands; None when there is no such rule."""
YearOf = Callable[[str, int], int]
"""The calendar year that ``fact[index]`` means on the day judged."""


def _no_title(name: str) -> Bilingual | None:  # noqa: ARG001
    return None


_SYMBOLS: dict[str, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_CONTEXT = {
    "on": Bilingual("Day of the act", "办理日"),
    "procedure": Bilingual("Procedure", "办理类型"),
    "original": Bilingual("The rule that is replaced", "被替换的规则"),
}
_VALUES = {
    "yes": Bilingual("yes", "是"),
    "no": Bilingual("no", "否"),
    "new": Bilingual("new application", "新申报"),
    "re_review": Bilingual("re-review", "复核"),
}
_CAPITALISED = frozenset(("China", "Chinese", "Maker", "Shandong", "Sichuan", "Governor"))
"""Words that keep their capital letter within an English line."""
_LEVEL_WORDS: dict[str, Bilingual] = {
    ">=": Bilingual("= {} or above", "= {}以上"),
    "<=": Bilingual("= {} or below", "= {}以下"),
    ">": Bilingual("above {}", "高于{}"),
    "<": Bilingual("below {}", "低于{}"),
    "=": Bilingual("= {}", "= {}"),
}
"""How a level of an ordered list is required; 以上 and 以下 include the level itself, as in law."""


def write_page(
    expression: Expression,
    language: Language,
    vocabulary: Vocabulary,
    title_of_rule: TitleOfRule,
    year_of: YearOf | None = None,
) -> str:
    """A condition or an amount as an explanation shows it.

    With ``year_of`` the years are named (``2025年研发费用 ≥ 100万元``), otherwise they are told from the last one
    (``研发费用（上上年度） ≥ 100万元``).
    """
    text = _PageWriter(language, vocabulary, title_of_rule, year_of).text(expression)
    first = text.split(" ", 1)[0]
    is_id = any(mark in first for mark in "._#")  # the id of a rule without title stays as it is
    return text if language == "zh" or is_id else text[:1].upper() + text[1:]


def filled_text(
    expression: Expression,
    language: Language,
    vocabulary: Vocabulary,
    title_of_rule: TitleOfRule,
    figure_of: Callable[[Name], Bilingual | None],
) -> str:
    """An amount or a date with figures in place of names: ``1,500元 × 12``; a name without a figure says so."""
    return _FilledWriter(language, vocabulary, title_of_rule, figure_of).text(expression)


def required_text(
    comparator: Comparator,
    right: Expression,
    language: Language,
    vocabulary: Vocabulary,
    title_of_rule: TitleOfRule = _no_title,
    *,
    left: Expression | None = None,
    year_of: YearOf | None = None,
) -> str:
    """What a comparison asks for: ``≥ 90%``; for a level of an ordered list ``= provincial or above`` / ``= 省级以上``.

    ``left`` gives the unit of a bare number (``≥ 300人``) and the list that a level belongs to.
    """
    writer = _PageWriter(language, vocabulary, title_of_rule, year_of)
    return writer.required(comparator, right, left)


def group_text(group: str, language: Language) -> str:
    """The line that opens a group (the ``group`` of :class:`yiqi.law.tree.Condition`): ``all``, ``at_least 2`` …"""
    kind, _, count = group.partition(" ")
    texts = {
        "all": Bilingual("All of the following", "同时满足以下各项"),
        "any": Bilingual("Any of the following", "满足以下任一项"),
        "at_least": Bilingual(f"At least {count} of the following", f"至少满足以下{count}项"),
        "none": Bilingual("None of the following", "以下各项均不存在"),
        "readings": Bilingual("Under every reading of the source", "按各种解读均成立"),
    }
    return texts[kind][language]


class _PageWriter:
    def __init__(
        self, language: Language, vocabulary: Vocabulary, title_of_rule: TitleOfRule, year_of: YearOf | None
    ) -> None:
        self.language = language
        self.chinese = language == "zh"
        self.vocabulary = vocabulary
        self.title_of_rule = title_of_rule
        self.year_of = year_of
        self.named_once = False
        """Whether the year of the facts in hand is already said for all of them."""

    def say(self, en: str, zh: str) -> str:
        return zh if self.chinese else en

    # -- conditions ---------------------------------------------------------------------------------------------------

    def text(self, expression: Expression) -> str:
        match expression:
            case Negation(operand):
                return self.negation(operand)
            case Junction(kind, operands):
                word = self.say(" and ", " 且 ") if kind == "all" else self.say(" or ", " 或 ")
                first, *rest = (self._operand(o) for o in operands)
                return word.join([first, *map(self._within, rest)]).replace(" （", "（")
            case Unless(operand, exception):
                return self._unless(operand, exception)
            case Years():
                return self._years(expression)
            case Otherwise():
                return self.say("otherwise", "其他")
            case Comparison() | Is() | Includes() | CodeIn() | Name():
                return self._in_one_year(expression, self._test)
            case Number() | Call() | Arithmetic() | Limit() | Choice():
                return self._in_one_year(expression, self.amount)
            case Reckoning(_, value):
                return self.text(value)

    def _within(self, text: str) -> str:
        """A text that does not begin the line."""
        return text if self.chinese else _lower(text)

    def _operand(self, expression: Expression) -> str:
        text = self._quoted(expression, self.text(expression))
        return self.bracket(text) if isinstance(expression, Junction | Unless) else text

    def bracket(self, text: str) -> str:
        return self.say(f"({text})", f"（{text}）")

    def _test(self, expression: Expression) -> str:
        match expression:
            case Comparison(left, operator, right):
                return f"{self.amount(left)} {self.required(operator, right, left)}"
            case Is():
                return self._is(expression)
            case Includes(left, member):
                value = self.value(member, left)
                if left.id == "titles":
                    return self.say(f"holds the title {value}", f"{self.amount(left)}包含{value}")
                return self.say(f"{self.amount(left)} includes {value}", f"{self.amount(left)}包含{value}")
            case CodeIn():
                return self._code_in(expression, False)
            case _:
                return self.amount(expression)

    def _is(self, expression: Is) -> str:
        left, values = expression.left, expression.values
        fact = self.vocabulary.get(left.id)
        if len(values) == 1 and values[0].id in ("yes", "no"):
            holds = (values[0].id == "yes") != expression.negated
            return self.amount(left) if holds else self.negation(left)
        named = self._alternatives([self.value(v, left) for v in values])
        if expression.negated:
            return self.say(f"{self.amount(left)} is not {named}", f"{self.amount(left)}不是{named}")
        verb = "为" if fact is None or fact.type == "one_of" else "是"
        return self.say(f"{self.amount(left)} is {named}", f"{self.amount(left)}{verb}{named}")

    def _alternatives(self, values: list[str]) -> str:
        if len(values) == 1:
            return values[0]
        return self.say(", ", "、").join(values[:-1]) + self.say(" or ", "或") + values[-1]

    def _code_in(self, expression: CodeIn, negated: bool) -> str:
        left = self.amount(expression.left)
        prefixes = self.say(", ", "、").join(expression.prefixes)
        exceptions = self.say(", ", "、").join(expression.exceptions)
        verb = self.say(" not in " if negated else " in ", "不属于" if negated else "属于")
        rest = self.say(f" except {exceptions}", f"（不含{exceptions}）") if exceptions else ""
        return f"{left}{verb}{prefixes}{rest}"

    def negation(self, operand: Expression) -> str:
        match operand:
            case Includes(left, member):
                value = self.value(member, left)
                if left.id == "titles":
                    return self.say(f"does not hold the title {value}", f"{self.amount(left)}不含{value}")
                return self.say(f"{self.amount(left)} does not include {value}", f"{self.amount(left)}不含{value}")
            case CodeIn():
                return self._code_in(operand, True)
            case Is(_, values, negated) if not (len(values) == 1 and values[0].id in ("yes", "no")):
                if len(values) == 1:
                    return self.text(replace(operand, negated=not negated))
            case Name(id) if id in self.vocabulary:
                return self.say("not: ", "无：") + self._within(self.text(operand))
        return self.say("not: ", "不满足：") + self._within(self._operand(operand))

    def _unless(self, operand: Expression, exception: Expression) -> str:
        text = self._operand(operand)
        match exception:
            case Is(Name("procedure"), (value,), False):
                named = _VALUES[value.id][self.language]
                return text + self.say(f" (not examined on {named})", f"（{named}时不考查）")
        other = self._within(self._operand(exception))
        return self.say(f"{text}, unless {other}", f"{text}，但{other}的除外")

    def _years(self, expression: Years) -> str:
        year_of, self.year_of = self.year_of, None
        try:
            operand = self._operand(expression.operand)
        finally:
            self.year_of = year_of
        each = expression.kind == "each"
        named = self._named_years(next(self._yearly(expression.operand), None), 0, expression.years)
        if named is not None:
            listed = " and ".join(map(str, named)) if len(named) < 3 else f"{named[0]} to {named[-1]}"
            chinese = "、".join(f"{y}年" for y in named)
            return self.say(
                f"{operand} in {'each' if each else 'one'} of {listed}",
                f"{chinese}{'每年' if each else '任一年'}{operand}",
            )
        last = self._last_years(expression.years)
        return self.say(
            f"{operand} in {'each' if each else 'one'} of {last}",
            f"近{expression.years}年{'每年' if each else '任一年'}{operand}",
        )

    @staticmethod
    def _last_years(years: int) -> str:
        return "the last year" if years == 1 else f"the last {years} years"

    # -- what is required ---------------------------------------------------------------------------------------------

    def required(self, comparator: Comparator, right: Expression, left: Expression | None) -> str:
        if isinstance(right, Name) and self._is_level(left, right):
            assert isinstance(left, Name)
            return _LEVEL_WORDS[comparator][self.language].format(self.value(right, left))
        text = self.number(right, left) if isinstance(right, Number) else self._within(self.amount(right))
        return f"{_SYMBOLS[comparator]} {text}"

    def _is_level(self, left: Expression | None, right: Expression) -> bool:
        fact = self.vocabulary.get(left.id) if isinstance(left, Name) else None
        return fact is not None and fact.type == "one_of" and isinstance(right, Name)

    # -- amounts ------------------------------------------------------------------------------------------------------

    def amount(self, expression: Expression) -> str:
        match expression:
            case Number():
                return self.number(expression, None)
            case Name():
                return self._name(expression)
            case Call():
                return self._call(expression)
            case Arithmetic(operator, left, right):
                if operator in "+-" and isinstance(right, Number) and right.unit in ("years", "months", "days"):
                    return self._moved_date(left, right, operator)
                symbol = {"*": "×", "/": self.say("/", "÷"), "+": "+", "-": "−"}[operator]
                space = self.say(" ", "")
                first, second = self._factor(left, operator, False), self._factor(right, operator, True)
                return f"{first}{space}{symbol}{space}{self._within(second)}"
            case Limit(operand, kind, bound):
                words = ("at most", "，最高") if kind == "up_to" else ("at least", "，最低")
                return self.say(
                    f"{self.amount(operand)}, {words[0]} {self._within(self.amount(bound))}",
                    f"{self.amount(operand)}{words[1]}{self.amount(bound)}",
                )
            case Choice():
                return self._choice(expression)
            case _:
                return self._operand(expression)

    def _choice(self, choice: Choice) -> str:
        parts = [self.bracket(self.amount(o)) if isinstance(o, Limit) else self.amount(o) for o in choice.operands]
        en, zh = {
            "highest": ("the highest of", "取高者"),
            "lowest": ("the lowest of", "取低者"),
            "latest": ("the latest of", "取晚者"),
            "earliest": ("the earliest of", "取早者"),
        }[choice.function]
        if len(parts) == 2:
            en = {
                "the highest of": "the higher of",
                "the lowest of": "the lower of",
                "the latest of": "the later of",
            }.get(en, "the earlier of")
        parts = parts[:1] + [self._within(part) for part in parts[1:]]
        return self.say(f"{en} ({'; '.join([_lower(parts[0]), *parts[1:]])})", f"（{'与'.join(parts)}{zh}）")

    def _factor(self, expression: Expression, operator: str, right: bool) -> str:
        text = self._quoted(expression, self.amount(expression))
        if isinstance(expression, Limit):
            return self.bracket(text)
        if isinstance(expression, Arithmetic):
            looser = expression.operator in "+-" and operator in "*/"
            # The right side of − and ÷ is bracketed even where only its own sign would change.
            if looser or (right and not (operator == "+" and expression.operator in "*/")):
                return self.bracket(text)
        return text

    def _moved_date(self, date: Expression, span: Number, operator: str) -> str:
        length, name = self.number(span, None), self._quoted(date, self.amount(date))
        word = ("after", "后") if operator == "+" else ("before", "前")
        return self.say(f"{length} {word[0]} {_lower(name)}", f"{name}{word[1]}{length}")

    def number(self, number: Number, left: Expression | None) -> str:
        text = _grouped(decimal_text(number.value))
        unit = number.unit
        if unit == "" and left is not None:
            unit = self._unit_of(left)
        if unit in UNIT_TEXT:
            en, zh = UNIT_TEXT[unit]
            return text + self.say(en.removesuffix("s") if number.value == 1 else en, zh)
        if unit and UNITS[unit][1] == "count":
            return self.say(text, text + unit)
        return text + unit

    def _unit_of(self, left: Expression) -> str:
        """The canonical unit of what stands left of a bare number, or nothing."""
        if not isinstance(left, Name):
            return ""
        fact = self.vocabulary.get(left.id)
        if fact is None:
            return "points"
        if fact.type in ("count", "years", "points") and fact.unit in UNITS:
            return UNITS[fact.unit][0]
        return ""

    def _call(self, call: Call) -> str:
        name, years = self._label(call.name), call.years
        named = self._named_years(self.vocabulary.get(call.name.id), 0, years)
        inner = _lower(name)
        if named is not None:
            listed = " and ".join(map(str, named)) if len(named) < 3 else f"{named[0]} to {named[-1]}"
            before, over = "、".join(f"{y}年" for y in named), f" over {listed}" if years > 1 else f" in {listed}"
        else:
            before, over = (f"近{years}年", f" over {self._last_years(years)}") if years > 1 else ("", "")
        match call.function:
            case "sum":
                return self.say(f"total {inner}{over}", f"{before}{name}合计")
            case "mean":
                return self.say(f"mean {inner}{over}", f"{before}{name}平均值")
            case "cagr":
                return self.say(f"compound annual growth of {inner}{over}", f"{before}{name}复合增长率")
            case "growth" if years == 1:
                return self.say(f"growth of {inner}{over}", f"{before}{name}增长率")
        return self.say(f"mean growth of {inner}{over}", f"{before}{name}平均增长率")

    # -- names --------------------------------------------------------------------------------------------------------

    def _label(self, name: Name) -> str:
        fact = self.vocabulary.get(name.id)
        if fact is not None:
            return fact.label[self.language]
        title = self.title_of_rule(name.id) or _CONTEXT.get(name.id)
        return title[self.language] if title is not None else name.id

    def _quoted(self, expression: Expression, text: str) -> str:
        """An English label with a comma of its own, set apart from the words around it."""
        return f"“{text}”" if "," in text and isinstance(expression, Name) and not self.chinese else text

    def _name(self, name: Name) -> str:
        label = self._label(name)
        fact = self.vocabulary.get(name.id)
        if fact is None or fact.per is None or self.named_once:
            return label
        index = name.index or 0
        if self.year_of is not None:
            year = self.year_of(fact.id, index)
            return self.say(f"{label} ({year})", f"{label}（{year}年）")
        if index == 0:
            return label
        return label + self.say(f" ({_ago(fact, index).en})", f"（{_ago(fact, index).zh}）")

    def value(self, value: Name, left: Name) -> str:
        if value.id in _VALUES:
            return _VALUES[value.id][self.language]
        fact = self.vocabulary.get(left.id)
        for member in fact.members if fact is not None else ():
            if member.id == value.id:
                return member.label.zh if self.chinese else _lower(member.label.en)
        if value.id in CLASSES:
            return CLASSES[value.id][1 if self.chinese else 0]
        return value.id

    # -- years --------------------------------------------------------------------------------------------------------

    def _in_one_year(self, expression: Expression, write: Callable[[Expression], str]) -> str:
        """Several facts of one year take the year once, before (Chinese) or behind (English) the whole figure."""
        if self.year_of is None:
            return write(expression)
        years = {self.year_of(n.id, n.index or 0) for n in _names(expression) if self._per_year(n)}
        if len(years) != 1 or any(isinstance(part, Call) for part in _parts(expression)):
            return write(expression)
        year = years.pop()
        self.named_once = True
        try:
            text = write(expression)
        finally:
            self.named_once = False
        return self.say(f"{text} in {year}", f"{year}年{text}")

    def _per_year(self, name: Name) -> bool:
        fact = self.vocabulary.get(name.id)
        return fact is not None and fact.per is not None

    def _yearly(self, expression: Expression) -> Iterator[Fact]:
        for name in _names(expression):
            if self._per_year(name):
                yield self.vocabulary[name.id]

    def _named_years(self, fact: Fact | None, index: int, years: int) -> list[int] | None:
        """The calendar years of ``years`` years up to ``fact[index]``, oldest first; None when none is to be named."""
        if self.year_of is None or fact is None or fact.per is None:
            return None
        return [self.year_of(fact.id, index - k) for k in reversed(range(years))]


class _FilledWriter(_PageWriter):
    """Writes figures for the names."""

    def __init__(
        self,
        language: Language,
        vocabulary: Vocabulary,
        title_of_rule: TitleOfRule,
        figure_of: Callable[[Name], Bilingual | None],
    ) -> None:
        super().__init__(language, vocabulary, title_of_rule, None)
        self.figure_of = figure_of

    def _name(self, name: Name) -> str:
        figure = self.figure_of(name)
        if figure is not None:
            return figure[self.language]
        return self.say(f"{super()._name(name)} (missing)", f"{super()._name(name)}（缺）")


def _ago(fact: Fact, index: int) -> Bilingual:
    back = -index
    if fact.per == "evaluation_year":
        if back == 1:
            return Bilingual("last year", "上年度")
        return Bilingual(f"{back} years ago", f"本年度前第{back}年") if back > 0 else Bilingual("next year", "下年度")
    if back == 1:
        return Bilingual("the year before", "上上年度")
    if back > 1:
        return Bilingual(f"{back} years before the last", f"上年度前第{back}年")
    if back == -1:
        return Bilingual("the current year", "本年度")
    return Bilingual(f"{-back} years after the last", f"上年度后第{-back}年")


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Arithmetic(_, left, right) | Comparison(left, _, right):
            yield from _parts(left)
            yield from _parts(right)
        case Negation(operand) | Years(_, operand):
            yield from _parts(operand)
        case Junction(_, operands) | Choice(_, operands):
            for operand in operands:
                yield from _parts(operand)
        case Limit(operand, _, bound):
            yield from _parts(operand)
            yield from _parts(bound)
        case Reckoning(_, value):
            yield from _parts(value)
        case Unless(operand, exception):
            yield from _parts(operand)
            yield from _parts(exception)
        case Is(left) | Includes(left) | CodeIn(left):
            yield left
        case Call(_, name):
            yield name


def _names(expression: Expression) -> Iterable[Name]:
    return (part for part in _parts(expression) if isinstance(part, Name))


def _lower(text: str) -> str:
    """An English label within a line: its first letter small, unless it is a name or an abbreviation (R&D, IP)."""
    if text.startswith("("):
        return "(" + _lower(text[1:])
    word = text.split(" ", 1)[0].strip(":,)")
    numbered = text[len(word) + 1 : len(word) + 2].isdigit()  # “Annex 2. …”
    keeps = len(word) < 2 or word[1:] != word[1:].lower() or word in _CAPITALISED or numbered
    return text if keeps else text[0].lower() + text[1:]


def _grouped(text: str) -> str:
    """Thousands separators, as the figures beside the requirement have them."""
    sign = "-" if text.startswith("-") else ""
    whole, dot, part = text.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{part}"
