"""The complaint about an overdue payment (投诉书), with what the Interim Measures of 2021 ask for.

Its content is that of the Measures as repeated in the Liaoning implementing rules of 2022-06-22, a secondary source [B]:
for each side name, unified social credit code, type and size, address, contact; the complainant's licence; the
respondent's kind of unit and legal representative; the matters complained of; the promise that no court, arbitral body,
other authority or mediation body has taken the case; signature and seal.
"""

from __future__ import annotations

from yiqi.arrears.debtor_claim import USUAL_EVIDENCE, DebtorClaim, Party
from yiqi.arrears.regulation_articles import Articles, articles_on
from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.document import (
    BLANK,
    Block,
    Document,
    DocumentError,
    Form,
    FormRow,
    Heading,
    Listing,
    Paragraph,
    Signature,
)
from yiqi.report.letter import (
    ADDRESS,
    COMPLAINANT,
    CONTACT,
    FOR_READING,
    LEGAL_REPRESENTATIVE,
    NAME,
    RESPONDENT,
    TELEPHONE,
    USCC,
    Letter,
    Wording,
    debts_table,
    due_dates,
    evidence_table,
    interest_notes,
    interest_table,
    sender_page,
    sums,
)

TITLE = Bilingual("Complaint about overdue payments to an SME", "拖欠中小企业款项投诉书")
SIZE = Bilingual("Size at contracting", "签订合同时的企业规模")
KIND_OF_COMPLAINANT = Bilingual("Type of enterprise", "企业类型")
KIND_OF_RESPONDENT = Bilingual("Kind of unit", "单位性质")


class ComplaintClosedError(DocumentError):
    """A matter that a court, an arbitral body, another authority or a mediation body has taken."""

    def __init__(self) -> None:
        super().__init__(
            Bilingual(
                "No complaint is written: a court, an arbitral body, another authority or a mediation body has taken the "
                "matter, and such a complaint is refused (Measures of 2021, as repeated in Jiangsu [B]). A demand for "
                "payment can still be sent.",
                "未生成投诉书：该事项已由人民法院、仲裁机构、其他行政机关或调解组织受理或处理，此类投诉不予受理"
                "（2021年《投诉处理暂行办法》，据江苏转述［B］）。仍可发出催款函。",
            )
        )


def complaint_letter(claim: DebtorClaim, language: Language) -> Letter:
    """The complaint against one debtor.

    Raises ComplaintClosedError if the matter has been taken elsewhere, ValueError for a claim before 2020-09-01.
    """
    if claim.taken_elsewhere:
        raise ComplaintClosedError
    wording = Wording(language)
    articles = articles_on(claim.as_of)
    receiving = wording.fill(None, Bilingual("receiving department", "受理投诉部门"))
    blocks: list[Block] = [] if language == "zh" else [Paragraph(FOR_READING, "note")]
    blocks += [
        Paragraph(wording.say(f"To: {receiving}", f"{receiving}："), "flush"),
        Heading(wording.say("1. Complainant", "一、投诉人")),
        _complainant(claim.creditor, wording),
        Heading(wording.say("2. Respondent", "二、被投诉人")),
        _respondent(claim.debtor, wording),
        *_matters(claim, wording, articles),
        *_evidence(claim, wording),
        *_promise(claim, wording),
    ]
    blocks += sender_page(
        claim,
        wording,
        wording.say("Before you hand this in (this page stays with you)", "提交前须知（本页自留，不提交）"),
        _advice(claim, wording, articles),
    )
    return Letter(Document(TITLE[language], language, claim.as_of, tuple(blocks)), tuple(wording.blanks))


def _complainant(party: Party, wording: Wording) -> Form:
    rows = _side(party, KIND_OF_COMPLAINANT, COMPLAINANT, wording)
    rows.append(
        FormRow(
            wording.say("Business licence", "营业执照"),
            wording.say("copy enclosed", "复印件附后"),
        )
    )
    return Form(tuple(rows))


def _respondent(party: Party, wording: Wording) -> Form:
    return Form(tuple(_side(party, KIND_OF_RESPONDENT, RESPONDENT, wording)))


def _side(party: Party, kind: Bilingual, whose: Bilingual, wording: Wording) -> list[FormRow]:
    asked: list[tuple[Bilingual, str | Bilingual | None]] = [
        (NAME, party.name),
        (USCC, party.uscc),
        (kind, party.kind),
        (SIZE, party.size),
        (ADDRESS, party.address),
        (LEGAL_REPRESENTATIVE, party.legal_representative),
        (CONTACT, party.contact),
        (TELEPHONE, party.telephone),
    ]
    return [FormRow(label[wording.language], wording.fill(value, label, whose)) for label, value in asked]


def _matters(claim: DebtorClaim, wording: Wording, articles: Articles) -> list[Block]:
    say, day = wording.say, wording.day(claim.as_of)
    return [
        Heading(say("3. Matters complained of", "三、投诉事项")),
        Paragraph(
            say(
                "The complainant has delivered under the contracts below and the respondent has not paid within the term. "
                f"On {day} it owes {sums(claim, wording)}.",
                f"投诉人已按下列合同交付，被投诉人未在付款期限内付清款项。截至{day}，被投诉人尚欠{sums(claim, wording)}。",
            )
        ),
        debts_table(claim, wording),
        Paragraph(say("When each was due, and why:", "各笔款项的付款到期日及依据：")),
        due_dates(claim, wording),
        Paragraph(_told(claim, wording)),
        Paragraph(
            say(
                "The complainant asks that the respondent be urged to pay these amounts, with interest to the day of full "
                f"payment, and that the result be given to it in writing ({articles.title.en}, {articles.complaint.en}).",
                f"请依照{articles.title.zh}{articles.complaint.zh}督促被投诉人支付上述款项及计至实际付清之日的逾期利息，"
                "并将处理结果书面答复投诉人。",
            )
        ),
        Heading(say("4. How the interest is worked out", "四、逾期利息的计算")),
        interest_table(claim, wording),
        *interest_notes(claim, wording),
    ]


def _told(claim: DebtorClaim, wording: Wording) -> str:
    """Whether the respondent was told at contracting that the complainant is an SME, line by line if they differ."""
    say = wording.say
    yes, no, open_ = (
        [str(number) for number, line in enumerate(claim.lines, start=1) if line.sme_declared is told]
        for told in (True, False, None)
    )
    parts = []
    if yes:
        listed = _numbers(yes, len(claim.lines), wording)
        parts.append(say(f"{listed}: the respondent was told.", f"{listed}已主动告知被投诉人。"))
    if no:
        listed = _numbers(no, len(claim.lines), wording)
        parts.append(say(f"{listed}: the respondent was not told.", f"{listed}未主动告知被投诉人。"))
    if open_:
        listed = _numbers(open_, len(claim.lines), wording)
        parts.append(say(f"{listed}: □ told □ not told.", f"{listed}：□已告知 □未告知（请勾选）。"))
        wording.leave(
            Bilingual("whether told at contracting that it is an SME", "签订合同时是否告知系中小企业"), COMPLAINANT
        )
    return say(
        "That the complainant is an SME, at contracting (Regulation art. 3): ",
        "关于签订合同时告知中小企业身份（《条例》第三条）：",
    ) + say(" ", "").join(parts)


def _numbers(chosen: list[str], lines: int, wording: Wording) -> str:
    if len(chosen) == lines:
        return wording.say("All", "全部各笔")
    return wording.say(f"No. {', '.join(chosen)}", f"第{'、'.join(chosen)}笔")


def _evidence(claim: DebtorClaim, wording: Wording) -> list[Block]:
    return [
        Heading(wording.say("5. Evidence", "五、证据材料清单")),
        evidence_table(claim.evidence or USUAL_EVIDENCE, wording),
    ]


def _promise(claim: DebtorClaim, wording: Wording) -> list[Block]:
    say = wording.say
    wording.leave(Bilingual("signature, seal and day", "签字、盖章和日期"), COMPLAINANT)
    name = wording.fill(claim.creditor.name, NAME, COMPLAINANT)
    return [
        Heading(say("6. Promise", "六、承诺")),
        Paragraph(say("The complainant promises that:", "投诉人承诺：")),
        Listing(
            (
                say(
                    "what it states and what it encloses is true, and the complaint is neither false nor malicious;",
                    "所述事实和所附材料真实、准确、完整，不存在虚假、恶意投诉；",
                ),
                say(
                    "no court, arbitral body, other authority or mediation body has taken or decided this matter.",
                    "本投诉事项未被人民法院、仲裁机构、其他行政机关或者调解组织受理或者处理。",
                ),
            )
        ),
        Signature(
            (
                say(f"{name} (place for the seal)", f"投诉人：{name}（盖章处）"),
                say(f"Legal representative or head (signature): {BLANK[:4]}", f"法定代表人（负责人）签字：{BLANK[:6]}"),
                say(f"Day: {BLANK}", "日期：＿＿＿＿年＿＿月＿＿日"),
            )
        ),
    ]


def _advice(claim: DebtorClaim, wording: Wording, articles: Articles) -> list[str]:
    say = wording.say
    advice = [
        say(
            "A complaint leads to pressure by the authorities and to a record. It gives no title that can be enforced.",
            "投诉的结果是行政督促和记录，不产生可以申请强制执行的法律文书。",
        ),
        say(
            "Suing or going to arbitration closes this road: a matter that a court, an arbitral body, another authority or "
            "a mediation body has taken is refused [B].",
            "提起诉讼或仲裁后不能再走投诉渠道：已被人民法院、仲裁机构、其他行政机关或调解组织受理或处理的，不予受理［B］。",
        ),
    ]
    if claim.taken_elsewhere is None:
        advice.append(
            say(
                "Sign the promise in section 6 only if it is true: your ledger does not say whether the matter has been "
                "taken elsewhere.",
                "台账未说明该事项是否已由其他机构受理或处理。确认属实后，方可签署第六部分的承诺。",
            )
        )
    advice += [
        say(
            "The content follows the Interim Measures for Handling Complaints (MIIT 2021 No. 224) as repeated in the rules "
            "of a province [B]; the receiving department may have a form of its own. The Measures are interim, and a "
            "successor has been in consultation.",
            "内容依据《保障中小企业款项支付投诉处理暂行办法》（工信部企业〔2021〕224号），据省级实施细则转述［B］；"
            "受理部门另有格式的从其格式。该办法为暂行规定，后续配套制度曾公开征求意见。",
        ),
        say(
            "Whether you are an SME goes by the day of the contract, and so does the size of the respondent. In dispute the "
            "SME department at county level or above decides on request.",
            "双方的企业规模均以签订合同时为准；有争议的，可请求县级以上中小企业主管部门认定。",
        ),
    ]
    if articles.undisputed is not None:
        advice.append(
            say(
                "Time (Regulation arts. 24, 25): passed on within 10 working days of formal acceptance, answered in "
                "writing within 30 days of receipt, in complex matters within 90 days in all.",
                "办理期限（《条例》第二十四条、第二十五条）：正式受理之日起10个工作日内转办；处理部门收到之日起30日内书面答复，"
                "情况复杂的最长不超过90日。",
            )
        )
    return advice
