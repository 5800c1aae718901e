"""The Word file around a document's text: page, footer and styles, made with python-docx once for each language.

The fonts are those of official documents in China (仿宋, 黑体, 宋体); Word puts its own in their place where they are
absent.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from yiqi.law.bilingual import Language

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# The margins of official documents in China (GB/T 9704), in millimetres.
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
TEXT_WIDTH = 210 - LEFT - RIGHT
TWIPS = 1440 / 25.4  # in a millimetre

Fonts = tuple[str, str]
"""The Latin and the Chinese font."""


class Type(NamedTuple):
    """Sizes in points, the pitch of lines (in points; 0: Word's own single spacing), and fonts."""

    size: float
    small: float
    title: float
    pitch: float
    body: Fonts
    heading: Fonts
    heads_title: Fonts


LATIN = "Times New Roman"
TYPES: dict[Language, Type] = {
    "zh": Type(12, 10.5, 22, 22, (LATIN, "仿宋"), (LATIN, "黑体"), (LATIN, "宋体")),
    "en": Type(11, 9, 18, 0, (LATIN, "宋体"), (LATIN, "宋体"), (LATIN, "宋体")),
}
STYLES = (
    "Title", "Heading 1", "Heading 2", "Body Text", "Body Text 2", "Body Text 3", "List", "No Spacing", "Table Grid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shell:
    """The parts of the file in order; the body part is ``before``, the paragraphs and tables, and ``after``."""

    parts: tuple[tuple[str, bytes], ...]
    body_part: str
    core_part: str
    before: str
    after: str
    style_ids: dict[str, str]
    """By the name of the style."""


@cache
def shell(language: Language) -> Shell:
    """The Word file of a language without any text."""
    import docx

    word = docx.Document()
    _Shape(word, language).shape()
    found: Any = word.styles
    packed = io.BytesIO()
    word.save(packed)
    with zipfile.ZipFile(packed) as archive:
        parts = tuple((member.filename, archive.read(member)) for member in archive.infolist())
    body_part, core_part = "word/document.xml", "docProps/core.xml"
    body = dict(parts)[body_part].decode("utf-8")
    before, section, after = body.partition("<w:sectPr")
    return Shell(parts, body_part, core_part, before, section + after, {name: found[name].style_id for name in STYLES})


class _Shape:
    """Gives python-docx's empty document its page, footer and styles."""

    def __init__(self, word: WordDocument, language: Language) -> None:
        self.word = word
        self.chinese = language == "zh"
        self.type = TYPES[language]

    def shape(self) -> None:
        self.word._body.clear_content()
        self._language()
        self._styles()
        self._page()
        # python-docx's own template has a picture of its empty page.
        package: Any = self.word.part.package
        for key in [key for key, link in package.rels.items() if link.reltype.endswith("/thumbnail")]:
            package.rels.pop(key)

    def _language(self) -> None:
        """Without it, Word takes Chinese punctuation for that of another place."""
        from docx.oxml.ns import qn

        styles: Any = self.word.styles.element
        spoken = styles.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
        spoken.set(qn("w:val"), "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-CN")

    def _styles(self) -> None:
        kind, chinese = self.type, self.chinese
        text = "justify" if chinese else "start"
        self._style("Normal", kind.body, kind.size, text)
        self._style("Title", kind.heads_title, kind.title, "center", bold=True, after=18)
        for level, size in ((1, kind.size + (0 if chinese else 1)), (2, kind.size)):
            self._style(f"Heading {level}", kind.heading, size, "start", bold=not chinese, before=10, after=6)
        self._style("Body Text", kind.body, kind.size, text, after=0 if chinese else 6)
        self._style("Body Text 2", kind.body, kind.size, "start", after=0 if chinese else 6)
        self._style("Body Text 3", kind.body, kind.small, text, after=3, pitch=0)
        if chinese:
            self._indent("Body Text", kind.size)
            self._indent("Body Text 3", kind.small)
        self._style("List", kind.body, kind.size, "start", after=0 if chinese else 3)
        self._style("No Spacing", kind.body, kind.small, "start", pitch=0)  # cells

    def _style(
        self,
        name: str,
        fonts: Fonts,
        size: float,
        align: str,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        pitch: float | None = None,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.oxml.ns import qn
        from docx.shared import Pt

        style: Any = self.word.styles[name]
        style.font.size, style.font.bold, style.font.name = Pt(size), bold, fonts[0]
        properties = style.element.get_or_add_rPr()
        for child in list(properties):
            if child.tag in (qn("w:color"), qn("w:spacing"), qn("w:kern"), qn("w:lang")):
                properties.remove(child)
        families = properties.find(qn("w:rFonts"))
        families.attrib.clear()  # or the fonts of the template's theme go before ours
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
        layout.widow_control = True
        if pitch is None:
            pitch = self.type.pitch if size <= self.type.size else 0
        if pitch:
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
        else:
            layout.line_spacing_rule = WD_LINE_SPACING.SINGLE

    def _indent(self, name: str, size: float) -> None:
        """An indent of the first line by two characters, which follows the size of the type."""
        from docx.oxml.ns import qn

        style: Any = self.word.styles[name]
        indent = style.element.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), str(int(2 * size * 20)))

    def _page(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.footer_distance = Mm(25)
        paragraph: Any = section.footer.paragraphs[0]
        paragraph.style = self.word.styles["No Spacing"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        dash = "— " if self.chinese else ""
        paragraph.add_run(dash)
        self._field(paragraph._p, "PAGE")
        paragraph.add_run(dash[::-1])

    @staticmethod
    def _field(paragraph: Any, code: str) -> None:
        """A field that Word computes, such as the number of the page."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        field: Any = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        run: Any = OxmlElement("w:r")
        text: Any = OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph.append(field)
