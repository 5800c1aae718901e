"""Published figures and assumptions, each with its source and its confidence tag, as ``population.csv`` and
``assumptions.csv`` hold them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from yiqi.law.bilingual import Bilingual

PUBLISHED = "population.csv"
ASSUMED = "assumptions.csv"
SOURCES = "sources.csv"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what, when, of which group and member, how much, in which unit, from where, how certain (A to D)."""

    measure: str
    year: str
    group: str
    key: str
    value: float
    unit: str
    source: str
    tag: str


class Figures:
    """Figures by measure, year, group and key."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._by_name = {(f.measure, f.year, f.group, f.key): f for f in figures}

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._by_name.values())

    def figure(self, measure: str, year: str, group: str, key: str = "all") -> Figure:
        """One figure. Raises ``KeyError`` naming what is not there."""
        return self._by_name[(measure, year, group, key)]

    def value(self, measure: str, year: str, group: str, key: str = "all") -> float:
        """The value of :meth:`figure`."""
        return self.figure(measure, year, group, key).value

    def group(self, measure: str, year: str, group: str) -> dict[str, Figure]:
        """All figures of a group by their key. Raises ``KeyError`` where there is none."""
        found = {f.key: f for f in self if (f.measure, f.year, f.group) == (measure, year, group)}
        if not found:
            raise KeyError((measure, year, group))
        return found


@lru_cache(maxsize=2)
def read_figures(name: str) -> Figures:
    """The figures of a file beside this module."""
    text = (files("yiqi.pulse") / name).read_text("utf-8")
    return Figures(
        Figure(
            row["measure"], row["year"], row["group"], row["key"], float(row["value"]), row["unit"], row["source"],
            row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def published() -> Figures:
    """What statistics and ministries have published."""
    return read_figures(PUBLISHED)


def assumed() -> Figures:
    """What no source gives and the population needs: working values of this project, tag D."""
    return read_figures(ASSUMED)


@lru_cache(maxsize=1)
def sources() -> dict[str, Bilingual]:
    """The names of sources in both languages, by the name that the figures give."""
    text = (files("yiqi.pulse") / SOURCES).read_text("utf-8")
    return {row["en"]: Bilingual(row["en"], row["zh"]) for row in csv.DictReader(text.splitlines())}
