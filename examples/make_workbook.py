"""Makes software-firm.xlsx: the template of `yiqi template` filled in for a software firm.

What the workbook shows: a software firm, a specialised SME by the standard of 2026 and small by size, that misses the
little giant by its revenue of 4200万元 alone.
软件企业：规模为小型，符合2026年专精特新中小企业条件；营业收入4200万元，距“小巨人”只差这一项。

Run it after the template or the firm's figures change: `.venv/bin/python examples/make_workbook.py`.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from xlsxwriter.utility import xl_rowcol_to_cell

from yiqi.facts.template import FIRST_YEAR, HEADING_ROW, VALUE, template_bytes
from yiqi.law.library import default_folder
from yiqi.law.vocabulary_file import read_vocabulary

DAY = dt.date(2026, 11, 23)
YEARS = (2026, 2025, 2024, 2023)
"""The columns of a template for that day: the year of the platform's score, then three fiscal years."""

FIRM: dict[str, str | int | tuple[int | str | None, ...]] = {
    "name": "示例云图软件有限公司",
    "uscc": "91510107XXXX00043L",
    "region": "510107",
    "industry": "I6513",
    "entity_kind": "公司",
    "independent_legal_person": "是",
    "registered_in_mainland": "是",
    "resident_enterprise": "是",
    "established": "2014-05-12",
    "employees": (None, 85, 78, 70),
    "technology_staff": (None, 52),
    # in 万元, as the form says
    "operating_revenue": (None, 4200, 3650, 3050),
    "main_revenue": (None, 4074, 3530, 2950),
    "total_costs": (None, 3640, 3180),
    "net_profit": (None, 520, 430),
    "total_assets": (None, 5100, 4600),
    "total_liabilities": (None, 1530, 1450),
    "equity_financing_2y": 0,
    "rd_expense": (None, 690, 610, 505),
    "rd_staff": (None, 34),
    "rd_institution": "市级",
    "ip_class1": 6,
    "ip_class1_own": 6,
    "ip_class1_high_value": 0,
    "ip_class1_applied": 5,
    "ip_class1_original_applied": 5,
    "ip_class2": 18,
    "award_any_3y": "否",
    "award_provincial_top3_3y": "否",
    "award_national_top3_3y": "否",
    "segment_years": 8,
    "leading_product_share": "74%",
    "product_strategic_emerging": "是",
    "product_six_foundations": "是",
    "product_key_link": "是",
    "product_upgrade_emerging_future": "是",
    "product_chain_security": "是",
    "restricted_products": "否",
    "market_share": "11%",
    "market_share_international": "0%",
    "market_rank": 6,
    "market_share_leading": "是",
    "reputation_high": "是",
    "development_score": ("62.5", "58.1"),
    "titles": "创新型中小企业；专精特新中小企业；高新技术企业",
    "controlled_by_little_giant": "否",
    "abnormal_operations_list": "否",
    "serious_dishonesty_list": "否",
    "major_accident_3y": "否",
    "larger_accident_3y": "否",
    "network_data_incident_3y": "否",
    "environmental_violation_3y": "否",
    "quality_problem_3y": "否",
    "sector_breach_3y": "否",
    "accident_2y": "否",
    "environmental_violation_2y": "否",
    "research_dishonesty_2y": "否",
    "filing_truthful": "是",
    "falsification": "否",
}
"""Fact and value; a fact per year has a value for each of ``YEARS``, newest first, None where nothing is filled in."""

FORM = "xl/worksheets/sheet1.xml"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def workbook_bytes() -> bytes:
    """The filled-in workbook; the same figures and template give the same bytes."""
    empty = template_bytes(read_vocabulary(default_folder() / "facts"), FIRM, DAY)
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(empty)) as template, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as filled:
        for name in template.namelist():
            content = template.read(name)
            content = _filled_in(content) if name == FORM else content
            filled.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _filled_in(form: bytes) -> bytes:
    """The form's sheet with the firm's values in its white cells."""
    # ElementTree invents prefixes for namespaces that it was not told of.
    for _, namespace in ET.iterparse(io.BytesIO(form), ["start-ns"]):
        ET.register_namespace(*namespace)
    root = ET.fromstring(form)
    cells = {cell.get("r"): cell for cell in root.iter(f"{MAIN}c")}
    for row, value in enumerate(FIRM.values(), start=HEADING_ROW + 1):
        values = value if isinstance(value, tuple) else (value,)
        first = FIRST_YEAR if isinstance(value, tuple) else VALUE
        for column, single in enumerate(values, start=first):
            if single is not None:
                _write(cells[xl_rowcol_to_cell(row, column)], single)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _write(cell: ET.Element, value: str | int) -> None:
    if isinstance(value, int):
        ET.SubElement(cell, f"{MAIN}v").text = str(value)
        return
    cell.set("t", "inlineStr")
    ET.SubElement(ET.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = value


if __name__ == "__main__":
    Path(__file__).with_name("software-firm.xlsx").write_bytes(workbook_bytes())
