"""Prepared tables from what people bring, with values worked out by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.screen.preparing import prepare

ON = dt.date(2026, 11, 23)

VOCABULARY = """
group: {en: Facts, zh: 事实}
facts:
  name: {type: text, label: {en: Enterprise name, zh: 企业名称}, known_by: enterprise}
  uscc: {type: uscc, label: {en: Credit code, zh: 统一社会信用代码}, known_by: register}
  region: {type: region, label: {en: Place of registration, zh: 所在地}, known_by: register}
  industry: {type: industry, label: {en: Industry code, zh: 行业代码}, known_by: enterprise}
  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: enterprise}
  employees: {type: count, per: fiscal_year, unit: 人, label: {en: Employees, zh: 从业人员}, known_by: enterprise}
  operating_revenue:
    type: money
    per: fiscal_year
    unit: 元
    label: {en: Operating revenue, zh: 营业收入}
    known_by: enterprise
    bounds: {minimum: 0元}
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("facts")
    (folder / "facts.yaml").write_text(VOCABULARY, encoding="utf-8")
    return read_vocabulary(folder)


def test_a_clean_table_and_what_cannot_be_read(tmp_path: Path, vocabulary: Vocabulary) -> None:
    table = tmp_path / "table.csv"
    table.write_text(
        "企业名称,所在地,行业代码,营业收入_2025（万元）,2025年从业人员,自主品牌,备注\n"
        '杭州甲科技有限公司,330100,C3451,"1,234.5",180,是,x\n'
        "乙厂,99,34,12.3456789,12人,maybe,y\n",
        encoding="utf-8",
    )
    connection = duckdb.connect()
    preparation = prepare(connection, table, vocabulary, on=ON)
    prepared = preparation.required()
    assert prepared.rows == 2
    assert prepared.has_problems
    rows = connection.execute(f"FROM {prepared.source}").fetchall()
    assert rows == [
        (1, "杭州甲科技有限公司", 330100, 334510, 1_234_500_000, 180, True, None),
        (2, "乙厂", None, 334002, None, 12, None,
         "region: region-code; operating_revenue_2025: not-a-quantity; own_brand: not-yes-or-no"),
    ]  # fmt: skip
    bad = connection.execute(f"SELECT row, heading, cell FROM {preparation.problems} ORDER BY heading").fetchall()
    assert bad == [(2, "所在地", "99"), (2, "自主品牌", "maybe"), (2, "营业收入_2025（万元）", "12.3456789")]
