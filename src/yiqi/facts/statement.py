"""What a file says, before anything is believed: one statement per value written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.law.diagnostics import Place
from yiqi.law.vocabulary import Fact

Written = str | bool | dt.date | tuple[str, ...]
"""A value as a file holds it: text (numbers too, as their exact decimal text), a Boolean or a date of a spreadsheet,
or the texts of a list."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One value written for one fact, with the year if the file names one."""

    fact: Fact
    year: int | None
    written: Written
    place: Place
    unit: str | None = None
    """The unit of a heading or column, for a number that carries none itself."""
    from_number: bool = False
    """Whether a spreadsheet held a number here, which has lost leading zeros and digits beyond the fifteenth."""
    percent: bool = False
    """Whether the spreadsheet shows the number as a percentage."""
    document: str | None = None
    date: str | dt.date | None = None
    date_place: Place | None = None
    year_place: Place | None = None
    """Where the year stands, if it stands apart from the value."""
    item_places: tuple[Place, ...] = ()
    """Where each text of a list stands."""
