"""From what is written to what is meant: the value of a statement, by the type of its fact."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from typing import cast

from yiqi.facts.industry import IndustryError, normalise_industry
from yiqi.facts.keys import normal
from yiqi.facts.region import RegionError, normalise_region
from yiqi.facts.sheet import Value
from yiqi.facts.statement import Statement
from yiqi.facts.uscc import normalise_uscc, organisation_problem, uscc_problems
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, Severity, did_you_mean
from yiqi.law.quantities import MONEY_UNITS, QuantityError, parse_quantity
from yiqi.law.vocabulary import Fact

YES = ("yes", "true", "是")
NO = ("no", "false", "否")
UNKNOWN = ("", "unknown", "不清楚", "null")
"""How to say that a fact is not known; the same as leaving it out."""

EMPTY_SET = ("none", "无", "[]")
"""How a cell says that a set is known to be empty."""

LARGEST = 10**17
"""No quantity may reach this in its smallest unit: a quadrillion yuan, seven times what the country produces in a year. A
64-bit column holds it, and the product of two of them with any coefficient of the law has fewer than 38 digits."""

_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)\Z"
)
_SERIAL = re.compile(r"[2-7][0-9]{4}\Z")
"""From 1954 to 2119."""
_SERIAL_ZERO = dt.date(1899, 12, 30)
"""Day 0 of spreadsheets, which count a 29 February 1900 that there was not."""
_BARE_NUMBER = re.compile(r"[+-]?[0-9.,]+\Z")


class Interpreter:
    """Turns statements into values and collects what is wrong with them."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._suggestions = 0
        self._names: dict[str, dict[str, str]] = {}

    def value(self, statement: Statement) -> Value | None:
        """The value, or None when it is unknown or wrong; wrong leaves a diagnostic."""
        fact = statement.fact
        written = statement.written
        if isinstance(written, str) and fact.type != "set_of" and is_unknown(written):
            return None
        if fact.type == "set_of":
            return self._set(statement)
        if isinstance(written, tuple):
            self._error(
                statement,
                "not-a-list",
                Bilingual(f"{name(fact).en} has one value, not a list", f"{name(fact).zh}只有一个值，不能写成列表"),
                Bilingual("write the value without brackets", "请去掉方括号，只写一个值"),
            )
            return None
        if fact.type == "yes_no":
            return self._yes_no(statement)
        if fact.type == "date":
            return self._date(statement)
        if isinstance(written, bool):
            self._error(
                statement,
                "wrong-type",
                Bilingual(f"{name(fact).en} is not a yes-or-no fact", f"{name(fact).zh}不是是非项"),
                Bilingual("write the value itself, or leave it out", "请填写具体内容；不清楚请留空"),
            )
            return None
        if isinstance(written, dt.date):
            self._error(
                statement,
                "wrong-type",
                Bilingual(f"{name(fact).en} is not a date", f"{name(fact).zh}不是日期"),
                Bilingual(
                    "set the cell's format to general and type the value again", "请将单元格格式改为常规后重新填写"
                ),
            )
            return None
        text = written
        if fact.kind is not None:
            return self._quantity(statement, text)
        if fact.type == "one_of":
            return self._member(statement, text, statement.place)
        return self._code_or_text(statement, text)

    # ---- numbers --------------------------------------------------------------------------------------------------

    def _quantity(self, statement: Statement, text: str) -> int | None:
        fact = statement.fact
        kind = fact.kind
        assert kind is not None
        shown = text if len(text) <= 40 else text[:40] + "…"
        compact = unicodedata.normalize("NFKC", text).strip()
        bare = _BARE_NUMBER.match(compact) is not None
        unit = statement.unit
        if kind == "ratio" and bare and not statement.percent:
            return self._bare_ratio(statement, compact)
        if bare and unit and kind != "ratio" and (kind == "money" or unit != fact.unit):
            if kind == "money" and unit not in MONEY_UNITS and unit + "元" not in MONEY_UNITS:
                self._error(
                    statement,
                    "wrong-unit",
                    Bilingual(f"`{unit}` is not a unit of money", f"“{unit}”不是金额单位"),
                    Bilingual("use 元, 万元 or 亿元", "请用元、万元或亿元"),
                )
                return None
            compact += unit
        try:
            # Python refuses to read thousands of digits; a figure never has more than forty characters.
            if len(compact) > 40:
                raise QuantityError(f"{shown!r} is not a number", f"“{shown}”不是数字")
            value = parse_quantity(compact, kind)
        except QuantityError as error:
            self._error(statement, "not-a-quantity", _about(fact, error.message), _right_form(fact))
            return None
        return self._possible(statement, value, shown)

    def _possible(self, statement: Statement, value: int, shown: str) -> int | None:
        """A figure, unless it is too large to be true."""
        if abs(value) < LARGEST:
            return value
        fact = statement.fact
        self._error(
            statement,
            "too-large",
            Bilingual(f"{name(fact).en}: {shown} is too large to be true", f"{name(fact).zh}：{shown}过大，不可能属实"),
            _right_form(fact),
        )
        return None

    def _bare_ratio(self, statement: Statement, text: str) -> int | None:
        """A ratio without a percent sign: 0.125 is read, 12.5 might be 12.5% or a slip and is refused."""
        fact = statement.fact
        try:
            value = parse_quantity(text + ("%" if statement.unit == "%" else ""), "ratio") if len(text) <= 40 else None
        except QuantityError as error:
            self._error(statement, "not-a-quantity", _about(fact, error.message), _right_form(fact))
            return None
        whole = parse_quantity("100%", "ratio")
        if value is not None and (statement.unit == "%" or abs(value) <= whole):
            return self._possible(statement, value, text)
        self._error(
            statement,
            "ratio-without-percent",
            Bilingual(
                f"{name(fact).en}: {text[:40]} without a percent sign would be more than 100%",
                f"{name(fact).zh}：{text[:40]}没有百分号，按此将超过100%",
            ),
            Bilingual(f"write {text[:40]}% if you mean a percentage", f"如为百分数，请写成{text[:40]}%"),
        )
        return None

    # ---- yes and no, dates ----------------------------------------------------------------------------------------

    def _yes_no(self, statement: Statement) -> bool | None:
        written = statement.written
        if isinstance(written, bool):
            return written
        word = normal(written) if isinstance(written, str) else None
        if word in YES:
            return True
        if word in NO:
            return False
        self._error(
            statement,
            "not-yes-or-no",
            Bilingual(
                f"{name(statement.fact).en} cannot be `{_shown(written)}`",
                f"{name(statement.fact).zh}不能是“{_shown(written)}”",
            ),
            Bilingual("write yes, no or unknown", "请填写是、否或不清楚"),
        )
        return None

    def _date(self, statement: Statement) -> dt.date | None:
        written = statement.written
        day = read_date(written) if isinstance(written, str | dt.date) and not statement.from_number else None
        if day is None:
            self._error(
                statement,
                "not-a-date",
                Bilingual(
                    f"{name(statement.fact).en}: `{_shown(written)}` is not a date",
                    f"{name(statement.fact).zh}：“{_shown(written)}”不是日期",
                ),
                Bilingual("write it as 2026-11-23 or 2026年11月23日", "请写成2026-11-23或2026年11月23日"),
            )
        return day

    def day_of_source(self, statement: Statement) -> dt.date | None:
        """The date of the document that a statement names."""
        if statement.date is None:
            return None
        day = read_date(statement.date)
        if day is None:
            self.diagnostics.append(
                Diagnostic(
                    "error",
                    "not-a-date",
                    Bilingual(
                        f"the date of the source, `{statement.date}`, is not a date",
                        f"来源日期“{statement.date}”不是日期",
                    ),
                    statement.date_place or statement.place,
                    Bilingual("write it as 2026-11-23 or 2026年11月23日", "请写成2026-11-23或2026年11月23日"),
                )
            )
        return day

    # ---- chosen values --------------------------------------------------------------------------------------------

    def _set(self, statement: Statement) -> frozenset[str] | None:
        written = statement.written
        if isinstance(written, bool | dt.date):
            self._error(
                statement,
                "not-a-set",
                Bilingual(f"{name(statement.fact).en} is a list of values", f"{name(statement.fact).zh}应为取值列表"),
                Bilingual("write the values with `;` between them, or 无 (none)", "多个取值请用“；”分隔；没有请写“无”"),
            )
            return None
        if isinstance(written, tuple):
            words: tuple[str, ...] = written
        elif is_unknown(written):
            return None
        elif normal(written) in EMPTY_SET and normal(written) not in self._member_names(statement.fact):
            return frozenset()
        else:
            words = tuple(word for word in re.split("[;；]", written) if word.strip())
        chosen: list[str] = []
        failed = False
        for index, word in enumerate(words):
            place = statement.item_places[index] if statement.item_places else statement.place
            member = self._member(statement, word, place)
            if member is None:
                failed = True
            elif member in chosen:
                self._report(
                    "warning",
                    place,
                    "duplicate-member",
                    Bilingual(f"`{word.strip()}` is given twice", f"“{word.strip()}”重复"),
                    Bilingual("write it once", "请只写一次"),
                )
            else:
                chosen.append(member)
        return None if failed else frozenset(chosen)

    def _member(self, statement: Statement, text: str, place: Place) -> str | None:
        names = self._member_names(statement.fact)
        word = normal(text)
        if word in names:
            return names[word]
        # Finding the nearest name is slow; a list of nothing but wrong names must not cost minutes.
        self._suggestions += 1
        labels_en = ", ".join(member.id for member in statement.fact.members)
        labels_zh = "、".join(member.label.zh for member in statement.fact.members)
        self._report(
            "error",
            place,
            "unknown-member",
            Bilingual(
                f"{name(statement.fact).en} cannot be `{_shown(text)}`",
                f"{name(statement.fact).zh}不能是“{_shown(text)}”",
            ),
            (did_you_mean(word, names) if self._suggestions <= 50 and len(word) <= 80 else None)
            or Bilingual(f"one of: {labels_en}", f"可选：{labels_zh}"),
        )
        return None

    def _member_names(self, fact: Fact) -> dict[str, str]:
        """Every way to write each value of a fact: its id and both labels."""
        if fact.id not in self._names:
            self._names[fact.id] = {
                normal(spelling): member.id
                for member in fact.members
                for spelling in (member.label.zh, member.label.en, member.id)
            }
        return self._names[fact.id]

    # ---- codes and texts ------------------------------------------------------------------------------------------

    def _code_or_text(self, statement: Statement, text: str) -> str | None:
        fact = statement.fact
        if fact.type == "uscc":
            return self._uscc(statement, text)
        try:
            if fact.type == "region":
                return normalise_region(text)
            if fact.type == "industry":
                if statement.from_number and len(text) < 4:
                    # A number cell holding 111 may have been 0111 (rice) or 111 (a group of mining support).
                    self._error(
                        statement,
                        "industry-code",
                        Bilingual(f"the number {text} may have lost a leading zero", f"数字{text}可能丢失了前导零"),
                        Bilingual("write the section letter too, such as C345", "请连同门类字母填写，如C345"),
                    )
                    return None
                return normalise_industry(text)
        except RegionError as error:
            self._error(
                statement,
                "region-code",
                error.message,
                Bilingual(
                    "look it up in GB/T 2260, such as 330100 (Hangzhou)",
                    "可查GB/T 2260行政区划代码，如330100（杭州市）",
                ),
            )
            return None
        except IndustryError as error:
            self._error(
                statement,
                "industry-code",
                error.message,
                Bilingual("look it up in GB/T 4754-2017, such as C3451", "请按GB/T 4754-2017填写，如C3451"),
            )
            return None
        return unicodedata.normalize("NFC", text).strip()

    def _uscc(self, statement: Statement, text: str) -> str | None:
        if statement.from_number:
            self._error(
                statement,
                "number-lost-digits",
                Bilingual(
                    "the cell holds a number; spreadsheets keep only 15 of the 18 digits",
                    "该单元格为数字格式，电子表格只保留15位，18位代码已失真",
                ),
                Bilingual("set the cell's format to text and type the code again", "请将单元格格式改为文本后重新填写"),
            )
            return None
        problems = uscc_problems(text)
        for problem in problems:
            place = _character_place(statement.place, text, problem.position)
            self._report("error", place, problem.code, problem.message, problem.remedy)
        if problems:
            return None
        doubt = organisation_problem(text)
        if doubt is not None:
            self._report("warning", statement.place, doubt.code, doubt.message, doubt.remedy)
        return normalise_uscc(text)

    # ---- reporting ------------------------------------------------------------------------------------------------

    def _error(self, statement: Statement, code: str, message: Bilingual, remedy: Bilingual | None = None) -> None:
        self._report("error", statement.place, code, message, remedy)

    def _report(
        self, severity: Severity, place: Place, code: str, message: Bilingual, remedy: Bilingual | None = None
    ) -> None:
        self.diagnostics.append(Diagnostic(severity, code, message, place, remedy))


def is_unknown(text: str) -> bool:
    """Whether a text says that the value is not known."""
    return normal(text) in UNKNOWN


def read_date(written: str | dt.date) -> dt.date | None:
    """A day written as ``2026-11-23``, ``2026/11/23`` or ``2026年11月23日``, or held as a date by a spreadsheet.

    A bare number of five digits is the serial number of a day in a spreadsheet, as it stands in a cell without a format.
    """
    if isinstance(written, dt.datetime):
        return written.date() if written.time() == dt.time() else None
    if isinstance(written, dt.date):
        return written
    text = "".join(unicodedata.normalize("NFKC", written).split())
    if _SERIAL.match(text):
        return _SERIAL_ZERO + dt.timedelta(days=int(text))
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def name(fact: Fact) -> Bilingual:
    """A fact as a message calls it."""
    return Bilingual(f"{fact.label.en} ({fact.id})", fact.label.zh)


def _character_place(place: Place, text: str, position: int | None) -> Place:
    """The place of one character of a text, where the line shows the text as it was read."""
    if position is None or place.excerpt is None or place.column is None or len(text) != 18:
        return place
    # Quotes, if any, stand before the text.
    start = place.excerpt.find(text, place.column - 1, place.column + len(text))
    return place if start < 0 else dataclasses.replace(place, column=start + position, length=1)


def _about(fact: Fact, message: Bilingual) -> Bilingual:
    return Bilingual(f"{name(fact).en}: {message.en}", f"{name(fact).zh}：{message.zh}")


def _right_form(fact: Fact) -> Bilingual:
    forms = {
        "money": ("such as 5512.5万元, or yuan without a unit", "如5512.5万元；不写单位按元计"),
        "ratio": ("such as 12.5%", "如12.5%"),
        "points": ("such as 62.35", "如62.35"),
        "count": ("a whole number such as 186", "整数，如186"),
        "years": ("whole years such as 3", "整年数，如3"),
    }
    en, zh = forms[cast(str, fact.kind)]
    return Bilingual(f"write a number, {en}", f"请填写数字，{zh}")


def _shown(written: object) -> str:
    text = str(written).strip()
    return text if len(text) <= 40 else text[:40] + "…"
