"""`yiqi path` from outside."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from yiqi.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
NEAR_MISS = EXAMPLES / "near-miss-main-business.yaml"
DAY = ("--on", "2026-11-23")


def run(*arguments: str | Path, lang: str = "en") -> Result:
    result = CliRunner().invoke(main, ["--lang", lang, "path", *map(str, arguments)], prog_name="yiqi")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_cheapest_path_is_shown_with_its_article_and_day() -> None:
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY)
    assert result.exit_code == 0
    assert "1. The cheapest path: 400,000元, counts from 2027-01-01 at the earliest" in result.stdout
    assert "Main-business revenue, 2025: 11,050万元 → 11,250万元" in result.stdout
    assert "MIIT 2026 No. 2, Annex 2, item 2" in result.stdout
    assert "the judge answers as wanted" in result.stdout


def test_the_same_in_chinese() -> None:
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY, lang="zh")
    assert "1. 最便宜的路径：400,000元，最早2027年1月1日起可用" in result.stdout
    assert "主营业务收入（2025年）：11,050万元 → 11,250万元" in result.stdout
    assert "工信部企业〔2026〕2号 附件2 第二项" in result.stdout


def test_without_a_path_it_says_what_blocks_and_ends_with_three() -> None:
    result = run(EXAMPLES / "start-up-zero-base.yaml", "--to", "ladder.little_giant", *DAY)
    assert result.exit_code == 3
    assert "There is no path" in result.stdout
    assert "First see: yiqi path FILE --to ladder.specialised_sme" in result.stdout


def test_nothing_has_to_change() -> None:
    result = run(EXAMPLES / "little-giant.yaml", "--to", "ladder.little_giant", *DAY)
    assert result.exit_code == 0
    assert "Already so" in result.stdout


def test_costs_keep_and_json(tmp_path: Path) -> None:
    costs = tmp_path / "costs.yaml"
    costs.write_text("main_revenue: {cost: 1元, per: 1元}\n", encoding="utf-8")
    out = tmp_path / "path.json"
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY, "--costs", costs, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8"))["paths"][0]["cost"] == "2000000.00"
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY, "--keep", "main_revenue", "--format", "json")
    assert result.exit_code == 3
    (block,) = json.loads(result.stdout)["blocked_by"]
    assert (block["why"], block["fact"]) == ("limit", "operating_revenue") or block["why"] == "kept"


def test_the_page_has_the_same_and_escapes_what_a_sheet_says(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    text = NEAR_MISS.read_text(encoding="utf-8").replace("示例合成材料有限公司", "<b>材料</b>")
    sheet.write_text(text, encoding="utf-8")
    page = tmp_path / "path.html"
    assert run(sheet, "--to", "ladder.little_giant", *DAY, "--out", page).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert "11,050万元 → 11,250万元" in html
    assert "MIIT 2026 No. 2, Annex 2, item 2" in html
    assert "&lt;b&gt;材料&lt;/b&gt;" in html
    assert "<script" not in html
    blocked = run(
        EXAMPLES / "start-up-zero-base.yaml", "--to", "ladder.little_giant", *DAY, "--format", "html", lang="zh"
    )
    assert "没有可行路径" in blocked.stdout
    assert "有效期内称号包含专精特新中小企业" in blocked.stdout


def test_mistakes_are_answered_with_advice(tmp_path: Path) -> None:
    result = run(NEAR_MISS, "--to", "ladder.little_gaint", *DAY)
    assert result.exit_code == 2
    assert "did you mean 'ladder.little_giant'" in result.stderr
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY, "--keep", "main_revenu")
    assert result.exit_code == 2
    assert "did you mean 'main_revenue'" in result.stderr
    result = run(NEAR_MISS, "--to", "ladder.little_giant", "--on", "2020-01-01")
    assert result.exit_code == 2
    assert "no rule decides" in result.stderr
    result = run(tmp_path / "nowhere.yaml", "--to", "ladder.little_giant", *DAY)
    assert result.exit_code == 1
    costs = tmp_path / "costs.yaml"
    costs.write_text("main_revenu: {cost: 1元}\n", encoding="utf-8")
    result = run(NEAR_MISS, "--to", "ladder.little_giant", *DAY, "--costs", costs)
    assert result.exit_code == 1
    assert "did you mean `main_revenue`" in result.stderr
