"""A screened table says of each enterprise what the judge says of it alone, and its files survive a failure."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from screening.judged import (
    differences,
    judge,
    program_for,
    random_table,
    rows_of,
    sheets_of,
    written,
)
from test_golden_cases import ALL, EXAMPLES, Case, _points, _sheet
from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet
from yiqi.screening.program import PLANES
from yiqi.screening.results import answer_columns, answers, condition_places, write_answers
from yiqi.screening.running import Result, run
from yiqi.screening.screened import Screened, screen_table
from yiqi.screening.synthetic import says_synthetic

DAYS = (dt.date(2023, 6, 1), dt.date(2025, 12, 15), dt.date(2026, 11, 23), dt.date(2027, 5, 10))
READ_ON = dt.date(2027, 5, 10)
ON = dt.date(2026, 11, 23)


def screened(sheets: list[FactSheet], folder: Path, on: dt.date, procedure: str = "new", **options: Any) -> Screened:
    """The sheets written as a table and screened."""
    table = folder / "table.csv"
    table.write_text(written(sheets), encoding="utf-8")
    return screen_table(table, judge(), on=on, procedure=procedure, **options)


# -- every enterprise as the judge ---------------------------------------------------------------------------------------


def examples() -> Iterator[FactSheet]:
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix in (".yaml", ".json", ".xlsx"):
            yield read_fact_sheet(path, judge().law.vocabulary, READ_ON).required()


@pytest.mark.parametrize("procedure", ["new", "re_review"])
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_a_row_says_what_the_judge_says_of_the_enterprise(tmp_path: Path, on: dt.date, procedure: str) -> None:
    sheets = list(examples())
    table = screened(sheets, tmp_path, on, procedure, reasons="ids")
    assert table.preparation.bad_rows() == 0
    rows = rows_of(table.relation)
    assert len(rows) == len(sheets) >= 17
    wrong = [
        d
        for sheet, row in zip(sheets, rows, strict=True)
        for d in differences(row, judge().judge(sheet, on, procedure))
    ]
    assert wrong == []


def by_day() -> dict[tuple[dt.date, str], list[Case]]:
    found: dict[tuple[dt.date, str], list[Case]] = defaultdict(list)
    for case in ALL:
        found[case.on, case.procedure].append(case)
    return found


@pytest.mark.parametrize(("on", "procedure"), sorted(by_day()), ids=str)
def test_the_golden_enterprises_answer_as_worked_out_by_hand(tmp_path: Path, on: dt.date, procedure: str) -> None:
    cases = by_day()[on, procedure]
    schemes = sorted({scheme for case in cases for scheme in case.expect})
    table = screened([_sheet(case) for case in cases], tmp_path, on, procedure, schemes=schemes)
    wrong: list[str] = []
    for case, row in zip(cases, rows_of(table.relation), strict=True):
        for scheme, expected in case.expect.items():
            found = {"outcome": row[scheme]}
            wanted = {"outcome": expected.get("outcome")}
            if "possible" in expected:
                wanted["possible"] = sorted(expected["possible"])
                found["possible"] = sorted(row[f"{scheme}.possible"].split(";"))
            if "score" in expected:
                low, high = _points(expected["score"])
                wanted["score"] = (Decimal(low) / 10_000, Decimal(high) / 10_000)
                found["score"] = (row[f"{scheme}.low"], row[f"{scheme}.high"])
            if found != wanted:
                wrong.append(f"{case.place}, {scheme}: {found}, by hand {wanted}")
    assert wrong == []


@pytest.mark.parametrize(
    ("on", "procedure"),
    [
        (dt.date(2025, 6, 30), "new"),
        (dt.date(2025, 6, 30), "re_review"),
        (ON, "new"),
        (dt.date(2027, 3, 1), "re_review"),
    ],
    ids=str,
)
def test_random_enterprises_answer_as_the_judge_with_packed_reasons_too(
    tmp_path: Path, on: dt.date, procedure: str
) -> None:
    connection = duckdb.connect()
    prepared = random_table(connection, on, procedure, 150)
    result = run(connection, program_for(on, procedure), prepared, tmp_path, reasons=True)
    sheets = sheets_of(connection, prepared)
    ids = rows_of(answers(connection, result, "ids"))
    packed = rows_of(answers(connection, result, "packed"))
    wrong: list[str] = []
    regions = set()
    for row, bits in zip(ids, packed, strict=True):
        answered = judge().judge(sheets[row["row"]], on, procedure)
        regions.add(row.get("region"))
        wrong += differences(row, answered)
        for scheme, places in condition_places(result.program).items():
            unpacked: dict[str, list[str]] = {"failed": [], "unknown": []}
            for condition, word, bit in places:
                sure, may = (bits[f"{scheme}.{plane}.{word}"] >> int(bit) & 1 for plane in PLANES)
                if not may:
                    unpacked["failed"].append(str(condition))
                elif not sure:
                    unpacked["unknown"].append(str(condition))
            assert {end: row[f"{scheme}.{end}"] for end in unpacked} == {e: ";".join(c) for e, c in unpacked.items()}
    assert wrong == []
    if on < dt.date(2026, 4, 1):
        # Provinces with rules of their own are among them; the Measures of 2026 leave none.
        assert {r[:2] for r in regions if r} >= {"44", "51", "37"}


# -- the columns ---------------------------------------------------------------------------------------------------------

TWO = """企业名称,所在地,行业代码,2025年营业收入（万元）,2025年从业人员,独立法人
杭州甲厂,330106,C3451,"1,500",20,是
乙店,,F5211,,,否
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    table = tmp_path_factory.mktemp("two") / "two.csv"
    table.write_text(TWO, encoding="utf-8")
    return screen_table(
        table,
        judge(),
        on=ON,
        schemes=["size.class", "ladder.innovative_sme", "ladder.key_little_giant"],
        reasons="ids",
        near=True,
    )


def test_the_columns_are_those_of_the_reference(two: Screened) -> None:
    assert two.relation.columns == [
        "row", "name", "region", "industry", "size.class", "size.class.possible", "size.class.failed", "size.class.unknown",
        "ladder.innovative_sme", "ladder.innovative_sme.low", "ladder.innovative_sme.high", "ladder.innovative_sme.near",
        "ladder.innovative_sme.failed", "ladder.innovative_sme.unknown", "ladder.key_little_giant",
        "ladder.key_little_giant.near", "ladder.key_little_giant.failed", "ladder.key_little_giant.unknown",
    ]  # fmt: skip


def test_what_stands_in_them(two: Screened) -> None:
    first, second = rows_of(two.relation)
    # Industry: from 20 people and 3 million yuan on it is small, and neither 300 people nor 20 million yuan is reached.
    assert [first[c] for c in ("row", "name", "region", "industry")] == [1, "杭州甲厂", "330106", "C3451"]
    assert [first["size.class"], first["size.class.possible"]] == ["small", "small"]
    # Retail without figures: any class.
    assert [second["region"], second["size.class"]] == [None, None]
    assert set(second["size.class.possible"].split(";")) == {"large", "medium", "small", "micro"}
    # Every enterprise needs independent legal personality (2022 Measures, annex 1): the second has none.
    assert (first["ladder.innovative_sme"], second["ladder.innovative_sme"]) == ("unknown", "no")
    assert second["ladder.innovative_sme.near"] == "miit-2022-63#common/2"
    # The first line of the annex names the common conditions as a whole.
    assert second["ladder.innovative_sme.failed"] == "miit-2022-63#innovative_sme/1;miit-2022-63#common/2"
    assert first["ladder.innovative_sme.near"] is None


def test_a_scheme_without_a_rule_on_the_day_does_not_apply(tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text(TWO, encoding="utf-8")
    # Support as a key little giant began in 2024.
    schemes = ["size.class", "ladder.key_little_giant"]
    found = screen_table(table, judge(), on=dt.date(2023, 12, 31), schemes=schemes, reasons="ids", year=2022)
    assert [row["ladder.key_little_giant"] for row in rows_of(found.relation)] == ["not_applicable"] * 2
    assert "ladder.key_little_giant.failed" not in found.relation.columns


def test_points_are_decimal_numbers_and_never_binary_fractions(tmp_path: Path) -> None:
    on = dt.date(2025, 6, 30)
    connection = duckdb.connect()
    prepared = random_table(connection, on, "new", 60)
    result = run(connection, program_for(on, "new", ("ladder", "digital")), prepared, tmp_path)
    relation = answers(connection, result)
    assert {str(t) for t in relation.types} == {"BIGINT", "VARCHAR", "DECIMAL(10,4)"}
    write_answers(connection, result, tmp_path / "out.csv")
    exact = rows_of(relation)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = list(csv.DictReader(file))
    scores = [name for name in relation.columns if name.endswith((".low", ".high"))]
    assert len(scores) >= 6
    for row, said in zip(exact, shown, strict=True):
        for name in scores:
            assert Decimal(said[name]) == row[name]
            assert said[name] == f"{row[name].normalize():f}"


def test_reasons_that_were_not_kept_are_not_made_up(tmp_path: Path) -> None:
    connection = duckdb.connect()
    prepared = random_table(connection, ON, "new", 3)
    result = run(connection, program_for(ON, "new", ("size",)), prepared, tmp_path)
    with pytest.raises(ValueError, match="kept no reasons"):
        answer_columns(result, "ids")


# -- files ---------------------------------------------------------------------------------------------------------------


def small_run(folder: Path, rows: int = 20) -> tuple[duckdb.DuckDBPyConnection, Result]:
    connection = duckdb.connect(config={"threads": 1})
    prepared = random_table(connection, ON, "new", rows)
    return connection, run(
        connection, program_for(ON, "new", ("size", "ladder")), prepared, folder / "parts", reasons=True
    )


def test_a_csv_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    connection, result = small_run(tmp_path)
    write_answers(connection, result, tmp_path / "out.csv", "ids")
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfrow,")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["row"] for row in rows] == [str(i) for i in range(1, 21)]
    assert rows[0].keys() == set(answers(connection, result, "ids").columns)


def test_a_parquet_file_says_how_its_packed_reasons_are_read(tmp_path: Path) -> None:
    connection, result = small_run(tmp_path)
    place = tmp_path / "out.parquet"
    write_answers(connection, result, place, "packed")
    kept = dict(connection.execute(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{place}')").fetchall())
    assert kept["yiqi.result"] == "1"
    assert json.loads(kept["yiqi.conditions"]) == condition_places(result.program)
    assert connection.sql(f"FROM '{place}'").fetchall() == answers(connection, result, "packed").fetchall()
    assert not says_synthetic(connection, place)


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_file_of_before_survives_a_failure(tmp_path: Path, name: str) -> None:
    connection, result = small_run(tmp_path)
    place = tmp_path / name
    place.write_text("as it was", encoding="utf-8")
    # A part that cannot be read stops the writing on its way.
    (part,) = result.folder.glob("part-*.parquet")
    part.write_bytes(part.read_bytes()[:-8] + b"damaged!")
    with pytest.raises(duckdb.Error):
        write_answers(connection, result, place, "ids")
    assert place.read_text(encoding="utf-8") == "as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "parts"])


def test_a_name_of_a_file_is_no_pattern(tmp_path: Path) -> None:
    # A browser names the second download so.
    folder = tmp_path / "结果[1]*'x"
    connection, result = small_run(folder)
    write_answers(connection, result, folder / "out[1]'.csv")
    assert len((folder / "out[1]'.csv").read_text(encoding="utf-8-sig").splitlines()) == 21


def test_synthetic_data_is_called_so_in_every_form(tmp_path: Path) -> None:
    table = tmp_path / "table.parquet"
    connection = duckdb.connect()
    connection.execute(
        f"COPY (SELECT 1::BIGINT AS row, '甲厂' AS name, 334510 AS industry) TO '{table}'"
        " (FORMAT parquet, KV_METADATA {'yiqi.prepared': '1', 'yiqi.synthetic': '1'})"
    )
    found = screen_table(table, judge(), on=ON, schemes=["size"], connection=connection)
    assert found.prepared.synthetic
    assert [row["data"] for row in rows_of(found.relation)] == ["合成数据 synthetic"]
    for name in ("out.csv", "out.parquet"):
        write_answers(connection, found.result, tmp_path / name)
        assert says_synthetic(connection, tmp_path / name)
