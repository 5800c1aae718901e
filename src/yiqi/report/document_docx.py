"""A document as Word (docx): to be corrected, filled in and printed with the fonts of the reader's computer.

The fonts are those of official documents in China (仿宋, 黑体, 宋体); Word puts its own in their place where they are
absent. Texts become text nodes, so that nothing in them is read as markup.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

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

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle

# The margins of official documents in China (GB/T 9704), in millimetres.
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
TEXT_WIDTH = 210 - LEFT - RIGHT
TWIPS = 1440 / 25.4  # in a millimetre


class _Type(NamedTuple):
    """Sizes in points, the pitch of lines (in points; 0: Word's own single spacing), and fonts, Latin and Chinese."""

    size: float
    small: float
    title: float
    pitch: float
    body: tuple[str, str]
    heading: tuple[str, str]
    heads_title: tuple[str, str]


_TYPE = {
    "zh": _Type(12, 10.5, 22, 22, ("Times New Roman", "仿宋"), ("Times New Roman", "黑体"), ("Times New Roman", "宋体")),
    "en": _Type(11, 9, 18, 0, ("Times New Roman", "宋体"), ("Times New Roman", "宋体"), ("Times New Roman", "宋体")),
}  # fmt: skip


def write_docx(document: Document) -> bytes:
    """The document as the bytes of a docx file; the same bytes for the same document.

    Raises DocumentError if a text cannot be written at all.
    """
    word = _Writer(document).written()
    kept = io.BytesIO()
    word.save(kept)
    return _without_times(kept.getvalue())


class _Writer:
    """Writes one document; each method adds to the end of its body."""

    def __init__(self, document: Document) -> None:
        import docx

        self.document = document
        self.type = _TYPE[document.language]
        self.new_page = False
        self.word: WordDocument = docx.Document()
        self.word._body.clear_content()

    def written(self) -> WordDocument:
        self._properties()
        self._styles()
        self._page()
        self._paragraph(self.document.title, "Title")
        blocks = self.document.blocks
        for block, following in zip(blocks, (*blocks[1:], None), strict=True):
            self._block(block, following)
        return self.word

    def _properties(self) -> None:
        properties = self.word.core_properties
        properties.title = plain(self.document.title)[:255]
        properties.author = ""
        properties.comments = ""
        properties.last_modified_by = ""
        properties.language = {"zh": "zh-CN", "en": "en-GB"}[self.document.language]
        properties.created = properties.modified = dt.datetime.combine(self.document.day, dt.time())

    def _styles(self) -> None:
        from docx.oxml.ns import qn

        kind = self.type
        chinese = self.document.language == "zh"
        spoken = self.word.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        spoken.set(qn("w:val"), "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-CN")
        normal = self._style("Normal", kind.body, kind.size, "justify" if chinese else "start")
        normal.paragraph_format.widow_control = True
        self._style("Title", kind.heads_title, kind.title, "center", bold=True, after=18)
        for level, size in ((1, kind.size + (0 if chinese else 1)), (2, kind.size)):
            self._style(f"Heading {level}", kind.heading, size, "start", bold=not chinese, before=10, after=6)
        self._style("Body Text", kind.body, kind.size, "justify" if chinese else "start", after=0 if chinese else 6)
        self._style("Body Text 2", kind.body, kind.size, "start", after=0 if chinese else 6)
        self._style("Body Text 3", kind.body, kind.small, "justify" if chinese else "start", after=3, pitch=0)
        if chinese:
            self._indent("Body Text", kind.size)
            self._indent("Body Text 3", kind.small)
        self._style("List", kind.body, kind.size, "start", after=0 if chinese else 3)
        self._style("No Spacing", kind.body, kind.small, "start", pitch=0)  # cells

    def _style(
        self,
        name: str,
        fonts: tuple[str, str],
        size: float,
        align: str,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        pitch: float | None = None,
    ) -> ParagraphStyle:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.oxml.ns import qn
        from docx.shared import Pt

        style: Any = self.word.styles[name]
        style.font.size = Pt(size)
        style.font.bold = bold
        style.font.name = fonts[0]
        properties = style.element.get_or_add_rPr()
        for child in list(properties):
            if child.tag in (qn("w:color"), qn("w:spacing"), qn("w:kern"), qn("w:lang")):
                properties.remove(child)
        families = properties.find(qn("w:rFonts"))
        for attribute in list(families.attrib):
            del families.attrib[attribute]
        latin, chinese = fonts
        for script, family in {"ascii": latin, "hAnsi": latin, "cs": latin, "eastAsia": chinese}.items():
            families.set(qn(f"w:{script}"), family)
        framed = style.element.pPr
        if framed is not None and (border := framed.find(qn("w:pBdr"))) is not None:
            framed.remove(border)
        layout = style.paragraph_format
        layout.alignment = {
            "start": WD_ALIGN_PARAGRAPH.LEFT,
            "center": WD_ALIGN_PARAGRAPH.CENTER,
            "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
        }[align]
        layout.space_before, layout.space_after = Pt(before), Pt(after)
        if pitch is None:
            pitch = self.type.pitch if size <= self.type.size else 0
        if pitch:
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
        else:
            layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        return style  # type: ignore[no-any-return]

    def _indent(self, name: str, size: float) -> None:
        """An indent of the first line by two characters, which follows the size of the type."""
        from docx.oxml.ns import qn

        style: Any = self.word.styles[name]
        indent = style.element.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), str(int(2 * size * 20)))

    def _page(self) -> None:
        from docx.shared import Mm

        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.footer_distance = Mm(25)
        paragraph: Any = section.footer.paragraphs[0]
        paragraph.style = self.word.styles["No Spacing"]
        paragraph.alignment = 1
        for part in ("— ", "PAGE", " —") if self.document.language == "zh" else ("PAGE",):
            if part.isupper():
                self._field(paragraph._p, part)
            else:
                paragraph.add_run(part)

    def _field(self, paragraph: Any, code: str) -> None:
        """A field that Word computes, such as the number of the page."""
        field = _add(paragraph, "w:fldSimple", instr=code)
        _add(_add(field, "w:r"), "w:t").text = "1"

    def _block(self, block: Block, following: Block | None) -> None:
        match block:
            case Heading():
                self._paragraph(block.text, f"Heading {block.level}")
            case Paragraph():
                style = {"body": "Body Text", "strong": "Body Text", "flush": "Body Text 2", "note": "Body Text 3"}
                self._paragraph(block.text, style[block.style], bold=block.style == "strong")
            case Form():
                shares = (30, 70) if self.document.language == "zh" else (36, 64)
                self._table(shares, ("start", "start"), None, [(line.label, line.value) for line in block.rows], None)
            case Table():
                self._table(
                    tuple(column.width for column in block.columns),
                    tuple(column.align for column in block.columns),
                    tuple(column.heading for column in block.columns),
                    block.rows,
                    block.total,
                )
            case Listing():
                self._listing(block)
            case Signature():
                self._signature(block)
            case PageBreak():
                self.new_page = True
        if stays_with(block, following):
            self._stay(self.word.element.body.sectPr.getprevious())

    def _paragraph(self, text: str, style: str, *, bold: bool = False, into: Any = None) -> Any:
        """A paragraph at the end of the body, before its section's properties, or of a cell."""
        body: Any = self.word.element.body if into is None else into
        paragraph = _add(body, "w:p")
        if into is None:
            body.sectPr.addprevious(paragraph)
        properties = _add(paragraph, "w:pPr")
        _add(properties, "w:pStyle", val=self._id(style))
        if self.new_page:
            _add(properties, "w:pageBreakBefore")
            self.new_page = False
        self._run(paragraph, text, bold=bold)
        return paragraph

    def _run(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        if not text:
            return
        run = _add(paragraph, "w:r")
        if bold:
            _add(_add(run, "w:rPr"), "w:b")
        node = _add(run, "w:t")
        node.text = plain(text)
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    @staticmethod
    def _stay(paragraph: Any) -> None:
        """Keep a paragraph on the page of the next."""
        if paragraph.pPr.keepNext is None:
            paragraph.pPr.get_or_add_keepNext()

    def _stay_all(self, row: Any) -> None:
        """Keep a row of a table on the page of the next."""
        for cell in row.tc_lst:
            for paragraph in cell.p_lst:
                self._stay(paragraph)

    def _id(self, style: str) -> str:
        found: Any = self.word.styles[style]
        return str(found.style_id)

    def _listing(self, listing: Listing) -> None:
        chinese = self.document.language == "zh"
        step = int((3 if chinese else 2) * self.type.size * 20)
        for number, item in enumerate(listing.items, start=1):
            mark = "•" if not listing.numbered else f"（{number}）" if chinese else f"{number}."
            paragraph = self._paragraph("", "List")
            _add(paragraph.pPr, "w:ind", left=step, hanging=step)
            self._run(paragraph, mark)
            _add(_add(paragraph, "w:r"), "w:tab")
            self._run(paragraph, item)

    def _signature(self, signature: Signature) -> None:
        left = int(TEXT_WIDTH * TWIPS * (0.40 if self.document.language == "zh" else 0.45))
        self._stay(self._paragraph("", "Body Text 2"))
        for index, line in enumerate(signature.lines):
            paragraph = self._paragraph(line, "Body Text 2")
            if index < len(signature.lines) - 1:
                _add(paragraph.pPr, "w:keepNext")
            _add(paragraph.pPr, "w:keepLines")
            _add(paragraph.pPr, "w:spacing", before=120)
            _add(paragraph.pPr, "w:ind", left=left)

    def _table(
        self,
        shares: tuple[int, ...],
        aligns: tuple[Align, ...],
        headings: tuple[str, ...] | None,
        rows: tuple[tuple[str, ...], ...] | list[tuple[str, str]],
        total: tuple[str, ...] | None,
    ) -> None:
        from docx.oxml.ns import qn

        body: Any = self.word.element.body
        widths = [int(TEXT_WIDTH * TWIPS * share / sum(shares)) for share in shares]
        before = body.sectPr.getprevious()
        if before is not None and before.pPr.find(qn("w:spacing")) is None:  # its last line would touch the frame
            before.pPr.get_or_add_spacing().set(qn("w:after"), "120")
        table = _add(body, "w:tbl")
        body.sectPr.addprevious(table)
        properties = _add(table, "w:tblPr")
        _add(properties, "w:tblStyle", val=self._id("Table Grid"))
        _add(properties, "w:tblW", w=sum(widths), type="dxa")
        _add(properties, "w:jc", val="center")  # or its frame stands out to the left of the text
        _add(properties, "w:tblLayout", type="fixed")
        margins = _add(properties, "w:tblCellMar")
        for side, width in (("top", 60), ("left", 80), ("bottom", 60), ("right", 80)):
            _add(margins, f"w:{side}", w=width, type="dxa")
        grid = _add(table, "w:tblGrid")
        for width in widths:
            _add(grid, "w:gridCol", w=width)
        if headings is not None:
            centred: tuple[Align, ...] = tuple("center" for _ in widths)
            self._table_row(table, headings, widths, centred, bold=True, repeated=True)
        for row in rows:
            self._table_row(table, row, widths, aligns)
        # Neither the headings nor the total stand alone on a page.
        if headings is not None:
            self._stay_all(table.tr_lst[0])
        if total is not None:
            self._stay_all(table.tr_lst[-1])
            self._table_row(table, total, widths, aligns, bold=True)
        # Between two tables Word needs a paragraph, or it makes one table of them.
        self._paragraph("", "No Spacing")

    def _table_row(
        self,
        table: Any,
        cells: tuple[str, ...],
        widths: list[int],
        aligns: tuple[Align, ...],
        *,
        bold: bool = False,
        repeated: bool = False,
    ) -> None:
        row = _add(table, "w:tr")
        properties = _add(row, "w:trPr")
        _add(properties, "w:cantSplit")
        if repeated:
            _add(properties, "w:tblHeader")
        for text, width, align in zip(cells, widths, aligns, strict=True):
            cell = _add(row, "w:tc")
            layout = _add(cell, "w:tcPr")
            _add(layout, "w:tcW", w=width, type="dxa")
            _add(layout, "w:vAlign", val="center")
            paragraph = self._paragraph(text, "No Spacing", bold=bold, into=cell)
            if align != "start":
                _add(paragraph.pPr, "w:jc", val={"center": "center", "end": "right"}[align])


def _add(parent: Any, tag: str, **attributes: Any) -> Any:
    """A new last child of an element of WordprocessingML, with attributes of the same namespace."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    child = OxmlElement(tag)
    for name, value in attributes.items():
        child.set(qn(f"w:{name}"), str(value))
    parent.append(child)
    return child


def _without_times(packed: bytes) -> bytes:
    """The same archive with one time for all its members, so that equal documents are equal files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(zipfile.ZipInfo(member.filename), old.read(member), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
