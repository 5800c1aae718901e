"""A screened table as people read it, in the terminal, as JSON and as a workbook: nine enterprises worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from screening.sample import (
    ACCIDENT,
    DOMESTIC_SHARE,
    FLOOR,
    LITTLE_GIANT,
    MAIN_BUSINESS,
    OUTCOMES,
    RIGHTS,
    SHARE_OR_RANK,
    nine,
)
from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import display_width
from yiqi.report import screening_workbook
from yiqi.report.screening import ScreeningView, as_dict, build_screening
from yiqi.report.screening_text import _broken, _share, _table, render_screening
from yiqi.report.screening_workbook import TooManyRowsError, write_workbook
from yiqi.screening.results import answers_query
from yiqi.screening.screened import Screened


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    return nine(tmp_path_factory.mktemp("nine"))


@pytest.fixture(scope="module")
def view(screened: Screened) -> ScreeningView:
    rows = screened.rows(n.row for n in screened.summary.near)
    return build_screening(
        screened.judge, screened.program, screened.prepared, screened.summary, rows, table="nine.csv", synthetic=False
    )


def lines(view: ScreeningView, language: Language, width: int = 100) -> list[str]:
    return render_screening(view, language, width).splitlines()


def below(found: Sequence[str], start: str, count: int) -> list[str]:
    """So many lines below the only one that begins so, without the space around them."""
    (at,) = [i for i, line in enumerate(found) if line.strip().startswith(start)]
    return [line.strip() for line in found[at + 1 : at + 1 + count]]


# -- the terminal --------------------------------------------------------------------------------------------------------


def test_the_whole_stands_first(view: ScreeningView) -> None:
    english, chinese = lines(view, "en"), lines(view, "zh")
    assert english[:2] == [
        "nine.csv: 9 enterprises, 2026-11-25, new application",
        "  1 of them has cells that could not be read; those cells count as unknown",
    ]
    assert chinese[:2] == [
        "nine.csv：9家企业，2026年11月25日，新申报",
        "  其中1家有无法识别的单元格，这些单元格按未知处理",
    ]


def test_outcomes_with_their_shares(view: ScreeningView) -> None:
    # 1 of 9 is 11.1%, 7 of 9 are 77.8%, 8 of 9 are 88.9%.
    (english,) = [line for line in lines(view, "en") if line.strip().startswith("Little giant") and "%" in line]
    assert english.split("  ")[-3:] == ["1 (11.1%)", "1 (11.1%)", "7 (77.8%)"]
    chinese = [line for line in lines(view, "zh") if "%" in line]
    assert [part in chinese[0] for part in ("小型：8（88.9%）", "中型：1（11.1%）")] == [True, True]
    assert chinese[1].split() == ["专精特新“小巨人”企业", "1（11.1%）", "1（11.1%）", "7（77.8%）"]


def test_who_meets_by_province_industry_and_size(view: ScreeningView) -> None:
    chinese = lines(view, "zh")
    # Of the six of Zhejiang one meets and one is open; of Guangdong's two and of the one of unknown place none does.
    rows = [line.split() for line in below(chinese, "省份：", 6)]
    assert [row for row in rows if row and row[0] in ("浙江省", "广东省", "未知")] == [
        ["浙江省", "6", "1", "?1"], ["广东省", "2", "0"], ["未知", "1", "0"],
    ]  # fmt: skip
    english = lines(view, "en")
    assert ["Zhejiang", "6", "1", "?1"] in [line.split() for line in english]
    assert ["Manufacturing", "8", "1", "?1"] in [line.split() for line in english]
    assert ["small", "8", "1", "?1"] in [line.split() for line in english]
    assert ["medium", "1", "0"] in [line.split() for line in english]


def test_what_keeps_enterprises_out_in_both_languages(view: ScreeningView) -> None:
    english = [line.strip() for line in lines(view, "en", 300)]
    chinese = [line.strip() for line in lines(view, "zh", 300)]
    counts = [line.partition(";")[0] for line in english if line.startswith("fails ")]
    assert counts == [
        "fails 3, the only obstacle for 2", "fails 2, the only obstacle for 1",
        *["fails 1, the only obstacle for 1"] * 3,
    ]  # fmt: skip
    counts = [line.partition("；")[0] for line in chinese if "家不满足" in line]
    assert counts == ["3家不满足，其中2家仅差此项", "2家不满足，其中1家仅差此项", *["1家不满足，其中1家仅差此项"] * 3]
    # A group of which one would do is one obstacle, with its parts.
    (group,) = [line for line in chinese if line.startswith("✗") and "市场占有率" in line]
    assert group.count("；") == 2


def test_near_misses_say_who_by_what_line_and_by_how_much(view: ScreeningView) -> None:
    chinese = lines(view, "zh", 300)
    near = [line.strip() for line in chinese if line.strip().startswith("· ")]
    assert near == [f"· 企业{n}（第{n}行）" for n in (3, 2, 9, 4, 8)]
    gaps = [below(chinese, who, 1)[0] for who in near]
    # 19845 - 19800, 19845 - 17640 and 5000 - 4000万元; four rights, of which there are three; 10% less 5%.
    for gap, short in zip(gaps, ("45万元", "2,205万元", "1,000万元", "1项", "5个百分点"), strict=True):
        assert short in gap.rpartition("：")[2], gap
    english = lines(view, "en", 300)
    assert [line.strip() for line in english if line.strip().startswith("· ")] == [
        f"· 企业{n} (row {n})" for n in (3, 2, 9, 4, 8)
    ]
    assert "45万元" in below(english, "· 企业3 (row 3)", 1)[0].rpartition(": ")[2]


def test_no_line_is_wider_than_it_may_be(view: ScreeningView) -> None:
    for language in ("en", "zh"):
        for width in (60, 80, 100):
            widest = max(display_width(line) for line in lines(view, language, width))
            assert widest <= width, (language, width)


def test_synthetic_data_and_schemes_without_a_rule_are_told(view: ScreeningView) -> None:
    said = replace(view, synthetic=True, without_rule=(view.schemes[-1].title,), marked=0)
    assert lines(said, "en")[0] == "*** SYNTHETIC DATA: no real enterprise is in it ***"
    assert lines(said, "zh")[0] == "*** 合成数据：不含任何真实企业 ***"
    assert "  专精特新“小巨人”企业：当日无适用规定" in lines(said, "zh")
    assert lines(said, "en")[2] == ""


def test_where_nobody_meets_the_question_has_no_column(view: ScreeningView) -> None:
    (size, giant) = view.schemes
    nobody = replace(giant, outcomes=tuple(o for o in giant.outcomes if o.outcome == "no"))
    said = lines(replace(view, schemes=(size, nobody)), "zh")
    assert said.count("  无企业符合，也无待定：专精特新“小巨人”企业") == len(view.cuts)


@pytest.mark.parametrize(
    ("number", "whole", "said"),
    [
        (1, 3, "1 (33.3%)"),
        (2, 3, "2 (66.7%)"),
        (1, 2000, "1 (0.1%)"),  # exactly half a tenth goes up
        (1, 2001, "1 (0.0%)"),
        (1_234_567, 1_234_567, "1,234,567 (100.0%)"),
        (0, 0, "0"),
    ],
)
def test_a_share_in_tenths_of_a_percent(number: int, whole: int, said: str) -> None:
    assert _share(number, whole, "en") == said


def test_columns_that_do_not_fit_follow_below_with_the_first_again() -> None:
    rows = [["Province", "number", "first", "second"], ["Zhejiang", "6", "1", "2"]]
    assert list(_table(rows, 26, kept=2)) == [
        "  Province  number  first",
        "  Zhejiang       6      1",
        "",
        "  Province  number  second",
        "  Zhejiang       6       2",
    ]


def test_a_long_label_is_broken_evenly_and_never_within_a_word() -> None:
    assert _broken("Electricity, heat, gas and water", 20) == ["Electricity, heat,", "gas and water"]
    assert _broken("科学研究和技术服务业", 12) == ["科学研究和", "技术服务业"]


# -- JSON ----------------------------------------------------------------------------------------------------------------


def test_the_same_as_json(view: ScreeningView) -> None:
    said = json.loads(json.dumps(as_dict(view), ensure_ascii=False))
    assert (said["table"], said["on"], said["enterprises"], said["with_unreadable_cells"]) == (
        "nine.csv", "2026-11-25", 9, 1,
    )  # fmt: skip
    size, giant = said["schemes"]
    assert size["outcomes"] == {"medium": 1, "small": 8}
    assert giant["outcomes"] == {"yes": 1, "unknown": 1, "no": 7}
    assert [(h["condition"], h["failed"], h["alone"]) for h in giant["hindrances"]] == [
        (MAIN_BUSINESS, 3, 2), (RIGHTS, 2, 1), (ACCIDENT, 1, 1), (SHARE_OR_RANK, 1, 1), (FLOOR, 1, 1),
    ]  # fmt: skip
    assert [(n["row"], n["name"], n["condition"]) for n in giant["near"]] == [
        (3, "企业3", MAIN_BUSINESS), (2, "企业2", MAIN_BUSINESS), (9, "企业9", FLOOR), (4, "企业4", RIGHTS),
        (8, "企业8", DOMESTIC_SHARE),
    ]  # fmt: skip
    assert [(g["key"], g["enterprises"], g["outcomes"][LITTLE_GIANT]) for g in said["groups"]["province"]] == [
        ("33", 6, {"no": 4, "unknown": 1, "yes": 1}), ("44", 2, {"no": 2}), (None, 1, {"no": 1}),
    ]  # fmt: skip


# -- the workbook --------------------------------------------------------------------------------------------------------


def written(place: Path, screened: Screened, view: ScreeningView) -> CalamineWorkbook:
    found = screened.connection.execute(answers_query(screened.result, "ids"))
    columns = [d[0] for d in found.description or ()]

    def batches() -> Iterator[list[tuple[Any, ...]]]:
        while batch := found.fetchmany(2):
            yield batch

    write_workbook(place, screened.judge, screened.program, view, columns, batches())
    return CalamineWorkbook.from_path(place)


def test_a_workbook_has_the_enterprises_the_whole_and_the_conditions(
    tmp_path: Path, screened: Screened, view: ScreeningView
) -> None:
    book = written(tmp_path / "out.xlsx", screened, view)
    assert book.sheet_names == ["汇总 Summary", "企业 Enterprises", "条件 Conditions"]
    heading, *rows = book.get_sheet_by_name("企业 Enterprises").to_python()
    outcome = heading.index("专精特新“小巨人”企业\nLittle giant")
    words = {"yes": "符合", "no": "不符合", "unknown": "待定"}
    assert [row[outcome] for row in rows] == [words[o] for o in OUTCOMES]
    conditions = book.get_sheet_by_name("条件 Conditions").to_python()
    ids = [row[0] for row in conditions[1:]]
    assert {MAIN_BUSINESS, RIGHTS, ACCIDENT, FLOOR, DOMESTIC_SHARE} <= set(ids)
    assert len(ids) == len(set(ids))
    (zhejiang,) = [r for r in book.get_sheet_by_name("汇总 Summary").to_python() if str(r[0]).startswith("浙江")]
    # Enterprises; medium and small; yes, open and no.
    assert zhejiang[1:7] == [6, 0, 6, 1, 1, 4]


def test_a_full_sheet_is_followed_by_another(
    tmp_path: Path, screened: Screened, view: ScreeningView, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A sheet of five rows holds a heading and four enterprises.
    monkeypatch.setattr(screening_workbook, "MOST_ROWS", 5)
    book = written(tmp_path / "out.xlsx", screened, view)
    sheets = [name for name in book.sheet_names if name.startswith("企业")]
    assert sheets == ["企业 Enterprises", "企业 Enterprises 2", "企业 Enterprises 3"]
    names = [[row[0] for row in book.get_sheet_by_name(name).to_python()[1:]] for name in sheets]
    assert names == [[1, 2, 3, 4], [5, 6, 7, 8], [9]]


def test_more_enterprises_than_a_workbook_holds_are_refused_and_the_old_file_stays(
    tmp_path: Path, screened: Screened, view: ScreeningView
) -> None:
    place = tmp_path / "out.xlsx"
    place.write_text("old", encoding="utf-8")
    # Five sheets of 1,048,576 rows, of which one is the heading.
    with pytest.raises(TooManyRowsError):
        written(place, screened, replace(view, rows=5 * 1_048_575 + 1))
    assert place.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]
