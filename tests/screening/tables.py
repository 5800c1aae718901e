"""A small vocabulary with one fact of every type, and what a test does with a table of it."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.screening.preparing import Preparation, prepare

ON = dt.date(2026, 11, 23)

USCC = ("91330100799655058B", "91110108MA01ABCD0R")
"""Two codes; the first is valid in both of its check characters."""

FACTS = """
group: {en: Facts, zh: 事实}
facts:
  name: {type: text, label: {en: Enterprise name, zh: 企业名称}, known_by: enterprise}
  uscc: {type: uscc, label: {en: Credit code, zh: 统一社会信用代码}, known_by: register}
  region: {type: region, label: {en: Place of registration, zh: 所在地}, known_by: register}
  industry: {type: industry, label: {en: Industry code, zh: 行业代码}, known_by: enterprise}
  established: {type: date, label: {en: Date of establishment, zh: 成立日期}, known_by: register}
  granted: {type: date, label: {en: Title granted on, zh: 认定日期}, known_by: register}
  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: enterprise}
  employees:
    type: count
    per: fiscal_year
    unit: 人
    label: {en: Employees, zh: 从业人员}
    known_by: enterprise
    plausible: {maximum: "20000", yearly_factor: 5}
  rd_staff: {type: count, per: fiscal_year, unit: 人, label: {en: R&D staff, zh: 研发人员}, known_by: enterprise}
  operating_revenue:
    type: money
    per: fiscal_year
    unit: 元
    label: {en: Operating revenue, zh: 营业收入}
    known_by: enterprise
    bounds: {minimum: 0元}
    plausible: {maximum: 1000亿元, yearly_factor: 20}
  main_revenue:
    type: money
    per: fiscal_year
    unit: 元
    label: {en: Main-business revenue, zh: 主营业务收入}
    known_by: enterprise
  net_profit: {type: money, per: fiscal_year, unit: 元, label: {en: Net profit, zh: 净利润}, known_by: enterprise}
  financing: {type: money, unit: 元, label: {en: Equity financing, zh: 新增股权融资}, known_by: enterprise}
  market_share:
    type: ratio
    label: {en: Market share, zh: 市场占有率}
    known_by: enterprise
    bounds: {minimum: 0%, maximum: 100%}
  growth: {type: ratio, label: {en: Growth, zh: 增长率}, known_by: enterprise}
  local_points:
    type: points
    unit: 分
    label: {en: Local points, zh: 地方得分}
    known_by: official
    bounds: {minimum: "0", maximum: "15"}
  segment_years: {type: years, unit: 年, label: {en: Years in the segment, zh: 从事细分市场年限}, known_by: enterprise}
  kind:
    type: one_of
    label: {en: Kind of entity, zh: 主体类型}
    known_by: register
    values:
      - {id: company, label: {en: Company, zh: 公司}}
      - {id: partnership, label: {en: Partnership, zh: 合伙企业}}
      - {id: other, label: {en: Other, zh: 其他}}
  titles:
    type: set_of
    label: {en: Titles, zh: 称号}
    known_by: register
    values:
      - {id: innovative, label: {en: Innovative SME, zh: 创新型中小企业}}
      - {id: specialised, label: {en: Specialised SME, zh: 专精特新中小企业}}
      - {id: giant, label: {en: Little giant, zh: 小巨人}}
relations:
  - fact: main_revenue
    at_most: operating_revenue
    severity: error
    say: {en: Main-business revenue is part of operating revenue., zh: 主营业务收入不能大于营业收入。}
"""


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "facts.yaml").write_text(FACTS, encoding="utf-8")
        return read_vocabulary(Path(folder))


@dataclass
class Made:
    """A preparation, with its rows at hand."""

    connection: duckdb.DuckDBPyConnection
    preparation: Preparation

    @property
    def rows(self) -> list[dict[str, Any]]:
        result = self.connection.execute(f"FROM {self.preparation.required().source} ORDER BY row")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def problems(self) -> list[tuple[int, str | None, str | None, str]]:
        """Row, heading, cell and code of everything that could not be read."""
        return self.connection.execute(
            f"SELECT row, heading, cell, code FROM {self.preparation.problems} ORDER BY row, heading"
        ).fetchall()

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.preparation.diagnostics]

    def said(self, code: str) -> str:
        """The Chinese message of the only diagnostic with a code."""
        (found,) = [d for d in self.preparation.diagnostics if d.code == code]
        return found.message.zh


def made(path: Path, *, on: dt.date = ON, year: int | None = None, names: Mapping[str, str] | None = None) -> Made:
    """Prepare a table, in files beside it."""
    connection = duckdb.connect()
    folder = path.parent / f"{path.name}-prepared"
    folder.mkdir(exist_ok=True)
    return Made(connection, prepare(connection, path, vocabulary(), on=on, year=year, names=names, folder=folder))


def csv_file(folder: Path, rows: Sequence[Sequence[str]], name: str = "table.csv", encoding: str = "utf-8") -> Path:
    """Rows as a CSV file, cells quoted where they must be."""
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(rows)
    return path
