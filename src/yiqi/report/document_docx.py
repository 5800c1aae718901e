"""A document as Word (docx): to be corrected, filled in and printed with the fonts of the reader's computer.

The package around the text (styles, page, footer) comes once from `yiqi.report.document_docx_shell`; a document is then
its paragraphs and tables, written as WordprocessingML. Every text is escaped, so that nothing in it is read as markup.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from yiqi.report.document import (
    Align,
    Block,
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
from yiqi.report.document_docx_shell import TEXT_WIDTH, TWIPS, TYPES, Shell, shell

CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:language>{language}</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>'
)
TAGS = {"zh": "zh-CN", "en": "en-GB"}
JUSTIFIED = {"start": "", "center": '<w:jc w:val="center"/>', "end": '<w:jc w:val="right"/>'}
KEEP = "<w:keepNext/>"


def write_docx(document: Document) -> bytes:
    """The document as the bytes of a docx file; the same bytes for the same document.

    Raises DocumentError if a text cannot be written at all.
    """
    outer = shell(document.language)
    title = escape(plain(document.title))
    changed = {
        outer.body_part: outer.before + "".join(_Body(document, outer).written()) + outer.after,
        outer.core_part: CORE.format(title=title, language=TAGS[document.language], day=document.day.isoformat()),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kept in outer.parts:
            # ZipInfo's own day is 1980-01-01: equal documents are equal files.
            archive.writestr(zipfile.ZipInfo(name), changed.get(name, kept), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class _Body:
    """The body of one document as WordprocessingML."""

    def __init__(self, document: Document, outer: Shell) -> None:
        self.document = document
        self.ids = outer.style_ids
        self.type = TYPES[document.language]
        self.chinese = document.language == "zh"
        self.new_page = False

    def written(self) -> Iterator[str]:
        yield self._paragraph(self.document.title, "Title")
        blocks = self.document.blocks
        for block, following in zip(blocks, (*blocks[1:], None), strict=True):
            if isinstance(block, PageBreak):
                self.new_page = True
            else:
                yield from self._block(block, following)

    def _block(self, block: Block, following: Block | None) -> Iterator[str]:
        keep = stays_with(block, following)
        match block:
            case Heading():
                yield self._paragraph(block.text, f"Heading {block.level}", keep=keep)
            case Paragraph():
                style = {"body": "Body Text", "strong": "Body Text", "flush": "Body Text 2", "note": "Body Text 3"}
                # Or the last line would touch the frame of a table.
                gap = '<w:spacing w:after="120"/>' if isinstance(following, Form | Table) else ""
                bold = block.style == "strong"
                yield self._paragraph(block.text, style[block.style], bold=bold, keep=keep, more=gap)
            case Form():
                shares = (30, 70) if self.chinese else (36, 64)
                rows = tuple((line.label, line.value) for line in block.rows)
                yield from self._table(shares, ("start", "start"), None, rows, None)
            case Table():
                yield from self._table(
                    tuple(column.width for column in block.columns),
                    tuple(column.align for column in block.columns),
                    tuple(column.heading for column in block.columns),
                    block.rows,
                    block.total,
                )
            case Listing():
                yield from self._listing(block, keep)
            case Signature():
                yield from self._signature(block)
            case PageBreak():
                self.new_page = True

    def _paragraph(
        self, text: str, style: str, *, bold: bool = False, keep: bool = False, more: str = "", mark: str = ""
    ) -> str:
        """A paragraph. ``more`` are further properties in the order of the schema, ``mark`` what precedes a tab."""
        start = f'<w:p><w:pPr><w:pStyle w:val="{self.ids[style]}"/>{KEEP if keep else ""}'
        if self.new_page:
            start += "<w:pageBreakBefore/>"
            self.new_page = False
        return f"{start}{more}</w:pPr>{_run(mark, tab=True) if mark else ''}{_run(text, bold=bold)}</w:p>"

    def _listing(self, listing: Listing, keep: bool) -> Iterator[str]:
        step = int((3 if self.chinese else 2) * self.type.size * 20)
        left = step + int(2 * self.type.size * 20 if self.chinese else 0)  # in line with indented paragraphs
        indent = f'<w:ind w:left="{left}" w:hanging="{step}"/>'
        for number, item in enumerate(listing.items, start=1):
            mark = "•" if not listing.numbered else f"（{number}）" if self.chinese else f"{number}."
            last = number == len(listing.items)
            yield self._paragraph(item, "List", keep=keep and last, more=indent, mark=mark)

    def _signature(self, signature: Signature) -> Iterator[str]:
        left = int(TEXT_WIDTH * TWIPS * 0.40)
        layout = f'<w:keepLines/><w:spacing w:before="120"/><w:ind w:left="{left}"/>'
        yield self._paragraph("", "Body Text 2", keep=True)
        for number, line in enumerate(signature.lines, start=1):
            yield self._paragraph(line, "Body Text 2", keep=number < len(signature.lines), more=layout)

    def _table(
        self,
        shares: tuple[int, ...],
        aligns: tuple[Align, ...],
        headings: tuple[str, ...] | None,
        rows: tuple[tuple[str, ...], ...],
        total: tuple[str, ...] | None,
    ) -> Iterator[str]:
        widths = [int(TEXT_WIDTH * TWIPS * share / sum(shares)) for share in shares]
        # Centred, or the frame stands out to the left of the text.
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.ids["Table Grid"]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="60" w:type="dxa"/>'
            '<w:left w:w="80" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr><w:tblGrid>"
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + "</w:tblGrid>"
        )
        # Neither the headings nor the total stand alone on a page.
        if headings is not None:
            centred: tuple[Align, ...] = tuple("center" for _ in widths)
            yield self._table_row(headings, widths, centred, bold=True, keep=True, repeated=True)
        for number, row in enumerate(rows, start=1):
            yield self._table_row(row, widths, aligns, keep=total is not None and number == len(rows))
        if total is not None:
            yield self._table_row(total, widths, aligns, bold=True)
        # Between two tables Word needs a paragraph, or it makes one table of them.
        yield f"</w:tbl>{self._paragraph('', 'No Spacing')}"

    def _table_row(
        self,
        cells: tuple[str, ...],
        widths: list[int],
        aligns: tuple[Align, ...],
        *,
        bold: bool = False,
        keep: bool = False,
        repeated: bool = False,
    ) -> str:
        written = [f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if repeated else ''}</w:trPr>"]
        for text, width, align in zip(cells, widths, aligns, strict=True):
            paragraph = self._paragraph(text, "No Spacing", bold=bold, keep=keep, more=JUSTIFIED[align])
            written.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraph}</w:tc>'
            )
        return "".join(written) + "</w:tr>"


def _run(text: str, *, bold: bool = False, tab: bool = False) -> str:
    if not text:
        return ""
    heavy = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{heavy}<w:t xml:space="preserve">{escape(plain(text))}</w:t>{"<w:tab/>" if tab else ""}</w:r>'
