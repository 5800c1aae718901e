"""How many questions an interview asks until every scheme of the ladder is settled.

    ./yiqi bench interview [--enterprises 300] [--seed 20261123] [--on 2026-11-23] [--procedure new] [--unknown 0]

Enterprises are drawn at random, complete; an interview about each is answered from its facts. Four counts of questions
for the same enterprises: the interview's own order; the order of the fact files without what no longer matters; that order
with everything in it, until nothing matters; and the whole form, every value (fact and year) that the rules of the ladder
read. A scheme is settled when it is decided, or when no fact can decide it because a source is unconfirmed, a base is zero
or the answer was "I don't know".

The population is made up: its shares stand below and are no statistics. It is drawn around the thresholds of the law so
that every outcome occurs, and it knows nothing of how questions are ordered.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import machine

from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.interview import UNKNOWN, Interview, Key
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.vocabulary import Fact, Vocabulary, fiscal_year_of

WAN = 10**6  # fen in 万元
PERCENT = 10**6  # a ratio is held in 1e-8

STANDINGS = {"no title": 35, "first tier": 30, "specialised": 23, "little giant": 12}
"""Share of enterprises by the highest title held, in percent."""

TITLES = {
    "no title": ((), 0.1),
    "first tier": (("innovative_sme",), 0.6),
    "specialised": (("innovative_sme", "specialised_sme"), 0.8),
    "little giant": (("innovative_sme", "specialised_sme", "little_giant"), 0.9),
}
"""The titles of each standing, and the chance of the title of high-tech enterprise besides. One first-tier enterprise in
three is technology-based instead of innovative."""

FAVOURABLE = {"no title": 0.4, "first tier": 0.6, "specialised": 0.75, "little giant": 0.85}
"""The chance that a fact which nothing else below describes comes out as the rules want it."""

PREPARED = 0.3
"""The share of enterprises in each standing that have prepared: what follows as *favourable* or *merit* comes out so in
99 of 100 cases, and the figures of the last years keep to the shares that the upper tiers ask for."""
PREPARED_CHANCE = 0.99

PROVEN = {"no title": 0.15, "first tier": 0.35, "specialised": 0.6, "little giant": 0.9}
"""The chance of a merit: an award, an approved laboratory, equity financing, a field of the leading product."""

RED_LINE = 0.01
"""The chance of each fact that bars an enterprise: a list, an accident, an untruthful file."""

RED_LINES = (
    "abnormal_operations_list", "serious_dishonesty_list", "restricted_products", "major_accident_3y",
    "larger_accident_3y", "network_data_incident_3y", "environmental_violation_3y", "quality_problem_3y",
    "sector_breach_3y", "falsification", "controlled_by_little_giant", "major_change_unreported", "accident_2y",
    "environmental_violation_2y", "research_dishonesty_2y", "key_support_before",
)  # fmt: skip
NOT_RED = ("registered_in_mainland", "independent_legal_person", "filing_truthful", "resident_enterprise")

INDUSTRIES = {
    "C3451": 55,
    "I6513": 15,
    "M7320": 10,
    "F5179": 8,
    "E4710": 4,
    "L7219": 4,
    "G5940": 2,
    "J6640": 1,
    "G5310": 1,
}
"""Share of industries in percent: mostly manufacturing and software."""

REVENUES = {
    "no title": (200, 300, 1000, 1500, 2000), "first tier": (1000, 1500, 2000, 5000), "specialised": (1500, 5000, 20000),
    "little giant": (5000, 20000, 40000),
}  # fmt: skip
"""Operating revenue is one of these figures of the law, in 万元, times 0.6 to 1.8."""

EMPLOYEES = {"no title": (20, 300), "first tier": (20, 300), "specialised": (300,), "little giant": (300, 1000)}
"""Likewise for employees, times 0.3 to 1.5."""


INTERVIEW = "interview"
RELEVANT = "file order, what still matters"
FILE_ORDER = "file order"
WHOLE_FORM = "whole form"


class Enterprise:
    """One enterprise: ``value`` gives every fact, drawn when it is first asked for."""

    def __init__(self, draw: random.Random, vocabulary: Vocabulary, on: dt.date) -> None:
        self.draw, self.vocabulary, self.on = draw, vocabulary, on
        self.standing = draw.choices(list(STANDINGS), list(STANDINGS.values()))[0]
        self.prepared = draw.random() < PREPARED
        self.proven = PREPARED_CHANCE if self.prepared else PROVEN[self.standing]
        self.favourable = PREPARED_CHANCE if self.prepared else FAVOURABLE[self.standing]
        self.last = fiscal_year_of(on, "fiscal_year")
        self._finances()

    def _finances(self) -> None:
        draw = self.draw
        ready = self.prepared
        growth = [1 + draw.uniform(0.04 if ready else -0.1, 0.25) for _ in range(2)]
        newest = draw.choice(REVENUES[self.standing]) * draw.uniform(1.0 if ready else 0.6, 1.8)
        revenue = [newest, newest / growth[0], newest / growth[0] / growth[1]]
        main = draw.uniform(0.9 if ready else 0.6, 1.0)
        research = draw.uniform(0.035 if ready else 0.01, 0.09)
        assets = newest * draw.uniform(0.5, 2.5)
        staff = draw.choice(EMPLOYEES[self.standing]) * draw.uniform(0.3, 1.5)
        years = [self.last - back for back in range(3)]
        near = lambda: draw.uniform(0.97, 1.03)  # noqa: E731  a share moves a little from year to year
        self.yearly: dict[str, dict[int, int]] = {
            "operating_revenue": {y: round(r * WAN) for y, r in zip(years, revenue, strict=True)},
            "main_revenue": {y: round(r * min(main * near(), 1.0) * WAN) for y, r in zip(years, revenue, strict=True)},
            "rd_expense": {y: round(r * research * near() * WAN) for y, r in zip(years, revenue, strict=True)},
            "net_profit": {y: round(r * draw.uniform(-0.05, 0.15) * WAN) for y, r in zip(years, revenue, strict=True)},
            "total_costs": {y: round(r * draw.uniform(0.8, 1.05) * WAN) for y, r in zip(years, revenue, strict=True)},
            "total_assets": {y: round(assets * near() * WAN) for y in years},
            "total_liabilities": {y: round(assets * draw.uniform(0.3, 0.7 if ready else 0.9) * WAN) for y in years},
            "employees": {y: max(1, round(staff * near())) for y in years},
            "rd_staff": {y: max(0, round(staff * draw.uniform(0.05, 0.4))) for y in years},
            "technology_staff": {y: max(0, round(staff * draw.uniform(0.05, 0.4))) for y in years},
        }

    def sheet(self, keys: list[Key]) -> FactSheet:
        """The sheet with the values asked for, in an order that does not depend on who asks."""
        values: dict[str, Any] = {}
        for name, year in keys:
            value = self._value(self.vocabulary[name], year)
            if year is None:
                values[name] = value
            else:
                values.setdefault(name, {})[year] = value
        return FactSheet(values)

    def _value(self, fact: Fact, year: int | None) -> Value:
        draw = self.draw
        if fact.id in self.yearly and year is not None:
            return self.yearly[fact.id][year]
        if fact.type == "yes_no":
            return self._yes_no(fact)
        if fact.id == "titles":
            return self._titles()
        if fact.type == "industry":
            return draw.choices(list(INDUSTRIES), list(INDUSTRIES.values()))[0]
        if fact.type == "region":
            return draw.choice(("330106", "440106", "510107", "370102", "110108"))
        if fact.type == "date":
            return self.on - dt.timedelta(draw.randrange(30, 6 * 365))
        if fact.type == "one_of":
            return self._one_of(fact)
        if fact.type == "set_of":
            return frozenset(m.id for m in fact.members if draw.random() < self.proven)
        return self._number(fact)

    def _yes_no(self, fact: Fact) -> bool:
        if fact.id in RED_LINES:
            return self.draw.random() < RED_LINE
        if fact.id in NOT_RED:
            return self.draw.random() >= RED_LINE
        if fact.judged or fact.known_by == "official":
            return self.draw.random() < self.favourable
        return self.draw.random() < self.proven

    def _titles(self) -> frozenset[str]:
        held, high_tech = TITLES[self.standing]
        titles = set(held)
        if titles and self.draw.random() < 1 / 3:
            titles = titles - {"innovative_sme"} | {"technology_sme"}
        if self.draw.random() < high_tech:
            titles.add("high_tech_enterprise")
        return frozenset(titles)

    def _one_of(self, fact: Fact) -> str:
        members = [m.id for m in fact.members]
        if fact.ordered and self.draw.random() >= self.proven:
            return members[self.draw.randrange(max(1, len(members) // 2))]
        return self.draw.choice(members)

    def _number(self, fact: Fact) -> int:
        draw = self.draw
        good = draw.random() < self.favourable
        if fact.id.startswith("equity_financing"):
            return draw.choice((500, 2000, 6000)) * WAN if draw.random() < self.proven / 2 else 0
        choices: dict[str, Callable[[], int]] = {
            "key_plan_investment": lambda: draw.choice((1000, 2000, 3000)) * WAN,
            "leading_product_share": lambda: round(draw.uniform(50, 100)) * PERCENT,
            "market_share": lambda: draw.choice((9, 10, 12, 15) if good else (1, 3, 5)) * PERCENT,
            "market_share_international": lambda: draw.choice((1, 3, 10)) * PERCENT,
            "market_rank": lambda: draw.choice((1, 2, 3, 4) if good else (3, 5, 10, 20)),
            "market_rank_world": lambda: draw.choice((1, 3, 4) if good and self.proven > 0.5 else (5, 10, 50)),
            "segment_years": lambda: draw.choice((3, 4, 6, 10)) if good else draw.choice((1, 2, 3)),
            "champion_field_years": lambda: draw.choice((4, 5, 9, 10, 15)),
            "development_score": lambda: draw.randrange(50, 80) * 10**4 if good else draw.randrange(30, 60) * 10**4,
            "missed_updates": lambda: draw.choice((0, 0, 0, 0, 1, 2)),
            "digital_level": lambda: draw.choice((1, 2, 2, 3, 4)),
            "local_points": lambda: draw.randrange(0, 16) * 10**4,
        }
        if fact.id in choices:
            return choices[fact.id]()
        if fact.type == "count":
            return draw.choice((1, 2, 4, 8, 8)) if good else draw.choice((0, 0, 1))
        if fact.type == "money":
            return draw.choice((0, 100, 500, 1000, 2000)) * WAN
        if fact.type == "years":
            return draw.choice((1, 2, 3, 5, 10))
        low, high = fact.minimum or 0, fact.maximum or (100 * PERCENT if fact.type == "ratio" else 100 * 10**4)
        return draw.randrange(low, high + 1)


def ask(interview: Interview, sheet: FactSheet, choose: Callable[[Interview], Key | None], hidden: set[Key]) -> int:
    """The number of questions until nothing that could be asked matters."""
    while not interview.settled:
        key = choose(interview)
        if key is None:
            break
        value = None if key in hidden else sheet.get(*key)
        interview.answer_for(key, UNKNOWN if value is None else value)
    return interview.asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enterprises", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--on", type=dt.date.fromisoformat, default=dt.date(2026, 11, 23))
    parser.add_argument("--procedure", choices=("new", "re_review"), default="new")
    parser.add_argument("--schemes", default="ladder")
    parser.add_argument("--unknown", type=int, default=0, help="percent of values that the enterprise does not know")
    options = parser.parse_args()

    law = load()
    judge = Judge(law)
    draw = random.Random(options.seed)
    start = Interview(judge, [options.schemes], options.on, options.procedure)
    form = start.form
    counts: dict[str, list[int]] = {INTERVIEW: [], RELEVANT: [], FILE_ORDER: [], WHOLE_FORM: []}
    outcomes: Counter[tuple[str, str]] = Counter()
    standings: Counter[str] = Counter()
    milliseconds: list[float] = []

    def chosen(interview: Interview) -> Key | None:
        started = time.process_time()
        question = interview.next()
        milliseconds.append((time.process_time() - started) * 1e3)
        return None if question is None else question.key

    for _ in range(options.enterprises):
        enterprise = Enterprise(draw, law.vocabulary, options.on)
        standings[enterprise.standing] += 1
        sheet = enterprise.sheet(list(form))
        hidden = {key for key in form if draw.random() * 100 < options.unknown}
        interview = Interview(judge, [options.schemes], options.on, options.procedure)
        counts[INTERVIEW].append(ask(interview, sheet, chosen, hidden))
        remaining = iter(form)
        plain = Interview(judge, [options.schemes], options.on, options.procedure)
        counts[FILE_ORDER].append(ask(plain, sheet, lambda _, keys=remaining: next(keys, None), hidden))  # type: ignore[misc]
        relevant = Interview(judge, [options.schemes], options.on, options.procedure)
        counts[RELEVANT].append(ask(relevant, sheet, lambda i: i.open_facts()[0], hidden))
        counts[WHOLE_FORM].append(len(form))
        for one, other in zip(interview.answers, plain.answers, strict=True):
            if (one.outcome, one.possible) != (other.outcome, other.possible):
                raise AssertionError(f"{one.scheme.id} differs by the order of questions: {dict(sheet.values)}")
            outcomes[one.scheme.id, str(one.outcome)] += 1
    _report(options, counts, outcomes, standings, milliseconds)


def _report(
    options: argparse.Namespace,
    counts: dict[str, list[int]],
    outcomes: Counter[tuple[str, str]],
    standings: Counter[str],
    milliseconds: list[float],
) -> None:
    print(machine())
    print(
        f"{options.enterprises} enterprises, seed {options.seed}, {options.schemes} on {options.on}, "
        f"procedure {options.procedure}, {options.unknown}% of values unknown"
    )
    print("  " + ", ".join(f"{name} {standings[name]}" for name in STANDINGS))
    for scheme in dict.fromkeys(s for s, _ in outcomes):
        print(f"  {scheme}: " + ", ".join(f"{o} {n}" for (s, o), n in sorted(outcomes.items()) if s == scheme))
    print(f"\n  {'questions':31} {'median':>8} {'mean':>8} {'90th':>8}")
    for name, found in counts.items():
        nearest_rank = sorted(found)[-(-len(found) * 9 // 10) - 1]
        print(f"  {name:31} {statistics.median(found):8.1f} {statistics.mean(found):8.1f} {nearest_rank:8d}")
    print(
        f"\n  CPU time of the next question: median {statistics.median(milliseconds):.1f} ms, "
        f"greatest {max(milliseconds):.1f} ms of {len(milliseconds)}"
    )


if __name__ == "__main__":
    main()
