"""`yiqi arrears` from outside: what it prints, writes and refuses, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from yiqi.cli import main

LEDGER = Path(__file__).parents[2] / "examples" / "receivables.csv"
SAID = ("--set", "payee_in_china=yes", "--set", "sme_declared=yes", "--set", "special_period_rule=no")
ON = ("--on", "2026-11-25")


def run(*arguments: str, language: str = "en", ledger: Path | None = LEDGER) -> Result:
    words = [str(ledger)] if ledger is not None else []
    return CliRunner().invoke(main, ["--lang", language, "arrears", *words, *arguments])


def test_the_ledger_in_english() -> None:
    result = run(*ON, *SAID)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    # 125,000 × 0.0005 × 482; 86,500.50 × 0.0005 × 412 = 17,819.103
    (hospital,) = [line.split() for line in lines if line.split()[:1] == ["A01"]]
    assert [cell for cell in hospital if cell[:1].isdigit()] == ["2025-07-31", "482", "125,000.00", "30,125.00"]
    assert "30,125.00" in result.stdout and "17,819.10" in result.stdout
    assert "not protected" in result.stdout
    assert "Day of the contract (1 line)" in result.stdout


def test_the_same_in_chinese() -> None:
    result = run(*ON, *SAID, language="zh")
    assert result.exit_code == 0
    assert result.stdout.startswith("台账7笔（2026年11月25日）：")
    assert "逾期（按付款方）" in result.stdout and "不适用条例" in result.stdout


def test_nothing_is_assumed_that_nobody_said() -> None:
    result = run(*ON)
    assert "overdue" not in result.stdout
    assert "--set payee_in_china=…" in result.stdout


def test_one_line_shows_every_step() -> None:
    result = run(*ON, *SAID, "--line", "A03", language="zh")
    assert result.exit_code == 0
    for said in (
        "2025年8月2日后60天取早者） = 2025年10月1日",
        "2025年10月9日（星期四）",
        "86,500.50 × 0.05% × 412天 = ≈17,819.10",
    ):
        assert said in result.stdout


def test_a_line_that_is_not_there_names_the_nearest() -> None:
    result = run(*ON, "--line", "A0l")
    assert result.exit_code == 2 and "Did you mean A0" in result.stderr


def test_json_holds_exact_numbers_as_text() -> None:
    result = run(*ON, *SAID, "--format", "json")
    found = json.loads(result.stdout, parse_float=pytest.fail)
    line = found["lines"][0]
    assert line["id"] == "A01" and line["state"] == "overdue"
    assert line["interest"] == {"low": "30125.00", "high": "30125.00"}
    assert line["due"]["earliest"] == line["due"]["latest"] == "2025-07-31"
    (segment,) = line["reckoning"]["segments"]
    assert (segment["days"], segment["rate"], segment["unit"]) == (482, "1/2000", "day")


def test_the_workbook_is_read_back(tmp_path: Path) -> None:
    place = tmp_path / "out.xlsx"
    result = run(*ON, *SAID, "--out", str(place))
    assert result.exit_code == 0, result.output
    book = CalamineWorkbook.from_path(str(place))
    assert book.sheet_names == ["账款 Lines", "汇总 Totals", "分段计息 Segments", "其他理解 Readings", "待补充 Open"]
    rows = book.get_sheet_by_name("账款 Lines").to_python()
    by_id = {row[0]: row for row in rows[1:]}
    assert by_id["A01"][7] == 125000.0 and by_id["A01"][8] == 30125.0
    assert by_id["A03"][8] == 17819.1


def test_letters_are_written_for_each_debtor(tmp_path: Path) -> None:
    result = run(*ON, *SAID, "--letters", str(tmp_path), language="zh")
    assert result.exit_code == 0, result.output
    names = {path.name for path in tmp_path.iterdir()}
    for kind in ("催款函", "投诉书"):
        for ending in ("docx", "pdf"):
            assert f"示例市第一人民医院_{kind}_2026-11-25.{ending}" in names
    assert not any("机电商贸" in name for name in names)
    assert not any(name.endswith(".part") for name in names)


def test_the_outlook_and_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = run(*ON, *SAID, "--outlook", "--page", str(page))
    assert result.exit_code == 0, result.output
    # A02: 50,000 on 10 January 2026, 102 days after acceptance on 30 September 2025, 12 days after the due day.
    assert "示例汽车集团有限公司: paid after 102 days, 12 late (1 payment, 50,000.00)" in result.stdout.replace(
        "\n    ", " "
    )
    assert "2026-11-30  A06" in result.stdout
    assert "No large buyer has as many as 3 payments" in page.read_text(encoding="utf-8")


def test_the_rules_of_other_places() -> None:
    result = run(*ON, *SAID, "--abroad", "--reference", "uk:2026-01-01=4%")
    assert result.exit_code == 0 and "Directive 2011/7/EU" in result.stdout
    wrong = run(*ON, *SAID, "--abroad", "--reference", "mars:2026-01-01=4%")
    assert wrong.exit_code == 2 and "uk:2026-01-01=3.75%" in wrong.stderr


def test_another_reading_changes_the_amount() -> None:
    # One day less: 481 × 62.50.
    assert "30,062.50" in run(*ON, *SAID, "--reading", "last_day=not_counted").stdout
    wrong = run(*ON, *SAID, "--reading", "last_day=never")
    assert wrong.exit_code == 2 and "both_ends" in wrong.stderr


def test_the_readings_are_listed() -> None:
    result = run("--readings", ledger=None)
    assert result.exit_code == 0 and "allocation=interest_first (default)" in result.stdout
    assert {q["name"] for q in json.loads(run("--readings", "--format", "json", ledger=None).stdout)} == {
        "day_count", "last_day", "allocation",
    }  # fmt: skip


def test_the_template_is_read_as_a_ledger(tmp_path: Path) -> None:
    place = tmp_path / "empty.xlsx"
    assert run("--template", str(place), ledger=None).exit_code == 0
    result = run(*ON, ledger=place)
    assert result.exit_code == 0 and "0 lines" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "x.pdf"], "--out must end in .xlsx, .json"),
        (["--set", "sme_declared"], "--set is written NAME=VALUE"),
        (["--set", "sme_declare=yes"], "sme_declared"),
        (["--template", "x.csv"], "--template must end in .xlsx"),
    ],
)
def test_what_cannot_be_understood_says_what_to_write(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2) and said in result.stderr


def test_no_ledger() -> None:
    assert run(ledger=None).exit_code == 2
    assert run(ledger=Path("missing.csv")).exit_code == 1


def test_the_size_of_the_creditor_is_that_of_the_day_of_the_contract(tmp_path: Path) -> None:
    creditor = tmp_path / "me.yaml"
    creditor.write_text(
        "name: 示例精密轴承有限公司\nindustry: C3451\nemployees: {2024: 171}\noperating_revenue: {2024: 5230万元}\n",
        encoding="utf-8",
    )
    ledger = tmp_path / "l.csv"
    text = LEDGER.read_text(encoding="utf-8").splitlines()
    column = text[0].split(",").index("签约时供应商规模")
    rows = [",".join(c for i, c in enumerate(row.split(",")) if i != column) for row in text]
    ledger.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "overdue" not in run(*ON, *SAID, ledger=ledger).stdout
    # 171 people and 52.3 million in 2024 are a small industrial enterprise (20 and 3 million; 300 and 20 million ask both).
    result = run(*ON, *SAID, "--creditor", str(creditor), ledger=ledger)
    assert "30,125.00" in result.stdout


def test_a_disk_that_is_full_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.write_text("a file where a folder is wanted", encoding="utf-8")
    result = run(*ON, *SAID, "--out", str(folder / "o.xlsx"))
    assert result.exit_code == 1 and "cannot be read or written" in result.stderr
    assert folder.read_text(encoding="utf-8").startswith("a file")


def test_a_table_of_any_size_comes_to_the_same(tmp_path: Path) -> None:
    lines = json.loads(run(*ON, *SAID, "--format", "json").stdout)["totals"]
    table = json.loads(run(*ON, *SAID, "--table", "--format", "json").stdout)
    assert table["lines"] == 7
    assert table["overdue"]["interest"] == lines["overdue"]["interest"]
    assert table["overdue"]["unpaid"] == lines["overdue"]["unpaid"]
    place = tmp_path / "out.csv"
    result = run(*ON, *SAID, "--table", "--out", str(place), language="zh")
    assert result.exit_code == 0 and result.stdout.startswith("台账7笔")
    rows = place.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 8 and rows[1].split(",")[1] == "A01" and "30125.00" in rows[1]


def test_what_goes_line_by_line_is_refused_for_a_table(tmp_path: Path) -> None:
    result = run(*ON, "--table", "--letters", str(tmp_path))
    assert result.exit_code == 2 and "--letters goes line by line" in result.stderr
    result = run(*ON, "--table", "--out", "x.json")
    assert result.exit_code == 2 and ".xlsx" in result.stderr


def test_a_table_as_a_workbook(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    place = tmp_path / "out.xlsx"
    assert run(*ON, *SAID, "--table", "--out", str(place)).exit_code == 0
    book = CalamineWorkbook.from_path(str(place))
    assert book.sheet_names == ["汇总 Totals", "账款 Lines"]
    head, *rows = book.get_sheet_by_name("账款 Lines").to_python()
    assert len(rows) == 7
    by_number = {row[1]: row for row in rows}
    assert by_number["A01"][head.index("逾期利息（元）\nInterest (yuan)")] == 30125.00


def test_a_workbook_that_holds_too_few_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiqi.report.receivables_table_workbook.MOST_ROWS", 2)
    place = tmp_path / "out.xlsx"
    place.write_text("the old one", encoding="utf-8")
    result = run(*ON, *SAID, "--table", "--out", str(place))
    assert result.exit_code == 1 and "Write .parquet or .csv" in result.stderr
    assert place.read_text(encoding="utf-8") == "the old one"


def test_details_of_letters(tmp_path: Path) -> None:
    file = tmp_path / "details.yaml"
    file.write_text(
        "account: {bank: 示例银行}\npay_by: 2026-12-31\ndebtors: {示例市第一人民医: {address: 某地}}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "letters"
    result = run(*ON, *SAID, "--letters", str(folder), "--details", str(file))
    assert result.exit_code == 0, result.stderr
    assert "the ledger has no debtor 示例市第一人民医. Did you mean 示例市第一人民医院?" in result.stderr
    assert list(folder.glob("*.docx"))
    file.write_text("account: 12", encoding="utf-8")
    result = run(*ON, *SAID, "--letters", str(tmp_path / "none"), "--details", str(file))
    assert result.exit_code == 1 and "holder, bank, number" in result.stderr and not (tmp_path / "none").exists()
    assert run(*ON, "--details", str(file)).exit_code == 2
    result = run(*ON, *SAID, "--letters", str(folder), "--details", str(tmp_path / "nowhere.yaml"))
    assert result.exit_code == 1 and "cannot be read or written" in result.stderr
