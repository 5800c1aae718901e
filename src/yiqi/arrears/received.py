"""Money received on a receivable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """A payment: the day the money arrived, the amount in fen, and where it stands in the file."""

    on: dt.date
    amount: int
    place: str
