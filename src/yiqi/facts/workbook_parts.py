"""What the spreadsheet library does not tell about .xlsx and .ods, read from their parts: errors, percents.

The library turns a formula error into an empty cell, which would silently read as "unknown"; and it allocates the
whole rectangle that a sheet claims to span, so a small hostile file could ask for billions of cells. Both are seen
here first, from the XML, in a stream and within limits. Document type declarations are refused, so entities cannot
expand.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

UNPACKED_LIMIT = 200 * 10**6
"""Bytes that the parts of a workbook may unpack to."""

CELL_LIMIT = 2 * 10**6
"""Cells of the rectangle that a sheet may span; the template spans some thousands."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_PERCENT_FORMATS = (9, 10)


class WorkbookTooLarge(Exception):  # noqa: N818 - a limit, not a fault of the program
    """The workbook unpacks to more than the limits allow; the argument says what."""


class WorkbookDamaged(Exception):  # noqa: N818 - the file's fault
    """The workbook's parts cannot be read."""


@dataclass(slots=True)
class SheetParts:
    """Of one sheet: cells with an error value and its text, and cells shown as a percentage; (row, column) from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)


def read_sheet_parts(content: bytes) -> dict[str, SheetParts]:
    """The parts of every worksheet of an .xlsx or .ods by sheet name; empty for another archive.

    Raises :class:`WorkbookTooLarge` or :class:`WorkbookDamaged`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
                raise WorkbookTooLarge("unpacked size")
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                return _ods_tables(archive) if "content.xml" in names else {}
            percent_styles = _percent_styles(archive) if "xl/styles.xml" in names else set()
            return {
                name: _sheet(archive, part, percent_styles)
                for name, part in _worksheets(archive).items()
                if part in names
            }
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        OSError,
        ValueError,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise WorkbookDamaged(str(error)) from error
    except Exception as error:
        # zlib.error derives from Exception alone.
        if type(error).__module__ == "zlib":
            raise WorkbookDamaged(str(error)) from error
        raise


_Start = Callable[[str, dict[str, str]], None]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: _Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run the events of an XML part, with local names, counting what is really unpacked."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise WorkbookDamaged("document type declaration")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end is not None:
        handler = end
        parser.EndElementHandler = lambda name: handler(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    unpacked = 0
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 16):
            unpacked += len(chunk)
            if unpacked > UNPACKED_LIMIT:
                raise WorkbookTooLarge("unpacked size")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _worksheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each worksheet by its name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            identifier = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets[attributes.get("name", "")] = identifier

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return {name: targets[identifier] for name, identifier in sheets.items() if identifier in targets}


def _percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """The cell styles that show a number as a percentage."""
    formats: set[int] = set(_PERCENT_FORMATS)
    styles: set[int] = set()
    state = {"inside": 0, "count": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(int(attributes["numFmtId"]))
        elif name == "cellXfs":
            state["inside"] = 1
        elif name == "xf" and state["inside"]:
            if int(attributes.get("numFmtId", "0")) in formats:
                styles.add(state["count"])
            state["count"] += 1

    def end(name: str) -> None:
        if name == "cellXfs":
            state["inside"] = 0

    _parse(archive, "xl/styles.xml", start, end)
    return styles


def _sheet(archive: zipfile.ZipFile, part: str, percent_styles: set[int]) -> SheetParts:
    events = _SheetEvents(percent_styles)
    _parse(archive, part, events.start, events.end, events.text)
    return events.found


class _SheetEvents:
    """Follows the cells of one .xlsx worksheet."""

    def __init__(self, percent_styles: set[int]) -> None:
        self.found = SheetParts()
        self.percent_styles = percent_styles
        self.rows = self.columns = 0
        self.row, self.next_column = -1, 0
        self.error_cell: tuple[int, int] | None = None
        self.value: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.next_column = 0
        elif name == "c":
            self._cell(attributes)
        elif name == "v" and self.error_cell is not None:
            self.value = []

    def _cell(self, attributes: dict[str, str]) -> None:
        # A cell without an address stands right of the one before it.
        row, column = _position(attributes["r"]) if "r" in attributes else (self.row, self.next_column)
        self.next_column = column + 1
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if self.rows * self.columns > CELL_LIMIT:
            raise WorkbookTooLarge("cells")
        if attributes.get("t") == "e":
            self.error_cell = (row, column)
            self.found.errors[row, column] = "#ERROR"
        elif int(attributes.get("s", "0")) in self.percent_styles:
            self.found.percents.add((row, column))

    def text(self, data: str) -> None:
        if self.value is not None:
            self.value.append(data)

    def end(self, name: str) -> None:
        if name == "v" and self.value is not None and self.error_cell is not None:
            self.found.errors[self.error_cell] = "".join(self.value)[:20]
            self.value = None
        elif name == "c":
            self.error_cell = self.value = None


def _position(address: str) -> tuple[int, int]:
    match = _ADDRESS.match(address)
    if match is None:
        raise WorkbookDamaged(f"cell address {address}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _ods_tables(archive: zipfile.ZipFile) -> dict[str, SheetParts]:
    events = _OdsEvents()
    _parse(archive, "content.xml", events.start, events.end)
    return events.tables


class _OdsEvents:
    """Follows the cells of an .ods; repeated empty cells at the end of a row or table take no room."""

    def __init__(self) -> None:
        self.tables: dict[str, SheetParts] = {}
        self.found = SheetParts()
        self.row = self.column = self.repeated = self.columns = 0
        self.filled = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.found = self.tables[local.get("name", "")] = SheetParts()
            self.row = self.columns = 0
        elif name == "table-row":
            self.column, self.filled = 0, False
            self.repeated = int(local.get("number-rows-repeated", "1"))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(attributes, int(local.get("number-columns-repeated", "1")))

    def _cell(self, attributes: dict[str, str], repeated: int) -> None:
        kinds = {value for key, value in attributes.items() if key.rpartition(":")[2] == "value-type"}
        if kinds:
            self.filled = True
            self.columns = max(self.columns, self.column + repeated)
            if "error" in kinds:
                self.found.errors[self.row, self.column] = "#ERROR"
            if "percentage" in kinds:
                self.found.percents.add((self.row, self.column))
        self.column += repeated

    def end(self, name: str) -> None:
        if name == "table-row":
            self.row += self.repeated
            if self.filled and self.row * self.columns > CELL_LIMIT:
                raise WorkbookTooLarge("cells")
