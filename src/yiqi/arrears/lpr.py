"""The one-year loan prime rate, quote by quote: which holds on a day, and where the table ends.

A quote holds "until the next publication" (PBoC notice of 2024-07-22): what holds on a day is the last one published on
or before it, not that of its month. Before the first quote of 2019-08-20 there is no rate of this kind. The next quote
may come out on the 20th of the month after the last one; from that day on the table knows nothing, and says so.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from yiqi.arrears.error import ArrearsError
from yiqi.arrears.plan import RatePlan, RateStep
from yiqi.clock.sources import Source
from yiqi.clock.wording import day_text
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import default_folder
from yiqi.law.quantities import RATIO_SCALE
from yiqi.law.series_file import read_series
from yiqi.law.tree import Confidence

FILE = "arrears/lpr.csv"
COLUMN = "one_year_pct"
"""Never the five-year rate: no rule on late payment knows it."""
FIRST = dt.date(2019, 8, 20)
PUBLICATION_DAY = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """A one-year rate by the year, ``Fraction(3, 100)``, as published on a day, with the tag of its source."""

    day: dt.date
    rate: Fraction
    confidence: Confidence

    @property
    def source(self) -> Source:
        said = day_text(self.day)
        return Source(
            Bilingual(f"one-year LPR published on {said.en}", f"{said.zh}公布的一年期贷款市场报价利率"), self.confidence
        )


@dataclass(frozen=True, slots=True)
class NoQuote:
    """That no rate is known for a day, and why."""

    day: dt.date
    why: Bilingual


@dataclass(frozen=True, slots=True)
class LprTable:
    """The quotes, one for each month from August 2019 on, in order.

    Raises :class:`ArrearsError` for a month without a quote or with two: across a gap nobody knows what held.
    """

    quotes: tuple[Quote, ...]
    plan: RatePlan = field(init=False, repr=False, compare=False)
    """The rate of each day, as interest that follows the LPR takes it."""

    def __post_init__(self) -> None:
        if not self.quotes or self.quotes[0].day != FIRST:
            raise _fault(f"the table begins with {FIRST}, the first quote", f"该表应从首次报价{FIRST}开始")
        for one, two in pairwise(self.quotes):
            if _month(two.day) != _month(one.day) + 1:
                raise _fault(
                    f"between {one.day} and {two.day} there is not one quote a month",
                    f"{one.day}与{two.day}之间不是每月一次报价",
                )
        steps = tuple(RateStep(quote.day, quote.rate, "year", quote.source) for quote in self.quotes)
        object.__setattr__(self, "plan", RatePlan(steps, self.known_until, self.why_before, self.why_beyond))

    @property
    def known_until(self) -> dt.date:
        """The last day on which the last quote is known to hold: the day before the next one may be published."""
        last = self.quotes[-1].day
        year, month = (last.year, last.month + 1) if last.month < 12 else (last.year + 1, 1)
        return dt.date(year, month, PUBLICATION_DAY - 1)

    @property
    def why_before(self) -> Bilingual:
        return Bilingual(
            "There is no loan prime rate before 20 August 2019; the benchmark lending rate applied, which no rule here uses.",
            "2019年8月20日之前没有贷款市场报价利率；当时适用贷款基准利率，此处的规则均不使用。",
        )

    @property
    def why_beyond(self) -> Bilingual:
        last, known = day_text(self.quotes[-1].day), day_text(self.known_until)
        return Bilingual(
            f"The last quote that the table has is that of {last.en}. It holds until the next publication and is known to"
            f" hold to {known.en}; later quotes have to be added.",
            f"表中最后一次报价为{last.zh}，在下一次公布前有效，已知有效至{known.zh}；此后的报价有待补充。",
        )

    def on(self, day: dt.date) -> Quote | NoQuote:
        """The quote that holds on a day."""
        if day < FIRST:
            return NoQuote(day, self.why_before)
        if day > self.known_until:
            return NoQuote(day, self.why_beyond)
        return self.quotes[bisect_right(self.quotes, day, key=lambda quote: quote.day) - 1]

    def with_quotes(self, quotes: Iterable[Quote]) -> LprTable:
        """The table with later quotes that the caller knows; each carries the tag of the caller's source."""
        return LprTable((*self.quotes, *quotes))


def load_lpr(folder: Path | None = None) -> LprTable:
    """The table of a law folder, by default the one that comes with Yiqi.

    Raises :class:`DiagnosticError` with every fault of the file, :class:`ArrearsError` for a month too many or too few.
    """
    file = (folder or default_folder()) / FILE
    return _read(file, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int) -> LprTable:
    steps, diagnostics = read_series(file, COLUMN, "ratio")
    if diagnostics:
        raise DiagnosticError(diagnostics)
    quotes: list[Quote] = []
    for day, value, confidence in steps:
        # `read_series` takes no other tag.
        tag: Confidence = "A" if confidence == "A" else "B"
        quotes.append(Quote(day, Fraction(value, RATIO_SCALE), tag))
    return LprTable(tuple(quotes))


def _month(day: dt.date) -> int:
    return 12 * day.year + day.month


def _fault(en: str, zh: str) -> ArrearsError:
    return ArrearsError(
        "table",
        Bilingual(en, zh),
        Bilingual(
            "complete it from the publications of the interbank funding centre",
            "请按全国银行间同业拆借中心公布的报价补全",
        ),
    )
