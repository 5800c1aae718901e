"""Tables end in `otherwise`, every row can be reached, and points stay within `max=`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import load

if TYPE_CHECKING:
    from tests.law.conftest import Folder

FIRST_ROW = 21  # line of the first row in every file below


def score(folder: Folder, table: str, attributes: str = "") -> list[tuple[str, int]]:
    """Findings on a score table as code and number of the row."""
    rows = "\n".join(line.strip() for line in table.strip().split("\n"))
    folder.law(f"\n## 2. Score · 评分 {{#score {attributes}}}\n\nAs in the table.\n\n按下表计分。\n\n{rows}\n")
    return [(d.code, (d.place.line or 0) - FIRST_ROW + 1) for d in folder.findings()]


RATIO = "| rd_expense / operating_revenue | points |\n|---|---|\n"
TWO = "| operating_revenue | employees | points |\n|---|---|---|\n"
KIND = "| entity_kind | points |\n|---|---|\n"
CODE = "| industry | points |\n|---|---|\n"
ELSE = "| otherwise | 0 |"
FREE = "| condition | points |\n|---|---|\n"


def test_a_table_from_strict_to_loose_is_right(folder: Folder) -> None:
    assert score(folder, RATIO + "| >= 5% | 20 |\n| >= 3% | 15 |\n" + ELSE, "max=20") == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # thresholds out of order
        (RATIO + "| >= 3% | 15 |\n| >= 5% | 20 |\n" + ELSE, [("row-unreachable", 2), ("points-order", 2)]),
        # the boundary: > 5% lies within >= 5%, and not the other way round
        (RATIO + "| >= 5% | 20 |\n| > 5% | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (RATIO + "| > 5% | 20 |\n| >= 5% | 20 |\n" + ELSE, []),
        (RATIO + "| <= 1% | 0 |\n| < 1% | 0 |\n| otherwise | 20 |", [("row-unreachable", 2)]),
        (RATIO + "| < 1% | 0 |\n| <= 1% | 0 |\n| otherwise | 20 |", []),
        (RATIO + "| >= 5% | 20 |\n| = 6% | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (RATIO + "| = 5% | 20 |\n| >= 5% | 20 |\n" + ELSE, []),
        # the same threshold twice
        (RATIO + "| >= 5% | 20 |\n| >= 5% | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        # amounts compare by value, not by how they are written
        (TWO + "| >= 1亿元 | | 20 |\n| >= 10000万元 | | 20 |\n| otherwise | | 0 |", [("row-unreachable", 2)]),
        # several columns
        (TWO + "| >= 400万元 | >= 20人 | 20 |\n| >= 500万元 | >= 30人 | 20 |\n| otherwise | | 0 |",
         [("row-unreachable", 2)]),
        (TWO + "| >= 400万元 | >= 20人 | 20 |\n| >= 500万元 | >= 10人 | 20 |\n| otherwise | | 0 |", []),
        (TWO + "| >= 400万元 | | 20 |\n| >= 500万元 | >= 10人 | 20 |\n| otherwise | | 0 |", [("row-unreachable", 2)]),
        (TWO + "| >= 400万元 | >= 20人 | 20 |\n| >= 500万元 | | 20 |\n| otherwise | | 0 |", []),
        # values and codes
        (KIND + "| company | 20 |\n| is one of company, partnership | 20 |\n" + ELSE, []),
        (KIND + "| is one of company, partnership | 20 |\n| company | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (KIND + "| is not other | 20 |\n| partnership | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (CODE + "| in C, D | 20 |\n| in C34 | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (CODE + "| in C except C34 | 20 |\n| in C34 | 20 |\n" + ELSE, []),
        (CODE + "| in C except C34 | 20 |\n| in C35 | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (CODE + "| in C34 | 20 |\n| in C | 20 |\n" + ELSE, []),
        # whole conditions
        (FREE + "| own_brand or market_rank <= 3 | 20 |\n| own_brand | 20 |\n" + ELSE, [("row-unreachable", 2)]),
        (FREE + "| own_brand and market_rank <= 3 | 20 |\n| own_brand | 20 |\n" + ELSE, []),
        (FREE + "| not own_brand | 20 |\n| not own_brand and market_rank <= 3 | 20 |\n" + ELSE,
         [("row-unreachable", 2)]),
        (FREE + "| rd_institution >= municipal | 20 |\n| rd_institution >= national | 20 |\n" + ELSE,
         [("row-unreachable", 2)]),
        # a row whose own conditions exclude each other
        (FREE + "| employees >= 300 and employees < 300 | 20 |\n" + ELSE, [("row-never-holds", 1)]),
        (FREE + "| employees >= 300 and employees <= 300 | 20 |\n" + ELSE, []),
        (FREE + "| own_brand and not own_brand | 20 |\n" + ELSE, [("row-never-holds", 1)]),
        (FREE + "| entity_kind is company and entity_kind is other | 20 |\n" + ELSE, [("row-never-holds", 1)]),
    ],
)  # fmt: skip
def test_rows_that_an_earlier_one_makes_unreachable(
    folder: Folder, table: str, expected: list[tuple[str, int]]
) -> None:
    assert score(folder, table) == expected


def test_a_table_without_otherwise(folder: Folder) -> None:
    assert score(folder, RATIO + "| >= 5% | 20 |\n| >= 3% | 15 |") == [("no-otherwise", 2)]


def test_a_row_behind_otherwise(folder: Folder) -> None:
    table = RATIO + "| >= 5% | 20 |\n| otherwise | 0 |\n| >= 3% | 15 |"
    assert score(folder, table) == [("row-after-otherwise", 3), ("points-order", 3)]


def test_points_above_the_maximum_of_the_heading(folder: Folder) -> None:
    assert score(folder, RATIO + "| >= 5% | 25 |\n| >= 3% | 15 |\n" + ELSE, "max=20") == [("points-above-maximum", 1)]


def test_points_that_turn_while_the_thresholds_go_one_way(folder: Folder) -> None:
    table = RATIO + "| >= 5% | 20 |\n| >= 3% | 10 |\n| >= 2% | 15 |\n" + ELSE
    assert score(folder, table) == [("points-order", 3)]


def test_where_rows_add_up_there_is_no_order_and_no_otherwise(folder: Folder) -> None:
    rows = FREE + "| own_brand | 2 |\n| own_brand or quality_certificate | 3 |"
    assert score(folder, rows, ".each max=5") == []
    assert score(folder, rows + "\n" + ELSE, ".each max=5") == [("otherwise-in-each", 3)]


def test_a_class_table_is_read_the_same_way(folder: Folder) -> None:
    table = "| employees | class |\n|---|---|\n| >= 20人 | small |\n| >= 300人 | medium |\n"
    assert score(folder, table + "| otherwise | micro |") == [("row-unreachable", 2)]
    assert score(folder, table) == [("no-otherwise", 2)]


def test_no_law_is_judged_by_a_table_without_otherwise(folder: Folder) -> None:
    score(folder, RATIO + "| >= 5% | 20 |")
    with pytest.raises(DiagnosticError, match="no-otherwise"):
        load(folder.path, cache=False)
