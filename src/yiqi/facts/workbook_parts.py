"""What the spreadsheet library does not tell about an .xlsx file, read from its parts: error values, percent formats.

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


def check_archive(content: bytes) -> None:
    """Refuse an archive that unpacks to more than the limit. Raises the two exceptions of this module."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_LIMIT:
                raise WorkbookTooLarge("unpacked size")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookDamaged(str(error)) from error


def read_sheet_parts(content: bytes) -> dict[str, SheetParts]:
    """The parts of every worksheet of an .xlsx by sheet name; empty for another kind of archive (.ods).

    Raises :class:`WorkbookTooLarge` or :class:`WorkbookDamaged`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names:
                if "content.xml" in names:
                    _check_ods(archive)
                return {}
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
    found = SheetParts()
    # Where the reader of events stands: the open error cell, whether its value is open, and the extent so far.
    cell: list[tuple[int, int]] = []
    value: list[str] = []
    inside_value = [False]
    extent = [0, 0]
    following = [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            following[0] = int(attributes.get("r", following[0] + 1))
            following[1] = 0
        elif name == "c":
            address = attributes.get("r")
            # A cell without an address stands right of the one before it.
            row, column = _position(address) if address is not None else (following[0] - 1, following[1])
            following[1] = column + 1
            extent[0], extent[1] = max(extent[0], row + 1), max(extent[1], column + 1)
            if extent[0] * extent[1] > CELL_LIMIT:
                raise WorkbookTooLarge("cells")
            if attributes.get("t") == "e":
                cell.append((row, column))
            elif int(attributes.get("s", "0")) in percent_styles:
                found.percents.add((row, column))
        elif name == "v" and cell:
            inside_value[0] = True

    def text(data: str) -> None:
        if inside_value[0]:
            value.append(data)

    def end(name: str) -> None:
        if name == "v":
            inside_value[0] = False
        elif name == "c" and cell:
            found.errors[cell.pop()] = "".join(value) or "#ERROR"
            value.clear()

    _parse(archive, part, start, end, text)
    return found


def _position(address: str) -> tuple[int, int]:
    match = _ADDRESS.match(address)
    if match is None:
        raise WorkbookDamaged(f"cell address {address}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _check_ods(archive: zipfile.ZipFile) -> None:
    """Bound the cells that repetitions in an .ods ask for; trailing empty repetitions do not count."""
    state = {"rows": 1, "columns": 0, "row_filled": 0, "filled": 0, "pending": 0, "repeat": 1, "written": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(":")[2]: amount for key, amount in attributes.items()}
        if name == "table-row":
            state["rows"] = int(local.get("number-rows-repeated", "1"))
            state["columns"] = state["pending"] = state["row_filled"] = 0
        elif name in ("table-cell", "covered-table-cell"):
            repeat = int(local.get("number-columns-repeated", "1"))
            if any(key in local for key in ("value", "value-type", "string-value", "formula")):
                state["columns"] += state["pending"] + repeat
                state["pending"] = 0
                state["row_filled"] = 1
            else:
                state["pending"] += repeat
        elif name == "table":
            state["written"] = 0

    def end(name: str) -> None:
        if name == "table-row":
            if state["row_filled"]:
                state["filled"] += state["rows"] * state["columns"] + state["written"]
                state["written"] = 0
                if state["filled"] > CELL_LIMIT:
                    raise WorkbookTooLarge("cells")
            else:
                # Empty rows count only once a filled one follows.
                state["written"] += state["rows"]

    _parse(archive, "content.xml", start, end)
