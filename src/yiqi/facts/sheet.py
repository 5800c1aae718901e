"""The fact sheet: what is known about one enterprise, and where each figure comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from yiqi.law.diagnostics import Place

Value = int | bool | dt.date | str | frozenset[str]
"""One known value: money, ratios, points, counts and years as an int in the smallest unit (see ``law.quantities``),
yes/no as bool, a date, the id of a ``one_of`` value, the ids of a ``set_of`` fact, or a text or code."""

Yearly = Mapping[int, Value]
"""A fact per year: the fiscal (or evaluation) year and the value."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the document and its date if given, what was entered, and where it stands."""

    place: Place
    entered: str
    document: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True)
class FactSheet:
    """What is known about one enterprise. Absent is unknown: there are no defaults, and zero has to be said.

    Immutable; :meth:`with_values` makes a changed copy.
    """

    values: Mapping[str, Value | Yearly] = field(default_factory=dict)
    provenance: Mapping[tuple[str, int | None], Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frozen = {
            fact: MappingProxyType(dict(value)) if isinstance(value, Mapping) else value
            for fact, value in self.values.items()
        }
        object.__setattr__(self, "values", MappingProxyType(frozen))
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))

    def get(self, fact: str, year: int | None = None) -> Value | None:
        """The value of a fact, or None when it is unknown.

        A fact per year needs the year, any other fact takes none; ``ValueError`` otherwise.
        """
        value = self.values.get(fact)
        if isinstance(value, Mapping):
            if year is None:
                raise ValueError(f"`{fact}` is given per year; name the year")
            return value.get(year)
        if value is not None and year is not None:
            raise ValueError(f"`{fact}` is not given per year")
        return value

    def years(self, fact: str) -> tuple[int, ...]:
        """The years for which a fact is known, oldest first."""
        value = self.values.get(fact)
        return tuple(sorted(value)) if isinstance(value, Mapping) else ()

    def with_values(self, changes: Mapping[str, Value | Yearly | Mapping[int, Value | None] | None]) -> FactSheet:
        """A copy with some values changed.

        Years are merged into those already known; None, for a fact or for one of its years, makes it unknown. The
        source of a changed value is dropped, because it no longer proves the value.
        """
        values: dict[str, Value | Yearly] = dict(self.values)
        provenance = dict(self.provenance)
        for fact, change in changes.items():
            if isinstance(change, Mapping):
                known = values.get(fact)
                merged: dict[int, Value] = dict(known) if isinstance(known, Mapping) else {}
                for year, value in change.items():
                    provenance.pop((fact, year), None)
                    if value is None:
                        merged.pop(year, None)
                    else:
                        merged[year] = value
                if merged:
                    values[fact] = merged
                else:
                    values.pop(fact, None)
                continue
            for key in [key for key in provenance if key[0] == fact]:
                del provenance[key]
            if change is None:
                values.pop(fact, None)
            else:
                values[fact] = change
        return FactSheet(values, provenance)

    @property
    def name(self) -> str | None:
        """The enterprise's name, if given."""
        return self._text("name")

    @property
    def uscc(self) -> str | None:
        """The unified social credit code, if given."""
        return self._text("uscc")

    def _text(self, fact: str) -> str | None:
        value = self.values.get(fact)
        return value if isinstance(value, str) else None
