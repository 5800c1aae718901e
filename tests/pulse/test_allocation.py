"""Counts by province, section and size class come out exactly."""

from __future__ import annotations

import pytest

from yiqi.pulse.allocation import allocate
from yiqi.pulse.fit import Fit
from yiqi.pulse.places import multiplier, place_starts, region_starts, regions, within
from yiqi.pulse.rounding import largest_remainder


@pytest.mark.parametrize("rows", [1, 2, 31, 1000, 123_457, 60_000_000])
def test_provinces_sections_and_classes_have_exactly_their_scaled_totals(fitted: Fit, rows: int):
    allocation = allocate(fitted, rows)
    targets = fitted.targets
    stands = allocation.stands
    assert sum(stand.count for stand in stands) == rows
    by_province = [sum(s.count for s in stands if s.province == province) for province in targets.provinces]
    assert by_province == largest_remainder([t.value for t in targets.provinces.values()], rows)
    by_section = [
        sum(s.count for s in stands if fitted.branches[s.branch].section == section) for section in targets.sections
    ]
    assert by_section == largest_remainder([t.value for t in targets.sections.values()], rows)
    by_class = [sum(s.count for s in stands if s.size == size) for size in range(4)]
    assert by_class == largest_remainder([t.value for t in targets.classes], rows)


def test_places_follow_each_other_without_a_gap(fitted: Fit):
    at = 0
    for stand in allocate(fitted, 50_000).stands:
        assert stand.first == at
        at += stand.count
    assert at == 50_000


@pytest.mark.parametrize("count", [1, 2, 3, 10, 97, 5040, 100_003])
def test_rows_of_a_province_take_each_place_once(count: int):
    step = multiplier(count)
    assert len({(row * step + count // 3) % count for row in range(count)}) == count


def test_the_first_row_of_each_province_and_region(fitted: Fit):
    allocation = allocate(fitted, 100_000)
    rows = [row for row, _ in region_starts(allocation)]
    assert rows == sorted(set(rows)) and rows[0] == 1
    codes = [code for _, code in region_starts(allocation)]
    assert codes == sorted(codes)
    assert {code // 10_000 for code in codes} == set(fitted.targets.provinces)
    assert len(place_starts(allocation)) == 31


def test_regions_are_six_digits_of_their_province():
    assert regions(11)[0] == 110_101
    assert regions(44)[-1] == 442_100
    assert all(code // 10_000 == 46 for code in regions(46))


def test_ranges_that_touch_some_rows():
    assert within([(1, 11), (5, 12), (9, 13)], 6, 9) == [(5, 12), (9, 13)]
    assert within([(1, 11), (5, 12), (9, 13)], 1, 4) == [(1, 11)]
