"""What goes together, on a small law of measures with amounts that can be added in the head."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from relief.samples import judged, measure, sample_law
from yiqi.relief.entitlements import Entitlement
from yiqi.relief.stacking import Stacking, admissible, clashes_between


def stacked(*measures: str, **facts: object) -> Stacking:
    return Stacking(judged(sample_law(*measures), facts))


A = measure("big", "own_brand", "100元")
B = measure("small", "own_brand", "60元", fence="excludes: [big]")
C = measure("free", "own_brand", "7元", kind="cash")


def test_the_dearer_of_two_that_exclude_each_other_is_taken() -> None:
    found = stacked(A, B, C, own_brand=True)
    assert set(found.best.schemes) == {"relief.big", "relief.free"}
    assert (found.best.low, found.best.high) == (10700, 10700)  # 100 + 7 yuan
    runner = found.runner_up
    assert runner is not None
    assert set(runner.combination.schemes) == {"relief.small", "relief.free"}
    assert [e.scheme for e in runner.instead] == ["relief.small"]
    assert [e.scheme for e in runner.of] == ["relief.big"]
    assert [set(c.pair) for c in runner.clashes] == [{"relief.big", "relief.small"}]
    assert runner.by == 4000  # 100 - 60
    assert found.could_be_better is None


def test_nothing_excluded_leaves_no_runner_up() -> None:
    found = stacked(A, C, own_brand=True)
    assert found.runner_up is None
    assert found.could_be_better is None
    assert found.best.low == 10700


def test_a_relation_on_an_unconfirmed_source_decides_nothing_and_is_shown() -> None:
    open_relation = measure("small", "own_brand", "60元", fence="excludes: [{measure: big, tag: C}]")
    found = stacked(A, open_relation, own_brand=True)
    assert set(found.best.schemes) == {"relief.big", "relief.small"}
    assert found.best.low == 16000
    assert [set(c.pair) for c in found.unconfirmed] == [{"relief.big", "relief.small"}]
    assert found.if_unconfirmed_count is not None
    assert found.if_unconfirmed_count.schemes == ("relief.big",)
    assert found.if_unconfirmed_count.low == 10000


def test_of_rewards_that_are_paid_at_the_highest_one_is_taken() -> None:
    reward = measure(
        "reward", "own_brand", "30万元", kind="cash", fence="highest_with: [{measure: other, same: place}]"
    )
    other = measure("other", "own_brand", "50万元", kind="cash")
    found = stacked(reward, other, own_brand=True)
    assert found.best.schemes == ("relief.other",)
    runner = found.runner_up
    assert runner is not None and runner.clashes[0].kind == "highest_with"


def test_for_different_people_both_are_had() -> None:
    hires = measure("hires", "own_brand", "60元", fence="excludes: [{measure: big, same: person}]")
    found = stacked(A, hires, own_brand=True)
    assert found.best.low == 16000
    assert [set(c.pair) for c in found.by_person] == [{"relief.big", "relief.hires"}]
    assert found.runner_up is None


@pytest.mark.parametrize("kind", ["guarantee", "deferral"])
def test_what_is_no_money_is_not_added(kind: str) -> None:
    found = stacked(A, measure("other", "own_brand", "1000万元", kind=kind), own_brand=True)
    assert found.best.low == 10000
    assert found.best.schemes == ("relief.big",)


def test_what_is_sure_decides_and_what_could_be_is_said() -> None:
    # up to 100 yuan against 60 that are sure
    up_to = measure("up_to", "own_brand", "100元", gives=" .ceiling")
    found = stacked(up_to, measure("sure", "own_brand", "60元", fence="excludes: [up_to]"), own_brand=True)
    assert found.best.schemes == ("relief.sure",)
    better = found.could_be_better
    assert better is not None
    assert [e.scheme for e in better.instead] == ["relief.up_to"]
    assert [e.scheme for e in better.of] == ["relief.sure"]
    assert better.by == 4000


def test_an_open_measure_is_not_counted_but_could_be_better() -> None:
    open_one = measure("open_one", "quality_certificate", "100元")
    sure = measure("sure", "own_brand", "60元", fence="excludes: [open_one]")
    found = stacked(open_one, sure, own_brand=True)
    assert found.best.schemes == ("relief.sure",)
    assert found.could_be_better is not None
    less = stacked(measure("open_one", "quality_certificate", "50元"), sure, own_brand=True)
    assert less.could_be_better is None


def test_an_open_measure_without_a_conflict_makes_no_other_choice() -> None:
    found = stacked(A, B, measure("open_one", "quality_certificate", "1000元"), own_brand=True)
    assert found.could_be_better is None


def test_an_amount_without_a_bound_could_always_be_better() -> None:
    open_amount = measure("share", "own_brand", "50% * rd_expense", fence="excludes: [big]")
    found = stacked(A, open_amount, own_brand=True)
    assert found.best.schemes == ("relief.big",)
    better = found.could_be_better
    assert better is not None and better.by is None


def test_of_equally_sure_ones_the_one_that_could_be_more_is_taken() -> None:
    up_to = measure("up_to", "own_brand", "100元", gives=" .ceiling")
    higher = measure("higher", "own_brand", "120元", gives=" .ceiling", fence="excludes: [up_to]")
    found = stacked(up_to, higher, own_brand=True)
    assert found.best.schemes == ("relief.higher",)
    assert (found.best.low, found.best.high) == (0, 12000)


def test_a_claim_whose_last_day_has_passed_is_not_counted() -> None:
    found = stacked(A, measure("late", "own_brand", "5元", fence="deadline: 2026-05-31"), own_brand=True)
    assert found.best.schemes == ("relief.big",)
    # judged on the last day itself it still counts
    on_the_day = stacked(A, measure("late", "own_brand", "5元", fence="deadline: 2026-06-01"), own_brand=True)
    assert on_the_day.best.low == 10500


def test_totals_are_told_apart_by_what_they_count_for() -> None:
    once = measure("once", "own_brand", "20元", kind="cash", fence="per: once")
    assert stacked(A, C, once, own_brand=True).best.by_per == {"year": (10700, 10700), "once": (2000, 2000)}


def test_amounts_that_reckon_with_the_same_figure_are_named() -> None:
    one = measure("one", "own_brand", "10% * taxable_income")
    two = measure("two", "own_brand", "20% * taxable_income")
    found = stacked(one, two, A, own_brand=True, taxable_income={2025: 100_000_00})
    (shared,) = found.shared
    assert shared.slot.fact == "taxable_income"
    assert {e.scheme for e in shared.measures} == {"relief.one", "relief.two"}


def test_the_combination_is_the_best_of_every_admissible_one() -> None:
    measures = [
        measure("m0", "own_brand", "31元", fence="excludes: [m1]"),
        measure("m1", "own_brand", "50元", fence="excludes: [m2]"),
        measure("m2", "own_brand", "20元", fence="excludes: [m3, m5]"),
        measure("m3", "own_brand", "45元", fence="highest_with: [m4]"),
        measure("m4", "own_brand", "46元"),
        measure("m5", "own_brand", "11元", fence="excludes: [{measure: m4, tag: C}]"),
    ]
    found = stacked(*measures, own_brand=True)
    every = chain.from_iterable(combinations(found.counted, size) for size in range(len(found.counted) + 1))
    fine: list[tuple[Entitlement, ...]] = [group for group in every if admissible(group)]
    totals = sorted({sum(e.low for e in group) for group in fine}, reverse=True)
    # by hand: m1 50 + m4 46 + m5 11 = 107; m0 31 + m4 46 + m5 11 = 88, m1 + m3 + m5 = 106
    assert totals[0] == found.best.low == 10700
    inside = set(found.best.schemes)
    others = [group for group in fine if {e.scheme for e in group} - inside]
    assert found.runner_up is not None
    assert max(sum(e.low for e in group) for group in others) == found.runner_up.combination.low == 10600
    assert not list(clashes_between(found.best.measures, found.best.measures)) or not any(
        c.decides for c in clashes_between(found.best.measures, found.best.measures)
    )
