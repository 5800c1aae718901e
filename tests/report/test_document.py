"""A document written as Word and PDF, opened again and read back."""

import datetime as dt
import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pypdf
import pytest
from lxml import etree

from yiqi.report.document import (
    BLANK,
    Column,
    Document,
    DocumentError,
    Form,
    FormRow,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    plain,
)
from yiqi.report.document_docx import write_docx
from yiqi.report.document_pdf import write_pdf
from yiqi.report.glyphs import FONTS, MissingGlyphError, printable

DAY = dt.date(2026, 11, 23)
HOSTILE = [
    '#import "evil.typ": *; #read("/etc/passwd")',
    "#emph[x] *x* _x_ $x^2$ `x` = x <label> @ref \\u{41} // x /* x */",
    "<w:t>x</w:t> & ]]> &amp; <!-- x --> <?xml x?>",
    "{{ name }} {% raw %} ${x} %s",
    "'; DROP TABLE ledger; --",
    "=1+1",
]


def document(*texts: str, language: str = "zh") -> Document:
    """A document with each text in each place where a text can stand."""
    blocks = [
        block
        for text in texts
        for block in (
            Heading(text, 2),
            Paragraph(text),
            Form((FormRow(text, text),)),
            Table((Column(text, 1), Column("金额", 1, "end")), ((text, "1.00"),), (text, "1.00")),
            Listing((text,)),
            Signature((text,)),
        )
    ]
    return Document("标题", language, DAY, tuple(blocks))  # type: ignore[arg-type]


def pdf_text(packed: bytes) -> str:
    """The text of a PDF without white space, which layout decides, and the invisible places to break a word."""
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(packed)).pages)
    return "".join(text.replace("\u200b", "").split())


def docx_texts(packed: bytes) -> list[str]:
    """Each paragraph of a docx, those of cells included, in order."""
    opened = docx.Document(io.BytesIO(packed))
    return ["".join(node.text for node in paragraph.iter("{*}t")) for paragraph in opened.element.body.iter("{*}p")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_markup_is_printed_as_it_stands(text: str, language: str) -> None:
    made = document(text, language=language)
    # A heading, a paragraph, both cells of a form, three cells of a table, an item of a list, a line to sign.
    assert [re.sub("^(（1）|1[.])", "", paragraph) for paragraph in docx_texts(write_docx(made))].count(text) == 9
    assert pdf_text(write_pdf(made)).count("".join(text.split())) == 9


def test_a_line_break_in_a_name_is_a_space() -> None:
    assert plain(" 甲\r\n有限\u3000公司\t") == "甲 有限 公司"
    assert "甲 有限" in docx_texts(write_docx(document("甲\n有限")))


def test_what_shows_nothing_is_left_out_and_cannot_turn_a_name_around() -> None:
    assert plain("\ufeff甲\u200b\u202e乙\x00\x1b丙\ufe00") == "甲乙丙"


@pytest.mark.parametrize("text", ["甲\ud800", "甲\ufffe", "甲\ufdd0"])
def test_what_no_file_can_hold_is_refused_in_both_languages(text: str) -> None:
    for write in (write_docx, write_pdf):
        with pytest.raises(DocumentError) as caught:
            write(document(text))
        assert f"U+{ord(text[1]):04X}" in caught.value.text.en
        assert "请在来源数据中更正" in caught.value.text.zh


def test_a_missing_glyph_is_named_and_word_still_works() -> None:
    made = document("株式会社𪚥", "مرحبا")
    with pytest.raises(MissingGlyphError) as caught:
        write_pdf(made)
    assert caught.value.characters[0] == "𪚥"
    assert "𪚥 (U+2A6A5, cjk unified ideograph-2a6a5)" in caught.value.text.en
    assert "Word output works" in caught.value.text.en
    assert "可改用 Word 格式" in caught.value.text.zh
    assert "株式会社𪚥" in docx_texts(write_docx(made))


def test_the_font_prints_what_names_in_china_are_written_with() -> None:
    gb2312 = {
        bytes([high, low]).decode("gb2312", errors="ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    } - {""}
    assert len(gb2312) == 6763
    assert gb2312 <= printable()
    # The rest of the Table of General Standard Chinese Characters, with level three: names of people and places.
    listed = (Path(__file__).parents[2] / "requirements" / "font-characters.txt").read_text(encoding="utf-8")
    table = {character for line in listed.splitlines() if not line.startswith("#") for character in line}
    assert set("堃垚喆犇淼曌昇祎玥珺翀赟郏邕瀍") <= gb2312 | table
    assert table <= printable()
    assert set("￥¥（）《》〔〕“”‘’—…·％‰①②□＿×≥№㎡àéü") <= printable()


def test_what_is_no_part_of_the_font_is_not_promised() -> None:
    """The map agrees with fontTools', which counted 10,262 characters of this file when it was made."""
    assert not {"\x00", "\u200e", "☐", "𪚥", "م"} & printable()
    assert len(printable()) == 10262


def test_a_word_without_end_stays_on_the_page_and_whole() -> None:
    word = "W" * 5000
    table = Table((Column("名称", 1), Column("金额", 1, "end")), ((word, "1.00"),))
    made = Document(
        "标题", "zh", DAY, (Paragraph(word), Form((FormRow("名称", word),)), table, Signature((word[:200],)))
    )
    packed = write_pdf(made)
    assert pdf_text(packed).count("W") == 3 * 5000 + 200
    for page in pypdf.PdfReader(io.BytesIO(packed)).pages:
        right = float(page.mediabox.right)
        at: list[float] = []

        def visit(_text: str, _page: object, matrix: list[float], *_rest: object, at: list[float] = at) -> None:
            at.append(matrix[4])

        page.extract_text(visitor_text=visit)
        assert max(at) < right - 26 / 25.4 * 72
    assert docx_texts(write_docx(made)).count(word) == 3


def test_pages_are_numbered_and_the_headings_of_a_table_repeat() -> None:
    rows = tuple((str(number), f"{number}.00") for number in range(1, 101))
    made = Document("表", "zh", DAY, (Table((Column("序号", 1), Column("金额", 1, "end")), rows),))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pdf(made))).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"— {number} —" in page
        assert "金额" in page
    opened = docx.Document(io.BytesIO(write_docx(made)))
    assert 'w:instr="PAGE"' in opened.sections[0].footer._element.xml
    assert opened.element.xpath("//w:tr[1]/w:trPr/w:tblHeader")
    assert [cell.text for cell in opened.tables[0].column_cells(1)] == ["金额", *(amount for _, amount in rows)]


def test_a_signature_is_never_alone_on_its_page() -> None:
    for fill in range(20, 45):
        lines = tuple(Paragraph("行") for _ in range(fill))
        made = Document("甲", "zh", DAY, (*lines, Paragraph("末行"), Signature(("签字", "日期"))))
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pdf(made))).pages]
        (signed,) = [page for page in pages if "签字" in page]
        assert "末行" in signed and "日期" in signed, fill
    (last,) = docx.Document(io.BytesIO(write_docx(made))).element.xpath("//w:p[w:r/w:t='末行']")
    assert last.pPr.keepNext is not None


def test_a_page_break_begins_a_page() -> None:
    made = Document("甲", "zh", DAY, (Paragraph("一"), PageBreak(), Paragraph("二")))
    first, second = pypdf.PdfReader(io.BytesIO(write_pdf(made))).pages
    assert "一" in first.extract_text() and "二" in second.extract_text()
    (broken,) = docx.Document(io.BytesIO(write_docx(made))).element.xpath("//w:p[w:pPr/w:pageBreakBefore]")
    assert broken.text == "二"


def test_threads_write_at_the_same_time() -> None:
    made = [document(f"第{number}号") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write_pdf, made)) == [write_pdf(each) for each in made]


def test_the_word_file_is_valid_and_holds_no_picture_of_a_template() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(document("甲")))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert not [name for name in names if "thumbnail" in name]
        for name in names:
            etree.fromstring(archive.read(name))


def test_the_same_document_is_the_same_file_and_is_dated_by_its_own_day() -> None:
    made = document("甲", BLANK)
    assert write_pdf(made) == write_pdf(made)
    assert write_docx(made) == write_docx(made)
    assert docx.Document(io.BytesIO(write_docx(made))).core_properties.created == dt.datetime(
        2026, 11, 23, tzinfo=dt.UTC
    )
    assert pypdf.PdfReader(io.BytesIO(write_pdf(made))).metadata["/CreationDate"].startswith("D:20261123")  # type: ignore[index]


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="A row of 1 cells in a table of 2 columns"):
        Table((Column("a", 1), Column("b", 1)), (("x",),))


def test_the_font_and_its_licence_lie_in_the_package_and_nothing_keeps_them_out_of_the_wheel() -> None:
    package = Path(sys.modules["yiqi"].__file__ or "").parent
    assert FONTS.relative_to(package) == Path("report/fonts")
    licence = (FONTS / "LICENSE.txt").read_text(encoding="ascii")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence
    checkout = Path(__file__).parents[2]
    wheel = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]
    assert wheel["packages"] == ["src/yiqi"] and not {"exclude", "include", "only-include"} & wheel.keys()
    for file in (*FONTS.iterdir(), package / "report" / "templates" / "document.typ"):
        # hatchling takes all of src/yiqi but what git ignores.
        ignored = subprocess.run(["git", "-C", checkout, "check-ignore", "-q", file], check=False)
        assert ignored.returncode != 0, file


def test_writers_are_imported_without_what_they_write_with() -> None:
    show = (
        "import sys, json, yiqi.report.document_docx, yiqi.report.document_pdf\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, encoding="utf-8", check=True)
    assert not set(json.loads(done.stdout)) & {"docx", "lxml", "typst"}
