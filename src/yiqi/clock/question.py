"""Reads a question about a deadline: ``10 working days from 2026-09-18``, ``自2026年9月18日起10个工作日``."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from yiqi.clock.answer import Direction, Pause
from yiqi.clock.error import ClockError
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import LONGEST, MONTHS, Period, Unit
from yiqi.law.figures import chinese_number

FORMS = Bilingual(
    "the question cannot be read. Forms: `10 working days from 2026-09-18`, `30 days after 18 September 2026`, `3 months "
    "from 2026-09-18`, `1 year from today`, `10 working days before 2026-10-08`, `自2026年9月18日起10个工作日`, "
    "`2026年10月8日前10个工作日`, or a duty of the law: `miit-2022-63#change_procedure.report from 2026-05-06`",
    "无法读懂这个问题。可用的写法：“自2026年9月18日起10个工作日”“自2026年9月18日起30日内”“自2026年9月18日起3个月”“自今日起1年”"
    "“2026年10月8日前10个工作日”“10 working days from 2026-09-18”，或法规中的义务：“miit-2022-63#change_procedure.report from 2026-05-06”",
)

_UNITS: dict[str, Unit] = {
    "working day": "working_days", "business day": "working_days", "workday": "working_days", "工作日": "working_days",
    "day": "days", "natural day": "days", "calendar day": "days", "日": "days", "天": "days", "自然日": "days",
    "日历日": "days", "month": "months", "月": "months", "year": "years", "年": "years",
}  # fmt: skip

_SHORT = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH = "(?:" + "|".join(f"{m}|{m[:3]}" for m in MONTHS) + "|Sept)"
_DATE = (
    rf"(?P<date>\d{{4}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*\d{{1,2}}|\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\.?,?\s+\d{{4}}|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    r"today|今天|今日|当日)"
)
_PERIOD_EN = (
    r"(?P<count>\d[\d,]*)\s*(?P<unit>(?:working|business|natural|calendar)[\s-]+days?|workdays?|days?|months?|years?)"
)
_PERIOD_ZH = r"(?P<count>\d[\d,]*|[零〇一二两三四五六七八九十百千]+)\s*个?\s*(?P<unit>工作日|自然日|日历日|日|天|月|年)(?:之?内|以内)?"
_FORWARD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:within\s+)?{_PERIOD_EN}\s+(?:from|after|of|since|counted\s+from)\s+{_DATE}",
        rf"(?:从|自)?\s*{_DATE}\s*(?:之日)?\s*(?:起|开始|后|之后|以后)(?:计算|算)?的?\s*[,、]?\s*[第满]?\s*{_PERIOD_ZH}",
        rf"{_PERIOD_ZH}\s*[,、]?\s*(?:从|自)\s*{_DATE}\s*(?:之日)?\s*起?(?:计算|算)?",
    )
)
_BACKWARD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PERIOD_EN}\s+before\s+{_DATE}",
        rf"在?\s*{_DATE}\s*(?:之|以)?前的?\s*[,、]?\s*第?\s*{_PERIOD_ZH}",
    )
)
_DUTY = r"(?P<duty>[a-z][a-z0-9-]*#[a-z0-9_.]+)"
_OF_DUTY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"{_DUTY}\s+(?:from|after|of)\s+{_DATE}", rf"(?:从|自)\s*{_DATE}\s*(?:之日)?\s*起\s*{_DUTY}")
)
_LAST = _DATE.replace("?P<date>", "?P<last>")
_SPAN = re.compile(rf"{_DATE}\s*(?:\.\.|–|至|到|to\s)\s*(?:{_LAST})?(?:\s+(?P<why>\S.*))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A period, or a duty of the law by its id, and the day that sets it off."""

    day: dt.date
    direction: Direction
    period: Period | None
    duty: str | None


def read_question(text: str, today: dt.date) -> Question:
    """Read a question in English or Chinese. Raises :class:`ClockError` that says the forms, or what is wrong."""
    plain = _plain(text)
    directions: tuple[tuple[Direction, tuple[re.Pattern[str], ...]], ...] = (("after", _FORWARD), ("before", _BACKWARD))
    for direction, patterns in directions:
        if match := next((m for p in patterns if (m := p.fullmatch(plain))), None):
            return Question(read_day(match["date"], today), direction, _period(match["count"], match["unit"]), None)
    for pattern in _OF_DUTY:
        if match := pattern.fullmatch(plain):
            return Question(read_day(match["date"], today), "after", None, match["duty"].lower())
    raise ClockError(FORMS.en, FORMS.zh)


def read_period(text: str) -> Period:
    """Read a period alone: ``30 days``, ``10个工作日``. Raises :class:`ClockError`."""
    plain = _plain(text)
    match = re.fullmatch(_PERIOD_EN, plain, re.IGNORECASE) or re.fullmatch(_PERIOD_ZH, plain)
    if match is None:
        raise ClockError(
            f"`{text}` is no period; write `10 working days`, `30 days`, `3 months` or `1 year`",
            f"“{text}”不是期限；请写成“10个工作日”“30日”“3个月”或“1年”",
        )
    return _period(match["count"], match["unit"])


def read_pause(text: str, today: dt.date) -> Pause:
    """Read a pause: ``2026-09-21..2026-09-25``, or ``2026-09-21..`` while it lasts, then why if need be.

    Raises :class:`ClockError`.
    """
    match = _SPAN.fullmatch(_normal(text))
    if match is None:
        raise ClockError(
            f"`{text}` is no pause; write `2026-09-21..2026-09-25`, or `2026-09-21..` while it lasts",
            f"“{text}”不是中止期间；请写成“2026-09-21..2026-09-25”，尚未恢复的写成“2026-09-21..”",
        )
    last = read_day(match["last"], today) if match["last"] else None
    why = match["why"]
    return Pause(read_day(match["date"], today), last, Bilingual(why, why) if why else None)


def read_day(text: str, today: dt.date) -> dt.date:
    """Read a day in any of the ways a question may write it. Raises :class:`ClockError` for one that does not exist."""
    plain = _plain(text)
    if plain.lower() in ("today", "今天", "今日", "当日"):
        return today
    if not re.fullmatch(_DATE, plain, re.IGNORECASE):
        raise ClockError(
            f"`{text}` is no day; write it as 2026-09-18 or 2026年9月18日",
            f"“{text}”不是日期，请写成2026-09-18或2026年9月18日",
        )
    numbers = [int(n) for n in re.findall(r"\d+", plain)]
    if len(numbers) == 3:
        year, month, day = numbers
    else:
        names = re.findall(r"[A-Za-z]{3,}", plain)
        month = next(number for name in names if (number := _SHORT.get(name[:3].lower())))
        day, year = numbers
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ClockError(f"there is no day {text.strip()}", f"没有“{text.strip()}”这一天") from None


def _normal(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _plain(text: str) -> str:
    return _normal(text).rstrip("。.?!")


def _period(count: str, unit: str) -> Period:
    number = int(count.replace(",", "")) if count[0].isdigit() else chinese_number(count)
    if number is None or not 1 <= number <= LONGEST:
        raise ClockError(f"a period has 1 to {LONGEST} units", f"期限应为1至{LONGEST}个单位")
    return Period(number, _UNITS[re.sub(r"[\s-]+", " ", unit.lower()).removesuffix("s")])
