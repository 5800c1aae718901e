"""What the population is fitted to, worked out by hand from the published figures."""

from __future__ import annotations

import pytest

from yiqi.pulse.fit import Fit


def test_counts_by_province_are_the_published_ones(fitted: Fit):
    assert fitted.targets.provinces[44].value == 4_640_153
    assert sum(t.value for t in fitted.targets.provinces.values()) == 33_570_060
    assert len(fitted.targets.provinces) == 31


def test_sections_leave_out_what_is_no_enterprise(fitted: Fit):
    sections = fitted.targets.sections
    assert "S" not in sections and "T" not in sections
    assert sections["C"].value == 4_240_805
    assert sections["P"].value == pytest.approx(821_758 * 0.2)
    assert sections["P"].tag == "D"


def test_size_classes_are_two_large_in_a_thousand(fitted: Fit):
    micro, small, medium, large = (target.value for target in fitted.targets.classes)
    assert large == pytest.approx(0.002)
    assert medium == pytest.approx(0.998 * 239_000 / 18_070_000)
    assert small == pytest.approx(0.998 * 2_392_000 / 18_070_000)
    assert micro + small + medium + large == pytest.approx(1)


def test_employees_per_enterprise(fitted: Fit):
    staff = fitted.targets.staff
    assert staff["C39"].value == pytest.approx(10_479_000 / 174_000)
    assert staff["B"].value == pytest.approx(4_698_000 / 51_605)
    # Secondary industry less industry is construction.
    assert staff["E"].value == pytest.approx((164_000_000 - 114_289_000) / 2_722_407)
    assert staff["C"].value == pytest.approx((104_814_000 - 10_479_000) / (4_047_228 - 174_000))


def test_revenue_per_enterprise(fitted: Fit):
    revenue = fitted.targets.revenue
    assert revenue["C39"].value == pytest.approx(15.85809e12 * 100 / 174_000)
    # 25.62779 trillion yuan over 58.089 million heads, times the heads of an enterprise.
    assert revenue["E"].value == pytest.approx(25.62779e12 * 100 / 58_089_000 * fitted.targets.staff["E"].value)


def test_designated_size(fitted: Fit):
    targets = fitted.targets
    assert targets.above_size_sme.value == pytest.approx(401_000 / (82_830 + 4_167_767 + 133_875))
    assert targets.above_size_sme_revenue.value == pytest.approx(75.5e12 * 100 / 401_000)
    assert targets.electronics_above.value == pytest.approx(27_776 / 174_000)
    assert targets.large_industry_revenue.value == pytest.approx((127.92 - 75.5) / (127.92 / (15.254026 / 15.85809)))


def test_titles_are_shares_of_registered_smes(fitted: Fit):
    innovative, specialised, giant = (target.value for target in fitted.targets.titles)
    assert (innovative, specialised) == (pytest.approx(0.01), pytest.approx(0.14 / 60))
    assert giant == pytest.approx(17_600 / 60_000_000)


def test_what_is_worked_out_has_tag_d_and_says_how(fitted: Fit):
    assert fitted.targets.sme_staff.tag == "A"
    assert fitted.targets.staff["C39"].tag == "D"
    assert fitted.targets.staff["C39"].derived is not None
