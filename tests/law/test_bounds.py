"""Conditions that the hard bounds of a fact decide for every enterprise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from yiqi.law.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tests.law.conftest import Folder

# Bounds in facts.yaml: market_share 0% to 100%, operating_revenue and rd_expense from 0元, market_rank from 1,
# segment_years from 0, local_points 0 to 15; main_revenue has none.
ALWAYS = [
    "market_share <= 100%",
    "market_share >= 0%",
    "100% >= market_share",
    "operating_revenue >= 0元",
    "sum(rd_expense, 2 years) >= 0元",
    "operating_revenue + rd_expense > -1元",
    "rd_expense / operating_revenue >= 0%",
    "market_rank >= 1",
    "rd_institution >= none",
    "entity_kind is one of company, partnership, other",
    "procedure is one of new, re_review",
    "own_brand or market_share < 101%",
]
NEVER = [
    "market_share > 100%",
    "market_share < 0%",
    "market_share = 120%",
    "operating_revenue < 0元",
    "market_rank < 1",
    "rd_expense / operating_revenue < 0%",
]
OPEN = [
    "market_share < 100%",
    "market_share >= 100%",
    "market_share > 0%",
    "operating_revenue > 0元",
    "main_revenue >= 0元",
    "operating_revenue - rd_expense >= 0元",
    "main_revenue / operating_revenue >= 0%",
    "market_rank <= 1",
    "growth(operating_revenue) >= 0%",
    "rd_institution >= municipal",
    "entity_kind is one of company, partnership",
]


def codes(folder: Folder, line: str) -> list[str]:
    prose = f"Says {line.replace('market_', '')}."
    folder.law(f"\n# A · 甲 {{#a}}\n\n{prose}\n\n{prose}规定内容以规则为准。\n\n```rule\n{line}\n```\n")
    prose_codes = ("figure-not-in-prose", "figure-not-in-rule", "no-prose")
    return [d.code for d in folder.findings() if d.code not in prose_codes]


@pytest.mark.parametrize("line", ALWAYS)
def test_what_can_never_fail(folder: Folder, line: str) -> None:
    assert codes(folder, line) == ["always-holds"]


@pytest.mark.parametrize("line", NEVER)
def test_what_can_never_hold(folder: Folder, line: str) -> None:
    assert codes(folder, line) == ["never-holds"]


@pytest.mark.parametrize("line", OPEN)
def test_what_the_facts_of_an_enterprise_decide(folder: Folder, line: str) -> None:
    assert codes(folder, line) == []


SCORE = """
    # Score · 评分 {{#score .sum max={maximum}}}

    ## Research · 研发 {{#research}}

    As in the table.

    按下表计分。

    | rd_expense / operating_revenue | points |
    |---|---|
    | >= 5% | 20 |
    | {second} | 10 |
    | otherwise | 0 |

    ## Local indicators · 地方特色 {{#local}}

    Points of the province.

    各省确定的分值。

    ```rule
    local_points + 0
    ```

    # Pass · 通过 {{#pass}}

    At least {mark} points.

    {mark}分以上。

    ```rule
    score >= {mark}
    ```
    """


def score(folder: Folder, *, maximum: int = 35, mark: int = 30, second: str = ">= 3%") -> list[Diagnostic]:
    body = SCORE.format(maximum=maximum, mark=mark, second=second)
    # Points of the province are a fact of their own: 0 to 15.
    folder.law(body.replace("{#local}", "{#local .sum}").replace("local_points + 0", "local_points"))
    return folder.findings()


def test_a_pass_mark_within_reach(folder: Folder) -> None:
    assert score(folder) == []  # 20 of the table and 15 of the province are 35


def test_a_pass_mark_that_nobody_reaches(folder: Folder, marked: Callable[[Diagnostic], str]) -> None:
    (found,) = score(folder, mark=36)
    assert (found.code, marked(found)) == ("never-holds", "score >= 36")


def test_a_pass_mark_that_everybody_reaches(folder: Folder) -> None:
    assert [d.code for d in score(folder, mark=0)] == ["always-holds"]


def test_a_maximum_that_is_never_reached(folder: Folder) -> None:
    (found,) = score(folder, maximum=36)
    assert (found.code, found.severity, found.place.line) == ("maximum-never-reached", "warning", 13)
    assert "35" in found.message.en


def test_a_cell_that_can_never_hold_is_marked_in_its_row(folder: Folder, marked: Callable[[Diagnostic], str]) -> None:
    (found,) = score(folder, second="< 0%")
    assert (found.code, found.place.line, marked(found)) == ("never-holds", 24, "< 0%")
