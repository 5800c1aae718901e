"""Tables in workbooks (.xlsx, .xls, .ods): the sheet with the most known headings, written as a regular text table.

A cell that is no text keeps a mark of what it was, because a number, a date and the text of one mean different things
where leading zeros or digits can have been lost.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from yiqi.facts.workbook import Cell, cell_address, cell_text
from yiqi.facts.workbook_parts import (
    CELL_LIMIT,
    UNPACKED_LIMIT,
    SheetParts,
    WorkbookDamaged,
    WorkbookTooLarge,
    read_sheet_parts,
)
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.screening.csv_file import reading
from yiqi.screening.opened import HEADING_ROWS, MARK, MARKED, Table, empty_table, heading_row, unit_above

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".et")

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MANY_HEADINGS = 3


@dataclass(frozen=True)
class _Candidate:
    """A sheet with the rows at its top and what was found in them."""

    name: str
    sheet: CalamineSheet
    top: list[list[str]]
    row: int
    known: int


class _Refused(Exception):  # noqa: N818 - the file's fault
    """Why a workbook is not read; the argument is a key of ``_refusal``."""


def open_sheet(path: Path, file: str, knows: Callable[[str], bool], target: Path) -> tuple[Table, list[Diagnostic]]:
    """The table of a workbook, written to ``target``. Raises :class:`DiagnosticError`."""
    try:
        if path.stat().st_size > UNPACKED_LIMIT:
            raise _Refused("unpacked")
        content = path.read_bytes()
        return _open(content, file, knows, target)
    except _Refused as refused:
        raise DiagnosticError([_refusal(file, str(refused.args[0]))]) from None


def _open(content: bytes, file: str, knows: Callable[[str], bool], target: Path) -> tuple[Table, list[Diagnostic]]:
    if _ENCRYPTED in content:
        raise _Refused("password")
    try:
        parts = read_sheet_parts(content) if content.startswith(b"PK") else {}
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        chosen, others = _choose(workbook, knows)
        if chosen is None:
            raise DiagnosticError([empty_table(file)])
        found = parts.get(chosen.name, SheetParts())
        written = _write(chosen, found, target)
    except WorkbookTooLarge as error:
        raise _Refused("cells" if error.args == ("cells",) else "unpacked") from error
    except PasswordError as error:
        raise _Refused("password") from error
    except (WorkbookDamaged, CalamineError, ValueError) as error:
        raise _Refused("damaged") from error
    except BaseException as error:
        # A fault inside the library (a Rust panic) derives from BaseException; only that may be taken for bad input.
        if type(error).__name__ == "PanicException":
            raise _Refused("damaged") from error
        raise
    headings, width = written
    names = [f"c{i}" for i in range(width)]

    def place(position: int) -> Place:
        return Place(file, cell=f"{chosen.name}!{cell_address(chosen.row, position)}")

    diagnostics = [*_other_sheets(file, chosen, others), *_merged(file, chosen)]
    if not content.startswith(b"PK"):
        diagnostics.append(_old_format(file))
    if not names:
        raise DiagnosticError([empty_table(file)])
    table = Table(
        file,
        reading(target, ",", [*names, "ends"], 0),
        tuple(headings),
        (MARKED,) * width,
        place,
        Bilingual(
            f"workbook, sheet {chosen.name}, headings in row {chosen.row + 1}",
            f"电子表格，工作表“{chosen.name}”，表头在第{chosen.row + 1}行",
        ),
        unit=unit_above(cell for row in chosen.top[: chosen.row] for cell in row),
        first_line=chosen.row + 2,
    )
    return table, diagnostics


def _choose(workbook: CalamineWorkbook, knows: Callable[[str], bool]) -> tuple[_Candidate | None, list[_Candidate]]:
    """The sheet with the most known headings, the first of several, and the others."""
    candidates: list[_Candidate] = []
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > CELL_LIMIT:
            raise _Refused("cells")
        top = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False, nrows=HEADING_ROWS)]
        found = heading_row(top, knows)
        if found is not None:
            candidates.append(_Candidate(name, sheet, top, *found))
    chosen = max(candidates, key=lambda candidate: candidate.known, default=None)
    return chosen, [candidate for candidate in candidates if candidate is not chosen]


def _write(chosen: _Candidate, parts: SheetParts, target: Path) -> tuple[list[str], int]:
    """Write the rows below the headings, all of one width; the headings and that width.

    A last cell that is never empty ends each row, so that no row is a blank line.
    """
    rows: Iterator[Sequence[Cell]] = iter(chosen.sheet.to_python(skip_empty_area=False))
    headings: list[str] = []
    for _ in range(chosen.row + 1):
        headings = [_plain(cell) for cell in next(rows)]
    width = len(headings)
    waiting = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        for number, row in enumerate(rows, start=chosen.row + 1):
            cells = [_marked(cell, (number, column), parts) for column, cell in enumerate(row)]
            if not any(cells):
                # Blank rows below the last filled one belong to no table.
                waiting += 1
                continue
            for _ in range(waiting):
                writer.writerow([""] * width + ["."])
            waiting = 0
            writer.writerow([*cells, "."])
    return headings, width


def _marked(cell: Cell, position: tuple[int, int], parts: SheetParts) -> str:
    """A cell as text, with a mark before it where it is no text."""
    if position in parts.errors:
        return f"{MARK}e{parts.errors[position]}"
    if isinstance(cell, str):
        return f"{MARK}t{cell}" if cell.startswith(MARK) else cell
    if isinstance(cell, bool):
        return f"{MARK}b{'TRUE' if cell else 'FALSE'}"
    if isinstance(cell, int | float):
        return f"{MARK}{'p' if position in parts.percents else 'n'}{cell_text(cell)}"
    if isinstance(cell, dt.time | dt.timedelta):
        return f"{MARK}m{cell}"
    day = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())
    return f"{MARK}d{day.isoformat(' ')}"


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell_text(cell)
    return str(cell)


def _other_sheets(file: str, chosen: _Candidate, others: Sequence[_Candidate]) -> Iterator[Diagnostic]:
    tables = [other.name for other in others if other.known >= _MANY_HEADINGS]
    if tables:
        yield Diagnostic(
            "warning",
            "other-sheets",
            Bilingual(
                f"only the sheet `{chosen.name}` is read; there are tables in {', '.join(tables)} too",
                f"只读取工作表“{chosen.name}”；{'、'.join(tables)}中也有表格",
            ),
            Place(file),
            Bilingual(
                "to screen another sheet, save it as a file of its own", "如要筛查其他工作表，请另存为单独的文件"
            ),
        )


def _merged(file: str, chosen: _Candidate) -> Iterator[Diagnostic]:
    ranges = [
        f"{cell_address(top, left)}:{cell_address(bottom, right)}"
        for (top, left), (bottom, right) in chosen.sheet.merged_cell_ranges or ()
        if bottom > chosen.row
    ]
    if ranges:
        shown = ", ".join(ranges[:5])
        more_en = f" and {len(ranges) - 5} more" if len(ranges) > 5 else ""
        more_zh = f"等{len(ranges)}处" if len(ranges) > 5 else ""
        yield Diagnostic(
            "warning",
            "merged-cells",
            Bilingual(
                f"merged cells below the headings ({shown}{more_en}): only the first cell of each has its value, "
                "the others are unknown",
                f"表头以下有合并单元格（{shown}{more_zh}）：只有各处第一格有值，其余按不清楚处理",
            ),
            Place(file, cell=f"{chosen.name}!{ranges[0]}"),
            Bilingual("unmerge them and fill in each cell", "请取消合并，逐格填写"),
        )


def _old_format(file: str) -> Diagnostic:
    """In .xls, unlike .xlsx and .ods, a formula error cannot be told from an empty cell; that must not be silent."""
    return Diagnostic(
        "warning",
        "old-workbook",
        Bilingual(
            "in the old format .xls a cell with a formula error is read as empty, and a percentage as a number",
            "旧格式.xls中，公式出错的单元格会被当作空白读取，百分比会被当作普通数字读取",
        ),
        Place(file),
        Bilingual("save it as .xlsx to have them told apart", "请另存为.xlsx，以便区分"),
    )


def _refusal(file: str, why: str) -> Diagnostic:
    smaller = Bilingual(
        "save the sheet as CSV in UTF-8, which may have any length", "请另存为UTF-8编码的CSV，CSV不限长度"
    )
    refusals = {
        "password": (
            "password",
            Bilingual("the workbook is protected by a password", "该工作簿设有打开密码"),
            Bilingual("remove the password and save it again", "请取消密码后重新保存"),
        ),
        "damaged": (
            "not-a-workbook",
            Bilingual("the workbook is damaged or not a workbook", "该工作簿已损坏，或不是电子表格"),
            Bilingual("open it in Excel or WPS and save it as .xlsx", "请用Excel或WPS打开，另存为.xlsx"),
        ),
        "cells": (
            "workbook-too-large",
            Bilingual(f"a sheet spans more than {CELL_LIMIT:,} cells", f"工作表范围超过{CELL_LIMIT:,}个单元格"),
            smaller,
        ),
        "unpacked": (
            "workbook-too-large",
            Bilingual("the workbook unpacks to more than 200 MB", "该工作簿解压后超过200 MB"),
            smaller,
        ),
    }
    code, message, remedy = refusals[why]
    return Diagnostic("error", code, message, Place(file), remedy)
