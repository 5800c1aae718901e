"""What a person is told about a whole table, and the file of what could not be read."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pytest

from screening.tables import ON, csv_file, made, vocabulary
from yiqi.facts.uscc import ALPHABET, check_character, organisation_check_character
from yiqi.law.diagnostics import DiagnosticError
from yiqi.screening.prepared import Bounds
from yiqi.screening.preparing import prepare

HEAD = ["企业名称", "统一社会信用代码", "营业收入_2025（万元）", "主营业务收入_2025（万元）", "从业人员_2025"]


def code(number: int, *, sound: bool = True) -> str:
    """A credit code; an unsound one has an organisation code whose own check character is wrong."""
    organisation = f"MA{number:06d}"
    check = organisation_check_character(organisation)
    if not sound:
        check = "1" if check != "1" else "2"
    first = "91330100" + organisation + check
    return first + check_character(first)


def test_a_table_as_a_whole(tmp_path: Path) -> None:
    table = csv_file(
        tmp_path,
        [
            HEAD,
            ["甲", code(1), "5512.5", "5000", "186"],
            ["乙", code(2), "", "3,000", "不清楚"],
            ["丙", code(3), "12.3456789", "x", "12人"],
        ],
    )
    result = made(table)
    prepared = result.preparation.required()
    assert prepared.rows == 3
    assert prepared.has_problems
    assert list(prepared.columns) == ["name", "uscc", "operating_revenue_2025", "main_revenue_2025", "employees_2025"]
    assert prepared.bounds == {
        "operating_revenue_2025": Bounds(5_512_500_000, 5_512_500_000),
        "main_revenue_2025": Bounds(3_000_000_000, 5_000_000_000),
        "employees_2025": Bounds(12, 186),
    }
    assert result.rows == [
        {"row": 1, "name": "甲", "uscc": code(1), "operating_revenue_2025": 5_512_500_000,
         "main_revenue_2025": 5_000_000_000, "employees_2025": 186, "problems": None},
        {"row": 2, "name": "乙", "uscc": code(2), "operating_revenue_2025": None,
         "main_revenue_2025": 3_000_000_000, "employees_2025": None, "problems": None},
        {"row": 3, "name": "丙", "uscc": code(3), "operating_revenue_2025": None,
         "main_revenue_2025": None, "employees_2025": 12,
         "problems": "operating_revenue_2025: not-a-quantity; main_revenue_2025: not-a-quantity"},
    ]  # fmt: skip
    assert result.codes == ["unreadable-cells", "unreadable-cells"]
    first = result.preparation.warnings[0]
    assert first.message.zh.startswith(
        "“营业收入_2025（万元）”列有1个单元格无法读取，按不清楚处理；第一个在第3行，内容为“12.3456789”"
    )
    assert first.message.en.startswith("1 cell below `营业收入_2025（万元）` cannot be read and counts as unknown")


def test_every_type_of_column_stands_as_the_contract_says(tmp_path: Path) -> None:
    table = csv_file(
        tmp_path,
        [
            [
                "企业名称",
                "所在地",
                "行业代码",
                "成立日期",
                "自主品牌",
                "主体类型",
                "称号",
                "市场占有率",
                "地方得分",
                "从事细分市场年限",
            ],
            ["甲", "330100", "C34", "2015-03-09", "是", "合伙企业", "小巨人;创新型中小企业", "12.5%", "7.35", "3年"],
        ],
    )
    result = made(table)
    prepared = result.preparation.required()
    types = dict(
        result.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {prepared.source})").fetchall()
    )
    assert types == {
        "row": "BIGINT", "name": "VARCHAR", "region": "INTEGER", "industry": "INTEGER", "established": "DATE",
        "own_brand": "BOOLEAN", "kind": "SMALLINT", "titles": "BIGINT", "market_share": "BIGINT",
        "local_points": "BIGINT", "segment_years": "BIGINT",
    }  # fmt: skip
    assert result.rows == [
        {"row": 1, "name": "甲", "region": 330100, "industry": 334002, "established": dt.date(2015, 3, 9),
         "own_brand": True, "kind": 1, "titles": 0b101, "market_share": 12_500_000, "local_points": 73_500,
         "segment_years": 3},
    ]  # fmt: skip


def test_duplicate_keys_are_reported_with_their_rows_and_kept(tmp_path: Path) -> None:
    rows = [["甲", code(1)], ["乙", code(2)], ["丙", code(1)], ["丁", ""], ["戊", ""], ["己", code(1).lower()]]
    result = made(csv_file(tmp_path, [["企业名称", "统一社会信用代码"], *rows]))
    assert len(result.rows) == 6
    assert f"1个统一社会信用代码重复出现，共3行，均予保留：{code(1)}在第1、3、6行" == result.said("duplicate-key")
    assert result.preparation.duplicates is not None
    assert result.connection.execute(f"FROM {result.preparation.duplicates}").fetchall() == [(code(1), [1, 3, 6])]


def test_credit_codes_are_checked_in_sql_as_everywhere(tmp_path: Path) -> None:
    sound = [code(number) for number in range(40)]
    # One character of a code changed to each other one: the check character must notice it.
    spoilt = [sound[0][:9] + other + sound[0][10:] for other in ALPHABET if other != sound[0][9]]
    doubtful = [code(number, sound=False) for number in range(3)]
    rows = [[f"企业{i}", cell] for i, cell in enumerate([*sound, *spoilt, *doubtful])]
    result = made(csv_file(tmp_path, [["企业名称", "统一社会信用代码"], *rows]))
    assert result.column("uscc") == [*sound, *(None for _ in spoilt), *doubtful]
    assert {found for _, _, _, found in result.problems} == {"uscc-check"}
    assert "共3行，首见于第71行" in result.said("uscc-organisation")


def test_mixed_units_in_one_column(tmp_path: Path) -> None:
    cells = ["5512.5万元", "300万元", "1,234.5", "12000000", "1亿", "不清楚", "坏"]
    rows = [[f"企业{i}", cell] for i, cell in enumerate(cells)]
    result = made(csv_file(tmp_path, [["企业名称", "营业收入_2025"], *rows]))
    assert result.column("operating_revenue_2025") == [
        5_512_500_000, 300_000_000, 123_450, 1_200_000_000, 10_000_000_000, None, None
    ]  # fmt: skip
    assert "有3个金额自带单位，2个没有单位；没有单位的按元读取" in result.said("mixed-units")
    (mixed,) = [d for d in result.preparation.warnings if d.code == "mixed-units"]
    assert mixed.remedy is not None
    assert '--map "营业收入_2025=operating_revenue_2025（万元）"' in mixed.remedy.zh


def test_what_the_remedy_for_a_unit_says_works(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "营业收入_2025"], ["甲", "5512.5"], ["乙", "300"]])
    suspicious = made(table)
    assert "半数金额不超过300元" in suspicious.said("unit-looks-like-wan")
    assert suspicious.column("operating_revenue_2025") == [551_250, 30_000]
    told = made(table, names={"营业收入_2025": "operating_revenue_2025（万元）"})
    assert told.codes == []
    assert told.column("operating_revenue_2025") == [5_512_500_000, 300_000_000]


def test_amounts_in_yuan_are_not_suspicious(tmp_path: Path) -> None:
    rows = [["甲", "55125000"], ["乙", "0"], ["丙", "3000000"]]
    assert made(csv_file(tmp_path, [["企业名称", "营业收入_2025"], *rows])).codes == []


def test_implausible_figures_are_counted(tmp_path: Path) -> None:
    rows = [["甲", "20000"], ["乙", "20001"], ["丙", "20002人"], ["丁", "1"]]
    result = made(csv_file(tmp_path, [["企业名称", "从业人员_2025"], *rows]))
    assert result.column("employees_2025") == [20000, 20001, 20002, 1]
    assert result.said("implausibly-high") == "“从业人员_2025”：共2行，首见于第2行：高于20000人，请核对数字和单位"


def test_leaps_between_years_are_counted(tmp_path: Path) -> None:
    head = ["企业名称", "从业人员_2023", "从业人员_2024", "从业人员_2025"]
    rows = [
        ["甲", "10", "50", "250"],  # exactly fivefold a year
        ["乙", "10", "51", "51"],
        ["丙", "10", "", "250"],  # twenty-five-fold in two years
        ["丁", "10", "", "251"],
        ["戊", "0", "100", "1"],
    ]
    result = made(csv_file(tmp_path, [head, *rows]))
    leaps = [d.message.zh for d in result.preparation.warnings if d.code == "yearly-jump"]
    assert [message.split("：")[:3] for message in leaps] == [
        ["“从业人员_2024”", "共1行，首见于第2行", leaps[0].split("：")[2]],
        ["“从业人员_2025”", "共1行，首见于第4行", leaps[1].split("：")[2]],
        ["“从业人员_2025”", "共1行，首见于第5行", leaps[2].split("：")[2]],
    ]


def test_broken_relations_are_counted(tmp_path: Path) -> None:
    rows = [["甲", "", "100", "100", ""], ["乙", "", "100", "100.01", ""], ["丙", "", "", "5", ""]]
    result = made(csv_file(tmp_path, [HEAD, *rows]))
    assert result.said("relation") == "“主营业务收入_2025（万元）”：共1行，首见于第2行：主营业务收入不能大于营业收入。"


def test_days_to_come_are_counted(tmp_path: Path) -> None:
    rows = [["甲", "2026-11-23"], ["乙", "2026-11-24"], ["丙", "2030年1月1日"]]
    result = made(csv_file(tmp_path, [["企业名称", "认定日期"], *rows]))
    assert result.column("granted") == [dt.date(2026, 11, 23), dt.date(2026, 11, 24), dt.date(2030, 1, 1)]
    assert "共2行，首见于第2行" in result.said("date-in-future")


def test_no_warning_about_a_table_as_it_should_be(tmp_path: Path) -> None:
    rows = [["杭州甲科技有限公司", code(1), "5512.5", "5000", "186"], ["乙厂", code(2), "300", "300", "12"]]
    result = made(csv_file(tmp_path, [HEAD, *rows]))
    assert result.preparation.diagnostics == ()
    assert not result.preparation.required().has_problems
    assert "problems" not in result.rows[0]
    assert result.preparation.bad_rows() == 0


# ---- the file of bad rows -------------------------------------------------------------------------------------------


def test_bad_rows_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    lines = [
        "企业名称,从业人员_2025,自主品牌,备注",
        '"甲,厂",12,是,"他说""好"""',
        "乙,12.5,也许,x",
        "丙,1,2,3,4",
        "合计,24,,",
        "丁,3,是,",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = made(path)
    target = tmp_path / "bad.csv"
    assert result.preparation.write_bad_rows(target, "zh") == 3
    assert result.preparation.bad_rows() == 3
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["行号", "问题", "企业名称", "从业人员_2025", "自主品牌", "备注", "…"]
    assert [row[0] for row in rows[1:]] == ["2", "3", "4"]
    assert [row[2:] for row in rows[1:]] == [
        ["乙", "12.5", "也许", "x", ""], ["丙", "1", "2", "3", "4"], ["合计", "24", "", "", ""]
    ]  # fmt: skip
    assert rows[1][1].startswith("从业人员_2025：")
    assert "；自主品牌：自主品牌不能是“也许”" in rows[1][1]
    assert rows[3][1] == "合计行，不是企业，已略过"
    assert result.preparation.write_bad_rows(target, "en") == 3
    with target.open(encoding="utf-8-sig", newline="") as stream:
        english = list(csv.reader(stream))
    assert english[0][:2] == ["row", "what is wrong"]
    assert english[1][1].startswith("从业人员_2025: Employees (employees): ")


def test_bad_rows_of_a_regular_table_and_of_parquet(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["甲", "1"], ["乙", "坏"], ["丙", "2"]])
    result = made(table)
    target = tmp_path / "bad.csv"
    assert result.preparation.write_bad_rows(target, "zh") == 1
    with target.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[2:] for row in csv.reader(stream)] == [["企业名称", "从业人员_2025"], ["乙", "坏"]]
    parquet = tmp_path / "table.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT * FROM (VALUES ('甲', 1.0), ('乙', 1.5), ('丙', 2.0)) t(name, employees_2025)) TO '{parquet}'"
    )
    assert made(parquet).preparation.write_bad_rows(target, "zh") == 1
    with target.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] + row[2] + row[3] for row in csv.reader(stream)][1:] == ["2乙1.5"]


def test_a_file_of_bad_rows_is_complete_or_as_before(tmp_path: Path) -> None:
    result = made(csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["乙", "坏"]]))
    target = tmp_path / "bad.csv"
    target.write_text("before", encoding="utf-8")
    (tmp_path / "table.csv").unlink()
    with pytest.raises(duckdb.Error):
        result.preparation.write_bad_rows(target, "zh")
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "table.csv-prepared"]


# ---- running --------------------------------------------------------------------------------------------------------


def test_errors_stop_and_all_are_told_at_once(tmp_path: Path) -> None:
    table = csv_file(
        tmp_path,
        [
            ["企业名称", "营业收入（万元）", "从业人员_2025", "从业人员_2025", "市场占有率（‰）"],
            ["甲", "1", "2", "3", "4"],
        ],
    )
    result = made(table)
    assert sorted(result.codes) == ["duplicate-heading", "needs-year", "wrong-unit"]
    assert result.preparation.prepared is None
    assert result.preparation.mapping.meanings[0].heading == "企业名称"
    with pytest.raises(DiagnosticError) as raised:
        result.preparation.required()
    assert "--year 2025" in raised.value.render("zh")


def test_progress_of_every_stage(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["甲", "1"]])
    told: list[tuple[str, float]] = []
    prepare(
        duckdb.connect(),
        table,
        vocabulary(),
        on=ON,
        folder=tmp_path,
        progress=lambda stage, share: told.append((stage, share)),
    )
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["read", "look", "interpret", "write"]
    for stage in stages:
        shares = [share for name, share in told if name == stage]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        assert min(shares) >= 0.0


def test_settings_of_the_connection_are_as_before(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], *([f"企业{i}", str(i)] for i in range(5000))])
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    names = ("disabled_optimizers", "preserve_insertion_order", "enable_progress_bar", "enable_progress_bar_print")
    ask = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    before = connection.execute(ask).fetchall()
    preparation = prepare(connection, table, vocabulary(), on=ON, folder=tmp_path)
    assert connection.execute(ask).fetchall() == before
    source = preparation.required().source
    assert [row for (row,) in connection.execute(f"SELECT row FROM {source}").fetchall()] == list(range(1, 5001))
    wrong = connection.execute(f"SELECT count(*) FROM {source} WHERE employees_2025 <> row - 1").fetchall()
    assert wrong == [(0,)]


def test_an_interrupted_preparation_leaves_the_connection_usable(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], *([f"企业{i}", str(i)] for i in range(2000))])
    connection = duckdb.connect()

    def stop(stage: str, _share: float) -> None:
        if stage == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(connection, table, vocabulary(), on=ON, folder=tmp_path, progress=stop)
    assert connection.execute("SELECT current_setting('disabled_optimizers')").fetchall() == [("",)]
    assert prepare(connection, table, vocabulary(), on=ON, folder=tmp_path).required().rows == 2000


def test_headings_without_rows(tmp_path: Path) -> None:
    result = made(csv_file(tmp_path, [HEAD]))
    assert result.codes == ["no-rows"]
    assert result.rows == []
    assert result.preparation.required().rows == 0
    assert result.preparation.required().bounds["employees_2025"] == Bounds(None, None)


def test_one_column(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("从业人员_2025\n12\n\n7\n合计\n", encoding="utf-8")
    result = made(path)
    assert [(row["row"], row["employees_2025"]) for row in result.rows] == [(1, 12), (3, 7)]


def test_two_tables_in_one_connection_and_folder(tmp_path: Path) -> None:
    connection = duckdb.connect()
    sources = []
    for name, number in (("a.csv", "1"), ("b.csv", "2")):
        table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["甲", number]], name=name)
        sources.append(prepare(connection, table, vocabulary(), on=ON, folder=tmp_path).required().source)
    assert [connection.execute(f"SELECT employees_2025 FROM {source}").fetchall() for source in sources] == [
        [(1,)],
        [(2,)],
    ]


def test_without_a_folder_the_files_live_as_long_as_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["甲", "1"]])
    connection = duckdb.connect()
    source = prepare(connection, table, vocabulary(), on=ON).required().source
    assert connection.execute(f"SELECT employees_2025 FROM {source}").fetchall() == [(1,)]
    assert [path for path in tmp_path.iterdir() if path.name.startswith("yiqi-")] != []
    del connection
    assert [path for path in tmp_path.iterdir() if path.name.startswith("yiqi-")] == []


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    table = csv_file(tmp_path, [["企业名称", "从业人员_2025"], ["甲", "1"]])
    folder = tmp_path / "file"
    folder.write_text("", encoding="utf-8")
    with pytest.raises((OSError, duckdb.Error)):
        prepare(duckdb.connect(), table, vocabulary(), on=ON, folder=folder)
