"""Days beside each other: versions, answers, and conditions matched by what they ask about."""

from __future__ import annotations

import datetime as dt

from report.samples import BEFORE, LAW, ON, assess
from yiqi.report.days import ChangedCondition, SchemeDays, build_days
from yiqi.report.days_text import render_days

GUANGDONG = "guangdong-pass-mark.yaml"


def days_of(name: str, scheme: str, *days: dt.date) -> SchemeDays:
    view = build_days([assess(name, day) for day in days], LAW)
    number = next(k for k, answer in enumerate(assess(name, days[0]).answers) if answer.scheme.id == scheme)
    return view.schemes[number]


def about(scheme: SchemeDays, zh: str) -> ChangedCondition:
    return next(c for c in scheme.changed if c.text.zh == zh)


def test_each_day_has_the_version_that_decides_it() -> None:
    second = days_of(GUANGDONG, "ladder.specialised_sme", BEFORE, ON)
    assert [d.word.en for d in second.days] == ["No", "Yes"]
    assert [d.instrument.id for d in second.days if d.instrument] == ["miit-2022-63", "miit-2026-2"]
    assert second.differs


def test_the_same_figure_with_another_threshold_is_one_condition() -> None:
    # Little giant: main business 70% in 2022, 90% since 2026.
    giant = days_of(GUANGDONG, "ladder.little_giant", BEFORE, ON)
    share = about(giant, "主营业务收入÷营业收入")
    before, after = (cell[0] for cell in share.cells)
    assert (before.mark, before.required and before.required.en) == ("yes", "≥ 70%")
    assert (after.mark, after.required and after.required.en) == ("no", "≥ 90%")


def test_what_is_asked_on_one_day_only() -> None:
    second = days_of(GUANGDONG, "ladder.specialised_sme", BEFORE, ON)
    # The liabilities were scored in 2022 and are a condition since 2026; a legal person was asked of in 2022 only.
    assert about(second, "负债总额÷资产总额").only == 1
    assert about(second, "独立法人").only == 0


def test_what_is_denied_in_other_words_is_the_same() -> None:
    # "none of: on the list" in 2022, "not on the list" in 2026: nothing changes for the enterprise.
    second = days_of(GUANGDONG, "ladder.specialised_sme", BEFORE, ON)
    assert not [c for c in second.changed if "列入经营异常名录" in c.text.zh]


def test_a_question_under_one_version_does_not_differ() -> None:
    size = days_of(GUANGDONG, "size.class", BEFORE, ON)
    assert not size.differs


def test_a_day_without_a_rule_is_said_once() -> None:
    # Single champions are recognised since 2023.
    champion = days_of(GUANGDONG, "ladder.single_champion", dt.date(2022, 9, 1), ON)
    assert [d.outcome for d in champion.days] == ["not_applicable", "no"]
    assert champion.changed == ()


def test_three_days_stand_beside_each_other() -> None:
    view = build_days([assess(GUANGDONG, day) for day in (BEFORE, ON, dt.date(2027, 5, 10))], LAW)
    text = render_days(view, "en", width=120)
    head = next(line for line in text.splitlines() if "2025-12-15" in line)
    assert head.split() == ["2025-12-15", "2026-11-23", "2027-05-10"]
