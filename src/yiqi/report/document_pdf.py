"""A document as PDF: A4, tagged for readers of screens, in the font that travels with Yiqi.

The layout is `templates/document.typ`; the texts reach it as data, so that nothing in them is read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiqi.report.document import (
    Block,
    Column,
    Document,
    Form,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    plain,
    stays_with,
)
from yiqi.report.glyphs import FONTS, refuse_missing

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
ZERO_WIDTH_SPACE = "\u200b"
# Longer words than these are broken where the line ends; a row with more characters than WHOLE may be torn by the
# end of the page.
LONGEST_WORD = 30
LONGEST_WORD_IN_CELL = 12
WHOLE = 400
_OF_THREAD = threading.local()


def write_pdf(document: Document) -> bytes:
    """The document as the bytes of a PDF file; the same bytes for the same document.

    Raises MissingGlyphError if the font lacks a character of it, DocumentError if a text cannot be written at all.
    """
    refuse_missing(map(plain, document.texts()))
    compiler, template = _compiler()
    found = compiler.compile(
        template,
        format="pdf",
        sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
        timestamp=dt.datetime.combine(document.day, dt.time(), dt.UTC),
    )
    if not isinstance(found, bytes):
        raise TypeError(f"typst gave {type(found).__name__}, not one PDF")
    return found


def _compiler() -> tuple[typst.Compiler, bytes]:
    """The compiler with the font, made once for each thread: one compiles for one caller at a time."""
    if not hasattr(_OF_THREAD, "compiler"):
        import typst

        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
        template = TEMPLATE.read_bytes()
        _OF_THREAD.compiler = typst.Compiler(template, root=str(FONTS), font_paths=fonts), template
    found: tuple[typst.Compiler, bytes] = _OF_THREAD.compiler
    return found


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": _line(document.title),
        "language": document.language,
        "blocks": [
            {**_block(block), "stays": stays_with(block, following)}
            for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=True)
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": _line(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style, "text": _line(block.text)}
        case Form():
            rows = [_row((line.label, line.value), LONGEST_WORD) for line in block.rows]
            return {"kind": "form", "rows": rows}
        case Table():
            return {
                "kind": "table",
                "columns": [
                    {
                        "heading": _line(column.heading, LONGEST_WORD_IN_CELL),
                        "width": column.width,
                        "align": column.align,
                    }
                    for column in block.columns
                ],
                "rows": [_table_row(row, block.columns) for row in block.rows],
                "total": [_table_row(block.total, block.columns)] if block.total is not None else [],
            }
        case Listing():
            return {"kind": "listing", "numbered": block.numbered, "items": [_line(item) for item in block.items]}
        case Signature():
            return {"kind": "signature", "lines": [_line(line) for line in block.lines]}
        case PageBreak():
            return {"kind": "page-break"}


def _table_row(cells: tuple[str, ...], columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        # A number is never broken: its column has to be wide enough.
        "cells": [
            plain(cell) if column.align == "end" else _line(cell, LONGEST_WORD_IN_CELL)
            for cell, column in zip(cells, columns, strict=True)
        ],
        "whole": sum(map(len, cells)) <= WHOLE,
    }


def _row(cells: tuple[str, ...], longest: int) -> dict[str, Any]:
    return {"cells": [_line(cell, longest) for cell in cells], "whole": sum(map(len, cells)) <= WHOLE}


def _line(text: str, longest: int = LONGEST_WORD) -> str:
    """The text with places to break within words that no line would hold. Chinese breaks anywhere by itself."""
    return re.sub(
        rf"[^\s⺀-\u9fff\uf900-\ufaff\uff00-\uffef]{{{longest},}}",
        lambda word: ZERO_WIDTH_SPACE.join(word[0]),
        plain(text),
    )
