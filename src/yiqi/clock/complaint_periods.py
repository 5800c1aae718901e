"""The periods of a complaint by the time in which they began, each with its article: those of the law from its fences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yiqi.clock import sources
from yiqi.clock.duties import find_duty
from yiqi.clock.error import ClockError
from yiqi.clock.holidays import DAY
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Period, Within
from yiqi.law.tree import Law

StepName = Literal["review", "transfer", "answer"]
STEPS: dict[StepName, tuple[Bilingual, Bilingual]] = {
    "review": (
        Bilingual("review and accept or refuse", "审查并决定是否受理"), Bilingual("receiving department", "受理投诉部门"),
    ),
    "transfer": (
        Bilingual("transfer to the handling department", "转交处理投诉部门"), Bilingual("receiving department", "受理投诉部门"),
    ),
    "answer": (
        Bilingual("form a result and answer in writing", "形成处理结果并书面反馈"), Bilingual("handling department", "处理投诉部门"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of a step for clocks that begin in a time; ``region`` is a prefix of region codes, or the whole country."""

    step: StepName
    period: Period | None
    at_most: Period | None
    first: dt.date
    last: dt.date | None
    source: Source
    region: str = ""

    @property
    def decides(self) -> bool:
        """What is remembered and was not read is named and decides nothing."""
        return self.source.confidence != "C"


REGULATION_2020, REGULATION_2025 = dt.date(2020, 9, 1), dt.date(2025, 6, 1)
MEASURES_2021 = dt.date(2021, 12, 30)
OF_THE_LAW: tuple[tuple[StepName, str, Source], ...] = (
    ("review", "miit-2021-224#review.review", sources.MEASURES_2021),
    ("transfer", "decree-802#complaint_handling.transfer", sources.REGULATION_2025),
    ("answer", "decree-802#complaint_handling.answer", sources.REGULATION_2025),
)
"""Steps whose period stands in a ``procedure`` fence of the law, from the day on which its instrument is in force."""
IN_NO_FILE: tuple[PeriodRow, ...] = (
    PeriodRow("review", None, None, REGULATION_2020, MEASURES_2021 - DAY, sources.REGULATION_2020),
    PeriodRow("review", Period(7, "working_days"), None, dt.date(2022, 6, 22), None, sources.LIAONING_2022, "21"),
    PeriodRow("transfer", None, None, REGULATION_2020, REGULATION_2025 - DAY, sources.REGULATION_2020),
    PeriodRow("answer", None, None, REGULATION_2020, MEASURES_2021 - DAY, sources.REGULATION_2020),
    PeriodRow(
        "answer", Period(30, "days"), Period(90, "days"), MEASURES_2021, REGULATION_2025 - DAY, sources.MEASURES_2021_HANDLING
    ),
)  # fmt: skip
"""What is no step of the law: times in which the text has no number, a number that is only remembered, and the rules of a
province that are known from a secondary source and have no file."""


class Periods:
    """The periods of a complaint, by the law that was read.

    Raises :class:`ClockError` for a law without one of the steps, or with one that has no period.
    """

    def __init__(self, law: Law) -> None:
        rows = list(IN_NO_FILE)
        for step, name, source in OF_THE_LAW:
            named = find_duty(law, name)
            timing, first = named.duty.timing, named.instrument.in_force
            if not isinstance(timing, Within) or first is None:
                raise ClockError(f"{name} has no period to count", f"{name}没有可计算的期限")
            rows.append(PeriodRow(step, timing.period, timing.at_most, first, None, source))
        self.rows = tuple(rows)

    def of(self, step: StepName, day: dt.date, region: str) -> PeriodRow:
        """The period of a step that begins on a day; a province's own goes before the national one.

        Raises :class:`ClockError` for a day before the Regulation.
        """
        rows = [
            r
            for r in self.rows
            if r.step == step and r.first <= day and (r.last is None or day <= r.last) and region.startswith(r.region)
        ]
        if not rows:
            raise ClockError(
                f"{day} lies before 1 September 2020, when the Regulation came into force",
                f"{day}早于条例施行日2020年9月1日",
            )
        return max(rows, key=lambda r: len(r.region))


def no_number(row: PeriodRow) -> Bilingual:
    """Why a row gives no period that decides."""
    if row.period is None:
        return Bilingual("The text says “in time” and gives no number of days.", "条文只规定“及时”，没有天数。")
    most = (
        Bilingual(f", at most {row.at_most.text.en}", f"，最长{row.at_most.text.zh}")
        if row.at_most
        else Bilingual("", "")
    )
    return Bilingual(
        f"{row.period.text.en}{most.en} is remembered for this time and was not read [{row.source.confidence}]; it decides "
        "nothing.",
        f"该时期的期限据记忆为{row.period.text.zh}{most.zh}，未查到原文[{row.source.confidence}]，不作为判断依据。",
    )
