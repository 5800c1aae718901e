"""Faulty calendar files: what is said, and where. A mistyped day is found by what the law gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from yiqi.clock.holiday_files import load_holidays
from yiqi.law.diagnostics import Diagnostic, DiagnosticError
from yiqi.law.library import default_folder

Edit = Callable[[str, str, str], list[Diagnostic]]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The findings after one text of one calendar file was replaced by another."""
    shutil.copytree(default_folder() / "calendar", tmp_path / "calendar")

    def edit(name: str, old: str, new: str) -> list[Diagnostic]:
        file = tmp_path / "calendar" / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1, old
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DiagnosticError) as caught:
            load_holidays(tmp_path)
        return list(caught.value.diagnostics)

    return edit


NOTICES = [
    # a day of the break mistyped: five working days off, two worked, by law four
    ("off: 2026-02-15 to 2026-02-23", "off: 2026-02-15 to 2026-02-22", "days-given"),
    ("work: [2026-02-14, 2026-02-28]", "work: [2026-02-14]", "days-given"),
    ("work: [2026-02-14, 2026-02-28]", "work: [2026-02-14, 2026-02-27]", "not-a-weekend"),
    ("work: [2026-02-14, 2026-02-28]", "work: [2026-02-14, 2026-02-14]", "day-twice"),
    ("work: [2026-02-14, 2026-02-28]", "work: [2026-02-14, 2026-02-22]", "day-twice"),
    ("off: 2026-05-01 to 2026-05-05", "off: 2026-05-02 to 2026-05-06", "day-off-by-law"),
    ("off: 2026-05-01 to 2026-05-05", "off: 2026-05-05 to 2026-05-01", "date-order"),
    ("off: 2026-05-01 to 2026-05-05", "off: 2026-05-01 to 2026-05-32", "date"),
    ("[dragon_boat], off: 2026-06-19", "[dragonboat], off: 2026-06-19", "unknown-value"),
    ("[dragon_boat], off: 2026-06-19", "[mid_autumn], off: 2026-06-19", "festivals-once"),
    ("[dragon_boat], off: 2026-06-19", "[dragon_boat, qingming], off: 2026-06-19", "never-joined"),
    ("year: 2026", "year: 2027", "year-order"),
    ("year: 2026", "year: 2040", "festivals-unknown"),
    ("year: 2026", "year: next", "not-a-number"),
    ("issued: 2025-11-04", "issued: 2025年", "date"),
    ("issued: 2025-11-04\n", "\n", "missing-key"),
    ("issued: 2025-11-04", "isued: 2025-11-04", "unknown-key"),
    ("amends: 国办发明电〔2019〕16号", "amends: 国办发明电〔2018〕15号", "amends-nothing"),
    ("number: 国办发明电〔2025〕7号", "number: 国办发明电〔2024〕12号", "duplicate-notice"),
    ("exceptional: yes", "exceptional: maybe", "wrong-shape"),
    ("exceptional: yes", "exceptional: no", "days-given"),
    ("confidence: A\n    breaks", "confidence: E\n    breaks", "confidence"),
    ("notices:", "notes:", "unknown-key"),
]


@pytest.mark.parametrize(("old", "new", "code"), NOTICES)
def test_a_faulty_notice_is_named_with_its_place(edited: Edit, old: str, new: str, code: str) -> None:
    found = edited("notices.yaml", old, new)
    assert code in [d.code for d in found]
    for each in found:
        assert each.place.file == "calendar/notices.yaml"
        assert each.place.line is not None
        assert each.message.en != each.message.zh


def test_the_line_of_a_break_that_does_not_fit_is_shown(edited: Edit) -> None:
    (found,) = edited("notices.yaml", "work: [2026-02-14, 2026-02-28]", "work: [2026-02-14]")
    assert found.place.excerpt is not None
    assert "spring_festival" in found.place.excerpt
    # six working days off, one worked
    assert found.message.en == "Spring Festival: 5 working days are given, by law 4"
    assert found.message.zh == "春节：实际给假5个工作日，法定为4天"


FESTIVALS = [
    ("labour_day: {first: 0, count: 2}", "labour_day: {first: 0, count: two}", "not-a-number"),
    ("labour_day: {first: 0, count: 2}", "labour_day: {first: 0}", "missing-key"),
    ("mid_autumn: 2026-09-25", "mid_autumn: 2026-09-31", "date"),
    ("mid_autumn: 2026-09-25", "midautumn: 2026-09-25", "unknown-key"),
    ("joined: {longest: 8", "together: {longest: 8", "unknown-key"),
    ("new_year: {en: New Year, zh: 元旦}", "new_year: {en: New Year}", "missing-key"),
    ("lunar:", "moon:", "missing-key"),
]


@pytest.mark.parametrize(("old", "new", "code"), FESTIVALS)
def test_a_fault_in_the_festivals_is_named(edited: Edit, old: str, new: str, code: str) -> None:
    found = edited("festivals.yaml", old, new)
    assert code in [d.code for d in found]
    assert {d.place.file for d in found} <= {"calendar/festivals.yaml", "calendar"}


def test_a_festival_on_another_day_contradicts_the_notice(edited: Edit) -> None:
    # The Mid-Autumn Festival of 2026 put on a day outside the break that the notice gives it.
    found = edited("festivals.yaml", "mid_autumn: 2026-09-25", "mid_autumn: 2026-09-24")
    assert {d.code for d in found} == {"day-off-by-law"}


def test_an_empty_file_and_a_missing_one(edited: Edit, tmp_path: Path) -> None:
    file = tmp_path / "calendar" / "notices.yaml"
    text = file.read_text(encoding="utf-8")
    assert [d.code for d in edited("notices.yaml", text, "")] == ["empty-file"]
    file.unlink()
    with pytest.raises(FileNotFoundError):
        load_holidays(tmp_path)


def test_every_notice_of_the_collection_is_tagged_and_dated() -> None:
    notices = load_holidays().notices
    assert [n.year for n in notices if n.amends is None] == list(range(2019, 2027))
    assert {n.number: n.confidence for n in notices if n.confidence == "A"}.keys() == {
        "国办发明电〔2024〕12号",
        "国办发明电〔2025〕7号",
    }
    assert all(n.confidence in ("A", "B") for n in notices)
    assert all(a.issued < b.issued for a, b in pairwise(notices))


def test_the_same_files_are_read_once() -> None:
    assert load_holidays() is load_holidays()
