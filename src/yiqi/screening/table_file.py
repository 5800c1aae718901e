"""Opens whatever file a person brings as a table, told by what it holds and not by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.screening.csv_file import CsvFile
from yiqi.screening.opened import Table
from yiqi.screening.parquet_file import MAGIC, ParquetFiles
from yiqi.screening.sheet_file import COMPOUND, SUFFIXES, ZIP, open_sheet


def open_table(
    connection: duckdb.DuckDBPyConnection, path: Path, knows: Callable[[str], bool], target: Path
) -> tuple[Table | CsvFile | ParquetFiles, list[Diagnostic]]:
    """The table of a file or folder, with warnings. ``knows`` says whether a heading is known; ``target`` takes the rows
    where they must be written again. Raises :class:`DiagnosticError` when there is no table.
    """
    file = str(path)
    try:
        if path.is_dir():
            return ParquetFiles(connection, path, file), []
        with path.open("rb") as stream:
            start = stream.read(512)
        if start.startswith(MAGIC):
            return ParquetFiles(connection, path, file), []
        if start.startswith((ZIP, COMPOUND)):
            return open_sheet(path, file, knows, target)
        if path.suffix.lower() in SUFFIXES and start.strip():
            raise DiagnosticError([_not_a_workbook(file, start)])
        return CsvFile(path, file, knows), []
    except FileNotFoundError:
        raise DiagnosticError([_no_such_file(file)]) from None
    except (OSError, ValueError, EOFError) as error:
        raise DiagnosticError([_unreadable(file, error)]) from error


def _no_such_file(file: str) -> Diagnostic:
    return Diagnostic(
        "error", "no-such-file", Bilingual("there is no such file", "没有这个文件"), Place(file),
        Bilingual("check the path", "请核对路径"),
    )  # fmt: skip


def _unreadable(file: str, error: Exception) -> Diagnostic:
    reason = getattr(error, "strerror", None) or str(error)
    return Diagnostic(
        "error",
        "unreadable-file",
        Bilingual(f"the file cannot be read: {reason}", f"无法读取文件：{reason}"),
        Place(file),
        Bilingual("check the name and the permissions", "请核对文件名和权限"),
    )


def _not_a_workbook(file: str, start: bytes) -> Diagnostic:
    kind = Bilingual("text", "文本")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        kind = Bilingual("a web page", "网页")
    elif b"\x00" in start:
        kind = Bilingual("damaged or of another format", "已损坏或其他格式的内容")
    return Diagnostic(
        "error",
        "not-a-workbook",
        Bilingual(f"the name says a workbook, but the content is {kind.en}", f"文件名是电子表格，但内容是{kind.zh}"),
        Place(file),
        Bilingual("open it in Excel or WPS and save it as .xlsx, or rename it to .csv if it is text",
                  "请用Excel或WPS打开，另存为.xlsx；如为文本，请改名为.csv"),
    )  # fmt: skip
