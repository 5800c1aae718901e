"""A document as people hand it in: headings, paragraphs, forms, tables, lists and a place to sign, without any layout.

`yiqi.report.document_docx` and `yiqi.report.document_pdf` lay it out. All texts are plain: what looks like markup is
printed as it stands.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from yiqi.law.bilingual import Bilingual, Language

Align = Literal["start", "center", "end"]

# What a person fills in by hand. A line of full-width low lines is unbroken in Chinese type.
BLANK = "＿＿＿＿＿＿＿＿"


class DocumentError(ValueError):
    """A document that cannot be written, with what to do about it in both languages."""

    def __init__(self, text: Bilingual) -> None:
        super().__init__(f"{text.en}\n{text.zh}")
        self.text = text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the document. Level 1 is the highest below the title, 2 the lowest there is."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    body: the first line indented by two characters in Chinese. flush: not indented, as the addressee is.
    note: small. strong: as body, in heavier type.
    """

    text: str
    style: Literal["body", "flush", "note", "strong"] = "body"


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of a form: what is asked, and the answer or BLANK."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form with two columns in a frame."""

    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, and how its cells are aligned (numbers: end)."""

    heading: str
    width: int
    align: Align = "start"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings are repeated on each page. ``total`` is a last row in heavier type.

    Raises ValueError if a row has not one cell for each column, or a width is not positive.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for row in (*self.rows, *([self.total] if self.total is not None else [])):
            if len(row) != len(self.columns):
                raise ValueError(f"A row of {len(row)} cells in a table of {len(self.columns)} columns: {row}")
        if any(column.width < 1 for column in self.columns):
            raise ValueError("Each column needs a width of 1 or more")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: numbered or with dots."""

    items: tuple[str, ...]
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines of a signature, on the right and never torn apart by the end of a page.

    A place for a seal is a line of text; no seal is ever drawn.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


Block = Heading | Paragraph | Form | Table | Listing | Signature | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document of A4 pages with their numbers at the foot.

    ``day`` is the day that the file's own properties give as that of its making, so that the same document is the
    same file whenever it is written.
    """

    title: str
    language: Language
    day: dt.date
    blocks: tuple[Block, ...]

    def texts(self) -> Iterator[str]:
        """Every text that is printed, in order."""
        yield self.title
        for block in self.blocks:
            match block:
                case Heading() | Paragraph():
                    yield block.text
                case Form():
                    for line in block.rows:
                        yield line.label
                        yield line.value
                case Table():
                    yield from (column.heading for column in block.columns)
                    for row in block.rows:
                        yield from row
                    yield from block.total or ()
                case Listing():
                    yield from block.items
                case Signature():
                    yield from block.lines
                case PageBreak():
                    pass


def stays_with(block: Block, following: Block | None) -> bool:
    """Whether no page may end between the two: a signature is never alone, nor are words that announce a list."""
    return isinstance(following, Signature) or (
        isinstance(block, Paragraph) and isinstance(following, Form | Table | Listing)
    )


def plain(text: str) -> str:
    """The text on one line, without what shows nothing.

    White space of any kind becomes one space: a name from a spreadsheet may hold a line break. Control and format
    characters and variation selectors are left out: they print nothing, and those that turn the direction of writing
    could make a name read as another one.

    Raises DocumentError for half a surrogate pair or a code point that is no character: no file can hold it.
    """
    kept = []
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        code = ord(character)
        if category == "Cs" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            raise DocumentError(
                Bilingual(
                    en=f"The text {text!r} holds U+{code:04X}, which is no character. Correct it in the source.",
                    zh=f"文本 {text!r} 含有 U+{code:04X}，它不是字符。请在来源数据中更正。",
                )
            )
        if category not in ("Cc", "Cf") and not 0xFE00 <= code <= 0xFE0F and not 0xE0100 <= code <= 0xE01EF:
            kept.append(character)
    return "".join(kept)
