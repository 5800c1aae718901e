"""A fact sheet as a frame: one list of small values in the order of a program's slots.

==============  =====================================================  ========
fact            held as                                                missing
==============  =====================================================  ========
number          int in the smallest unit                               None
date            day number (``date.toordinal``), moved if the slot is  None
yes/no          2 (yes) or 0 (no)                                      1
one of          position in the declared list                          None
set             bits, one per declared member                          None
code            text                                                   None
==============  =====================================================  ========
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.law.tree import Slot
from yiqi.law.vocabulary import Fact, Vocabulary, fiscal_year_of

Frame = list[Any]
PROCEDURES = ("new", "re_review")
YES, UNKNOWN, NO = 2, 1, 0


def move(day: dt.date, amount: int, unit: str) -> dt.date:
    """A date moved by whole days, months or years; 29 February and the 31st fall on the last day there is.

    A result outside the calendar (before year 1 or after 9999) raises ``ValueError``.
    """
    if unit == "days":
        return day + dt.timedelta(days=amount)
    months = amount * 12 if unit == "years" else amount
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def encoder(slot: Slot, vocabulary: Vocabulary) -> Callable[[Any], object]:
    """How a known value of a slot is held in a frame."""
    if slot.fact == "procedure":
        return lambda value: PROCEDURES.index(str(value))
    fact: Fact | None = vocabulary.get(slot.fact)
    if fact is None or fact.type == "date":
        if slot.shift_unit:
            return lambda value: move(value, slot.shift, slot.shift_unit).toordinal()
        return lambda value: value.toordinal()
    if fact.type == "yes_no":
        return lambda value: YES if value else NO
    if fact.type == "one_of":
        positions = {m.id: i for i, m in enumerate(fact.members)}
        return lambda value: positions[value]
    if fact.type == "set_of":
        bits = {m.id: 1 << i for i, m in enumerate(fact.members)}
        return lambda value: sum(bits[m] for m in value)
    return lambda value: value


class FrameBuilder:
    """Fills frames for one list of slots and one day, with ``spare`` empty cells behind them."""

    def __init__(self, slots: Sequence[Slot], vocabulary: Vocabulary, on: dt.date, spare: int = 0) -> None:
        self.on = on
        self.slots = tuple(slots)
        self._same: list[tuple[int, str]] = []
        self._encoded: list[tuple[int, str, Callable[[Any], object]]] = []
        self._yearly: dict[str, list[tuple[int, int]]] = {}
        self._empty: Frame = [None] * (len(self.slots) + spare)
        self._procedure: list[int] = []
        for position, slot in enumerate(self.slots):
            fact = vocabulary.get(slot.fact)
            if slot.fact == "procedure":
                self._procedure.append(position)
            elif fact is None:
                day = move(on, slot.shift, slot.shift_unit) if slot.shift_unit else on
                self._empty[position] = day.toordinal()
            elif fact.type == "yes_no":
                self._empty[position] = UNKNOWN
                self._encoded.append((position, slot.fact, encoder(slot, vocabulary)))
            elif fact.per is not None:
                year = fiscal_year_of(on, fact.per, slot.index or 0)
                self._yearly.setdefault(slot.fact, []).append((position, year))
            else:
                if fact.kind is not None or fact.type in ("text", "uscc", "region", "industry"):
                    self._same.append((position, slot.fact))
                else:
                    self._encoded.append((position, slot.fact, encoder(slot, vocabulary)))

    def build(self, sheet: FactSheet, procedure: str) -> Frame:
        """The frame of an enterprise. Facts the sheet does not give are missing."""
        frame = self._empty.copy()
        get: Callable[[str], Any] = sheet.values.get
        for position, fact in self._same:
            frame[position] = get(fact)
        for position, fact, encode in self._encoded:
            value = get(fact)
            if value is not None:
                frame[position] = encode(value)
        for fact, years in self._yearly.items():
            yearly = get(fact)
            if yearly is not None:
                for position, year in years:
                    frame[position] = yearly.get(year)
        for position in self._procedure:
            frame[position] = PROCEDURES.index(procedure)
        return frame


def slot_name(slot: Slot, vocabulary: Vocabulary, on: dt.date) -> str:
    """The name of a missing value: ``market_share``, ``operating_revenue_2023``.

    What is looked up in a dated table goes by the date that it is looked up on.
    """
    fact = vocabulary.get(slot.fact)
    if fact is not None and fact.series is not None:
        return fact.series.at
    if fact is None or fact.per is None:
        return slot.fact
    return f"{slot.fact}_{fiscal_year_of(on, fact.per, slot.index or 0)}"


def is_flag(slot: Slot, vocabulary: Vocabulary | Mapping[str, Fact]) -> bool:
    """Whether a slot is a yes/no fact, which a frame holds as 2, 1, 0."""
    fact = vocabulary.get(slot.fact)
    return fact is not None and fact.type == "yes_no"
