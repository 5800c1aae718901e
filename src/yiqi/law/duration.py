"""How long a step of a procedure may take: the words of a ``procedure`` fence as typed periods and days.

==============================================  =======================================================
written                                         read as
==============================================  =======================================================
``within 10 working days of filing``            :class:`Within`, counted from the event
``within 30 days of receipt, at most 90 days``  the same, with the most that an extension can reach
``by 30 April of every year``, ``by 31 May``    :class:`By`
``from 1 June to 31 August``                    :class:`Between`
``for 3 years after re_review``                 :class:`Lasting`
``after check``                                 :class:`After`, which only orders the steps
``on the platform``, nothing                    :class:`Manner`, which says no time
==============================================  =======================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from yiqi.law.bilingual import Bilingual

Unit = Literal["working_days", "days", "months", "years"]

_UNITS: dict[str, Unit] = {"working day": "working_days", "day": "days", "month": "months", "year": "years"}
_UNIT_TEXT: dict[Unit, tuple[str, str]] = {
    "working_days": ("working day", "个工作日"),
    "days": ("day", "日"),
    "months": ("month", "个月"),
    "years": ("year", "年"),
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST = 10_000
"""A count beyond this is a slip of the pen."""


class DurationError(Exception):
    """Words of a step that speak of time and cannot be read."""

    def __init__(self, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        self.message = Bilingual(en, zh)
        self.remedy = remedy
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Period:
    """A number of working days, natural days, months or years; ``count`` is at least 1."""

    count: int
    unit: Unit

    @property
    def text(self) -> Bilingual:
        en, zh = _UNIT_TEXT[self.unit]
        return Bilingual(f"{self.count} {en}{'' if self.count == 1 else 's'}", f"{self.count}{zh}")


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of any year."""

    month: int
    day: int

    @property
    def text(self) -> Bilingual:
        return Bilingual(f"{self.day} {MONTHS[self.month - 1]}", f"{self.month}月{self.day}日")


@dataclass(frozen=True, slots=True)
class Within:
    """At the latest a period after an event; after the step before when no event is named."""

    period: Period
    of: str | None
    at_most: Period | None


@dataclass(frozen=True, slots=True)
class By:
    """At the latest on a day: of every year, or of the year that the procedure is about."""

    day: MonthDay
    yearly: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Not before the first day and not after the last."""

    first: MonthDay
    last: MonthDay


@dataclass(frozen=True, slots=True)
class Lasting:
    """What the step gives holds for a period, counted from an event."""

    period: Period
    after: str | None


@dataclass(frozen=True, slots=True)
class After:
    """After another step, without a time limit."""

    event: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How the step is taken; no time. The text may be empty."""

    text: str


Timing = Within | By | Between | Lasting | After | Manner

_EVENT = r"(?P<event>[a-z][a-z0-9_]*)"
_PERIOD = r"(?P<count>\d+) (?P<unit>working days?|days?|months?|years?)"
_DAY = rf"(?P<day>\d+) (?P<month>{'|'.join(MONTHS)})"


def _second(pattern: str) -> str:
    """The same pattern for the second period or day of a line."""
    return pattern.replace("(?P<", "(?P<second_")


_WITHIN = re.compile(rf"within {_PERIOD}(?: (?:of|after|from) {_EVENT})?(?:, at most {_second(_PERIOD)})?\Z")
_BY = re.compile(rf"by {_DAY}(?P<yearly> of every year)?\Z")
_BETWEEN = re.compile(rf"from {_DAY} to {_second(_DAY)}\Z")
_LASTING = re.compile(rf"for {_PERIOD}(?: (?:of|after|from) {_EVENT})?\Z")
_AFTER = re.compile(rf"after {_EVENT}\Z")
_SPEAKS_OF_TIME = re.compile(
    r"\d|\b(?:days?|weeks?|months?|years?|hours?)\b|^(?:within|by|from|after|before|for|at most)\b"
)


_FORMS = Bilingual(
    "write `within 10 working days of filing`, `within 30 days of receipt, at most 90 days`, `by 30 April of every year`, "
    "`from 1 June to 31 August`, `for 3 years after grant` or `after check`",
    "请写成`within 10 working days of filing`、`within 30 days of receipt, at most 90 days`、`by 30 April of every year`、"
    "`from 1 June to 31 August`、`for 3 years after grant`或`after check`",
)


def parse_timing(text: str) -> Timing:
    """Read the words between a step and its actor. Raises :class:`DurationError` for a time that cannot be read."""
    words = re.sub(r"\s+", " ", text).strip()
    if match := _WITHIN.match(words):
        period = _period(match, "")
        most = _period(match, "second_") if match["second_count"] else None
        if most is not None and most.unit == period.unit and most.count < period.count:
            raise DurationError(
                f"`{words}` ends at most after less than it begins with", f"“{words}”中的最长期限短于基本期限"
            )
        return Within(period, match["event"], most)
    if match := _BY.match(words):
        return By(_month_day(match, ""), match["yearly"] is not None)
    if match := _BETWEEN.match(words):
        return Between(_month_day(match, ""), _month_day(match, "second_"))
    if match := _LASTING.match(words):
        return Lasting(_period(match, ""), match["event"])
    if match := _AFTER.match(words):
        return After(match["event"])
    if _SPEAKS_OF_TIME.search(words):
        raise DurationError(f"`{words}` speaks of time and cannot be read", f"“{words}”涉及时间，但无法读取", _FORMS)
    return Manner(words)


def _period(match: re.Match[str], prefix: str) -> Period:
    count = int(match[f"{prefix}count"])
    if not 1 <= count <= LONGEST:
        raise DurationError(f"a period has 1 to {LONGEST} units", f"期限应为1至{LONGEST}个单位")
    return Period(count, _UNITS[match[f"{prefix}unit"].removesuffix("s")])


def _month_day(match: re.Match[str], prefix: str) -> MonthDay:
    month = MONTHS.index(cast(str, match[f"{prefix}month"])) + 1
    day = int(match[f"{prefix}day"])
    if not 1 <= day <= _LENGTHS[month - 1]:
        raise DurationError(f"there is no {day} {MONTHS[month - 1]}", f"没有{month}月{day}日")
    return MonthDay(month, day)
