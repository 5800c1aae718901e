"""How long one judgement takes, beside two engines that also explain themselves.

    ./yiqi bench judge

First the real law: every ladder scheme for a complete and for a half-known enterprise. Then an equal rule of twenty
conditions (ten amounts, six ratios, four yes/no) in Yiqi, in zen-engine with trace and in openfisca-core with trace, for one
enterprise. All engines are loaded and warm; what is timed is one enterprise from its facts to its explained answer.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import cpu_microseconds, machine, show

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.document import SourceText
from yiqi.law.library import build, load

ON = dt.date(2026, 11, 23)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

AMOUNTS = [
    ("operating_revenue", "5000万元"), ("main_revenue", "4500万元"), ("total_assets", "1000万元"), ("net_profit", "10万元"),
    ("rd_expense", "100万元"), ("operating_revenue[-1]", "1000万元"), ("main_revenue[-1]", "900万元"),
    ("rd_expense[-1]", "90万元"), ("total_costs", "100万元"), ("equity_financing_2y", "1万元"),
]  # fmt: skip
RATIOS = [
    ("main_revenue", "operating_revenue", 90), ("rd_expense", "operating_revenue", 3), ("net_profit", "operating_revenue", 2),
    ("rd_expense[-1]", "operating_revenue[-1]", 3), ("main_revenue[-1]", "operating_revenue[-1]", 70),
    ("rd_expense", "total_costs", 10),
]  # fmt: skip
FLAGS = ["independent_legal_person", "own_brand", "quality_certificate", "standards_drafted"]
YUAN = {
    "operating_revenue": 55125000, "main_revenue": 49612500, "total_assets": 60000000, "net_profit": 5000000,
    "rd_expense": 6400000, "operating_revenue[-1]": 52300000, "main_revenue[-1]": 48000000, "rd_expense[-1]": 5900000,
    "total_costs": 50000000, "equity_financing_2y": 1000000,
}  # fmt: skip


def yuan(amount: str) -> int:
    return int(amount.removesuffix("万元")) * 10000


def yiqi_rule() -> tuple[Judge, FactSheet]:
    """The twenty conditions as a law file."""
    lines = [f"{fact} >= {amount}" for fact, amount in AMOUNTS]
    lines += [f"{a} / {b} >= {percent}%" for a, b, percent in RATIOS]
    lines += FLAGS
    rule = "\n".join(lines)
    law_text = f"""---
id: twenty
number: twenty
title: {{en: Twenty conditions, zh: 二十项条件}}
cite: {{en: Twenty, zh: 二十}}
issuer: {{en: bench, zh: 测试}}
in_force: 2020-01-01
reviewed: 2026-11-24
subject: bench
---

# Twenty conditions · 二十项条件 {{#twenty}}

```rule
{rule}
```
"""
    versions = """---
subject: bench
title: {en: bench, zh: 测试}
schemes: {twenty: {en: Twenty, zh: 二十}}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| twenty | any | 2020-01-01 | | twenty#twenty |
"""
    law, problems = build([SourceText("twenty.md", law_text), SourceText("versions.md", versions)], load().vocabulary)
    assert not problems, problems
    values: dict[str, object] = dict.fromkeys(FLAGS, True)
    for name, amount in YUAN.items():
        fact = name.removesuffix("[-1]")
        if law.vocabulary[fact].per is None:
            values[fact] = amount * 100
        else:
            values.setdefault(fact, {})[2024 if name.endswith("[-1]") else 2025] = amount * 100  # type: ignore[index]
    return Judge(law), FactSheet(values)  # type: ignore[arg-type]


def zen_rule() -> tuple[object, dict[str, object]]:
    """The twenty conditions as an expression node of zen-engine."""
    import zen

    def key(name: str) -> str:
        return name.replace("[-1]", "_last")

    tests = [f"{key(fact)} >= {yuan(amount)}" for fact, amount in AMOUNTS]
    tests += [f"{key(a)} / {key(b)} >= {percent / 100}" for a, b, percent in RATIOS]
    tests += [f"{flag} == true" for flag in FLAGS]
    expressions = [{"id": f"e{n}", "key": f"c{n}", "value": test} for n, test in enumerate(tests)]
    every = " and ".join(f"$.c{n}" for n in range(len(tests)))
    expressions.append({"id": "all", "key": "outcome", "value": every})
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "rule",
                "name": "rule",
                "type": "expressionNode",
                "position": {"x": 1, "y": 0},
                "content": {"expressions": expressions},
            },
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rule"},
            {"id": "b", "type": "edge", "sourceId": "rule", "targetId": "out"},
        ],
    }
    facts: dict[str, object] = dict.fromkeys(FLAGS, True)
    facts.update({key(name): amount for name, amount in YUAN.items()})
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    result = decision.evaluate(facts, {"trace": True})
    assert result["result"]["outcome"] is True, result
    return decision, facts


def openfisca_rule() -> object:
    """The twenty conditions as variables of openfisca-core; returns a function that judges one enterprise with trace."""
    from openfisca_core import periods
    from openfisca_core.entities import build_entity
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    enterprise = build_entity("enterprise", "enterprises", "", is_person=True)
    system = TaxBenefitSystem([enterprise])
    names = {fact.removesuffix("[-1]") for fact in YUAN}

    def variable(name: str, value_type: type, formula: object = None) -> None:
        body = {"value_type": value_type, "entity": enterprise, "definition_period": periods.DateUnit.YEAR}
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (Variable,), body))

    for name in sorted(names):
        variable(name, float)
    for flag in FLAGS:
        variable(flag, bool)

    def read(person: object, name: str, period: object) -> object:
        return person(name.removesuffix("[-1]"), period.last_year if name.endswith("[-1]") else period)  # type: ignore[attr-defined,operator]

    # A formula may take two arguments only, so what varies is bound by a function around it.
    def at_least(fact: str, limit: int) -> object:
        return lambda person, period: read(person, fact, period) >= limit  # type: ignore[operator]

    def share(a: str, b: str, limit: float) -> object:
        return lambda person, period: read(person, a, period) / read(person, b, period) >= limit  # type: ignore[operator]

    tests = []
    for n, (fact, amount) in enumerate(AMOUNTS):
        variable(f"c{n}", bool, at_least(fact, yuan(amount)))
        tests.append(f"c{n}")
    for n, (a, b, percent) in enumerate(RATIOS, len(tests)):
        variable(f"c{n}", bool, share(a, b, percent / 100))
        tests.append(f"c{n}")
    tests += FLAGS

    def every(person: object, period: object) -> object:
        result = person(tests[0], period)  # type: ignore[operator]
        for test in tests[1:]:
            result = result * person(test, period)  # type: ignore[operator]
        return result

    variable("outcome", bool, every)
    values: dict[str, dict[str, object]] = {}
    for name, amount in YUAN.items():
        values.setdefault(name.removesuffix("[-1]"), {})["2024" if name.endswith("[-1]") else "2025"] = amount
    for flag in FLAGS:
        values[flag] = {"2025": True}
    situation = {"enterprises": {"e": values}}

    def judge() -> object:
        simulation = SimulationBuilder().build_from_entities(system, situation)
        simulation.trace = True
        outcome = simulation.calculate("outcome", "2025")
        assert outcome[0]
        return simulation.tracer.trees

    return judge


def main() -> None:
    law = load()
    judge = Judge(law)
    ladder = judge.schemes(["ladder"])
    print(machine())
    complete = EXAMPLES / "little-giant.yaml"
    sheets = {}
    for name, path in (("complete", complete), ("half known", EXAMPLES / "half-the-facts.yaml")):
        reading = read_fact_sheet(path, law.vocabulary, ON)
        sheets[name] = reading.required()
    program = judge.program(ON, "new", ladder)
    print(
        f"{len(ladder)} ladder schemes, {program.compiled.size} conditions and headings, {len(program.compiled.linked.slots)} values"
    )

    rows = []
    for name, sheet in sheets.items():

        def reasons(sheet: FactSheet = sheet) -> int:
            return sum(1 for a in judge.judge(sheet, ON, "new", ladder) if a.reason for _ in a.reason.walk())

        def settled(sheet: FactSheet = sheet) -> object:
            return [(a.reason, a.missing) for a in judge.judge(sheet, ON, "new", ladder)]

        rows += [
            (
                f"outcomes alone, {name}",
                cpu_microseconds(lambda s=sheet: judge.outcomes(s, ON, "new", ladder)),
                "bound 20",
            ),  # type: ignore[misc]
            (f"with all reasons, {name}", cpu_microseconds(reasons), "bound 500"),
            (f"and smallest missing sets, {name}", cpu_microseconds(settled), ""),
            (
                f"and written as JSON, {name}",
                cpu_microseconds(lambda s=sheet: json.dumps(judge.judge(s, ON, "new", ladder).as_dict())),
                "",
            ),  # type: ignore[misc]
        ]
    show("All ladder schemes of the real law, one enterprise", "µs of CPU", rows)

    twenty, sheet = yiqi_rule()
    assert twenty.judge(sheet, ON)["bench.twenty"].outcome == "yes"
    decision, facts = zen_rule()
    fisca = openfisca_rule()
    rows = [
        ("Yiqi, outcome alone", cpu_microseconds(lambda: twenty.outcomes(sheet, ON)), ""),
        (
            "Yiqi, with all reasons",
            cpu_microseconds(lambda: [list(a.reason.walk()) for a in twenty.judge(sheet, ON) if a.reason]),
            "bound 40",
        ),
        ("Yiqi, reasons written as JSON", cpu_microseconds(lambda: json.dumps(twenty.judge(sheet, ON).as_dict())), ""),
        ("zen-engine, no trace", cpu_microseconds(lambda: decision.evaluate(facts)), ""),  # type: ignore[attr-defined]
        ("zen-engine, with trace", cpu_microseconds(lambda: decision.evaluate(facts, {"trace": True})), ""),  # type: ignore[attr-defined]
        ("openfisca-core, with trace", cpu_microseconds(fisca), ""),  # type: ignore[arg-type]
    ]
    show("An equal rule of twenty conditions, one enterprise", "µs of CPU", rows)
    print(
        "\nzen-engine and openfisca-core compare in floating point and take a missing fact for a value; Yiqi does neither."
    )


if __name__ == "__main__":
    main()
