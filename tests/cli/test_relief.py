"""`yiqi relief`: the list for one enterprise, the catalogue, the calendar, one bid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main

ON = "2026-11-23"
FACTS = """
name: 样例
entity_kind: company
restricted_industry: no
taxable_income: {2025: 200万元}
staff_at_start: {2025: 100人}
staff_q1: {2025: 100人}
staff_q2: {2025: 100人}
staff_q3: {2025: 100人}
staff_q4: {2025: 100人}
assets_at_start: {2025: 1000万元}
assets_q1: {2025: 1000万元}
assets_q2: {2025: 1000万元}
assets_q3: {2025: 1000万元}
total_assets: {2025: 1000万元}
titles: []
industry: C3451
resident_enterprise: yes
rd_books: yes
chip_or_machine_tool_list: yes
rd_expensed: {2025: 100万元}
rd_amortised: {2025: 0元}
local_taxes: {2025: 8万元}
young_hires: 12人
region: "440305"
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def run(*arguments: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", lang, "relief", *arguments])


def test_the_list_begins_with_the_summary_and_is_sorted_by_value(sheet: Path) -> None:
    result = run(str(sheet), "--on", ON)
    assert result.exit_code == 0
    text = result.stdout
    # 20% of 2,000,000; 5% of 120%; half of 80,000; 12 × 1,500 at most
    places = [
        text.index("✓ Applies  Small low-profit income tax — 400,000元 a year"),
        text.index("✓ Applies  R&D deduction of 120% — 60,000元 a year"),
        text.index("✓ Applies  Half of six taxes and two fees — 40,000元 a year"),
        text.index("✓ Applies  Job-expansion subsidy — up to 18,000元 once [B]"),
    ]
    assert places == sorted(places)
    assert text.index("measures apply") < places[0]
    # 400,000 + 60,000 + 40,000; the subsidy is at most 18,000
    assert "Together: 500,000元 a year; 0元 to 18,000元 once" in text
    # R&D at 100% is 50,000
    assert "Next best, 10,000元 less: “R&D super deduction” instead of “R&D deduction of 120%”" in text
    assert "for the same cost" in text


def test_in_chinese(sheet: Path) -> None:
    text = run(str(sheet), "--on", ON, lang="zh").stdout
    assert "✓ 可享受  小型微利企业所得税优惠：每年400,000元" in text
    assert "合并享受：每年500,000元；一次性0元至18,000元" in text


def test_options_may_go_before_the_file(sheet: Path) -> None:
    assert run("--on", ON, str(sheet)).stdout == run(str(sheet), "--on", ON).stdout


def as_json(*arguments: str) -> Any:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_as_json(sheet: Path) -> None:
    found = as_json(str(sheet), "--on", ON)
    relief = found["relief"]
    first = relief["measures"][0]
    assert (first["scheme"], first["standing"], first["per"]) == ("relief.small_profit_income_tax", "applies", "year")
    assert (first["amount"]["low"], first["amount"]["high"]) == ("400000.00", "400000.00")
    assert first["stale"] is False
    assert relief["together"]["totals"] == {
        "year": {"low": "500000.00", "high": "500000.00"},
        "once": {"low": "0.00", "high": "18000.00"},
    }
    assert relief["together"]["runner_up"]["less"] == "10000.00"
    assert {m["scheme"] for m in relief["programmes"]} >= {"relief.relending"}
    assert "relief.bj_first_loan" in relief["elsewhere"]


def test_assess_has_the_same_list(sheet: Path) -> None:
    arguments = ["assess", str(sheet), "--on", ON, "--format", "json"]
    assessed = json.loads(CliRunner().invoke(main, arguments).stdout)
    alone = as_json(str(sheet), "--on", ON)["relief"]
    told = [(m["scheme"], m["standing"], m["amount"]) for m in assessed["relief"]["measures"]]
    assert told == [(m["scheme"], m["standing"], m["amount"]) for m in alone["measures"]]
    assert assessed["relief"]["together"] == alone["together"]
    without = json.loads(CliRunner().invoke(main, [*arguments, "--schemes", "size"]).stdout)
    assert "relief" not in without


def test_assess_shows_the_summary_first_and_the_list_below(sheet: Path) -> None:
    text = CliRunner().invoke(main, ["--lang", "en", "assess", str(sheet), "--on", ON]).stdout
    summary, below = text.split("-- The list of measures")
    # Income tax, both research deductions (of which one is taken), six taxes, job expansion.
    assert summary.count("✓ Applies") == 5
    assert "What would apply, with the facts that are missing" not in summary
    assert "What would apply, with the facts that are missing" in below
    assert below.count("✓ Applies") >= 5


def test_the_calendar_has_the_days_to_come(sheet: Path, tmp_path: Path) -> None:
    path = tmp_path / "days.ics"
    result = run(str(sheet), "--on", ON, "--ics", str(path))
    assert result.exit_code == 0
    lines = path.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:Last day of the measure: Job-expansion subsidy" in lines
    place = lines.index("SUMMARY:Last day of the measure: Job-expansion subsidy")
    assert lines[place - 2] == "DTSTART;VALUE=DATE:20261231"
    days = [line for line in lines if line.startswith("DTSTART")]
    assert days == sorted(days)


def test_the_catalogue_by_difficulty_head_and_place() -> None:
    every = as_json("list", "--on", ON)["measures"]
    finance = as_json("list", "--on", ON, "--difficulty", "finance")["measures"]
    assert finance == [m for m in every if "finance" in m["difficulty"]]
    service = as_json("list", "--on", ON, "--head", "service")["measures"]
    assert service == [m for m in every if "service" in m["head"]]
    shenzhen = {m["scheme"] for m in as_json("list", "--on", ON, "--region", "440305")["measures"]}
    assert {"relief.gd_giant", "relief.sz_tier_2022", "relief.vat_threshold"} <= shenzhen
    assert not shenzhen & {"relief.gz_giant", "relief.bj_first_loan", "relief.sz_longgang_tier"}
    guangdong = {m["scheme"] for m in as_json("list", "--on", ON, "--region", "44")["measures"]}
    assert {"relief.gd_giant", "relief.gz_giant", "relief.sz_longgang_tier"} <= guangdong


def test_the_catalogue_of_a_day_of_2022() -> None:
    then = {m["scheme"] for m in as_json("list", "--on", "2022-08-15")["measures"]}
    assert "relief.rent_relief_2022" in then
    assert "relief.small_profit_income_tax" in then
    assert "relief.job_expansion" not in then
    assert "relief.rent_relief_2022" not in {m["scheme"] for m in as_json("list", "--on", ON)["measures"]}


def test_the_catalogue_as_text() -> None:
    text = run("list", "--on", ON, "--region", "44").stdout
    assert "relief.small_profit_income_tax" in text
    assert "财政部 税务总局公告2023年第12号; from 2024-01-01 until 2027-12-31; national; costs" in text
    assert text.rstrip().endswith("measures on 2026-11-23.")


@pytest.mark.parametrize(
    ("place", "said"), [("4", "is no region"), ("cantonia", "is no region"), ("4403051", "is no region"), ("99", "99 is not the code")]
)  # fmt: skip
def test_what_is_no_region_is_said(place: str, said: str) -> None:
    result = run("list", "--region", place)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("place", ["Guangdong", "广东", "广东省"])
def test_a_province_by_its_name(place: str) -> None:
    assert as_json("list", "--on", ON, "--region", place) == as_json("list", "--on", ON, "--region", "44")


def test_a_bid_from_options() -> None:
    options = ["--quote", "100万元", "--kind", "goods", "--rate", "15%", "--reserved", "no", "--makers-small", "yes", "--tied", "no"]  # fmt: skip
    found = as_json("bid", *options, "--domestic", "yes", "--share", "0%", "--on", ON)
    # 15% and 20% of 1,000,000, each from the original quote
    assert found["compared"] == {"low": "650000.00", "high": "650000.00"}
    text = run("bid", *options, "--domestic", "yes", "--share", "0%", "--on", ON).stdout
    assert "Price that is compared: 650,000元" in text


def test_a_bid_from_a_file_with_an_option_before_it(tmp_path: Path) -> None:
    path = tmp_path / "bid.yaml"
    path.write_text("bid_quote: 50万元\nbid_kind: goods\nbid_domestic: yes\nbid_reserved: yes\n", encoding="utf-8")
    found = as_json("bid", str(path), "--quote", "100万元", "--on", ON)
    assert found["quote"] == "1000000.00"
    assert found["compared"] == {"low": "800000.00", "high": "800000.00"}


def test_a_wrong_option_is_explained() -> None:
    result = run("bid", "--quote", "lots")
    assert result.exit_code == 1
    assert "options" in result.stderr


def test_a_file_that_is_not_there() -> None:
    result = run("no-such-file.yaml", "--on", ON)
    assert result.exit_code == 1
    assert "no-such-file.yaml" in result.stderr
