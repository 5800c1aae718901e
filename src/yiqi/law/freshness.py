"""When a law file should be compared with its source again.

Each file has the day of its last comparison (``reviewed``), and a measure may name the day after which it wants another
(``review``). Where none is named, a comparison counts for :data:`SPAN` days: a rule of this house, no rule of law
(``docs/decisions``). What has ended is compared once more after its end, to see whether it was prolonged, and never again unless a measure names a day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.law.tree import Instrument, Law

SPAN = dt.timedelta(days=180)
"""How long a comparison counts where the file names no day."""


@dataclass(frozen=True, slots=True)
class Due:
    """A file, or one measure of it (``rule``), with the last day on which its comparison counts."""

    instrument: Instrument
    rule: str | None
    last: dt.date

    def stale(self, on: dt.date) -> bool:
        """Whether the comparison is too old to rest on for ``on``."""
        return on > self.last

    def days_over(self, on: dt.date) -> int:
        """Days since the comparison should have been made; 0 while it counts."""
        return max(0, (on - self.last).days)


def due(instrument: Instrument, rule: str | None = None) -> Due:
    """Until when the comparison of a file counts; with ``rule``, the full id of a measure, until when it does for that.

    A day that a measure names for its review is met by a comparison after it. Of a whole file the earliest day counts.
    """
    last = _last(instrument)
    measures = instrument.measures
    chosen = (
        [measures[rule]] if rule is not None and rule in measures else [] if rule is not None else measures.values()
    )
    named = [m.review for m in chosen if m.review is not None and m.review >= instrument.reviewed]
    return Due(instrument, rule, min([last, *named]))


def _last(instrument: Instrument) -> dt.date:
    until = instrument.until
    if until is not None and instrument.reviewed > until:
        return dt.date.max
    return instrument.reviewed + SPAN


def stale_files(law: Law, on: dt.date) -> tuple[Due, ...]:
    """The files past their day, those that wait longest first."""
    found = (due(instrument) for instrument in law.instruments.values())
    return tuple(sorted((d for d in found if d.stale(on)), key=lambda d: (d.last, d.instrument.id)))
