"""`import yiqi`: what it offers, and that it costs nothing until it is used."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import yiqi
from yiqi.law.diagnostics import DiagnosticError

CHECKOUT = Path(__file__).parents[1]
NEAR_MISS = CHECKOUT / "examples" / "near-miss-main-business.yaml"
ON = dt.date(2026, 11, 23)


def test_importing_it_imports_nothing_else() -> None:
    script = (
        "import sys, json; before = set(sys.modules); import yiqi; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=CHECKOUT / "src"
    )
    loaded = json.loads(done.stdout)
    assert [m for m in loaded if m.split(".")[0] not in sys.stdlib_module_names] == ["yiqi", "yiqi.version"]


def test_everything_that_is_offered_is_there_and_says_what_it_does() -> None:
    for name in yiqi.__all__:
        assert hasattr(yiqi, name)
        assert name == "__version__" or inspect.getdoc(getattr(yiqi, name))
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        yiqi.asess  # type: ignore[attr-defined]  # noqa: B018


def test_a_file_is_assessed() -> None:
    """88.4% of revenue from the main business, against 90% in item 2 of annex 2 of the Measures of 2026."""
    answers = yiqi.assess(NEAR_MISS, on=ON, schemes=["ladder.little_giant"])
    assert [a.scheme.id for a in answers] == ["ladder.little_giant"]
    assert answers["ladder.little_giant"].outcome == "no"
    assert answers.as_dict()["on"] == "2026-11-23"
    for same in (str(NEAR_MISS), NEAR_MISS.read_bytes()):
        assert yiqi.assess(same, on=ON, schemes=["ladder.little_giant"]).as_dict() == answers.as_dict()


def test_the_cheapest_path_is_found() -> None:
    """90% of 12,500万元 of revenue is 11,250万元, 200万元 more than there is; a yuan more is reckoned at 0.2元."""
    finding = yiqi.find_path(NEAR_MISS, "ladder.little_giant", on=ON)
    assert [(s.key, s.after) for s in finding.paths[0].changes] == [(("main_revenue", 2025), 11_250_000_000)]
    assert finding.as_dict()["paths"][0]["cost"] == "400000.00"
    assert yiqi.find_path(NEAR_MISS, "ladder.little_giant", on=ON, keep=["main_revenue"]).paths == ()
    with pytest.raises(KeyError, match="main_revenu"):
        yiqi.find_path(NEAR_MISS, "ladder.little_giant", on=ON, keep=["main_revenu"])


def test_a_sheet_made_in_python_is_assessed() -> None:
    # Manufacturing below 20 people is micro: row 2 of the size standard.
    sheet = yiqi.FactSheet({"industry": "C3451", "employees": {2025: 8}, "operating_revenue": {2025: 10**9}})
    answers = yiqi.assess(sheet, on=ON)
    assert answers["size.class"].outcome == "micro"
    # By the standard of 2022 a specialised SME needs 2 years in the segment, by that of 2026 it needs 3.
    two_years = yiqi.FactSheet({"segment_years": 2})
    for on, outcome in ((dt.date(2026, 3, 31), "unknown"), (dt.date(2026, 4, 1), "no")):
        assert yiqi.assess(two_years, on=on)["ladder.specialised_sme"].outcome == outcome
    # Key little giants are not re-reviewed: there is no rule.
    answers = yiqi.assess(sheet, on=ON, procedure="re_review", schemes=["ladder"])
    assert answers["ladder.key_little_giant"].outcome == "not_applicable"


def test_another_law_is_not_mixed_up_with_the_own_one(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "facts.yaml").write_text(
        "group: {en: Facts, zh: 事实}\nfacts:\n"
        "  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: enterprise}\n",
        encoding="utf-8",
    )
    empty = yiqi.load_law(tmp_path)
    assert list(yiqi.assess(yiqi.FactSheet(), on=ON, law=empty)) == []
    of_enterprises = [s for s in yiqi.load_law().schemes.values() if s.entity == "enterprise"]
    assert len(list(yiqi.assess(yiqi.FactSheet(), on=ON))) == len(of_enterprises)


def test_what_is_wrong_is_raised() -> None:
    with pytest.raises(DiagnosticError, match="ratio-without-percent"):
        yiqi.assess(b"market_share: 12.5\n", on=ON)
    with pytest.raises(DiagnosticError, match="no-such-file"):
        yiqi.assess("nowhere.yaml", on=ON)
    with pytest.raises(KeyError, match="giant"):
        yiqi.assess(yiqi.FactSheet(), on=ON, schemes=["ladder.giant"])
    with pytest.raises(ValueError, match="procedure"):
        yiqi.assess(yiqi.FactSheet(), on=ON, procedure="renewal")
    with pytest.raises(FileNotFoundError):
        yiqi.load_law("/nowhere")


def test_a_table_is_screened(tmp_path: Path) -> None:
    """Manufacturing: fewer than 20 people is micro; from 300 people and 2,000万元 on, medium (row 2 of the size standard)."""
    duckdb = pytest.importorskip("duckdb")
    table = tmp_path / "table.csv"
    table.write_text(
        "行业代码,2025年从业人员,2025年营业收入（万元）\nC3451,8,1000\nC3451,300,2000\nC3451,,2000\n", encoding="utf-8"
    )
    screened = yiqi.screen(table, on=ON, schemes=["size.class"])
    found = screened.relation.project('"row", "size.class"').fetchall()
    # Without the number of people, medium, small and micro are all possible.
    assert found == [(1, "micro"), (2, "medium"), (3, None)]
    # Called again: the package that does the work has another name.
    relation = duckdb.sql("SELECT 'C3451' AS industry, 8 AS employees_2025, 10000000 AS operating_revenue_2025")
    again = yiqi.screen(relation, on=ON, schemes=["size.class"])
    assert again.arrow().column("size.class").to_pylist() == ["micro"]
