"""The demand for payment (催款函): what is owed and why, by when to pay, and what the law provides if not.

It demands performance, which interrupts limitation (Civil Code art. 195), and threatens nothing that the law does not
provide.
"""

from __future__ import annotations

import datetime as dt

from yiqi.arrears.debtor_claim import USUAL_EVIDENCE, DebtorClaim
from yiqi.arrears.letter_details import NO_ACCOUNT, BankAccount
from yiqi.arrears.regulation_articles import Articles, articles_on
from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.document import (
    BLANK,
    Block,
    Document,
    Form,
    FormRow,
    Heading,
    Listing,
    Paragraph,
    Signature,
)
from yiqi.report.letter import (
    CONTACT,
    CREDITOR,
    FOR_READING,
    LEGAL_REPRESENTATIVE,
    NAME,
    TELEPHONE,
    Letter,
    Wording,
    debts_table,
    due_dates,
    interest_notes,
    interest_table,
    sender_page,
    sums,
)

TITLE = Bilingual("Demand for payment", "催款函")


def demand_letter(
    claim: DebtorClaim,
    language: Language,
    *,
    pay_by: dt.date | None = None,
    account: BankAccount = NO_ACCOUNT,
) -> Letter:
    """The demand to one debtor; ``pay_by`` is the last day of the term that the creditor sets.

    Raises ValueError for a claim before 2020-09-01, when there was no Regulation, and for a term that ends before the
    day of the claim.
    """
    if pay_by is not None and pay_by < claim.as_of:
        raise ValueError(f"The term to pay ends on {pay_by}, before the day of the claim, {claim.as_of}")
    wording = Wording(language)
    articles = articles_on(claim.as_of)
    blocks: list[Block] = [] if language == "zh" else [Paragraph(FOR_READING, "note")]
    blocks += [
        Paragraph(wording.say(f"To: {claim.debtor.name}", f"{claim.debtor.name}："), "flush"),
        *_facts(claim, wording),
        *_interest(claim, wording),
        *_request(wording, articles, pay_by, account),
        *_consequences(wording, articles),
        *_close(claim, wording),
    ]
    blocks += sender_page(
        claim,
        wording,
        wording.say("Before you send this letter (this page stays with you)", "寄送前须知（本页自留，不寄出）"),
        _advice(wording),
    )
    return Letter(Document(TITLE[language], language, claim.as_of, tuple(blocks)), tuple(wording.blanks))


def _facts(claim: DebtorClaim, wording: Wording) -> list[Block]:
    say, day = wording.say, wording.day(claim.as_of)
    name = wording.fill(claim.creditor.name, NAME, CREDITOR)
    return [
        Paragraph(
            say(
                f"{name} has delivered under the contracts below, and the term for payment has passed. On {day} you owe "
                f"{sums(claim, wording)}. We demand payment under the Civil Code and the Regulation on Ensuring Payments "
                "to SMEs.",
                f"{name}（以下称我方）已按下列合同交付，付款期限已届满。截至{day}，贵方尚欠{sums(claim, wording)}。"
                "现依据《中华人民共和国民法典》和《保障中小企业款项支付条例》，请贵方履行付款义务。",
            )
        ),
        Heading(say("1. What is owed", "一、欠款事实")),
        debts_table(claim, wording),
        Paragraph(say("When each was due, and why:", "各笔款项的付款到期日及依据：")),
        due_dates(claim, wording),
    ]


def _interest(claim: DebtorClaim, wording: Wording) -> list[Block]:
    return [
        Heading(wording.say("2. Late interest", "二、逾期利息")),
        interest_table(claim, wording),
        *interest_notes(claim, wording),
        Paragraph(
            wording.say(
                "Interest goes on in the same way until the day of full payment.",
                "此后的逾期利息按同一方法继续计算，至实际付清之日止。",
            )
        ),
    ]


def _request(wording: Wording, articles: Articles, pay_by: dt.date | None, account: BankAccount) -> list[Block]:
    say = wording.say
    until = wording.fill(
        wording.day(pay_by) if pay_by is not None else None,
        Bilingual("last day of the term to pay", "要求付款的最后期限"),
    )
    whose = Bilingual("Account", "收款账户")
    rows = tuple(
        FormRow(label[wording.language], wording.fill(value, label, whose))
        for label, value in (
            (Bilingual("Account holder", "户名"), account.holder),
            (Bilingual("Bank", "开户银行"), account.bank),
            (Bilingual("Account number", "账号"), account.number),
        )
    )
    if articles.undisputed is not None:
        cite = articles.undisputed[wording.language]
        dispute = say(
            "If you dispute a part, please state within this term, in writing, the amount and your reasons, and pay the "
            f"rest on time (Regulation, {cite}).",
            f"贵方如对部分款项有异议，请在上述期限内书面说明异议金额和理由；无异议部分请按时支付（《条例》{cite}）。",
        )
    else:
        dispute = say(
            "If you dispute a part, please state within this term, in writing, the amount and your reasons, and pay the "
            "rest.",
            "贵方如对部分款项有异议，请在上述期限内书面说明异议金额和理由，并支付无异议部分。",
        )
    return [
        Heading(say("3. What we ask", "三、付款要求")),
        Paragraph(
            say(
                f"Please pay the amounts above, with interest to the day of payment, by {until} into this account:",
                f"请贵方于{until}前（含当日）将上述款项连同计至付款日的逾期利息支付至以下账户：",
            )
        ),
        Form(rows),
        Paragraph(dispute),
    ]


def _consequences(wording: Wording, articles: Articles) -> list[Block]:
    say, language = wording.say, wording.language
    complaint, record = articles.complaint[language], articles.record[language]
    return [
        Heading(say("4. To note", "四、特别说明")),
        Listing(
            (
                say(
                    "This letter demands performance. By art. 195 of the Civil Code limitation is interrupted and runs "
                    "anew.",
                    "本函系我方向贵方提出的履行请求。依照《中华人民共和国民法典》第一百九十五条，诉讼时效中断，重新计算。",
                ),
                say(
                    "If the term passes without payment we may complain through the platform for complaints about "
                    f"payments to SMEs ({articles.title.en}, {complaint}).",
                    f"逾期仍未支付的，我方可以依照{articles.title.zh}{complaint}，通过拖欠中小企业款项投诉渠道提出投诉。",
                ),
                say(
                    f"Arrears may be recorded as bad credit as the Regulation provides ({record}); whether they are is "
                    "for the authorities to decide.",
                    f"拖欠款项的情况可能依照《条例》{record}纳入失信记录，由有关部门依法认定。",
                ),
                say(
                    "We may also sue, or go to arbitration where it was agreed. All rights are reserved.",
                    "我方也可以依法提起诉讼，或者依约申请仲裁，并保留其他合法权利。",
                ),
            )
        ),
    ]


def _close(claim: DebtorClaim, wording: Wording) -> list[Block]:
    say, language = wording.say, wording.language
    creditor = claim.creditor
    name = wording.fill(creditor.name, NAME, CREDITOR)
    head = wording.fill(creditor.legal_representative, LEGAL_REPRESENTATIVE, CREDITOR)
    contact = wording.fill(creditor.contact, CONTACT, CREDITOR)
    telephone = wording.fill(creditor.telephone, TELEPHONE, CREDITOR)
    wording.leave(Bilingual("signature, seal and day", "签字、盖章和日期"), CREDITOR)
    items = tuple(item.name[language] for item in claim.evidence or USUAL_EVIDENCE)
    return [
        Paragraph(say("Enclosed, as far as there is:", "附件（以实际所附为准）：")),
        Listing(items),
        Signature(
            (
                say(f"{name} (place for the seal)", f"{name}（盖章处）"),
                say(f"Legal representative: {head}", f"法定代表人（负责人）：{head}"),
                say(f"Contact: {contact}", f"联系人：{contact}"),
                say(f"Telephone: {telephone}", f"联系电话：{telephone}"),
                say(f"Day: {BLANK}", "日期：＿＿＿＿年＿＿月＿＿日"),
            )
        ),
        Heading(say("Receipt", "送达回执"), 2),
        Paragraph(
            say(
                f"We have received the demand for payment of {name} with interest to {wording.day(claim.as_of)}.",
                f"我单位已收到{name}的催款函（利息计至{wording.day(claim.as_of)}）。",
            )
        ),
        Signature(
            (
                say(f"{claim.debtor.name} (place for the seal)", f"{claim.debtor.name}（盖章处）"),
                say(f"Received by: {BLANK}", f"签收人：{BLANK}"),
                say(f"Day: {BLANK}", "日期：＿＿＿＿年＿＿月＿＿日"),
            )
        ),
    ]


def _advice(wording: Wording) -> list[str]:
    say = wording.say
    return [
        say(
            "Send it so that you can prove that it arrived (the receipt signed, registered post with a list of contents, "
            "an e-mail to the agreed address) and keep the proof: limitation is interrupted by a demand that you can prove.",
            "请以能够证明送达的方式寄送（签收回执、载明内件的挂号信或快递、约定邮箱等）并保存凭证：只有能够证明的履行请求才便于主张时效中断。",
        ),
        say(
            "The term to pay is yours to set; no article gives it. The payment was due already.",
            "付款期限由贵企业自定，法律没有规定；款项本身已经到期。",
        ),
        say(
            "Enclose what proves your size at contracting and that you told the buyer (Regulation art. 3): a court has "
            "refused the daily rate to a supplier that could prove neither [B].",
            "请附签订合同时的企业规模证明和已告知对方的凭证（《条例》第三条）：有法院因供应商两者均不能证明而未支持日万分之五的利率［B］。",
        ),
    ]
