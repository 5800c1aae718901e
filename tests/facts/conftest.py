"""A small vocabulary with one fact of every type, and a reader bound to one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from yiqi.facts.reading import Reading, read_fact_sheet
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

ON = dt.date(2026, 11, 23)

VOCABULARY = """
group: {en: Facts, zh: 事实}
facts:
  name: {type: text, label: {en: Enterprise name, zh: 企业名称}, known_by: enterprise}
  uscc: {type: uscc, label: {en: Credit code, zh: 统一社会信用代码}, known_by: register}
  region: {type: region, label: {en: Place of registration, zh: 所在地}, known_by: register}
  industry: {type: industry, label: {en: Industry code, zh: 行业代码}, known_by: enterprise}
  established: {type: date, label: {en: Date of establishment, zh: 成立日期}, known_by: register}
  granted: {type: date, label: {en: Title granted on, zh: 认定日期}, known_by: register}
  employees:
    type: count
    per: fiscal_year
    unit: 人
    label: {en: Employees, zh: 从业人员}
    known_by: enterprise
    plausible: {maximum: "100000"}
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
  local_points:
    type: points
    unit: 分
    label: {en: Local points, zh: 地方得分}
    known_by: official
    bounds: {minimum: "0", maximum: "15"}
  score:
    type: points
    per: evaluation_year
    unit: 分
    label: {en: Development score, zh: 发展评价得分}
    known_by: platform
  segment_years: {type: years, unit: 年, label: {en: Years in the segment, zh: 从事年限}, known_by: enterprise}
  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: enterprise}
  award_any: {type: yes_no, label: {en: Any award, zh: 科技奖励}, known_by: enterprise}
  award_top: {type: yes_no, label: {en: Top award, zh: 科技奖励前三}, known_by: enterprise}
  rd_institution:
    type: one_of
    ordered: true
    label: {en: R&D institution, zh: 研发机构级别}
    known_by: enterprise
    values:
      - {id: none, label: {en: None, zh: 无}}
      - {id: municipal, label: {en: Municipal, zh: 市级}}
      - {id: provincial, label: {en: Provincial, zh: 省部级}}
  titles:
    type: set_of
    label: {en: Titles in force, zh: 有效期内称号}
    known_by: enterprise
    values:
      - {id: innovative_sme, label: {en: Innovative SME, zh: 创新型中小企业}}
      - {id: little_giant, label: {en: Little giant, zh: 专精特新“小巨人”企业}}
relations:
  - fact: main_revenue
    at_most: operating_revenue
    severity: error
    say: {en: main-business revenue exceeds operating revenue, zh: 主营业务收入大于营业收入}
  - fact: award_top
    implies: award_any
    severity: error
    say: {en: a top award is an award, zh: 前三奖励也是科技奖励}
  - fact: titles
    value: little_giant
    implies: segment_years
    reaches: 2年
    severity: warning
    say: {en: a little giant is two years in its segment, zh: “小巨人”企业从事细分市场至少两年}
  - fact: rd_institution
    value: provincial
    implies: titles
    reaches: innovative_sme
    severity: warning
    say: {en: with a provincial institution one is innovative, zh: 有省部级研发机构的为创新型中小企业}
"""


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("facts")
    (folder / "all.yaml").write_text(VOCABULARY, encoding="utf-8")
    return read_vocabulary(folder)


Read = Callable[[str | bytes | Path], Reading]


@pytest.fixture(scope="session")
def read(vocabulary: Vocabulary) -> Read:
    """Reads a sheet from text, bytes or a file on 23 November 2026."""

    def read_one(source: str | bytes | Path) -> Reading:
        content = source.encode() if isinstance(source, str) else source
        return read_fact_sheet(content, vocabulary, ON)

    return read_one
