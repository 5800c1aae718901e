"""`law mutate` on small laws: what it changes, what the cases notice, what it says."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from yiqi.cli import main
from yiqi.judge.equivalents import read_equivalents
from yiqi.judge.mutants import mutants
from yiqi.judge.mutation import Cases, mutate
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import read_law
from yiqi.law.tree import Law

FACTS = """
group: {en: Facts, zh: 事实}
facts:
  operating_revenue:
    {type: money, per: fiscal_year, label: {en: Revenue, zh: 营业收入}, known_by: enterprise, bounds: {minimum: 0元}}
  main_revenue:
    {type: money, per: fiscal_year, label: {en: Main revenue, zh: 主营业务收入}, known_by: enterprise}
  employees: {type: count, per: fiscal_year, unit: 人, label: {en: Employees, zh: 从业人员}, known_by: enterprise}
  rd_staff: {type: count, per: fiscal_year, unit: 人, label: {en: R&D staff, zh: 研发人员}, known_by: enterprise}
  granted: {type: date, label: {en: Granted on, zh: 认定日期}, known_by: register}
  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: enterprise}
  certified: {type: yes_no, label: {en: Certified, zh: 认证}, known_by: enterprise}
"""

FRONT = """\
---
id: trial
number: 试〔2026〕2号
title: {en: Measures on trial, zh: 试行办法}
cite: {en: Trial 2026 No. 2, zh: 试〔2026〕2号}
issuer: {en: Ministry, zh: 部}
in_force: 2026-04-01
reviewed: 2026-05-01
subject: ladder
---

# Rule · 规则 {#rule}

"""


def write(folder: Path, rule: str, *cases: str) -> Path:
    """A folder of law with one rule and its cases."""
    (folder / "facts").mkdir(exist_ok=True)
    (folder / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    fence = textwrap.dedent(rule).strip()
    if not fence.startswith("|"):
        fence = f"```rule\n{fence}\n```"
    blocks = [fence, *(f"```case\n{textwrap.dedent(case).strip()}\n```" for case in cases)]
    (folder / "trial.md").write_text(FRONT + "\n\n".join(blocks) + "\n", encoding="utf-8")
    return folder


def law_of(folder: Path) -> Law:
    law, problems = read_law(folder)
    assert [p.render("en") for p in problems] == []
    return law


def changes(folder: Path, kind: str | None = None) -> list[str]:
    """What is changed in the rule, in words."""
    law = law_of(folder)
    return [m.what.en for m in mutants(law.rule("trial#rule"), law.vocabulary) if kind in (None, m.kind)]


def survivors(folder: Path) -> list[str]:
    law = law_of(folder)
    (result,) = mutate(Cases(law), law.instruments.values(), {})
    return [m.what.en for m in result.survivors]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("operating_revenue >= 5000万元", ["5000万元 → 4999.999999万元", "5000万元 → 5000.000001万元"]),
        ("operating_revenue < 1亿元", ["1亿元 → 0.9999999999亿元", "1亿元 → 1.0000000001亿元"]),
        ("main_revenue / operating_revenue >= 90%", ["90% → 89.999999%", "90% → 90.000001%"]),
        # a share of heads: 0.1 % is what a few hundred employees can show
        ("rd_staff / employees >= 50%", ["50% → 49.9%", "50% → 50.1%"]),
        ("employees <= 300人", ["300人 → 299人", "300人 → 301人"]),
        ("on <= granted + 3 years", ["3 years → 2 years", "3 years → 4 years"]),
        (
            "sum(operating_revenue, 2 years) >= 100元",
            ["100元 → 99.99元", "100元 → 100.01元", "2 years → 1 years", "2 years → 3 years"],
        ),
        (
            "operating_revenue >= 1元 in each of 2 years",
            ["2 years → 1 years", "2 years → 3 years", "1元 → 0.99元", "1元 → 1.01元"],
        ),
        (
            "operating_revenue[-1] >= 1元",
            [
                "1元 → 0.99元",
                "1元 → 1.01元",
                "operating_revenue[-1] → operating_revenue[-2]",
                "operating_revenue[-1] → operating_revenue[0]",
            ],
        ),
    ],
)
def test_each_number_is_changed_by_its_smallest_unit(tmp_path: Path, line: str, expected: list[str]) -> None:
    assert changes(write(tmp_path, line), "threshold") == expected


def test_counts_and_points_are_numbers_of_the_law_too(tmp_path: Path) -> None:
    folder = write(tmp_path, "at least 2 of:\n  own_brand\n  certified\n  employees >= 1人")
    assert changes(folder, "threshold")[:2] == ["at least 2 → at least 1", "at least 2 → at least 3"]
    folder = write(tmp_path, "| employees | points |\n|---|---|\n| >= 10人 | 5 |\n| otherwise | 0 |")
    assert changes(folder, "threshold") == [
        "5 points → 4", "5 points → 6", "10人 → 9人", "10人 → 11人", "0 points → -1", "0 points → 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("employees >= 1人", "comparator", [">= → >", ">= → <="]),
        ("employees < 1人", "comparator", ["< → <=", "< → >"]),
        ("not own_brand", "not", ["`not` dropped"]),
        ("own_brand or certified", "combination", ["any → all"]),
        ("own_brand\ncertified", "combination", ["all → any"]),
        ("own_brand\ncertified", "line", ["line dropped", "line dropped"]),
        (
            "own_brand unless certified",
            "line",
            ["line dropped", "`unless` dropped", "only what stands after `unless` kept"],
        ),
    ],
)
def test_each_part_of_a_rule_is_changed(tmp_path: Path, line: str, kind: str, expected: list[str]) -> None:
    assert changes(write(tmp_path, line), kind) == expected


ON = """
title: on the line · 压线
facts: {employees: {2025: 10人}}
expect: {rule: yes}
"""
UNDER = """
title: one under · 差一人
facts: {employees: {2025: 9人}}
expect: {rule: no}
"""


def test_cases_on_and_under_a_threshold_kill_every_change_of_it(tmp_path: Path) -> None:
    assert survivors(write(tmp_path, "employees >= 10人", ON, UNDER)) == []


def test_without_the_case_on_the_threshold_what_it_shows_survives(tmp_path: Path) -> None:
    above = ON.replace("10人", "50人")
    assert survivors(write(tmp_path, "employees >= 10人", above, UNDER)) == ["10人 → 11人", ">= → >"]


def test_without_the_case_under_the_threshold_what_it_shows_survives(tmp_path: Path) -> None:
    assert survivors(write(tmp_path, "employees >= 10人", ON, UNDER.replace("9人", "1人"))) == ["10人 → 9人"]


def test_a_mutant_that_asks_for_another_year_is_judged_on_the_facts_of_that_year(tmp_path: Path) -> None:
    """Of a third year nothing is known, so the sum of three is unknown and the case notices; one year alone is too little."""
    case = """
    title: two years · 两年
    facts: {main_revenue: {2025: 60元, 2024: 40元}}
    expect: {rule: yes}
    """
    seen = set(changes(write(tmp_path, "sum(main_revenue, 2 years) >= 100元", case))) - set(survivors(tmp_path))
    assert seen >= {"2 years → 1 years", "2 years → 3 years", "100元 → 100.01元"}


def test_the_years_of_a_quotient_are_changed_one_by_one(tmp_path: Path) -> None:
    line = "mean(main_revenue, 2 years) / mean(operating_revenue, 2 years) >= 50%"
    case = """
    title: 50 of 100 in two years, of a third nothing is known · 两年共50比100，第三年未知
    facts: {main_revenue: {2025: 30元, 2024: 20元}, operating_revenue: {2025: 60元, 2024: 40元}}
    expect: {rule: yes}
    """
    folder = write(tmp_path, line, case)
    spans = {f"{fact}: 2 years → {years} years" for fact in ("main_revenue", "operating_revenue") for years in (1, 3)}
    assert spans <= set(changes(folder))
    # 30 over a mean of 50 is more than half, so the case does not see that one year of main revenue would do too.
    assert spans & set(survivors(folder)) == {"main_revenue: 2 years → 1 years"}
    assert "no mutant changes this number" not in run(folder).output


def test_a_case_that_fails_kills_nothing(tmp_path: Path) -> None:
    law = law_of(write(tmp_path, "employees >= 10人", ON.replace("yes", "no")))
    cases = Cases(law)
    assert [case.title for case in cases.failing] == ["on the line · 压线"]
    assert cases.reaching("trial#rule") == []


def test_a_number_that_no_mutant_changes_is_named(tmp_path: Path) -> None:
    line = "operating_revenue >= sum(main_revenue, 2 years) * 2"
    found = run(write(tmp_path, line, "title: t · t\nfacts: {}\nexpect: {rule: unknown}"))
    assert found.exit_code == 1
    assert "trial.md:15:22: no mutant changes this number" in found.output


def test_a_number_in_front_of_a_fact_is_changed_with_what_the_fact_counts_for(tmp_path: Path) -> None:
    facts = "{operating_revenue: {2025: 200元}, main_revenue: {2025: 100元}}"
    folder = write(
        tmp_path, "operating_revenue >= main_revenue * 2", f"title: t · t\nfacts: {facts}\nexpect: {{rule: yes}}"
    )
    assert {"main_revenue × 0.99", "main_revenue × 1.01"} <= set(changes(folder))
    # 200 is no less than 198, so a case on the line does not see that less would do; a case just under it would.
    assert "main_revenue × 0.99" in survivors(folder) and "main_revenue × 1.01" not in survivors(folder)
    assert "no mutant changes this number" not in run(folder).output


def run(folder: Path, *arguments: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(main, ["--lang", "en", "law", "mutate", *arguments, "--law", str(folder)])


def test_the_command_passes_when_every_threshold_is_seen(tmp_path: Path) -> None:
    found = run(write(tmp_path, "employees >= 10人", ON, UNDER))
    assert found.exit_code == 0, found.output
    assert "5 mutants, 5 killed; 0 changed thresholds unseen" in found.output


def test_the_command_names_the_line_and_fails_when_a_threshold_is_not_seen(tmp_path: Path) -> None:
    found = run(write(tmp_path, "employees >= 10人", ON))
    assert found.exit_code == 1
    assert "trial.md:15: threshold: trial#rule/1: 10人 → 9人" in found.output


def listed(folder: Path, mutant: str) -> None:
    text = f'- because: {{en: the same, zh: 相同}}\n  mutants:\n    - "{mutant}"\n'
    (folder / "equivalent_mutants.yaml").write_text(text, encoding="utf-8")


def test_a_listed_survivor_passes(tmp_path: Path) -> None:
    folder = write(tmp_path, "employees >= 10人", ON)
    listed(folder, "trial#rule/1: 10人 → 9人")
    assert run(folder).exit_code == 0


def test_a_listed_mutant_that_is_killed_fails(tmp_path: Path) -> None:
    folder = write(tmp_path, "employees >= 10人", ON, UNDER)
    listed(folder, "trial#rule/1: 10人 → 9人")
    found = run(folder)
    assert found.exit_code == 1
    assert "listed as meaning the same, but a case tells it apart" in found.output


def test_a_listed_mutant_that_does_not_exist_fails(tmp_path: Path) -> None:
    folder = write(tmp_path, "employees >= 10人", ON, UNDER)
    listed(folder, "trial#rule/1: 11人 → 9人")
    found = run(folder)
    assert found.exit_code == 1
    assert "there is no such mutant" in found.output


def test_a_name_that_no_file_has_is_refused(tmp_path: Path) -> None:
    assert run(write(tmp_path, "employees >= 10人", ON), "nothing").exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {because: {en: a, zh: 乙}}\n", "an entry has `because` and `mutants`"),
        ("- {because: reason, mutants: [a]}\n", "`because` says why"),
        ("- {because: {en: a, zh: 乙}, mutants: [a, a]}\n", "listed twice"),
        ("because: a\n", "a list is expected here"),
    ],
)
def test_a_wrong_list_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "equivalent_mutants.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DiagnosticError, match=message) as refused:
        read_equivalents(tmp_path)
    assert all(d.place.line == 1 for d in refused.value.diagnostics)
