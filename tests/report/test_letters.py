"""The two letters of a claim, written as Word and PDF and read back."""

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction

import docx
import pypdf
import pytest

from report.claim_samples import AGREED, CLAIM, CREDITOR, DEBTOR, PART_PAID, many
from yiqi.arrears.debtor_claim import USUAL_EVIDENCE, DebtorClaim, EvidenceItem, Party
from yiqi.arrears.letter_details import BankAccount
from yiqi.arrears.regulation_articles import articles_on
from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.complaint_letter import ComplaintClosedError, complaint_letter
from yiqi.report.demand_letter import demand_letter
from yiqi.report.document import BLANK, Document, Form, Table
from yiqi.report.document_docx import write_docx
from yiqi.report.document_pdf import write_pdf
from yiqi.report.glyphs import MissingGlyphError
from yiqi.report.letter import Letter, yuan

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def squeezed(text: str) -> str:
    """Without white space, which layout decides, and the invisible places to break a word."""
    return "".join(text.replace("\u200b", "").split())


def in_pdf(document: Document) -> str:
    return squeezed("".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(write_pdf(document))).pages))


def in_docx(document: Document) -> str:
    body = docx.Document(io.BytesIO(write_docx(document))).element.body
    return squeezed("".join(node.text for node in body.iter("{*}t")))


def both(claim: DebtorClaim, language: Language) -> tuple[Letter, Letter]:
    return demand_letter(claim, language), complaint_letter(claim, language)


def blanks(letter: Letter) -> list[str]:
    return [blank.text.zh for blank in letter.blanks]


def rows(letter: Letter, heading: str) -> list[tuple[str, ...]]:
    """The rows of the table that has a column of this heading, its total last."""
    (table,) = [
        block
        for block in letter.document.blocks
        if isinstance(block, Table) and heading in [column.heading for column in block.columns]
    ]
    return [*table.rows, *([table.total] if table.total else [])]


@pytest.mark.parametrize("read", [in_pdf, in_docx])
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_figures_and_articles_are_read_back_from_both_files(language: Language, read) -> None:  # type: ignore[no-untyped-def]
    for letter in both(CLAIM, language):
        text = read(letter.document)
        for name in (CREDITOR.name, DEBTOR.name, "HT-2025-018", "数控机床导轨120套", "0512-60000000"):
            assert squeezed(name) in text
        # Worked by hand in claim_samples.
        for figure in ("435,750.00", "88,888.80", "524,638.80", "35,750.00", "58,172.625", "62,030.40", "586,669.20"):
            assert figure in text
        for day in ("2025-10-09", "2025-06-30", "2025-10-10", "2026-03-01", "2026-03-02", "2026-11-23"):
            assert day in text
        cited = (
            ("第十七条", "第九条、第十条", "第二百零三条") if language == "zh" else ("art.17", "arts.9and10", "art.203")
        )
        for article in cited:
            assert article in text


@pytest.mark.parametrize("read", [in_pdf, in_docx])
def test_chinese_letters_have_the_amounts_in_capital_numerals(read) -> None:  # type: ignore[no-untyped-def]
    for letter in both(CLAIM, "zh"):
        text = read(letter.document)
        assert "本金人民币伍拾贰万肆仟陆佰叁拾捌元捌角整（￥524,638.80）" in text
        assert "逾期利息人民币陆万贰仟零叁拾元肆角整（￥62,030.40）" in text
        assert "合计人民币伍拾捌万陆仟陆佰陆拾玖元贰角整（￥586,669.20）" in text


@pytest.mark.parametrize("read", [in_pdf, in_docx])
def test_the_account_the_term_and_the_copies_are_read_back_from_both_files(read) -> None:  # type: ignore[no-untyped-def]
    account = BankAccount("示例五金制品有限公司", "示例银行深圳分行", "6222 0000 0000 0000")
    text = read(demand_letter(CLAIM, "zh", pay_by=dt.date(2026, 12, 10), account=account).document)
    for said in (
        "户名示例五金制品有限公司",
        "开户银行示例银行深圳分行",
        "账号6222000000000000",
        "2026年12月10日前",
    ):
        assert said in text
    copied = replace(CLAIM, evidence=tuple(replace(item, copies=88) for item in USUAL_EVIDENCE))
    complaint = complaint_letter(copied, "zh")
    assert [row[3] for row in rows(complaint, "份数")] == ["88"] * 6
    assert read(complaint.document).count("88") == read(complaint_letter(CLAIM, "zh").document).count("88") + 6
    assert "清单所列为通常需要的材料，未随附的请划去。" in read(complaint.document)


def test_interest_is_shown_by_segment_and_adds_up_with_what_payments_covered() -> None:
    found = rows(demand_letter(CLAIM, "zh"), "利息（元）")
    assert found == [
        ("1", "2025-10-10", "2026-03-01", "143", "500,000.00", "每日万分之五", "35,750.00"),
        ("1", "2026-03-02", "2026-11-23", "267", "435,750.00", "每日万分之五", "58,172.625"),
        ("1", "", "", "", "", "减：已付利息", "−35,750.00"),
        ("2", "2025-07-01", "2026-11-23", "511", "88,888.80", "年利率3.10%", "≈3,857.7739"),
        ("", "合计", "", "", "", "", "62,030.40"),
    ]


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (123_456_789, "1,234,567.89"),
        (Fraction("5817262.5"), "58,172.625"),
        (Fraction(1, 3), "≈0.0033"),
        (Fraction("0.01"), "0.0001"),
        (Fraction("0.001"), "≈0.00"),
        (Fraction(10_000), "100.00"),
    ],
)
def test_an_amount_is_exact_or_says_that_it_is_not(fen: int | Fraction, text: str) -> None:
    assert yuan(fen) == text


def test_the_demand_says_what_it_is_and_no_more_than_the_law_provides() -> None:
    text = squeezed("".join(demand_letter(CLAIM, "zh", pay_by=dt.date(2026, 12, 10)).document.texts()))
    assert "依照《中华人民共和国民法典》第一百九十五条，诉讼时效中断" in text
    assert "请贵方于2026年12月10日前（含当日）" in text
    assert "《保障中小企业款项支付条例》（国务院令第802号）第二十四条、第二十五条" in text
    assert "第二十六条" in text and "由有关部门依法认定" in text
    assert "无异议部分请按时支付（《条例》第十五条）" in text
    for threat in ("罚款", "刑事", "曝光", "黑名单", "否则"):
        assert threat not in text


def test_the_complaint_has_all_that_the_measures_ask_for() -> None:
    letter = complaint_letter(CLAIM, "zh")
    complainant, respondent = [
        {row.label: row.value for row in block.rows} for block in letter.document.blocks if isinstance(block, Form)
    ]
    assert complainant == {
        "名称": CREDITOR.name,
        "统一社会信用代码": "91320594MA1MXXXX0A",
        "企业类型": "有限责任公司",
        "签订合同时的企业规模": "小型",
        "地址": "江苏省苏州市工业园区星湖街328号",
        "法定代表人（负责人）": "陈喆",
        "联系人": "王芳",
        "联系电话": "0512-6000 0000",
        "营业执照": "复印件附后",
    }
    assert respondent == {
        "名称": DEBTOR.name,
        "统一社会信用代码": BLANK,
        "单位性质": "大型企业",
        "签订合同时的企业规模": BLANK,
        "地址": BLANK,
        "法定代表人（负责人）": BLANK,
        "联系人": BLANK,
        "联系电话": BLANK,
    }
    text = squeezed("".join(letter.document.texts()))
    assert "本投诉事项未被人民法院、仲裁机构、其他行政机关或者调解组织受理或者处理" in text
    assert f"投诉人：{CREDITOR.name}（盖章处）" in text
    assert "证据材料清单" in text
    # That it gives no title, and that suing closes the road.
    assert "不产生可以申请强制执行的法律文书" in text
    assert "提起诉讼或仲裁后不能再走投诉渠道" in text


def test_what_the_ledger_does_not_know_is_a_blank_and_is_listed_once() -> None:
    assert blanks(complaint_letter(CLAIM, "zh")) == [
        "受理投诉部门",
        "被投诉人：统一社会信用代码",
        "被投诉人：签订合同时的企业规模",
        "被投诉人：地址",
        "被投诉人：法定代表人（负责人）",
        "被投诉人：联系人",
        "被投诉人：联系电话",
        "第2笔：合同编号",
        "投诉人：签订合同时是否告知系中小企业",
        "证据材料：份数",
        "投诉人：签字、盖章和日期",
    ]
    assert blanks(demand_letter(CLAIM, "zh")) == [
        "第2笔：合同编号",
        "要求付款的最后期限",
        "收款账户：户名",
        "收款账户：开户银行",
        "收款账户：账号",
        "债权人：签字、盖章和日期",
    ]


def test_nothing_is_blank_but_signatures_where_everything_is_known() -> None:
    known = replace(
        CLAIM,
        debtor=replace(CREDITOR, name=DEBTOR.name),
        lines=(PART_PAID,),
        evidence=(EvidenceItem(Bilingual("Contract", "合同"), Bilingual("contract", "合同关系"), 2),),
    )
    account = BankAccount("苏州明矽精密机械有限公司", "工商银行苏州分行", "1102 0200 0000")
    demand = demand_letter(known, "zh", pay_by=dt.date(2026, 11, 23), account=account)
    assert blanks(demand) == ["债权人：签字、盖章和日期"]
    assert blanks(complaint_letter(known, "zh")) == ["受理投诉部门", "投诉人：签字、盖章和日期"]


@pytest.mark.parametrize(
    ("known", "text", "asked"),
    [
        ({}, "2025年4月1日交付；", False),
        ({"delivered": None}, f"{BLANK}交付；", True),
        ({"delivered": None, "accepted": dt.date(2025, 4, 9)}, "：2025年4月9日验收合格；", False),
        ({"delivered": None, "confirmed": dt.date(2025, 4, 30)}, "：2025年4月30日确认结算金额；", False),
    ],
)
def test_the_day_of_delivery_is_asked_only_where_nothing_tells_the_start(
    known: dict[str, dt.date | None], text: str, asked: bool
) -> None:
    letter = demand_letter(replace(CLAIM, lines=(replace(AGREED, **known),)), "zh")  # type: ignore[arg-type]
    assert text in "".join(letter.document.texts())
    assert ("第1笔：交付日期" in blanks(letter)) == asked


def test_a_creditor_without_a_name_is_a_blank_too() -> None:
    nameless = replace(CLAIM, creditor=Party(""))
    demand, complaint = both(nameless, "zh")
    assert blanks(demand)[0] == "债权人：名称"
    assert "投诉人：名称" in blanks(complaint)
    texts = list(demand.document.texts())
    assert any(text.startswith(f"{BLANK}（以下称我方）已按下列合同交付") for text in texts)
    assert f"{BLANK}（盖章处）" in texts and f"投诉人：{BLANK}（盖章处）" in complaint.document.texts()


def test_white_space_is_not_an_answer() -> None:
    assert "被投诉人：地址" in blanks(complaint_letter(replace(CLAIM, debtor=replace(DEBTOR, address="  ")), "zh"))


def test_what_the_law_leaves_open_stands_on_the_page_that_stays_with_the_sender() -> None:
    # 58,172.63 + 3,857.77392 * 365 / 360 = 3,911.3541, which is 3,911.35: together 62,083.98.
    for letter in both(CLAIM, "zh"):
        assert rows(letter, "另一种理解") == [
            ("年利率折算为日利率时一年按多少天", "365天，闰年也是", "360天", "62,083.98")
        ]
        pages = [squeezed(p.extract_text()) for p in pypdf.PdfReader(io.BytesIO(write_pdf(letter.document))).pages]
        (kept,) = [index for index, page in enumerate(pages) if "本页自留" in page]
        assert not any("62,083.98" in page for page in pages[:kept])
        assert not any("盖章处" in page for page in pages[kept:])


def test_no_complaint_where_a_court_has_the_matter_but_a_demand_still() -> None:
    taken = replace(CLAIM, taken_elsewhere=True)
    with pytest.raises(ComplaintClosedError) as caught:
        complaint_letter(taken, "zh")
    assert "不予受理" in caught.value.text.zh and "[B]" in caught.value.text.en
    assert demand_letter(taken, "zh").document.title == "催款函"


def test_whoever_has_said_that_no_court_has_it_is_not_asked_again() -> None:
    asked = "确认属实后，方可签署"
    assert asked in "".join(complaint_letter(CLAIM, "zh").document.texts())
    assert asked not in "".join(complaint_letter(replace(CLAIM, taken_elsewhere=False), "zh").document.texts())


@pytest.mark.parametrize(
    ("day", "complaint", "record", "undisputed"),
    [
        (dt.date(2020, 9, 1), "第十七条", "第十七条第三款", None),
        (dt.date(2025, 5, 31), "第十七条", "第十七条第三款", None),
        (dt.date(2025, 6, 1), "第二十四条、第二十五条", "第二十六条", "第十五条"),
    ],
)
def test_articles_go_by_the_day_of_the_letter(
    day: dt.date, complaint: str, record: str, undisputed: str | None
) -> None:
    found = articles_on(day)
    assert (found.complaint.zh, found.record.zh) == (complaint, record)
    assert (found.undisputed.zh if found.undisputed else None) == undisputed


def test_before_the_regulation_there_is_no_letter() -> None:
    with pytest.raises(ValueError, match="not in force on 2020-08-31"):
        demand_letter(replace(CLAIM, as_of=dt.date(2020, 8, 31)), "zh")


def test_the_old_version_has_no_article_on_the_undisputed_part_and_no_clocks() -> None:
    old = replace(CLAIM, as_of=dt.date(2025, 5, 31))
    for letter in both(old, "zh"):
        text = "".join(letter.document.texts())
        assert "国务院令第728号）第十七条" in text
        assert "《条例》第十五条" not in text.replace("国务院令第728号）第十五条", "")
        assert "办理期限" not in text


def test_segments_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="YS-001: the segments make"):
        replace(PART_PAID, interest=PART_PAID.interest - 2)
    with pytest.raises(ValueError, match="Nothing is claimed"):
        replace(CLAIM, lines=())
    with pytest.raises(ValueError, match="nothing is owed"):
        replace(AGREED, principal=0, interest=0, segments=())
    with pytest.raises(ValueError, match="before the day of the claim"):
        demand_letter(CLAIM, "zh", pay_by=dt.date(2026, 11, 22))


def test_costs_are_named_where_there_are_some() -> None:
    claim = replace(CLAIM, lines=(replace(PART_PAID, costs=120_000),))
    # 435,750.00 + 1,200.00 + 58,172.63
    assert "实现债权的费用人民币壹仟贰佰元整（￥1,200.00）" in in_pdf(demand_letter(claim, "zh").document)
    assert "495,122.63 yuan" in "".join(complaint_letter(claim, "en").document.texts())


HOSTILE = '#read("/etc/passwd")*$x$<w:p>&amp;{{x}}' + "长" * 60 + "W" * 300 + "\n甲"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_plain_text(language: Language) -> None:
    claim = replace(
        CLAIM,
        debtor=Party(HOSTILE, uscc=HOSTILE, address=HOSTILE),
        lines=(replace(PART_PAID, id=HOSTILE, contract_number=HOSTILE, subject=HOSTILE),),
    )
    for letter in both(claim, language):
        assert squeezed(HOSTILE) in in_pdf(letter.document)
        assert squeezed(HOSTILE) in in_docx(letter.document)


def test_a_name_that_the_font_lacks_is_refused_in_the_pdf_and_written_in_word() -> None:
    document = demand_letter(replace(CLAIM, debtor=Party("上海𪚥龘商贸有限公司")), "zh").document
    with pytest.raises(MissingGlyphError, match="Word output works"):
        write_pdf(document)
    assert "上海𪚥龘商贸有限公司" in in_docx(document)


def test_a_long_claim_keeps_each_line() -> None:
    text = in_pdf(complaint_letter(many(120), "zh").document)
    assert all(f"HT-{number}，" in text for number in range(120))
    # 120 times 88,888.80, and 120 times 3,857.77.
    assert "10,666,656.00" in text and "462,932.40" in text
