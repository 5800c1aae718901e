"""What the texts leave open about counting, as named readings with a default; an answer shows where another one differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from yiqi.clock.error import ClockError
from yiqi.clock.workdays import RestDays
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import nearest


@dataclass(frozen=True, slots=True)
class Readings:
    """The reading taken of each open question; the defaults are the first of ``OPTIONS``."""

    rest_days: str = "notice"
    official_period: str = "moved"
    pause_end: str = "not_counted"
    extension: str = "one_period"
    before: str = "unmoved"
    fixed_day: str = "unmoved"
    refiling: str = "new_clock"

    @property
    def rest(self) -> RestDays:
        return "statutory" if self.rest_days == "statutory" else "notice"

    def others(self) -> Iterator[tuple[str, str, Readings]]:
        """Every reading that differs in one question: its name, its option, the whole."""
        for name, (_, options) in OPTIONS.items():
            for option in options:
                if option != getattr(self, name):
                    yield name, option, replace(self, **{name: option})


OPTIONS: dict[str, tuple[Bilingual, dict[str, Bilingual]]] = {
    "rest_days": (
        Bilingual("Which days count as legal rest days at the end of a period", "期间末日遇哪些休息日顺延"),
        {
            "notice": Bilingual(
                "every day off by the notice, exchanged days off too; a worked Saturday or Sunday is none",
                "放假安排通知规定的全部休息日（含调休放假日）；调休上班的周六、周日不算",
            ),
            "statutory": Bilingual(
                "weekends and the festivals by law, not exchanged days off", "周末和法定节日，不含调休放假日"
            ),
        },
    ),
    "official_period": (
        Bilingual(
            "Whether the last day of an authority's period in natural days moves off a rest day",
            "行政机关以自然日计算的期限，末日遇休息日是否顺延",
        ),
        {
            "moved": Bilingual("it moves, as in civil law", "比照民法顺延"),
            "unmoved": Bilingual("it stays, because the text does not say that it moves", "条文未规定顺延，不顺延"),
        },
    ),
    "pause_end": (
        Bilingual("Whether the last day of a pause is counted", "中止期间的最后一日是否计入"),
        {
            "not_counted": Bilingual(
                "it is not; the count goes on the day after, as the day of an event is never counted",
                "不计入，自次日起继续计算（比照开始当日不计入）",
            ),
            "counted": Bilingual("it is; the count goes on that day", "计入，自当日起继续计算"),
        },
    ),
    "extension": (
        Bilingual("From where an extension counts", "延长的期限从何时起算"),
        {
            "one_period": Bilingual(
                "the period and its extension are one, moved off a rest day once at the end",
                "原期限与延长期限合并计算，仅在最后顺延一次",
            ),
            "from_last_day": Bilingual(
                "from the last day of the first period after it has moved", "自原期限顺延后的最后一日起算"
            ),
        },
    ),
    "before": (
        Bilingual("Counting backwards, whether a day that falls on a rest day moves", "向前倒算遇休息日是否调整"),
        {
            "unmoved": Bilingual("it stays: no article moves it", "不调整：没有条文规定"),
            "working_day": Bilingual("the working day before, to be safe", "稳妥起见，提前到前一个工作日"),
        },
    ),
    "fixed_day": (
        Bilingual(
            "Whether a day named by the law (“by 30 April”) moves off a rest day", "法规写明的日期遇休息日是否顺延"
        ),
        {
            "unmoved": Bilingual("it stays: it is a day, not the end of a period", "不顺延：写明的是日期而非期间"),
            "moved": Bilingual("it moves like the end of a period", "比照期间末日顺延"),
        },
    ),
    "refiling": (
        Bilingual("What a completed complaint does to the time for its review", "补正后审查期限如何计算"),
        {
            "new_clock": Bilingual("it is filed again, and the time begins anew", "视为重新投诉，重新计算"),
            "pause": Bilingual("the time was only paused", "仅视为中止，继续计算"),
        },
    ),
}


def with_reading(readings: Readings, text: str) -> Readings:
    """The readings with one changed, written ``name=option``. Raises :class:`ClockError` for a name there is not."""
    name, separator, option = text.partition("=")
    known = [f.name for f in fields(Readings)]
    if name not in known or not separator:
        near = nearest(name, known)
        raise ClockError(
            f"there is no reading `{name}`"
            + (f"; did you mean `{near}`?" if near else f"; there are {', '.join(known)}"),
            f"没有名为“{name}”的理解" + (f"，是否想写“{near}”？" if near else f"；可用：{'、'.join(known)}"),
        )
    options = list(OPTIONS[name][1])
    if option not in options:
        raise ClockError(
            f"`{name}` is {' or '.join(options)}, not `{option}`", f"“{name}”可取{'、'.join(options)}，不能是“{option}”"
        )
    return replace(readings, **{name: option})
