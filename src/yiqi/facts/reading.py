"""Reads one enterprise's facts from YAML, JSON or a spreadsheet, and says everything that is wrong at once."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from yiqi.facts.interpret import Interpreter
from yiqi.facts.keys import KeyReader
from yiqi.facts.plausibility import plausibility_problems, year_problem
from yiqi.facts.sheet import FactSheet, Source, Value, Yearly
from yiqi.facts.statement import Statement
from yiqi.facts.text_file import decode_text, empty_file, read_text_statements
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.vocabulary import Vocabulary

FILE_LIMIT = 20 * 10**6
"""Bytes of the largest file that is opened at all."""

TEXT_LIMIT = 200_000
"""Bytes of the largest YAML or JSON file; one enterprise's sheet has some thousands."""

CHINA_TIME = dt.timezone(dt.timedelta(hours=8))
"""The day is the day in China, wherever the program runs."""

REPORT_LIMIT = 200
"""Problems of one file that are listed; beyond that a last line says how many more there are."""

_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: the sheet, or None when there is an error, and all errors and warnings."""

    sheet: FactSheet | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that keep the sheet from being used."""
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that a person should look at."""
        return tuple(d for d in self.diagnostics if d.severity == "warning")

    def required(self) -> FactSheet:
        """The sheet; raises :class:`DiagnosticError` with every error when there is none."""
        if self.sheet is None:
            raise DiagnosticError(self.errors)
        return self.sheet


def read_fact_sheet(
    source: Path | str | bytes, vocabulary: Vocabulary, on: dt.date | None = None, *, name: str | None = None
) -> Reading:
    """Read a fact sheet from a file, or from its bytes (an upload), whatever of the three formats it is in.

    The format is told from the content, not from the name; ``name`` only stands in messages about bytes. ``on`` is
    the day against which dates and years are checked, today if not given. Never raises for a bad file: what is
    wrong is in ``Reading.diagnostics``, complete, each with its line and column or its cell and with a remedy.
    """
    day = on if on is not None else dt.datetime.now(CHINA_TIME).date()
    if isinstance(source, bytes):
        file = name or "upload"
        content, problem = source, None
        if len(source) > FILE_LIMIT:
            problem = _too_large(file, len(source), FILE_LIMIT)
    else:
        file = name or os.fspath(source)
        content, problem = _load(Path(source), file)
    if problem is not None:
        return Reading(None, (problem,))
    keys = KeyReader(vocabulary)
    if content.startswith((_ZIP, _COMPOUND)):
        # A spreadsheet library costs start-up time that a YAML sheet need not pay.
        from yiqi.facts.workbook import read_workbook_statements

        statements, problems = read_workbook_statements(content, file, keys)
    elif file.lower().endswith(_WORKBOOK_SUFFIXES) and content.strip():
        return Reading(None, (_not_a_workbook(file, content),))
    elif len(content) > TEXT_LIMIT:
        return Reading(None, (_too_large(file, len(content), TEXT_LIMIT),))
    else:
        text, problems = decode_text(content, file)
        if text is None:
            return Reading(None, tuple(problems))
        if not text.strip():
            return Reading(None, (empty_file(file),))
        json = text.lstrip().startswith(("{", "[")) or file.lower().endswith(".json")
        statements, problems = read_text_statements(text, file, keys, day.year - 1, json=json)
    return sheet_from_statements(statements, problems, vocabulary, day, file)


def sheet_from_statements(
    statements: Iterable[Statement], problems: Iterable[Diagnostic], vocabulary: Vocabulary, on: dt.date, file: str
) -> Reading:
    """Interpret statements, check them and build the sheet; it is None if anything is an error."""
    interpreter = Interpreter()
    interpreter.diagnostics += problems
    singles: dict[str, Value] = {}
    yearly: dict[str, dict[int, Value]] = {}
    provenance: dict[tuple[str, int | None], Source] = {}
    first: dict[tuple[str, int | None], Place] = {}
    for statement in statements:
        fact, year = statement.fact, statement.year
        if (fact.id, year) in first:
            interpreter.diagnostics.append(_twice(statement, first[fact.id, year]))
            continue
        first[fact.id, year] = statement.place
        if year is not None:
            wrong = year_problem(fact, year, on, statement.year_place or statement.place)
            interpreter.diagnostics += [wrong] if wrong is not None else []
        value = interpreter.value(statement)
        date = interpreter.day_of_source(statement)
        if value is None:
            continue
        if year is None:
            singles[fact.id] = value
        else:
            yearly.setdefault(fact.id, {})[year] = value
        provenance[fact.id, year] = Source(statement.place, _entered(statement), statement.document, date)
    # In the order of the vocabulary, so that two files with the same facts give equal sheets.
    values: dict[str, Value | Yearly] = {}
    for fact in vocabulary:
        if fact.id in singles:
            values[fact.id] = singles[fact.id]
        elif fact.id in yearly:
            values[fact.id] = dict(sorted(yearly[fact.id].items()))
    sheet = FactSheet(values, provenance)
    diagnostics = interpreter.diagnostics + plausibility_problems(sheet, vocabulary, on)
    if not first and not diagnostics:
        diagnostics.append(empty_file(file))
    failed = any(d.severity == "error" for d in diagnostics)
    diagnostics.sort(key=_order)
    if len(diagnostics) > REPORT_LIMIT:
        diagnostics = [*diagnostics[:REPORT_LIMIT], _more(len(diagnostics) - REPORT_LIMIT, file, failed=failed)]
    return Reading(None if failed else sheet, tuple(diagnostics))


def _load(path: Path, file: str) -> tuple[bytes, Diagnostic | None]:
    """The bytes of a file, unless it is missing, no plain file, or too large to be opened."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return b"", Diagnostic(
                "error",
                "not-a-file",
                Bilingual("this is not a file", "这不是文件"),
                Place(file),
                Bilingual("give a YAML, JSON or Excel file", "请给出YAML、JSON或Excel文件"),
            )
        if status.st_size > FILE_LIMIT:
            return b"", _too_large(file, status.st_size, FILE_LIMIT)
        return path.read_bytes(), None
    except FileNotFoundError:
        return b"", Diagnostic(
            "error", "no-such-file", Bilingual("there is no such file", "没有这个文件"), Place(file),
            Bilingual("check the path", "请核对路径"),
        )  # fmt: skip
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "unusable name"
        return b"", Diagnostic(
            "error",
            "unreadable-file",
            Bilingual(f"the file cannot be read: {reason}", f"无法读取文件：{reason}"),
            Place(file),
            Bilingual("check the name and the permissions", "请核对文件名和权限"),
        )


def _more(count: int, file: str, *, failed: bool) -> Diagnostic:
    return Diagnostic(
        "error" if failed else "warning",
        "and-more",
        Bilingual(f"{count} more problems are not listed", f"另有{count}个问题未列出"),
        Place(file),
        Bilingual("correct those above first", "请先更正以上问题"),
    )


def _too_large(file: str, size: int, limit: int) -> Diagnostic:
    shown, allowed = _megabytes(size), _megabytes(limit)
    return Diagnostic(
        "error",
        "file-too-large",
        Bilingual(f"the file has {shown}; the limit is {allowed}", f"文件大小为{shown}，上限为{allowed}"),
        Place(file),
        Bilingual(
            "a sheet describes one enterprise; give each enterprise a sheet of its own",
            "填报表只描述一家企业；请为每家企业单独填表",
        ),
    )


def _megabytes(size: int) -> str:
    """A size in MB with one decimal, rounded up, so that a file just over a limit never shows as the limit."""
    tenths = -(-size // 10**5)
    return f"{tenths // 10}.{tenths % 10} MB"


def _not_a_workbook(file: str, content: bytes) -> Diagnostic:
    start = content[:512].lstrip().lower()
    kind = Bilingual("a web page", "网页") if start.startswith((b"<", b"\xef\xbb\xbf<")) else Bilingual("text", "文本")
    if b"\x00" in start:
        kind = Bilingual("damaged or of another format", "已损坏或其他格式的内容")
    return Diagnostic(
        "error",
        "not-a-workbook",
        Bilingual(f"the name says a workbook, but the content is {kind.en}", f"文件名是电子表格，但内容是{kind.zh}"),
        Place(file),
        Bilingual("open it in Excel or WPS and save it as .xlsx", "请用Excel或WPS打开，另存为.xlsx"),
    )


def _twice(statement: Statement, first: Place) -> Diagnostic:
    fact, year = statement.fact, statement.year
    return Diagnostic(
        "error",
        "duplicate-fact",
        Bilingual(
            f"{fact.label.en} ({fact.id}){f' for {year}' if year is not None else ''} is given twice; first at {first}",
            f"{f'{year}年' if year is not None else ''}{fact.label.zh}重复填写，首次出现在{first}",
        ),
        statement.place,
        Bilingual("keep one of the two", "请只保留一处"),
    )


def _entered(statement: Statement) -> str:
    written = statement.written
    if isinstance(written, tuple):
        return "；".join(written)
    if isinstance(written, bool):
        return "TRUE" if written else "FALSE"
    if isinstance(written, str):
        return written + (statement.unit or "")
    return written.isoformat()


def _order(diagnostic: Diagnostic) -> tuple[int, int]:
    place = diagnostic.place
    return place.line or 0, place.column or 0
