"""A written fact sheet reads back as the same sheet, in both languages."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet, Source
from yiqi.facts.writing import fact_sheet_text, save_fact_sheet
from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import Place
from yiqi.law.library import default_folder
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

ON = dt.date(2026, 11, 23)
WHOLE = read_vocabulary(default_folder() / "facts").of("enterprise")
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Any value a sheet can hold for a fact: what its bounds allow, up to the smallest unit."""
    if fact.kind is not None:
        # No figure reaches 10^17 smallest units.
        low = fact.minimum if fact.minimum is not None else 0 if fact.kind in ("count", "years") else 1 - 10**17
        return st.integers(low, fact.maximum if fact.maximum is not None else 10**17 - 1)
    if fact.type == "yes_no":
        return st.booleans()
    if fact.type == "date":
        return st.dates(dt.date(1990, 1, 1), ON)
    if fact.type == "one_of":
        return st.sampled_from([m.id for m in fact.members])
    if fact.type == "set_of":
        return st.frozensets(st.sampled_from([m.id for m in fact.members]))
    if fact.type == "region":
        return st.sampled_from(["330100", "110108"])
    if fact.type == "industry":
        return st.sampled_from(["C3451", "G59", "B"])
    if fact.type == "uscc":
        return st.just("91110000600037341L")
    # A sheet holds texts composed and without blanks at their ends.
    texts = st.text(min_size=1, max_size=12).map(lambda t: unicodedata.normalize("NFC", t).strip())
    return texts.filter(lambda t: t.casefold() not in ("", "unknown", "null"))


@st.composite
def sheets(draw: st.DrawFn) -> FactSheet:
    given: dict[str, Any] = {}
    for fact in draw(st.lists(st.sampled_from(list(WHOLE)), unique_by=lambda f: f.id, max_size=12)):
        if fact.per is None:
            given[fact.id] = draw(values(fact))
        else:
            years = draw(st.lists(st.integers(2019, 2025), min_size=1, max_size=3, unique=True))
            given[fact.id] = {year: draw(values(fact)) for year in years}
    return FactSheet(given)


def read_back(text: str, vocabulary: Vocabulary) -> FactSheet:
    reading = read_fact_sheet(text.encode(), vocabulary, ON)
    # Random figures contradict each other; what a line says must be understood all the same.
    wrong = [d for d in reading.errors if d.code != "relation"]
    assert wrong == [], "\n".join(d.render("en") for d in wrong)
    if reading.sheet is not None:
        return reading.sheet
    loose = Vocabulary(vocabulary.facts)
    return read_fact_sheet(text.encode(), loose, ON).required()


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(sheet=sheets())
def test_what_is_written_is_read_back(language: Language, sheet: FactSheet) -> None:
    text = fact_sheet_text(sheet, WHOLE, language)
    if not sheet.values:
        assert text == ""
        return
    found = read_back(text, WHOLE)
    assert {k: dict(v) if hasattr(v, "items") else v for k, v in found.values.items()} == {
        k: dict(v) if hasattr(v, "items") else v for k, v in sheet.values.items()
    }


def test_every_fact_and_every_value_of_a_list_has_a_spelling_that_reads_back() -> None:
    for language in LANGUAGES:
        for fact in WHOLE:
            for member in fact.members:
                value: Any = member.id if fact.type == "one_of" else frozenset({member.id})
                sheet = FactSheet({fact.id: value if fact.per is None else {2025: value}})
                assert read_back(fact_sheet_text(sheet, WHOLE, language), WHOLE).values == sheet.values


def test_units_are_those_people_use(vocabulary: Vocabulary) -> None:
    sheet = FactSheet(
        {
            # 55,125,000 yuan; 1 fen is a millionth of 万元
            "operating_revenue": {2025: 5_512_500_000, 2024: 1},
            "market_share": 12_500_000,
            "employees": {2025: 186},
            "local_points": 75_000,
            "own_brand": True,
            "region": "330100",
            "rd_institution": "provincial",
            "titles": frozenset({"little_giant", "innovative_sme"}),
            "established": dt.date(2012, 5, 9),
        }
    )
    assert fact_sheet_text(sheet, vocabulary, "en") == (
        '# Facts\nregion: "330100"\nestablished: 2012-05-09\nemployees: {2025: 186}\n'
        "operating_revenue: {2025: 5512.5万元, 2024: 0.000001万元}\nmarket_share: 12.5%\nlocal_points: 7.5\n"
        "own_brand: yes\nrd_institution: provincial\ntitles: [innovative_sme, little_giant]\n"
    )
    assert fact_sheet_text(sheet, vocabulary, "zh") == (
        '# 事实\n所在地: "330100"\n成立日期: 2012-05-09\n从业人员: {2025: 186}\n'
        "营业收入: {2025: 5512.5万元, 2024: 0.000001万元}\n市场占有率: 12.5%\n地方得分: 7.5\n"
        '自主品牌: 是\n研发机构级别: 省部级\n有效期内称号: [创新型中小企业, "专精特新“小巨人”企业"]\n'
    )


def test_the_source_of_a_value_stays_with_it(vocabulary: Vocabulary) -> None:
    source = Source(Place("form"), "x", 'audit "2025": final\n#1', dt.date(2026, 3, 20))
    sheet = FactSheet(
        {"net_profit": {2025: -3_520_000}, "name": "甲"}, {("net_profit", 2025): source, ("name", None): source}
    )
    found = read_fact_sheet(fact_sheet_text(sheet, vocabulary, "zh").encode(), vocabulary, ON).required()
    assert found.values == sheet.values
    for key in (("net_profit", 2025), ("name", None)):
        assert (found.provenance[key].document, found.provenance[key].date) == (source.document, source.date)


def test_what_is_unknown_is_named_and_reads_as_unknown(vocabulary: Vocabulary) -> None:
    sheet = FactSheet({"employees": {2025: 0}})
    text = fact_sheet_text(sheet, vocabulary, "en", {("employees", 2024), ("own_brand", None), ("employees", 2025)})
    # A value that is known after all is not called unknown.
    assert text == "# Facts\nemployees: {2025: 0, 2024: unknown}\nown_brand: unknown\n"
    assert read_fact_sheet(text.encode(), vocabulary, ON).required().values == sheet.values


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text("old", encoding="utf-8")
    (tmp_path / "sheet.yaml.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        save_fact_sheet(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    (tmp_path / "sheet.yaml.part").rmdir()
    save_fact_sheet(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.yaml"]
