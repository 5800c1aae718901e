"""The cheapest path: amounts worked out by hand, what cannot be changed, what is not known, what holds by itself later."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.path.answer import Finding
from yiqi.path.finder import PathFinder
from yiqi.path.prices import Price, Prices
from yiqi.path.target import NoRuleError, TargetError

EXAMPLES = Path(__file__).parents[2] / "examples"
ON = dt.date(2026, 11, 23)
GIANT = "ladder.little_giant"
WAN = 10**6
"""Fen in ten thousand yuan."""


@pytest.fixture(scope="module")
def finder() -> PathFinder:
    return PathFinder(Judge(load()))


@pytest.fixture(scope="module")
def near_miss(finder: PathFinder) -> FactSheet:
    """Every condition of the little giant of 2026 but one: main-business revenue is 11,050 of 12,500万元, and 90% is asked."""
    return example("near-miss-main-business", finder)


def example(name: str, finder: PathFinder) -> FactSheet:
    return read_fact_sheet(EXAMPLES / f"{name}.yaml", finder.law.vocabulary.of("enterprise"), ON).required()


def moves(finding: Finding, number: int = 0) -> dict[tuple[str, int | None], tuple[int | None, int]]:
    return {s.key: (s.before, s.after) for s in finding.paths[number].steps}


def test_what_lacks_is_the_least_that_meets_the_condition(finder: PathFinder, near_miss: FactSheet) -> None:
    """90% of 12,500 is 11,250万元: 200 more, at 0.2元 a yuan 40万元."""
    finding = finder.find(near_miss, GIANT, ON)
    (path,) = finding.paths
    assert not finding.reached
    assert moves(finding) == {("main_revenue", 2025): (11050 * WAN, 11250 * WAN)}
    assert path.cost == 40 * WAN
    assert path.proven
    assert path.from_day(ON) == dt.date(2027, 1, 1)  # the year 2026 has to end first
    assert [line.id for line in path.steps[0].serves] == ["miit-2026-2#little_giant.scale/2"]
    assert finder.judge.outcomes(path.sheet, ON, "new", (GIANT,))[GIANT] == 2


@pytest.mark.parametrize(
    ("revenue", "main", "needed"),
    [
        # 90% of 125,000,000.01元 is 112,500,000.009元: the whole fen above it.
        (12_500_000_001, 11_050_000_000, 11_250_000_001),
        (12_500_000_010, 11_250_000_008, 11_250_000_009),
        # Near the largest revenue that is plausible at all, to the fen: 90% of …999 is …999.1.
        (4_999_999_999_999, 4_000_000_000_000, 4_500_000_000_000),
    ],
)
def test_a_border_is_met_to_the_fen(
    finder: PathFinder, near_miss: FactSheet, revenue: int, main: int, needed: int
) -> None:
    sheet = near_miss.with_values(
        {"operating_revenue": {2025: revenue}, "main_revenue": {2025: main}, "rd_expense": {2025: 4 * 10**11}}
    )
    if revenue < 4 * 10**11:
        sheet = sheet.with_values({"rd_expense": {2025: 690 * WAN}})
    finding = finder.find(sheet, GIANT, ON)
    assert moves(finding) == {("main_revenue", 2025): (main, needed)}
    assert finding.paths[0].proven


def test_what_moves_along_with_its_part_is_paid_once(finder: PathFinder, near_miss: FactSheet) -> None:
    """Revenue of 4,800 has to reach 5,000万元 and main-business revenue of 4,320 then 4,500: 200 and 180万元 more. Of the 200,
    180 are main-business revenue and paid with it: 0.2 × 180 + 0.2 × 20 = 40万元. R&D of 690 is more than 3% of either."""
    sheet = near_miss.with_values(
        {"operating_revenue": {2025: 4800 * WAN, 2023: 4000 * WAN}, "main_revenue": {2025: 4320 * WAN}}
    )
    finding = finder.find(sheet, GIANT, ON)
    assert moves(finding) == {
        ("operating_revenue", 2025): (4800 * WAN, 5000 * WAN),
        ("main_revenue", 2025): (4320 * WAN, 4500 * WAN),
    }
    assert finding.paths[0].cost == 40 * WAN


def test_compound_growth_sets_the_revenue(finder: PathFinder, near_miss: FactSheet) -> None:
    """5% a year over two years on 12,000万元 is 12,000 × 1.1025 = 13,230万元, and 90% of that is 11,907万元."""
    sheet = near_miss.with_values({"operating_revenue": {2023: 12000 * WAN}})
    assert moves(finder.find(sheet, GIANT, ON)) == {
        ("operating_revenue", 2025): (12500 * WAN, 13230 * WAN),
        ("main_revenue", 2025): (11050 * WAN, 11907 * WAN),
    }


def test_a_patent_in_use_is_a_patent(finder: PathFinder, near_miss: FactSheet) -> None:
    """Three of the four rights asked for, and no other: each of the wider counts moves along and costs nothing more."""
    counts = dict.fromkeys(("ip_class1", "ip_class1_own", "ip_class1_applied", "ip_class1_original_applied"), 3)
    sheet = near_miss.with_values({"main_revenue": {2025: 12000 * WAN}, **counts})
    finding = finder.find(sheet, GIANT, ON)
    assert moves(finding) == {(name, None): (3, 4) for name in counts}
    assert finding.paths[0].cost == 12 * WAN
    along = {s.key[0] for s in finding.paths[0].steps if s.along is not None}
    assert along == {"ip_class1", "ip_class1_own", "ip_class1_applied"}


def test_own_costs_and_limits_go_before_those_of_the_vocabulary(finder: PathFinder, near_miss: FactSheet) -> None:
    change = finder.law.vocabulary["main_revenue"].change
    assert change is not None
    limited = Prices({"main_revenue": Price(change, 11200 * WAN)})
    finding = finder.find(near_miss, GIANT, ON, prices=limited)
    assert finding.paths == ()
    assert [(b.why, b.line.id) for b in finding.blocks] == [("together", "miit-2026-2#little_giant.scale/2")]
    kept = finder.find(near_miss, GIANT, ON, prices=Prices().keeping(["main_revenue"]))
    assert kept.paths == ()


def test_what_an_official_judges_cannot_be_changed(finder: PathFinder, near_miss: FactSheet) -> None:
    finding = finder.find(near_miss.with_values({"reputation_high": False}), GIANT, ON)
    assert [(b.why, b.fact and b.fact.id) for b in finding.blocks] == [("judged", "reputation_high")]
    # Not known yet it would have to be judged so.
    finding = finder.find(near_miss.with_values({"reputation_high": None}), GIANT, ON)
    assert [s.key[0] for s in finding.paths[0].assumptions] == ["reputation_high"]
    assert [s.key[0] for s in finding.paths[0].changes] == ["main_revenue"]
    assert finding.paths[0].cost == 40 * WAN


def test_what_is_not_known_is_never_assumed_in_silence(finder: PathFinder, near_miss: FactSheet) -> None:
    """Share, share abroad and rank are missing: one of them would have to hold, and each path names another."""
    missing = near_miss.with_values({"market_share": None, "market_share_international": None, "market_rank": None})
    finding = finder.find(missing.with_values({"main_revenue": {2025: 12000 * WAN}}), GIANT, ON)
    assert [[s.key[0] for s in p.assumptions] for p in finding.paths] and len(finding.paths) == 3
    named = {s.key[0] for p in finding.paths for s in p.assumptions}
    assert named == {"market_share", "market_share_international", "market_rank"}
    assert all(p.cost == 0 and not p.changes for p in finding.paths)


def test_years_in_the_segment_come_by_themselves(finder: PathFinder, near_miss: FactSheet) -> None:
    """One year at the end of 2025 is three at the end of 2027, so an application of 2028 can count them."""
    finding = finder.find(near_miss.with_values({"segment_years": 1}), GIANT, ON)
    (wait,) = finding.paths[0].waits
    assert (wait.before, wait.after, wait.cost, wait.from_day) == (1, 3, 0, dt.date(2028, 1, 1))
    assert finding.paths[0].from_day(ON) == dt.date(2028, 1, 1)


def test_a_bar_that_runs_out_says_from_when(finder: PathFinder, near_miss: FactSheet) -> None:
    """Barred for 3 years from a finding of 10 May 2025: free on 10 May 2028 under one reading, on the 11th under the other."""
    facts = {"falsification": True, "falsification_found": dt.date(2025, 5, 10)}
    finding = finder.find(near_miss.with_values(facts), GIANT, ON)
    days = {b.from_day for b in finding.blocks if b.why == "later"}
    assert days == {dt.date(2028, 5, 10), dt.date(2028, 5, 11)}


def test_a_title_has_a_path_of_its_own(finder: PathFinder, near_miss: FactSheet) -> None:
    """The same condition stands in two readings; it is named once."""
    finding = finder.find(near_miss.with_values({"titles": frozenset({"innovative_sme"})}), GIANT, ON)
    assert [(b.why, b.fact and b.fact.id, b.member) for b in finding.blocks] == [("fixed", "titles", "specialised_sme")]


def test_a_base_of_zero_blocks_as_undefined(finder: PathFinder) -> None:
    finding = finder.find(example("start-up-zero-base", finder), GIANT, ON)
    assert ("undefined", "operating_revenue") in [(b.why, b.fact and b.fact.id) for b in finding.blocks]


def test_a_level_is_reached_by_those_above_it(finder: PathFinder) -> None:
    sheet = example("digital-level", finder)
    assert finder.find(sheet, "digital.level=2", ON).reached
    assert finder.find(sheet, "digital.level_2", ON).target.classes == ("level_4", "level_3", "level_2")
    finding = finder.find(sheet, "digital.level=level_3", ON)
    assert [p.cost for p in finding.paths] == sorted(p.cost for p in finding.paths)
    for path in finding.paths:
        answers = finder.judge.judge(path.sheet, ON, "new", ("digital.level",))
        assert answers["digital.level"].outcome == "level_3"


def test_fewest_counts_the_facts_before_what_they_cost(finder: PathFinder) -> None:
    sheet = example("digital-level", finder)
    cheapest = finder.find(sheet, "digital.level=4", ON).paths[0]
    fewest = finder.find(sheet, "digital.level=4", ON, fewest=True).paths[0]
    assert len(fewest.changes) < len(cheapest.changes)
    assert fewest.cost > cheapest.cost
    assert fewest.proven


def test_a_sheet_with_an_absurd_amount_has_a_path_all_the_same(finder: PathFinder) -> None:
    """Revenue of 10²⁰ yuan, of which the spending that the form asks for is a part: HiGHS refuses factors of that size."""
    sheet = example("digital-level", finder).with_values({"operating_revenue": {2025: 10**22}})
    finding = finder.find(sheet, "digital.level=3", ON)
    # One constrained scene more, and the scenes cost what the vocabulary says: finance 10万元.
    assert moves(finding) == {("scene_finance", None): (2, 3)}
    assert finding.paths[0].cost == 10 * WAN


def test_what_two_facts_that_move_give_together_is_not_called_proven(finder: PathFinder) -> None:
    """Revenue a head is compared with last year's: last year's employees times this year's revenue. Where the staff of last
    year is missing and points are short, assuming it could be cheaper than any way that is looked at."""
    sheet = example("digital-level", finder)
    short = {k: v for k, v in sheet.values.items() if k != "employees"} | {
        "employees": {2025: 132}, "digital_networks": frozenset(), "digital_data_links": frozenset(),
    }  # fmt: skip
    finding = finder.find(FactSheet(short), "digital.level=3", ON)
    path = finding.paths[0]
    assert not path.proven
    assert {fact.id for fact in path.unsettled} == {"employees", "operating_revenue"}
    assert path.as_dict(ON)["unsettled"] == ["employees", "operating_revenue"]
    # With points enough whatever they give, nothing is cheaper: proven.
    enough = {k: v for k, v in sheet.values.items() if k != "employees"} | {"employees": {2025: 132}}
    assert finder.find(FactSheet(enough), "digital.level=3", ON).paths[0].proven


def test_targets_and_days_without_a_rule_are_said(finder: PathFinder, near_miss: FactSheet) -> None:
    with pytest.raises(TargetError, match=r"did you mean 'ladder\.little_giant'"):
        finder.find(near_miss, "ladder.little_gaint", ON)
    with pytest.raises(TargetError, match=r"digital\.level=level_3"):
        finder.find(near_miss, "digital.level=level_33", ON)
    with pytest.raises(NoRuleError, match="little_giant"):
        finder.find(near_miss, GIANT, dt.date(2020, 1, 1))
    with pytest.raises(ValueError, match="procedure"):
        finder.find(near_miss, GIANT, ON, "renewal")
    with pytest.raises(TargetError):
        finder.find(near_miss, "arrears.protected", ON)  # not a question about enterprises


def test_the_json_has_exact_amounts_and_days(finder: PathFinder, near_miss: FactSheet) -> None:
    document = finder.find(near_miss, GIANT, ON).as_dict()
    assert document["scheme"] == GIANT
    assert document["reached"] is False
    (path,) = document["paths"]
    assert (path["cost"], path["effective"], path["verified"], path["proven_cheapest"]) == (
        "400000.00", "2027-01-01", True, True,
    )  # fmt: skip
    (change,) = path["changes"]
    assert (change["fact"], change["year"], change["from"], change["to"]) == (
        "main_revenue", 2025, "110500000.00", "112500000.00",
    )  # fmt: skip
    assert change["serves"][0]["cite"]["en"] == "MIIT 2026 No. 2, Annex 2, item 2"
