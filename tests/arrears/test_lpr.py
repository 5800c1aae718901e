"""The loan prime rate of a day, and where the table ends."""

from __future__ import annotations

import csv
import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from yiqi.arrears.error import ArrearsError
from yiqi.arrears.lpr import LprTable, NoQuote, Quote, load_lpr
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import default_folder, load

TABLE = load_lpr()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


ON = [
    ("2019-08-20", "4.25", "2019-08-20"),  # the first
    ("2019-09-19", "4.25", "2019-08-20"),
    ("2019-09-20", "4.20", "2019-09-20"),
    # trap 5: in May 2025 the rate of April holds until the day of publication
    ("2025-05-01", "3.10", "2025-04-21"),
    ("2025-05-19", "3.10", "2025-04-21"),
    ("2025-05-20", "3.00", "2025-05-20"),
    # the 20th of October 2024 was a Sunday
    ("2024-10-20", "3.35", "2024-09-20"),
    ("2024-10-21", "3.10", "2024-10-21"),
    # published after the Spring Festival, on the 24th
    ("2026-02-23", "3.00", "2026-01-20"),
    ("2026-02-24", "3.00", "2026-02-24"),
    # trap 19: published on a worked Sunday
    ("2026-09-20", "3.00", "2026-09-20"),
    ("2026-10-19", "3.00", "2026-09-20"),
]


@pytest.mark.parametrize(("on", "percent", "published"), ON)
def test_the_last_quote_published_on_or_before_a_day_holds(on: str, percent: str, published: str) -> None:
    found = TABLE.on(day(on))
    assert isinstance(found, Quote)
    assert (found.rate, found.day) == (Fraction(percent) / 100, day(published))


def test_it_is_never_the_five_year_rate() -> None:
    with (default_folder() / "arrears" / "lpr.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(TABLE.quotes) == 86
    for row, quote in zip(rows, TABLE.quotes, strict=True):
        assert quote.rate == Fraction(row["one_year_pct"]) / 100 < Fraction(row["five_year_pct"]) / 100
        assert (quote.day.isoformat(), quote.confidence) == (row["date"], row["confidence"])


def test_there_is_none_before_the_first() -> None:
    found = TABLE.on(day("2019-08-19"))
    assert isinstance(found, NoQuote) and "before 20 August 2019" in found.why.en


def test_the_last_quote_is_not_carried_beyond_the_day_before_the_next_may_be_published() -> None:
    found = TABLE.on(day("2026-10-20"))
    assert isinstance(found, NoQuote)
    assert "20 September 2026" in found.why.en and "2026年10月19日" in found.why.zh


def test_the_table_ends_where_the_law_says_so() -> None:
    floor = load().vocabulary["one_year_lpr_at_contract"]
    assert floor.series is not None and floor.series.until == TABLE.known_until


def test_a_later_quote_moves_the_end() -> None:
    more = TABLE.with_quotes([Quote(day("2026-10-20"), Fraction(3, 100), "B")])
    assert more.known_until == day("2026-11-19")
    found = more.on(day("2026-11-19"))
    assert isinstance(found, Quote) and found.confidence == "B"
    december = more.with_quotes([Quote(day(f"2026-{m}-20"), Fraction(3, 100), "B") for m in (11, 12)])
    assert december.known_until == day("2027-01-19")


@pytest.mark.parametrize(
    "days",
    [
        ["2026-11-20"],  # October is missing
        ["2026-09-21"],  # a second one for September
        ["2026-08-20"],
    ],
)
def test_a_month_without_a_quote_or_with_two_is_refused(days: list[str]) -> None:
    with pytest.raises(ArrearsError) as caught:
        TABLE.with_quotes([Quote(day(d), Fraction(3, 100), "A") for d in days])
    assert caught.value.code == "table"


def test_a_table_that_begins_later_is_refused() -> None:
    with pytest.raises(ArrearsError):
        LprTable(TABLE.quotes[1:])
    with pytest.raises(ArrearsError):
        LprTable(())


def test_a_faulty_file_is_refused_with_its_lines(tmp_path: Path) -> None:
    (tmp_path / "arrears").mkdir()
    (tmp_path / "arrears" / "lpr.csv").write_text(
        "date,one_year_pct,five_year_pct,confidence\n2019-08-20,4.25,4.85,C\n2019-09-20,,4.85,A\n", encoding="utf-8"
    )
    with pytest.raises(DiagnosticError) as caught:
        load_lpr(tmp_path)
    assert [d.place.line for d in caught.value.diagnostics] == [2, 3]
