"""Amounts and dates: what a line comes out at, what a measure gives of it, and what is said of it."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.answer import Answer
from yiqi.judge.cases import Case, case_sheet, run_all
from yiqi.judge.judge import Judge
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.document import SourceText
from yiqi.law.library import build, load
from yiqi.law.tree import Law
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

ON = dt.date(2026, 6, 1)
FACTS = """\
group: {en: Facts, zh: 事实}
facts:
  region: {type: region, label: {en: Region, zh: 所在地}, known_by: register}
  hires: {type: count, unit: 人, label: {en: Hires, zh: 新招用人数}, known_by: enterprise, bounds: {minimum: 0人, maximum: 500人}}
  months: {type: count, unit: 个月, label: {en: Months, zh: 参保月数}, known_by: enterprise, bounds: {minimum: 0}}
  premium: {type: money, per: fiscal_year, unit: 元, label: {en: Premium, zh: 保险费}, known_by: enterprise, bounds: {minimum: 0元}}
  wage: {type: money, unit: 元, label: {en: Mean wage, zh: 平均工资}, known_by: enterprise, bounds: {minimum: 0元}}
  local_wage: {type: money, unit: 元, label: {en: Local wage, zh: 社会平均工资}, known_by: register, bounds: {minimum: 0元}}
  profit: {type: money, unit: 元, label: {en: Profit, zh: 利润}, known_by: enterprise}
  rate: {type: ratio, label: {en: Rate, zh: 利率}, known_by: enterprise, bounds: {minimum: 0%, maximum: 100%}}
  eligible: {type: yes_no, label: {en: Eligible, zh: 符合条件}, known_by: enterprise}
  key_industry: {type: yes_no, label: {en: Key industry, zh: 重点行业}, known_by: enterprise}
  delivered_on: {type: date, label: {en: Delivery, zh: 交付日}, known_by: enterprise}
  confirmed_on: {type: date, label: {en: Confirmation, zh: 确认日}, known_by: enterprise}
  agreed_days: {type: count, unit: 天, label: {en: Agreed days, zh: 约定天数}, known_by: enterprise, bounds: {minimum: 0, maximum: 60}}
"""
FRONT = """\
---
id: {id}
number: 试〔2026〕1号
title: {{en: Trial, zh: 试行}}
cite: {{en: Trial, zh: 试行}}
issuer: {{en: Ministry, zh: 部}}
in_force: 2026-01-01
reviewed: 2026-05-01
subject: trial
{more}---
"""
VERSIONS = """\
---
subject: trial
title: {{en: Trial, zh: 试行}}
schemes:
  measure: {{en: Measure, zh: 措施}}
---

# Which rule counts · 适用规定

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| measure | any | 2026-01-01 | | {rule} |
"""
MEASURE = """
# Measure · 措施 {#measure}

Eligible.

符合条件。

```rule
eligible
```
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder: Path = tmp_path_factory.mktemp("facts")
    (folder / "all.yaml").write_text(FACTS, encoding="utf-8")
    return read_vocabulary(folder)


def typed(
    vocabulary: Vocabulary, body: str, *others: tuple[str, str], rule: str = "trial#measure"
) -> tuple[Law, list[Diagnostic]]:
    """The law of a body under a measure that asks for `eligible`; ``others`` are further files: front lines and body."""
    sources = [SourceText("trial.md", FRONT.format(id="trial", more="") + MEASURE + textwrap.dedent(body))]
    for number, (more, text) in enumerate(others):
        sources.append(
            SourceText(f"other{number}.md", FRONT.format(id=f"other{number}", more=more) + textwrap.dedent(text))
        )
    sources.append(SourceText("versions.md", VERSIONS.format(rule=rule)))
    return build(sources, vocabulary)


def law_of(vocabulary: Vocabulary, body: str, *others: tuple[str, str]) -> Law:
    law, problems = typed(vocabulary, body, *others)
    assert [str(p.message) for p in problems] == []
    return law


def amount_heading(line: str, attributes: str = "", kind: str = "amount") -> str:
    return f"\n## Given · 给予 {{#given {attributes}}}\n\nAs the line says.\n\n依规则行。\n\n```rule\n{kind}: {line}\n```\n"


def sheet(law: Law, facts: str) -> FactSheet:
    written = YAML(typ="safe").load(facts) or {}
    read, problems = case_sheet(Case("trial", "", "", ON, "new", written, {}, {}, Place("facts")), law)
    assert problems == []
    return read


def answer(law: Law, facts: str) -> Answer:
    return Judge(law).judge(sheet(law, facts), ON)["trial.measure"]


def given(law: Law, facts: str, kind: str = "amount") -> Any:
    return answer(law, facts).as_dict().get(kind)


def ends(law: Law, facts: str) -> tuple[str | None, str | None]:
    found = given(law, facts)
    return found["low"], found["high"]


YES = "eligible: yes\n"


@pytest.mark.parametrize(
    ("line", "facts", "amount"),
    [
        ("1500元 * hires", "hires: 12", "18000.00"),
        ("60% * premium", "premium: {2025: 30000.01}", "18000.01"),  # 18,000.006
        ("50% * premium", "premium: {2025: 0.01}", "0.01"),  # half a fen is a fen
        ("-50% * premium", "premium: {2025: 0.01}", "0.00"),  # minus half a fen is none
        ("6000元 / 12 * months", "months: 7", "3500.00"),
        ("100元 / 3 * months", "months: 2", "66.67"),
        ("premium * rate", "premium: {2025: 1000000}\nrate: 1.5%", "15000.00"),
        ("1500元 * hires up to 1万元", "hires: 6", "9000.00"),
        ("1500元 * hires up to 1万元", "hires: 7", "10000.00"),
        ("profit no less than 0元", "profit: -5", "0.00"),
        ("20% * profit no less than 0元 up to 100元", "profit: 600", "100.00"),
        # the wage counts up to twice that of the place
        ("hires * lowest(wage, 2 * local_wage)", "hires: 3\nwage: 9000\nlocal_wage: 4000", "24000.00"),
        ("lowest(premium, 5000万元) * 1.5% / 360 * months", "premium: {2025: 6000万元}\nmonths: 360", "750000.00"),
        ("highest(wage, local_wage) - 100元", "wage: 5\nlocal_wage: 300", "200.00"),
        ("100元 - lowest(wage, local_wage) / 3", "wage: 5\nlocal_wage: 300", "98.33"),
        ("sum(premium, 2 years) - 2 * premium[-1]", "premium: {2025: 70, 2024: 20}", "50.00"),
        ("10万元", "", "100000.00"),
    ],
)  # fmt: skip
def test_what_a_line_comes_out_at(vocabulary: Vocabulary, line: str, facts: str, amount: str) -> None:
    law = law_of(vocabulary, amount_heading(line))
    assert ends(law, YES + facts) == (amount, amount)


@pytest.mark.parametrize(
    ("line", "facts", "low", "high"),
    [
        ("1500元 * hires", "", "0.00", "750000.00"),  # from nobody to the 500 that are possible
        ("60% * premium", "", "0.00", None),
        ("profit", "", None, None),
        ("1500元 * hires up to 1万元", "", "0.00", "10000.00"),
        ("hires * lowest(wage, 8000元)", "hires: 2", "0.00", "16000.00"),
        ("hires * wage", "hires: 0", "0.00", "0.00"),  # nothing times anything
        ("highest(wage, 100元)", "", "100.00", None),
        ("lowest(profit, 100元)", "", None, "100.00"),
        ("wage - local_wage", "wage: 50", None, "50.00"),
        ("wage - wage + 5元", "", "5.00", "5.00"),  # like terms are joined before anything is bounded
    ],
)
def test_what_is_left_open_while_facts_are_missing(
    vocabulary: Vocabulary, line: str, facts: str, low: str | None, high: str | None
) -> None:
    assert ends(law_of(vocabulary, amount_heading(line)), YES + facts) == (low, high)


def test_an_amount_is_given_only_where_the_conditions_hold(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("1500元 * hires"))
    assert ends(law, "eligible: yes\nhires: 2") == ("3000.00", "3000.00")
    assert ends(law, "hires: 2") == ("0.00", "3000.00")
    assert given(law, "eligible: no\nhires: 2") is None
    assert answer(law, "hires: 2").as_dict()["missing"] == [["eligible"]]


def test_an_unconfirmed_source_gives_no_amount(vocabulary: Vocabulary) -> None:
    body = amount_heading("1500元 * hires").replace("{#given }", "{#given} [C]")
    law = law_of(vocabulary, body)
    assert given(law, "eligible: yes\nhires: 2") is None
    assert answer(law, "eligible: yes\nhires: 2").outcome == "yes"


def test_a_ceiling_is_no_promise(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("1500元 * hires", ".ceiling"))
    found = given(law, "eligible: yes\nhires: 2")
    assert (found["low"], found["high"], found["ceiling"]) == ("0.00", "3000.00", True)


def test_the_arithmetic_is_shown_with_the_figures(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("1500元 * hires"))
    (step,) = given(law, "eligible: yes\nhires: 12")["reckoning"]
    assert step["id"] == "trial#measure.given/1"
    assert step["text"] == {"en": "1,500元 × hires", "zh": "1,500元×新招用人数"}
    assert step["figures"] == {"en": "1,500元 × 12 = 18,000元", "zh": "1,500元×12人 = 18,000元"}
    (open_step,) = given(law, YES)["reckoning"]
    assert open_step["figures"]["zh"] == "1,500元×新招用人数（缺）：0元至750,000元"
    assert given(law, YES)["missing"] == ["hires"]


def test_a_rounded_amount_says_so(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("60% * premium"))
    (step,) = given(law, YES + "premium: {2025: 30000.01}")["reckoning"]
    assert step["figures"]["en"] == "60% × 3.000001万元 ≈ 18,000.01元"


TABLE = """
## Given · 给予 {{#given {attributes}}}

As in the table.

按下表。

| condition | amount |
|---|---|
| hires >= 10 | 1000元 * hires |
| key_industry | 8000元 |
{otherwise}
"""


def test_the_first_row_that_holds_gives_the_amount(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, TABLE.format(attributes="", otherwise="| otherwise | 5000元 |"))
    assert ends(law, YES + "hires: 10\nkey_industry: yes") == ("10000.00", "10000.00")
    assert ends(law, YES + "hires: 9\nkey_industry: yes") == ("8000.00", "8000.00")
    assert ends(law, YES + "hires: 9\nkey_industry: no") == ("5000.00", "5000.00")
    assert ends(law, YES + "hires: 9") == ("5000.00", "8000.00")
    # a row that may hold stands beside those below it
    assert ends(law, YES + "key_industry: yes") == ("0.00", "500000.00")
    assert given(law, YES + "hires: 9")["missing"] == ["key_industry"]


def test_every_row_that_holds_adds_its_amount(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, TABLE.format(attributes=".each max=1.5万元", otherwise=""))
    assert ends(law, YES + "hires: 10\nkey_industry: yes") == ("15000.00", "15000.00")
    assert ends(law, YES + "hires: 9\nkey_industry: yes") == ("8000.00", "8000.00")
    assert ends(law, YES + "hires: 10") == ("10000.00", "15000.00")
    assert ends(law, YES + "hires: 9\nkey_industry: no") == ("0.00", "0.00")


PARTS = """
## Given · 给予 {{#given {attributes}}}

Both below.

以下两项。

### Hires · 招用 {{#hired}}

1000元 each.

每人1000元。

```rule
amount: 1000元 * hires
```

### Wage · 工资 {{#paid}}

Half (50%).

一半（50%）。

```rule
amount: 50% * wage
```
"""


@pytest.mark.parametrize(
    ("attributes", "known", "open_"),
    [
        (".sum", "4500.00", ("2000.00", None)),
        (".sum max=3000元", "3000.00", ("2000.00", "3000.00")),
        (".best", "2500.00", ("2000.00", None)),
    ],
)
def test_amounts_combine(vocabulary: Vocabulary, attributes: str, known: str, open_: tuple[str, str | None]) -> None:
    law = law_of(vocabulary, PARTS.format(attributes=attributes))
    assert ends(law, YES + "hires: 2\nwage: 5000") == (known, known)
    assert ends(law, YES + "hires: 2") == open_


def test_readings_of_an_amount_are_a_range(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, PARTS.format(attributes=".readings"))
    assert ends(law, YES + "hires: 2\nwage: 5000") == ("2000.00", "2500.00")
    assert ends(law, YES + "hires: 2\nwage: 4000") == ("2000.00", "2000.00")


def test_the_more_favourable_of_two_measures(vocabulary: Vocabulary) -> None:
    other = """
    # Second · 第二项 {#second}

    A key industry.

    重点行业。

    ```rule
    key_industry
    ```

    ## Given · 给予 {#given}

    3000元.

    3000元。

    ```rule
    amount: 3000元
    ```
    """
    first = amount_heading("1500元 * hires")
    best = "\n# Best · 择优 {#best}\n\nThe better one.\n\n择优。\n\n```rule\neligible or key_industry\n```\n"
    best += amount_heading("highest(measure, second)").replace("#given", "#amount")
    law, problems = typed(vocabulary, first + textwrap.dedent(other) + best, rule="trial#best")
    assert problems == []
    assert ends(law, "eligible: yes\nkey_industry: yes\nhires: 1") == ("3000.00", "3000.00")
    assert ends(law, "eligible: yes\nkey_industry: yes\nhires: 3") == ("4500.00", "4500.00")
    assert ends(law, "eligible: no\nkey_industry: yes\nhires: 3") == ("3000.00", "3000.00")
    assert ends(law, "eligible: yes\nhires: 1") == ("1500.00", "3000.00")
    assert given(law, "eligible: no\nkey_industry: no\nhires: 3") is None
    assert given(law, "eligible: yes\nhires: 1")["missing"] == ["key_industry"]


def test_a_province_sets_the_amount(vocabulary: Vocabulary) -> None:
    province = """
    # Standard · 标准 {#standard for=trial#measure.given}

    1300元 each.

    每人1300元。

    ```rule
    amount: 1300元 * hires
    ```
    """
    law = law_of(vocabulary, amount_heading("1000元 * hires", ".delegated"), ('region: "64"\n', province))
    assert ends(law, YES + 'region: "640105"\nhires: 2') == ("2600.00", "2600.00")
    assert ends(law, YES + 'region: "440106"\nhires: 2') == ("2000.00", "2000.00")
    assert ends(law, YES + "hires: 2") == ("2000.00", "2600.00")
    assert given(law, YES + "hires: 2")["missing"] == ["region"]


DUE = [
    ("delivered_on + 30 days", "delivered_on: 2026-03-01", "2026-03-31", "2026-03-31"),
    ("delivered_on + 1 month", "delivered_on: 2026-01-31", "2026-02-28", "2026-02-28"),
    ("delivered_on - 10 days", "delivered_on: 2026-03-01", "2026-02-19", "2026-02-19"),
    ("delivered_on + agreed_days", "delivered_on: 2026-03-01\nagreed_days: 45", "2026-04-15", "2026-04-15"),
    ("delivered_on + lowest(agreed_days, 30)", "delivered_on: 2026-03-01\nagreed_days: 45", "2026-03-31", "2026-03-31"),
    ("delivered_on + agreed_days", "delivered_on: 2026-03-01", "2026-03-01", "2026-04-30"),
    ("latest(delivered_on, confirmed_on) + 30 days", "delivered_on: 2026-03-01\nconfirmed_on: 2026-03-11", "2026-04-10", "2026-04-10"),
    ("latest(delivered_on, confirmed_on) + 30 days", "delivered_on: 2026-03-01", "2026-03-31", None),
    ("earliest(delivered_on, confirmed_on) + 30 days", "delivered_on: 2026-03-01", None, "2026-03-31"),
    ("latest(delivered_on + 60 days, on)", "delivered_on: 2026-03-01", "2026-06-01", "2026-06-01"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts", "earliest", "latest"), DUE)
def test_when_a_payment_is_due(
    vocabulary: Vocabulary, line: str, facts: str, earliest: str | None, latest: str | None
) -> None:
    found = given(law_of(vocabulary, amount_heading(line, kind="date")), YES + facts, "date")
    assert (found["earliest"], found["latest"]) == (earliest, latest)


def test_the_days_are_shown(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("delivered_on + 30 days", kind="date"))
    (step,) = given(law, YES + "delivered_on: 2026-03-01", "date")["reckoning"]
    assert step["figures"] == {
        "en": "30 days after 2026-03-01 = 2026-03-31",
        "zh": "2026年3月1日后30天 = 2026年3月31日",
    }


def test_the_payer_decides_the_term(vocabulary: Vocabulary) -> None:
    """The default of the Regulation on payments to SMEs: 30 days for organs, 60 for large enterprises, as a table of days."""
    law = law_of(
        vocabulary,
        """
        ## Due · 到期日 {#due}

        30 days after delivery, for others 60 days.

        自交付之日起30日，其他60日。

        | condition | date |
        |---|---|
        | key_industry | delivered_on + 30 days |
        | otherwise | delivered_on + 60 days |
        """,
    )
    day = "delivered_on: 2026-03-01\n"
    dates = [given(law, YES + day + f"key_industry: {k}", "date")["latest"] for k in ("yes", "no")]
    assert dates == ["2026-03-31", "2026-04-30"]
    found = given(law, YES + day, "date")
    assert (found["earliest"], found["latest"], found["missing"]) == ("2026-03-31", "2026-04-30", ["key_industry"])


def test_both_tongues_read_the_same(vocabulary: Vocabulary) -> None:
    english = law_of(vocabulary, amount_heading("lowest(1500元 * hires, 50% * premium) up to 1万元"))
    chinese = law_of(
        vocabulary,
        amount_heading("最低（1500元 * 新招用人数，50% * 保险费） 不超过 1万元").replace("amount: ", "金额："),
    )
    one, other = (law.rule("trial#measure.given").body for law in (english, chinese))
    assert one is not None and other is not None
    assert (one.child, one.scale) == (other.child, other.scale)  # type: ignore[union-attr]


CASES = """
```case
title: given
on: 2026-06-01
facts: {eligible: yes, hires: 12人}
expect: {measure: yes, measure.given: 18000元}
gives: {measure.given: 1.8万元}
```

```case
title: refused, open and between
on: 2026-06-01
facts: {eligible: no}
expect: {measure.given: 0元..75万元}
gives: {measure.given: nothing}
missing: {measure.given: [[hires]]}
```
"""


def test_cases_say_what_is_given(vocabulary: Vocabulary) -> None:
    law = law_of(vocabulary, amount_heading("1500元 * hires") + CASES)
    count, failures, problems = run_all(law)
    assert (count, failures, [str(p.message) for p in problems]) == (2, [], [])
    wrong = law_of(vocabulary, amount_heading("1500元 * hires") + CASES.replace("1.8万元", "18000.01元"))
    _, failures, _ = run_all(wrong)
    assert [(f.what, f.expected, f.found) for f in failures] == [("gives measure.given", "18000.01", "18000.00")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (amount_heading("1500 * hires"), "units"),  # a number of people is no money
        (amount_heading("wage * wage"), "units"),
        (amount_heading("wage + hires"), "units"),
        (amount_heading("highest(wage, hires)"), "units"),
        (amount_heading("wage / hires"), "divided-by-fact"),
        (amount_heading("wage / 0"), "divided-by-fact"),
        (amount_heading("wage * growth(premium)"), "divided-by-fact"),
        (amount_heading("latest(wage, local_wage)"), "choice-kind"),
        (amount_heading("delivered_on + hires", kind="date"), "date-shift"),  # so many people after delivery
        (amount_heading("delivered_on + 30", kind="date"), "date-shift"),
        (amount_heading("delivered_on"), "units"),
        (amount_heading("wage", kind="date"), "units"),
        (amount_heading("highest(wage)"), "grammar"),
        (amount_heading("wage up to"), "grammar"),
        (amount_heading("measure"), "cycle"),
        (amount_heading("nobody"), "unknown-name"),
        (
            amount_heading("wage").replace("```\n", "```\n", 1).replace("amount: wage", "amount: wage\neligible"),
            "given-line",
        ),
        (amount_heading("wage\namount: local_wage"), "sum-unsaid"),
        (amount_heading("wage [B]"), "points-tag"),
        (amount_heading("wage") + amount_heading("wage").replace("#given", "#again"), "given-twice"),
        (amount_heading("wage", "max=10"), None),
        (amount_heading("wage", "max=much"), "maximum"),
        (amount_heading("delivered_on", ".sum", kind="date"), "sum-unsaid"),
        ("\n## Other · 其他 {#other .ceiling}\n\nA.\n\n符合。\n\n```rule\neligible\n```\n", "ceiling"),
    ],
)
def test_what_is_wrong_is_named(vocabulary: Vocabulary, body: str, code: str | None) -> None:
    _, problems = typed(vocabulary, body)
    assert {p.code for p in problems} == (set() if code is None else {code})


def test_a_scheme_asks_whether_not_how_much(vocabulary: Vocabulary) -> None:
    _, problems = typed(vocabulary, amount_heading("wage"), rule="trial#measure.given")
    assert [p.code for p in problems] == ["scheme-amount"]


def test_a_region_that_is_known_is_not_asked_for() -> None:
    # Ningxia (64) replaces the national amount for hires; everywhere else, and only there, the place is settled.
    judge = Judge(load())
    scheme = ("relief.priority_hire",)
    day = dt.date(2026, 9, 1)

    def lacks(values: dict[str, Value]) -> tuple[str, ...]:
        amount = judge.judge(FactSheet(values), day, "new", scheme)[scheme[0]].amount
        assert amount is not None
        return amount.missing

    assert "region" in lacks({})
    assert "region" not in lacks({"region": "370102"})
    assert "region" not in lacks({"region": "640100"})
