"""Fact sheets in YAML and JSON: what is read, and every way to be wrong, with its place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.facts.reading import FILE_LIMIT, REPORT_LIMIT, TEXT_LIMIT, Reading, read_fact_sheet
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.vocabulary import Vocabulary

ON = dt.date(2026, 11, 23)
Read = Callable[[str | bytes | Path], Reading]

GOOD = """\
企业名称: 示例精密轴承有限公司
uscc: 91110000600037341L
region: "330100"
industry: 3451
Date of establishment: 2012年5月9日
employees: {2025: 186, 2024: 171人, 2023: 不清楚}
operating_revenue:
  2025: 5512.5万元
  2024: ５２３０万元
  2023: {value: 5000万元, source: 审计报告, date: 2026-03-20}
净利润: {2025: -35.2万元, 2024年: 0}
market_share: 12.5%
local_points: 7.5
score: {2026: 62.35}
segment_years: 3年
own_brand: no
award_any: 是
award_top: unknown
rd_institution: 省部级
titles: [little_giant, 创新型中小企业]
"""


def codes(reading: Reading) -> list[str]:
    return [d.code for d in reading.diagnostics]


def test_reads_every_type_exactly(read: Read) -> None:
    reading = read(GOOD)
    assert reading.diagnostics == ()
    sheet = reading.required()
    assert sheet.name == "示例精密轴承有限公司"
    assert sheet.uscc == "91110000600037341L"
    assert sheet.get("region") == "330100"
    assert sheet.get("industry") == "C3451"
    assert sheet.get("established") == dt.date(2012, 5, 9)
    assert dict(sheet.values["employees"]) == {2024: 171, 2025: 186}  # type: ignore[arg-type]
    # 5512.5万元 = 55,125,000 yuan = 5,512,500,000 fen
    assert sheet.get("operating_revenue", 2025) == 5_512_500_000
    assert sheet.get("operating_revenue", 2024) == 5_230_000_000
    assert sheet.get("net_profit", 2025) == -35_200_000
    assert sheet.get("net_profit", 2024) == 0
    assert sheet.get("market_share") == 12_500_000
    assert sheet.get("local_points") == 75_000
    assert sheet.get("score", 2026) == 623_500
    assert sheet.get("segment_years") == 3
    assert sheet.get("own_brand") is False
    assert sheet.get("award_any") is True
    assert sheet.get("rd_institution") == "provincial"
    assert sheet.get("titles") == frozenset({"innovative_sme", "little_giant"})
    assert "award_top" not in sheet.values
    assert sheet.years("operating_revenue") == (2023, 2024, 2025)


def test_keeps_the_source_of_every_figure(read: Read) -> None:
    sheet = read(GOOD).required()
    audited = sheet.provenance["operating_revenue", 2023]
    assert (audited.document, audited.date, audited.entered) == ("审计报告", dt.date(2026, 3, 20), "5000万元")
    plain = sheet.provenance["operating_revenue", 2025]
    assert (plain.place.line, plain.place.column, plain.document) == (8, 9, None)
    assert set(sheet.provenance) >= {("name", None), ("employees", 2025)}


def test_json_gives_the_same_sheet(read: Read) -> None:
    as_json = {
        "name": "示例精密轴承有限公司",
        "uscc": "91110000600037341L",
        "region": 330100,
        "industry": "C3451",
        "established": "2012-05-09",
        "employees": {"2025": 186, "2024": 171, "2023": None},
        "operating_revenue": {"2025": 55125000, "2024": "5230万元", "2023": 50000000.00},
        "net_profit": {"2025": -352000.0, "2024": 0},
        "market_share": 0.125,
        "local_points": 7.5,
        "score": {"2026": 62.35},
        "segment_years": 3,
        "own_brand": False,
        "award_any": True,
        "rd_institution": "provincial",
        "titles": ["innovative_sme", "little_giant"],
    }
    reading = read(json.dumps(as_json))
    assert reading.diagnostics == ()
    assert reading.required().values == read(GOOD).required().values


def test_a_sheet_is_immutable_and_copies_share_nothing(read: Read) -> None:
    sheet = read(GOOD).required()
    changed = sheet.with_values({"employees": {2025: 200, 2024: None}, "own_brand": True, "market_share": None})
    assert changed.get("employees", 2025) == 200
    assert changed.years("employees") == (2025,)
    assert changed.get("own_brand") is True
    assert "market_share" not in changed.values
    assert ("employees", 2025) not in changed.provenance
    assert ("own_brand", None) not in changed.provenance
    assert sheet.get("employees", 2025) == 186
    with pytest.raises(TypeError):
        sheet.values["employees"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        sheet.values["employees"][2025] = 1  # type: ignore[index]


def test_asking_wrongly_is_a_mistake_of_the_program(read: Read) -> None:
    sheet = read(GOOD).required()
    with pytest.raises(ValueError, match="per year"):
        sheet.get("employees")
    with pytest.raises(ValueError, match="not given per year"):
        sheet.get("own_brand", 2025)
    assert sheet.get("employees", 1999) is None
    assert sheet.get("financing") is None
    assert sheet.get("rd_staff", 2025) is None


@pytest.mark.parametrize("word", ["unknown", "不清楚", "null", "~", "", "Unknown"])
@pytest.mark.parametrize("fact", ["own_brand", "financing", "rd_institution", "titles", "established", "employees"])
def test_unknown_is_absent(read: Read, fact: str, word: str) -> None:
    reading = read(f"name: x\n{fact}: {word}\n")
    assert reading.diagnostics == ()
    assert fact not in reading.required().values


@pytest.mark.parametrize("written", ["[]", "无", "none"])
def test_an_empty_set_is_a_fact(read: Read, written: str) -> None:
    assert read(f"titles: {written}").required().get("titles") == frozenset()


@pytest.mark.parametrize("written", ["innovative_sme；小巨人", "innovative_sme;little_giant", "Little giant"])
def test_a_set_in_one_text(read: Read, written: str) -> None:
    reading = read(f"titles: {written}")
    if "小巨人" in written:
        assert codes(reading) == ["unknown-member"]
    else:
        assert reading.sheet is not None


@pytest.mark.parametrize("word", ["yes", "Yes", "是", "true", "TRUE"])
def test_yes(read: Read, word: str) -> None:
    assert read(f"own_brand: {word}").required().get("own_brand") is True


@pytest.mark.parametrize("word", ["2026-11-23", "2026/11/23", "2026年11月23日", "２０２６-11-23", "2026-11-23 "])
def test_dates(read: Read, word: str) -> None:
    assert read(f'granted: "{word}"').required().get("granted") == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "key", ["employees_2025", "从业人员_2025", "从业人员2025年", "2025年从业人员", "从业人员2025年度", "Employees_2025"]
)
def test_a_year_behind_or_before_the_name(read: Read, key: str) -> None:
    assert read(f"{key}: 186").required().get("employees", 2025) == 186


def test_a_unit_in_the_name(read: Read) -> None:
    sheet = read("营业收入（万元）: {2025: 5512.5}\n新增股权融资(亿元): 1\n").required()
    assert sheet.get("operating_revenue", 2025) == 5_512_500_000
    assert sheet.get("financing") == 10_000_000_000


BAD: list[tuple[str, list[tuple[str, int | None, int | None]]]] = [
    # text of the sheet, then (code, line, column) of every diagnostic
    ("", [("empty-file", None, None)]),
    ("# nothing\n", [("empty-file", None, None)]),
    ("name: null\n", [("empty-file", None, None)]),
    ("[]", [("not-a-sheet", 1, 1)]),
    ("just text", [("not-a-sheet", 1, 1)]),
    ("企业名称：甲", [("not-a-sheet", 1, 1)]),
    ("employes: {2025: 1}", [("unknown-fact", 1, 1)]),
    ("on: 2026-01-01\nprocedure: new", [("not-a-fact", 1, 1), ("not-a-fact", 2, 1)]),
    ("employees: 186", [("needs-year", 1, 12)]),
    ("own_brand: {2025: yes}", [("no-year", 1, 12)]),
    ("own_brand_2025: yes", [("no-year", 1, 1)]),
    ("employees: {25: 186}", [("not-a-year", 1, 13)]),
    ("employees: {2027: 186}", [("year-in-future", 1, 13)]),
    ("employees: {1989: 186}", [("year-too-early", 1, 13)]),
    ("employees: {2026: 186}", [("year-not-ended", 1, 13)]),
    ("employees: {2025: -3}", [("below-minimum", 1, 19)]),
    ("employees: {2025: 3.5}", [("not-a-quantity", 1, 19)]),
    ("employees: {2025: 100001}", [("implausibly-high", 1, 19)]),
    ("employees: {2025: many}", [("not-a-quantity", 1, 19)]),
    ("employees: {2025: [1]}", [("not-a-list", 1, 19)]),
    ("employees: {2025: 1, 2025: 2}", [("duplicate-key", 1, 22)]),
    ("employees: {2025: 1}\nemployees: {2024: 2}", [("duplicate-key", 2, 1)]),
    ("employees: {2025: 1}\n从业人员: {2025: 2}", [("duplicate-fact", 2, 14)]),
    ("employees: {2025: 1, 2025年: 2}", [("duplicate-fact", 1, 29)]),
    ("operating_revenue: {2025: -1元}", [("below-minimum", 1, 27)]),
    ("operating_revenue: {2025: 0.001元}", [("not-a-quantity", 1, 27)]),
    ("operating_revenue: {2025: 50美元}", [("not-a-quantity", 1, 27)]),
    ("financing: 99999999999亿元", [("too-large", 1, 12)]),
    ("financing: " + "9" * 5000, [("not-a-quantity", 1, 12)]),
    ("market_share: 12.5", [("ratio-without-percent", 1, 15)]),
    ("market_share: 101%", [("above-maximum", 1, 15)]),
    ("local_points: 15.0001", [("above-maximum", 1, 15)]),
    ("own_brand: maybe", [("not-yes-or-no", 1, 12)]),
    ("own_brand: 有", [("not-yes-or-no", 1, 12)]),
    ("established: 2026-11-24", [("established-in-future", 1, 14)]),
    ("granted: 2026-11-24", [("date-in-future", 1, 10)]),
    ("granted: 2026-02-30", [("not-a-date", 1, 10)]),
    ("granted: 23.11.2026", [("not-a-date", 1, 10)]),
    ("rd_institution: 县级", [("unknown-member", 1, 17)]),
    ("rd_institution: [provincial]", [("not-a-list", 1, 17)]),
    ("titles: [little_giant, inovative_sme]", [("unknown-member", 1, 24)]),
    ("titles: [little_giant, little_giant]", [("duplicate-member", 1, 24)]),
    ("titles: [[a]]", [("wrong-shape", 1, 10)]),
    ("uscc: 9111O000600037341L", [("uscc-character", 1, 11)]),
    ('uscc: "91110000600037341M"', [("uscc-check", 1, 25)]),
    ("uscc: 123", [("uscc-length", 1, 7)]),
    ("region: 990000", [("region-code", 1, 9)]),
    ("industry: D3451", [("industry-code", 1, 11)]),
    ("financing: {value: 5元, sorce: x}", [("unknown-key", 1, 24)]),
    ("financing: {source: x}", [("no-value", 1, 12)]),
    ("financing: {value: 5元, date: soon}", [("not-a-date", 1, 30)]),
    ("main_revenue: {2025: 6元}\noperating_revenue: {2025: 5元, 2024: 5元}", [("relation", 1, 22)]),
    ("award_top: yes\naward_any: no", [("relation", 1, 12)]),
    ("name: &a x\nfinancing: *a", [("yaml-anchor", 1, 7)]),
    ("name: !!python/object/apply:os.system [x]", [("yaml-tag", 1, 7)]),
    ("name: 'x", [("yaml-syntax", 1, 9)]),
    ("\tname: x", [("yaml-syntax", 1, 1)]),
    ("name: x\n---\nname: y", [("yaml-documents", 2, 1)]),
    ("name: " + "[" * 1000, [("yaml-depth", 1, 26)]),
    ('{"name": "x",}', [("json-syntax", 1, 14)]),
    ('{"name": "x"', [("json-syntax", 1, 13)]),
    ('{"name": NaN}', [("json-syntax", 1, 10)]),
    ('{"name": "x", "name": "y"}', [("duplicate-key", 1, 15)]),
    ('{"name": ' + "[" * 100000, [("json-syntax", 1, 29)]),
    ('{\n"employees":\n  {"2025": -1}}', [("below-minimum", 3, 12)]),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=[f"{i}-{found[0][0]}" for i, (_, found) in enumerate(BAD)])
def test_every_problem_has_its_place_and_both_languages(
    read: Read, text: str, expected: list[tuple[str, int | None, int | None]]
) -> None:
    reading = read(text)
    assert [(d.code, d.place.line, d.place.column) for d in reading.diagnostics] == expected
    for diagnostic in reading.diagnostics:
        assert diagnostic.message.en
        assert diagnostic.message.zh
        assert diagnostic.remedy is not None or diagnostic.code in ("yaml-depth", "json-syntax")
        assert diagnostic.render("en")
        assert diagnostic.render("zh")
    assert (reading.sheet is None) == any(d.severity == "error" for d in reading.diagnostics)


def test_all_problems_are_told_at_once(read: Read) -> None:
    reading = read("employes: {2025: 1}\nemployees: 186\nown_brand: maybe\nregion: 990000\nuscc: 1\n")
    assert codes(reading) == ["unknown-fact", "needs-year", "not-yes-or-no", "region-code", "uscc-length"]
    with pytest.raises(DiagnosticError) as caught:
        reading.required()
    assert len(caught.value.diagnostics) == 5


def test_a_year_typed_in_wan_without_its_unit_is_noticed(read: Read) -> None:
    # 5230 yuan against 55,125,000 yuan: 10,540-fold, more than the 20-fold the vocabulary allows a year.
    reading = read("operating_revenue: {2025: 5512.5万元, 2024: 5230}")
    assert [(d.severity, d.code) for d in reading.diagnostics] == [("warning", "yearly-jump")]
    warning = reading.diagnostics[0]
    assert "万元 typed as 元 in 2024" in warning.message.en
    assert (warning.place.line, warning.place.column) == (1, 43)
    assert reading.sheet is not None


@pytest.mark.parametrize(("later", "warned"), [("20元", False), ("20.01元", True), ("0.05元", False), ("0.04元", True)])
def test_the_yearly_factor_is_exact(read: Read, later: str, warned: bool) -> None:
    assert (codes(read(f"operating_revenue: {{2024: 1元, 2025: {later}}}")) == ["yearly-jump"]) == warned


def test_a_gap_of_two_years_allows_the_factor_twice(read: Read) -> None:
    assert codes(read("operating_revenue: {2023: 1元, 2025: 400元}")) == []
    assert codes(read("operating_revenue: {2023: 1元, 2025: 400.01元}")) == ["yearly-jump"]


def test_suggests_the_nearest_name_and_the_right_form(read: Read) -> None:
    remedies = {
        d.code: d.remedy for d in read("employes: {2025: 1}\nemployees: 186\ntitles: [inovative_sme]").diagnostics
    }
    assert "`employees`" in remedies["unknown-fact"].en  # type: ignore[union-attr]
    assert remedies["needs-year"].en == "write `employees: {2025: 186}`"  # type: ignore[union-attr]
    assert "`innovative_sme`" in remedies["unknown-member"].en  # type: ignore[union-attr]


def test_encodings(read: Read) -> None:
    text = "企业名称: 甲\n"
    assert read(b"\xef\xbb\xbf" + text.encode()).required().name == "甲"
    assert read(text.encode("utf-16")).required().name == "甲"
    gbk = read(b"own_brand: yes\n" + text.encode("gbk"))
    assert [(d.code, d.place.line) for d in gbk.diagnostics] == [("encoding", 2)]
    assert "GBK" in gbk.diagnostics[0].message.zh
    assert codes(read(b"\xff\xfe\xff\x00\x81")) == ["encoding"]


def test_a_large_file_is_refused_before_it_is_read(
    tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(200 * 10**6)  # sparse: takes no room

    def never(path: Path) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(Path, "read_bytes", never)
    reading = read_fact_sheet(file, vocabulary, ON)
    assert codes(reading) == ["file-too-large"]
    assert "200.0 MB" in reading.diagnostics[0].message.en
    assert "20.0 MB" in reading.diagnostics[0].message.en


def test_limits_of_uploads(read: Read) -> None:
    assert codes(read(b" " * (FILE_LIMIT + 1))) == ["file-too-large"]
    assert codes(read(b"a" * (TEXT_LIMIT + 1))) == ["file-too-large"]


def test_files_that_are_none(tmp_path: Path, vocabulary: Vocabulary) -> None:
    for source, code in [
        (tmp_path / "none.yaml", "no-such-file"),
        (tmp_path, "not-a-file"),
        ("a\0b", "unreadable-file"),
    ]:
        assert codes(read_fact_sheet(source, vocabulary, ON)) == [code]


def test_a_flood_of_problems_is_cut(read: Read) -> None:
    reading = read("".join(f"wrong_{i}: 1\n" for i in range(REPORT_LIMIT + 300)))
    assert len(reading.diagnostics) == REPORT_LIMIT + 1
    assert reading.diagnostics[-1].code == "and-more"
    assert "300" in reading.diagnostics[-1].message.en


@given(st.binary(max_size=200))
def test_bytes_never_raise(vocabulary: Vocabulary, content: bytes) -> None:
    assert isinstance(read_fact_sheet(content, vocabulary, ON), Reading)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120))
def test_text_never_raises(vocabulary: Vocabulary, content: str) -> None:
    assert isinstance(read_fact_sheet(content.encode(), vocabulary, ON), Reading)
    assert isinstance(read_fact_sheet(f"name: {content}".encode(), vocabulary, ON), Reading)


@given(st.sampled_from(["employees", "operating_revenue", "titles", "uscc", "established", "market_share"]), st.text())
def test_values_never_raise(vocabulary: Vocabulary, fact: str, value: str) -> None:
    single = json.dumps({fact: value}, ensure_ascii=False)
    yearly = json.dumps({fact: {"2025": value}}, ensure_ascii=False)
    for text in (single, yearly):
        assert isinstance(read_fact_sheet(text.encode(errors="surrogatepass"), vocabulary, ON), Reading)
