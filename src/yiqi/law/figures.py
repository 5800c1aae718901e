"""Figures in running text: every amount, share, period, date and count that a sentence states, in either language.

The checker compares them with the figures of the rule, so a figure is read into what it *means*: ``5000万元``,
``0.5亿元`` and ``CNY 50 million`` are one amount, ``近两年``, ``2 years`` and ``24个月`` one period.

=============  ==========================================
kind           value
=============  ==========================================
money          fen
ratio          1 (``5%`` is 1/20)
months         months (a year is 12)
days           days
working_days   working days, which no number of days equals
date           day number (``date.toordinal``)
month          year * 12 + month
month_day      month * 100 + day, in every year
count          points, persons, items, ranks, levels
number         anything but money and shares: a bare number of a rule
=============  ==========================================

References (``Annex 2``, ``第二项``, ``〔2026〕2号``, ``GB/T 4754-2017``), numbering of lists and calendar years are no
figures.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from yiqi.law.bilingual import Language

Reading = tuple[str, Fraction]
"""What a figure may mean: its kind and its value."""

_LONG = re.compile(r"\d{19,}")
"""Longer runs of digits than a rule may have are numbers of documents or accounts, not figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written. ``start`` counts characters from 0; ``readings`` are what it may mean.

    A figure that is not ``stated`` may say what a rule says but need not: *one*, *both*, *half*, a calendar year, a
    number word without a unit. One that ``sums_up`` may count the conditions themselves: *the four items below*.
    """

    text: str
    start: int
    readings: tuple[Reading, ...]
    stated: bool
    sums_up: bool = False


def same(a: Reading, b: Reading) -> bool:
    """Whether two readings mean one thing. A bare number of a rule may be a count, of years, months or days too."""
    (kind, value), (other, second) = a, b
    value, second = abs(value), abs(second)
    if kind == other:
        return value == second
    if other == "number":
        kind, value, other, second = other, second, kind, value
    if kind == "number":
        if other == "months":
            return second in (value, value * 12)
        return other in ("count", "days", "working_days") and value == second
    return _same_date(a, b) or _same_date(b, a)


def _same_date(day: Reading, part: Reading) -> bool:
    if day[0] != "date":
        return False
    date = dt.date.fromordinal(int(day[1]))
    if part[0] == "month":
        return part[1] == date.year * 12 + date.month
    return part[0] == "month_day" and part[1] == date.month * 100 + date.day


def agree(a: tuple[Reading, ...], b: tuple[Reading, ...]) -> bool:
    """Whether two figures may mean one thing."""
    return any(same(x, y) for x in a for y in b)


def figures_in(text: str, language: Language) -> list[Figure]:
    """The figures of one line of text, in order."""
    # Each character keeps its place, so that a figure's position is its position in the file.
    plain = _LONG.sub(lambda m: " " * len(m[0]), "".join(_plain(c) for c in text))
    found = list(_chinese(plain) if language == "zh" else _english(plain))
    return _ranges(plain, sorted(found, key=lambda f: f.start))


def _plain(character: str) -> str:
    if 0x2460 <= ord(character) <= 0x24FF:
        return " "  # ① numbers a list
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """``5 to 10%``: the first figure may have the unit of the second."""
    result = list(figures)
    for k in range(len(figures) - 2, -1, -1):
        first, second = result[k], result[k + 1]
        between = text[first.start + len(first.text) : second.start]
        if first.readings[0][0] != "count" or not re.fullmatch(r"\s*(?:[-–—~,、/至到和或]|to|and|or)\s*", between):
            continue
        value = first.readings[0][1]
        for kind, unit_value in second.readings:
            number = re.match(r"[\d,]*\d(?:\.\d+)?", second.text)
            if kind in ("ratio", "money", "months", "days", "working_days") and number:
                written = Fraction(number[0].replace(",", ""))
                if written:
                    more = (kind, value * unit_value / written)
                    result[k] = replace(result[k], readings=(*result[k].readings, more))
    return result


class _Scan:
    """A line that is read from the most specific pattern to the most general; what is read is blanked out."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        yield from pattern.finditer(self.text)
        self.text = pattern.sub(lambda m: "\0" * len(m[0]), self.text)


# -- both languages ---------------------------------------------------------------------------------------------------

_IGNORED = tuple(
    re.compile(p)
    for p in (
        r"`[^`]*`",
        r"https?://\S+",
        r"[〔\[(]\s*(?:19|20)\d{2}\s*[〕\])]\s*第?\s*\d+\s*号",
        r"\d+\s*号",
        r"(?:GB|ISO|IEC|IATF|[A-Z]{2}/T)(?:/T)?\s?\d+(?:\.\d+)*(?:[-—:]\d{4})?",
        # Words with digits in them: codes of industries, models, identifiers; not `top-3` and not `CNY50`.
        r"(?<![A-Za-z0-9])(?!(?:RMB|CNY|Top|top)\b|(?:RMB|CNY)\d)[A-Za-z_]+(?:[-/.][A-Z]+)*\d[\w.]*",
        r"(?<![\d.])\d{1,2}[A-Z]\b",
        r"\d{1,2}:\d{2}(?!\d)",
        r"^\s*(?:[-*+]\s+)?(?:\d{1,3}[.)](?=\s)|\d{1,3}、|[一二三四五六七八九十]{1,3}、)",
        r"\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)",
    )
)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DIGITS = r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"


def _date(year: str, month: str, day: str, match: re.Match[str]) -> Iterator[Figure]:
    try:
        value = dt.date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return
    yield Figure(match[0], match.start(), (("date", Fraction(value)),), True)


def _month_day(month: int, day: int, match: re.Match[str]) -> Iterator[Figure]:
    if 1 <= month <= 12 and 1 <= day <= 31:
        yield Figure(match[0], match.start(), (("month_day", Fraction(month * 100 + day)),), True)


def _arabic(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _is_one(readings: tuple[Reading, ...]) -> bool:
    """One of a thing, one year, one month: often only the article of a sentence."""
    kind, value = readings[0]
    return (kind, int(value)) in (("count", 1), ("months", 12), ("months", 1), ("days", 1)) and value.denominator == 1


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d{2}", text) is not None


# -- Chinese ----------------------------------------------------------------------------------------------------------

_N = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
_MORE = rf"(?:\s*[至到、和及或~-]\s*(?:第\s*)?{_N}(?!\d|\s*[%年个万亿人]))*"
_IGNORED_ZH = tuple(
    re.compile(p)
    for p in (
        r"《[^》]*》",
        rf"(?:附件|附表|附录|(?<!代)表|图|指标|序号|注){_N}(?!\s*[个项%]){_MORE}",
        rf"第\s*{_N}{_MORE}\s*[条款项章节批类目编位名方个]?",
        r"(?<!\d)(?:19|20)\d{2}(?:\s*[-—–~至到、和]\s*(?:19|20)\d{2})+\s*年?(?:度|底|末|版)?",
        r"(?<!\d)(?:19|20)\d{2}\s*(?:年(?!\s*\d{1,2}\s*月)(?:度|底|末|版)?|版)",
        r"二[〇○零][〇○零一二三四五六七八九]{2}年",
    )
)
_DATE_ZH = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_MONTH_ZH = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月")
_MONTH_DAY_ZH = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_MONTH_ALONE_ZH = re.compile(r"(?<!\d)\d{1,2}\s*月(?:份|底|末)?")
_FRACTION_ZH = re.compile(
    r"(?P<base>[百千万]|[二三四五六七八九十])分之"
    r"(?P<part>\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)"
)
_NUMBER_ZH = re.compile(
    rf"(?P<number>{_DIGITS}|[零一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*|半(?=年|数))\s*(?P<scale>[百千万亿]*)\s*"
    r"(?P<unit>个百分点|%|‰|元|个?工作日|个?(?:自然日|日历日)|[日天]|周年|年|个?(?:完整)?(?:会计|财务|自然|纳税)?年度|个月"
    r"|[周名人件项次级分家位倍]|个)?"
)
_STATED_BEFORE_ZH = re.compile(r"(?:前|至少|不少于|不低于|不超过|不高于|不多于|超过|高于|低于|达到|任意|近|满)\s*\Z")
_STATED_BEHIND_ZH = re.compile(r"\s*(?:以上|以下|及以上|及以下|以内|或以上)")
_DIGIT_ZH = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE_ZH = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def chinese_number(text: str) -> int | None:
    """The number that Chinese digits write (``十二``, ``两千五百万``); None for a run that is none (``十四五``)."""
    total = part = 0
    digit: int | None = None
    for char in text:
        if char in _DIGIT_ZH:
            if digit:
                return None
            digit = _DIGIT_ZH[char]
        elif char == "万":
            total, part, digit = total + (part + (digit or 0)) * 10**4, 0, None
        elif char == "亿":
            total, part, digit = (total + part + (digit or 0)) * 10**8, 0, None
        else:
            part += (1 if digit is None else digit) * _SCALE_ZH[char]
            digit = None
    return total + part + (digit or 0)


def _chinese(text: str) -> Iterator[Figure]:
    scan = _Scan(text)
    for match in scan.take(_ISO_DATE):
        yield from _date(match[1], match[2], match[3], match)
    for match in scan.take(_DATE_ZH):
        yield from _date(match[1], match[2], match[3], match)
    for pattern in (*_IGNORED_ZH, *_IGNORED):
        for _ in scan.take(pattern):
            pass
    for match in scan.take(_MONTH_ZH):
        yield Figure(match[0], match.start(), (("month", Fraction(int(match[1]) * 12 + int(match[2]))),), True)
    for match in scan.take(_MONTH_DAY_ZH):
        yield from _month_day(int(match[1]), int(match[2]), match)
    for _ in scan.take(_MONTH_ALONE_ZH):
        pass
    for match in scan.take(_FRACTION_ZH):
        yield from _fraction_zh(match)
    for match in scan.take(_NUMBER_ZH):
        yield from _number_zh(match, scan.text)


def _fraction_zh(match: re.Match[str]) -> Iterator[Figure]:
    base = chinese_number(match["base"]) if match["base"] not in _SCALE_ZH else _SCALE_ZH[match["base"]]
    whole, _, decimals = match["part"].partition("点")
    part: Fraction | None
    if whole[0].isdigit():
        part = _arabic(whole)
    else:
        number = chinese_number(whole)
        part = None if number is None else Fraction(number)
        for place, char in enumerate(decimals, 1):
            part = None if part is None else part + Fraction(_DIGIT_ZH[char], 10**place)
    if base and part is not None:
        yield Figure(match[0], match.start(), (("ratio", part / base),), match["base"] in "百千万")


def _number_zh(match: re.Match[str], line: str) -> Iterator[Figure]:
    written, scale, unit = match["number"], match["scale"], match["unit"] or ""
    arabic = written[0].isdigit()
    value = _arabic(written) if arabic else Fraction(1, 2) if written == "半" else _fraction_of(chinese_number(written))
    if value is None:
        return
    for char in scale:
        value *= _SCALE_ZH[char]
    large = any(c in "万亿" for c in written + scale)
    readings = _readings_zh(value, unit, large)
    stated = arabic or bool(unit and unit != "个")
    stated = stated or bool(
        _STATED_BEFORE_ZH.search(line[: match.start()]) or _STATED_BEHIND_ZH.match(line, match.end())
    )
    if _is_one(readings):
        stated = False
    if written == "半" or (written + unit) == "十分" or (arabic and not unit and not scale and _is_year(written)):
        stated = False
    sums_up = unit in ("", "个", "项")
    yield Figure(match[0].rstrip(), match.start(), readings, stated, sums_up)


def _fraction_of(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _readings_zh(value: Fraction, unit: str, large: bool) -> tuple[Reading, ...]:
    if unit in ("%", "个百分点"):
        return (("ratio", value / 100),)
    if unit == "‰":
        return (("ratio", value / 1000),)
    if unit == "元":
        return (("money", value * 100),)
    if unit.endswith("工作日"):
        return (("working_days", value),)
    if unit in ("年", "周年") or unit.endswith("年度"):
        return (("months", value * 12),)
    if unit == "个月":
        return (("months", value),)
    if unit == "周":
        return (("days", value * 7),)
    if unit.endswith(("日", "天", "日历日")):
        return (("days", value),)
    if not unit and large:
        return (("money", value * 100), ("count", value))
    return (("count", value),)


# -- English ----------------------------------------------------------------------------------------------------------

_REFERENCES = (
    r"annex|annexes|items?|arts?\.|articles?|sections?|chapters?|parts?|paragraphs?|paras?\.|tables?|appendix|schedules?"
    r"|clauses?|point|indicators?|conditions?|steps?|notes?|nos?\.|rules?|edition|version|batch|round|class|lines?|rows?"
    r"|form|catalogue"
)
_UNIT_BEHIND = r"(?![\d,.]*\s*(?:%|万|亿|元|per\s?cent|years?|months?|days?|working|points?|persons?|people))"
_IGNORED_EN = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        r"\(?(?:19|20)\d{2}\)?,?\s+no\.\s*\d+",
        rf"\b(?:{_REFERENCES})\s*\d{{1,4}}\b{_UNIT_BEHIND}(?:\s*(?:,|to|and|or|–|-)\s*\d{{1,4}}\b{_UNIT_BEHIND})*",
    )
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATE_EN = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>\d{{4}})\b)?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+(?P<year>\d{{4}})\b)?",
    )
)
_MONTH_EN = re.compile(rf"\b{_MONTH}\s+(?P<year>\d{{4}})\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_WORDS = {
    word: number
    for number, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}  # fmt: skip
_ONES = "|".join(w for w, n in _WORDS.items() if 1 <= n <= 9)
_WORD = (
    r"(?:"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + rf")(?:-(?:{_ONES})\b)?(?:\s+(?:hundred|thousand))?\b(?!-?thirds?\b)"
)
_SOFT_EN = {
    re.compile(r"\bhalf\b", re.IGNORECASE): (("ratio", Fraction(1, 2)),),
    re.compile(r"\bboth\b", re.IGNORECASE): (("count", Fraction(2)), ("months", Fraction(24))),
    re.compile(r"\b(?:twice|double|doubled)\b", re.IGNORECASE): (("count", Fraction(2)),),
    re.compile(r"\btwo[- ]thirds\b", re.IGNORECASE): (("ratio", Fraction(2, 3)),),
    re.compile(r"\b(?:one|a)[- ]third\b", re.IGNORECASE): (("ratio", Fraction(1, 3)),),
}
_ADJECTIVES = (
    r"(?:[\s-]+(?:consecutive|full|whole|complete|completed|fiscal|financial|accounting|successive|further|more|recent"
    r"|latest|tax|previous|past|last|or|and|most))"
)
_NUMBER_EN = re.compile(
    rf"(?:(?P<currency>RMB|CNY|[¥￥])\s*)?(?P<number>{_DIGITS}|\b{_WORD})"
    r"(?:"
    r"\s*-?\s*(?P<share>%|‰|per\s?cent(?:age\s+points?)?\b|percentage[\s-]+points?\b)"
    r"|\s*(?P<zh>[百千万亿]+元?|元|[人项件名次级分年天日家]|个月|个?工作日)"
    r"|\s+(?P<large>thousand|million|billion)\b(?:\s+(?P<yuan>yuan|RMB|CNY)\b)?"
    r"|\s+(?P<plain>yuan|RMB|CNY)\b"
    rf"|{_ADJECTIVES}{{0,3}}[\s-]+"
    r"(?P<time>working[\s-]+days?|business\s+days?|(?:calendar\s+|natural\s+)?days?|(?:calendar\s+)?years?|months?|weeks?)\b"
    r")?",
    re.IGNORECASE,
)
_STATED_BEFORE_EN = re.compile(
    r"\b(?:top|least|most|than|last|past|exceeds?|exceeding|first|over|under|above|below|within|reach(?:es)?|rank(?:ed)?)"
    r"[\s-]+\Z",
    re.IGNORECASE,
)
_STATED_BEHIND_EN = re.compile(
    r"\s+(?:or\s+(?:more|above|fewer|less|higher)|of\b|and\s+(?:above|over|more)"
    r"|(?:\w+\s+)?(?:persons?|people|employees|staff|points?|items?|patents?|rights?|times)\b)",
    re.IGNORECASE,
)
_SUMS_UP_EN = re.compile(
    r"\s*(?:[.,;:)]|\Z|of\b|below\b|(?:\w+\s+){0,2}(?:conditions?|items?|requirements?|indicators?|following|cases?|kinds?"
    r"|circumstances|facts|tests?|headings|readings|ways|parts?|groups?|lists?|titles?|rows?|limits?|below)\b)",
    re.IGNORECASE,
)
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def _english(text: str) -> Iterator[Figure]:
    scan = _Scan(text)
    for match in scan.take(_ISO_DATE):
        yield from _date(match[1], match[2], match[3], match)
    for pattern in _DATE_EN:
        for match in scan.take(pattern):
            month = str(_MONTHS[match["month"].lower()])
            if match["year"]:
                yield from _date(match["year"], month, match["day"], match)
            else:
                yield from _month_day(int(month), int(match["day"]), match)
    for match in scan.take(_MONTH_EN):
        month_number = int(match["year"]) * 12 + _MONTHS[match["month"].lower()]
        yield Figure(match[0], match.start(), (("month", Fraction(month_number)),), True)
    for pattern in (*_IGNORED_EN, *_IGNORED, _ORDINAL):
        for _ in scan.take(pattern):
            pass
    for pattern, readings in _SOFT_EN.items():
        for match in scan.take(pattern):
            yield Figure(match[0], match.start(), readings, False)
    for match in scan.take(_NUMBER_EN):
        yield from _number_en(match, scan.text)


def _word_number(text: str) -> int:
    first, _, rest = text.lower().partition(" ")
    tens, _, ones = first.partition("-")
    value = _WORDS[tens] + (_WORDS[ones] if ones else 0)
    return value * {"hundred": 100, "thousand": 1000, "": 1}[rest.strip()]


def _number_en(match: re.Match[str], line: str) -> Iterator[Figure]:
    written = match["number"]
    arabic = written[0].isdigit()
    value = _arabic(written) if arabic else Fraction(_word_number(re.sub(r"\s+", " ", written)))
    readings = _readings_en(value, match)
    has_unit = any(match[g] for g in ("currency", "share", "zh", "large", "plain", "time"))
    stated = arabic or has_unit
    stated = stated or bool(
        _STATED_BEFORE_EN.search(line[: match.start()]) or _STATED_BEHIND_EN.match(line, match.end())
    )
    if _is_one(readings):
        stated = False
    if arabic and not has_unit and _is_year(written):
        stated = False
    sums_up = not has_unit and _SUMS_UP_EN.match(line[match.end() :]) is not None
    yield Figure(match[0].rstrip(), match.start(), readings, stated, sums_up)


def _readings_en(value: Fraction, match: re.Match[str]) -> tuple[Reading, ...]:
    if share := match["share"]:
        return (("ratio", value / (1000 if share == "‰" else 100)),)
    if unit := match["zh"]:
        scale = 1
        for char in unit:
            scale *= _SCALE_ZH.get(char, 1)
        return _readings_zh(value * scale, unit.lstrip("百千万亿"), scale >= 10**4)
    if large := match["large"]:
        value *= _LARGE[large.lower()]
        money = match["yuan"] or match["currency"]
        return (("money", value * 100),) if money else (("count", value), ("money", value * 100))
    if match["plain"] or match["currency"]:
        return (("money", value * 100),)
    if time := match["time"]:
        word = re.sub(r"[\s-]+", " ", time.lower()).rstrip("s")
        if word in ("working day", "business day"):
            return (("working_days", value),)
        if word.endswith("day"):
            return (("days", value),)
        if word == "week":
            return (("days", value * 7),)
        return (("months", value * (12 if word.endswith("year") else 1)),)
    return (("count", value),)
