"""Turns linked rules into Python source and compiles it once: the fast way to what :mod:`yiqi.judge.evaluate` means.

Two functions are made per unit and per group inside it. ``o…`` gives the outcome alone and stops as soon as it is
decided; ``t…`` evaluates everything and leaves the result of every condition, row and unit in a list, from which
reasons are read.
The source is made from the typed tree only: names in it are numbers, so a law file cannot put code into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from yiqi.judge import ranges
from yiqi.judge.evaluate import (
    class_bits,
    class_extent,
    code_matches,
    decide,
    extent,
    points_test,
    positions,
    under,
)
from yiqi.judge.frame import Frame
from yiqi.judge.link import Linked, Unit
from yiqi.law.tree import (
    Added,
    All,
    Among,
    AmountNode,
    AtLeast,
    Best,
    Ceiling,
    ClassNode,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Formula,
    Gathered,
    Given,
    Highest,
    Invert,
    Lowest,
    Moved,
    Multiplied,
    PointsTest,
    Polynomial,
    Readings,
    Reckoned,
    ReckonNode,
    Row,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
)
from yiqi.law.tree import Any as AnyOf

Outcome = Callable[[Frame], Any]
Trace = Callable[[Frame, list[Any]], Any]


@dataclass(frozen=True)
class Compiled:
    """The functions of a program.

    ``outcome[key](frame)`` is a unit's value; ``trace[key](frame, results)`` fills ``results`` (``size`` times None),
    in which condition, row and unit ids have the positions of ``position``. Frames have ``spare`` extra cells at the
    end, all None, in which values that are asked for repeatedly are kept.
    """

    linked: Linked
    source: str
    outcome: dict[str, Outcome]
    trace: dict[str, Trace]
    position: dict[str, int]
    size: int
    spare: int


class _Writer:
    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.lines: list[str] = []
        self.unit_number = {key: n for n, key in enumerate(linked.units)}
        self.position: dict[str, int] = {}
        self.spare: dict[str, int] = {}
        self.names = 0
        self.reaches: list[Callable[[Frame], ranges.Range]] = []
        """What polynomials come out at while facts are missing; the source calls them by number."""
        self.uses = Counter(t for unit in linked.units.values() for t in set(unit.targets.values()))

    def slot(self, slot: Slot) -> str:
        return f"f[{self.linked.slot_index[slot]}]"

    def place(self, identifier: str) -> int:
        return self.position.setdefault(identifier, len(self.position))

    # -- conditions as expressions ------------------------------------------------------------------------------------

    def compare(self, node: Compare) -> str:
        """One expression: 1 while something is missing or undefined, else 2 or 0."""
        names: dict[Slot, str] = {}
        tests: list[str] = []
        for polynomial in (*node.guards, node.polynomial):
            for monomial, _ in polynomial:
                for slot in monomial:
                    if slot not in names:
                        names[slot] = f"v{len(names)}"
                        tests.append(f"({names[slot]}:={self.slot(slot)}) is None")
        guards = [f"{_sum(g, names)} <= 0" for g in node.guards]
        holds = _test(node, names)
        missing = " or ".join([*tests, *guards])
        unknown = self.partial(node, names) if not node.guards and node.operator != "=" else "1"
        return f"({unknown} if {missing} else (2 if {holds} else 0))"

    def partial(self, node: Compare, names: dict[Slot, str]) -> str:
        """An expression for a sum of single facts while some are missing.

        What is known of it and the bounds outside which a fact is impossible may decide it; ``1`` where they never can.
        """
        if any(len(monomial) > 1 for monomial, _ in node.polynomial):
            return "1"
        body = [f"{name} = {self.slot(slot)}" for slot, name in names.items()]
        decides = False
        for sign, result in ((1, 2), (-1, 0)):
            # The least value of the sum decides a yes, the greatest a no.
            terms: list[str] = []
            needed: list[str] = []
            for monomial, coefficient in node.polynomial:
                if not monomial:
                    terms.append(str(coefficient))
                    continue
                slot = monomial[0]
                fact = self.linked.law.vocabulary.get(slot.fact)
                bounds = (fact.minimum, fact.maximum) if fact is not None and fact.kind else (None, None)
                bound = bounds[0] if (coefficient > 0) == (sign > 0) else bounds[1]
                name = names[slot]
                if bound is None:
                    needed.append(f"{name} is not None")
                    terms.append(f"{coefficient}*{name}")
                else:
                    terms.append(f"{coefficient}*({bound} if {name} is None else {name})")
            if len(needed) == len(names):
                continue  # nothing bounds any of them: only complete facts decide
            test = f"{' + '.join(terms)} {node.operator} 0"
            if len(names) == 1 and decide(node.operator, self._constant(node, names, sign)) != (sign > 0):
                continue
            decides = True
            body.append(f"if {' and '.join([*needed, f'({test})' if sign > 0 else f'not ({test})'])}: return {result}")
        if not decides:
            return "1"
        body.append("return 1")
        return f"{self._function('m', False, body)}(f)"

    def _constant(self, node: Compare, names: dict[Slot, str], sign: int) -> int:
        """The bound of a comparison of one fact while it is missing."""
        (slot,) = names
        fact = self.linked.law.vocabulary[slot.fact]
        total = 0
        for monomial, coefficient in node.polynomial:
            bound = fact.minimum if (coefficient > 0) == (sign > 0) else fact.maximum
            total += coefficient * (bound or 0) if monomial else coefficient
        return total

    def truth(self, node: TruthNode, unit: Unit, trace: bool) -> str:
        """An expression for a node; nodes that combine others become functions of their own."""
        match node:
            case Compare():
                return self.compare(node)
            case Flag(slot):
                return self.slot(slot)
            case Among(slot, values, negated):
                wanted = sorted(positions(self.linked, slot, values))
                yes, no = ("0", "2") if negated else ("2", "0")
                test = f"v0 == {wanted[0]}" if len(wanted) == 1 else f"v0 in {{{', '.join(map(str, wanted))}}}"
                return f"(1 if (v0:={self.slot(slot)}) is None else ({yes} if {test} else {no}))"
            case Contains(slot, member):
                bit = 1 << self.linked.law.vocabulary[slot.fact].member_index(member)
                return f"(1 if (v0:={self.slot(slot)}) is None else (2 if v0 & {bit} else 0))"
            case Coded(slot, prefixes, exceptions):
                if exceptions:
                    return f"code_matches({self.slot(slot)}, {prefixes!r}, {exceptions!r})"
                # Most codes are at least as deep as the prefix, so the common case is one call.
                deep = f"(under(v0, {prefixes!r}) if len(v0) < {max(map(len, prefixes))} else 0)"
                return f"(1 if (v0:={self.slot(slot)}) is None else 2 if v0.startswith({prefixes!r}) else {deep})"
            case PointsTest(score, comparator, threshold):
                return f"points_test({self.points(score, unit, trace)}, {comparator!r}, {threshold})"
            case ClassTest(_, names, negated):
                call = self.call(self.linked.target(unit, node), trace)
                wanted_bits = class_bits(self.linked, names)
                yes, no = ("0", "2") if negated else ("2", "0")
                return f"({yes} if not (v0:={call}) & ~{wanted_bits} else {no} if not v0 & {wanted_bits} else 1)"
            case RuleTest():
                return self.call(self.linked.target(unit, node), trace)
            case Invert(child):
                return f"(2 - {self.truth(child, unit, trace)})"
            case Condition():
                return self.condition(node, unit, trace)
            case _:
                return self.group(node, unit, trace)

    def condition(self, node: Condition, unit: Unit, trace: bool) -> str:
        unconfirmed = node.confidence == "C"
        if not trace:
            return "1" if unconfirmed else self.truth(node.child, unit, trace)
        place = self.place(node.id)
        inner = self.truth(node.child, unit, trace)
        name = self._function("c", trace, [f"o[{place}] = c = {inner}", "return 1" if unconfirmed else "return c"])
        return f"{name}(f, o)"

    def group(self, node: TruthNode, unit: Unit, trace: bool) -> str:
        match node:
            case All(children) | AnyOf(children):
                if not children:
                    return "2" if isinstance(node, All) else "0"
                if len(children) == 1:
                    return self.truth(children[0], unit, trace)
                every = isinstance(node, All)
                body = [f"r = {2 if every else 0}"]
                for child in children:
                    body.append(f"c = {self.truth(child, unit, trace)}")
                    if not trace:
                        body.append(f"if c == {0 if every else 2}: return {0 if every else 2}")
                    body.append(f"if c {'<' if every else '>'} r: r = c")
                body.append("return r")
            case AtLeast(count, children):
                body = ["sure = may = 0"]
                for child in children:
                    body += [f"c = {self.truth(child, unit, trace)}", "sure += c == 2", "may += c > 0"]
                body.append(f"return 2 if sure >= {count} else 0 if may < {count} else 1")
            case Excused(child, exception):
                # The exception is looked at first: where it holds nothing else has to be known.
                body = [f"e = {self.truth(exception, unit, trace)}"]
                if not trace:
                    body.append("if e == 2: return 2")
                body += [f"c = {self.truth(child, unit, trace)}", "return c if c > e else e"]
            case Readings(_, children):
                body = [f"r = {self.truth(children[0], unit, trace)}", "same = True"]
                for child in children[1:]:
                    body += [f"c = {self.truth(child, unit, trace)}", "same = same and c == r"]
                body.append("return r if same else 1")
            case _:
                raise TypeError(f"no code for {type(node).__name__}")
        name = self._function("g", trace, body)
        return f"{name}(f, o)" if trace else f"{name}(f)"

    def _function(self, kind: str, trace: bool, body: list[str]) -> str:
        self.names += 1
        name = f"{'t' if trace else 'o'}{kind}{self.names}"
        self.lines.append(f"def {name}(f{', o' if trace else ''}):")
        self.lines.extend(f"    {line}" for line in body)
        return name

    # -- points and classes -------------------------------------------------------------------------------------------

    def points(self, node: ScoreNode, unit: Unit, trace: bool) -> str:
        body: list[str]
        match node:
            case Table():
                if unit.rule.confidence == "C":
                    if trace:
                        self._table(node, unit, trace)
                    return repr(extent(node, self.linked, unit))
                return self._table(node, unit, trace)
            case Total(children, maximum):
                body = ["low = high = 0"]
                for child in children:
                    body += [f"a, b = {self.points(child, unit, trace)}", "low += a; high += b"]
                if maximum is not None:
                    body += [
                        f"if high > {maximum}:",
                        f"    high = {maximum}",
                        f"    if low > {maximum}: low = {maximum}",
                    ]
                body.append("return low, high")
            case Best(children):
                body = [f"low, high = {self.points(children[0], unit, trace)}"]
                for child in children[1:]:
                    body += [
                        f"a, b = {self.points(child, unit, trace)}",
                        "if a > low: low = a",
                        "if b > high: high = b",
                    ]
                body.append("return low, high")
            case ScoreReadings(children):
                body = [f"low, high = {self.points(children[0], unit, trace)}"]
                for child in children[1:]:
                    body += [
                        f"a, b = {self.points(child, unit, trace)}",
                        "if a < low: low = a",
                        "if b > high: high = b",
                    ]
                body.append("return low, high")
            case ScoreRule():
                return self.call(self.linked.target(unit, node), trace)
            case ScoreFact(slot, minimum, maximum):
                return f"(({minimum}, {maximum}) if (v0:={self.slot(slot)}) is None else (v0, v0))"
            case _:
                assert_never(node)
        name = self._function("s", trace, body)
        return f"{name}(f, o)" if trace else f"{name}(f)"

    def _table(self, node: Table, unit: Unit, trace: bool) -> str:
        each = node.mode == "each"
        if (plain := self._bands(node)) is not None:
            name = self._function("b", trace, plain)
            return f"{name}(f, o)" if trace else f"{name}(f)"
        body = ["low = high = 0"] if each else [f"low = {1 << 62}", f"high = {-(1 << 62)}"]
        for row in node.rows:
            points = row.points or 0
            held = self.truth(row.child, unit, trace)
            if each:
                assign = f"o[{self.place(row.id)}] = c = {held}" if trace else f"c = {held}"
                body += [assign, "if c:", f"    high += {points}", f"    if c == 2: low += {points}"]
                continue
            body += [
                f"c = {held}",
                "if c:",
                f"    if {points} < low: low = {points}",
                f"    if {points} > high: high = {points}",
                "    if c == 2: return low, high",
            ]
        if each and node.maximum is not None:
            body += [
                f"if high > {node.maximum}:",
                f"    high = {node.maximum}",
                f"    if low > {node.maximum}: low = {node.maximum}",
            ]
        body.append("return low, high")
        name = self._function("p", trace, body)
        return f"{name}(f, o)" if trace else f"{name}(f)"

    def _bands(self, node: Table) -> list[str] | None:
        """A table of bands of one figure: either everything it needs is known, or every row is open.

        None for any other table.
        """
        tests = [row.child for row in node.rows[:-1]]
        compares = [test for test in tests if isinstance(test, Compare)]
        if node.mode == "each" or not compares or len(compares) != len(tests) or not node.rows[-1].otherwise:
            return None
        names: dict[Slot, str] = {}
        needed: list[str] = []
        for monomial, _ in (m for g in (*compares[0].guards, compares[0].polynomial) for m in g):
            for slot in monomial:
                if slot not in names:
                    names[slot] = f"v{len(names)}"
                    needed.append(f"({names[slot]}:={self.slot(slot)}) is None")
        for compare in compares:
            used = {slot for part in (*compare.guards, compare.polynomial) for monomial, _ in part for slot in monomial}
            same = compare.guards == compares[0].guards and used == set(names)
            if not same or (not compare.guards and compare.operator != "=" and self.partial(compare, names) != "1"):
                return None
        points = [row.points or 0 for row in node.rows]
        guards = [f"{_sum(g, names)} <= 0" for g in compares[0].guards]
        body = [f"if {' or '.join([*needed, *guards])}: return {(min(points), max(points))}"]
        for compare, given in zip(compares, points, strict=False):
            body.append(f"if {_test(compare, names)}: return {(given, given)}")
        body.append(f"return {(points[-1], points[-1])}")
        return body

    # -- amounts and dates --------------------------------------------------------------------------------------------

    def amount(self, node: AmountNode, unit: Unit, trace: bool) -> str:
        """An expression for a pair of ends."""
        match node:
            case Reckoned(child=Formula(polynomial), scale=scale):
                return self.formula(polynomial, scale)
            case Reckoned(child=child, scale=scale):
                inner = self.reckon(child, unit, trace)
                return inner if scale == 1 else f"rounded({inner}, {scale})"
            case Table(mode, _, rows, _):
                body = ["found = []"]
                for row in rows:
                    held = self.truth(row.child, unit, trace)
                    kept = f"o[{self.place(row.id)}] = " if trace and mode == "each" else ""
                    body.append(f"{kept}c = {held}")
                    value = self.row_amount(row, unit, trace)
                    if mode == "each":
                        body.append(f"if c: found.append(given(c, {value}))")
                    else:
                        body += ["if c:", f"    found.append({value})", "    if c == 2: return hull_of(found)"]
                body.append(f"return {'added' if mode == 'each' else 'hull_of'}(found)")
                name = self._function("a", trace, body)
                return f"{name}(f, o)" if trace else f"{name}(f)"
            case Gathered(kind, children, maximum):
                parts = ", ".join(self.amount(c, unit, trace) for c in children)
                word = {"sum": "added", "best": "highest", "readings": "hull_of"}[kind]
                together = f"{word}(({parts},))"
                return together if maximum is None else f"capped({together}, {maximum})"
            case ScoreRule():
                return self.call(self.linked.target(unit, node), trace)
            case Ceiling(child):
                return f"at_most({self.amount(child, unit, trace)})"
            case _:
                assert_never(node)

    def row_amount(self, row: Row, unit: Unit, trace: bool) -> str:
        if row.reckoned is None:
            raise AssertionError("a row of a table of amounts gives one")
        return self.amount(row.reckoned, unit, trace)

    def reckon(self, node: ReckonNode, unit: Unit, trace: bool) -> str:
        match node:
            case Formula(polynomial):
                return self.formula(polynomial, 1)
            case Lowest(children) | Highest(children) | Added(children):
                word = "lowest" if isinstance(node, Lowest) else "highest" if isinstance(node, Highest) else "added"
                return f"{word}(({', '.join(self.reckon(c, unit, trace) for c in children)},))"
            case Multiplied(left, right):
                return f"multiplied({self.reckon(left, unit, trace)}, {self.reckon(right, unit, trace)})"
            case Moved(date, by, span):
                return f"moved({self.reckon(date, unit, trace)}, {self.reckon(by, unit, trace)}, {span!r})"
            case Given(test, amount):
                return f"given({self.truth(test, unit, trace)}, {self.amount(amount, unit, trace)})"
            case ScoreRule():
                return self.amount(node, unit, trace)
            case _:
                assert_never(node)

    def formula(self, polynomial: Polynomial, scale: int) -> str:
        """A polynomial, rounded from 1/``scale``: one sum where everything is known."""
        names: dict[Slot, str] = {}
        tests: list[str] = []
        for monomial, _ in polynomial:
            for slot in monomial:
                if slot not in names:
                    names[slot] = f"v{len(names)}"
                    tests.append(f"({names[slot]}:={self.slot(slot)}) is None")
        total = _sum(polynomial, names)
        if scale != 1:
            total = f"(2*({total}) + {scale}) // {2 * scale}"
        body = []
        if tests:
            index, vocabulary = self.linked.slot_index, self.linked.law.vocabulary

            def missing(frame: Frame) -> ranges.Range:
                return ranges.rounded(ranges.reach(polynomial, lambda s: frame[index[s]], vocabulary), scale)

            body.append(f"if {' or '.join(tests)}: return reaches[{len(self.reaches)}](f)")
            self.reaches.append(missing)
        body += [f"r = {total}", "return r, r"]
        return f"{self._function('q', False, body)}(f)"

    def _classes(self, node: ClassNode, unit: Unit, trace: bool) -> str:
        if isinstance(node, ClassReadings):
            return f"({' | '.join(self.call(self.linked.target(unit, r), trace) for r in node.rules)})"
        if unit.rule.confidence == "C":
            return str(class_extent(node, self.linked, unit))
        body = ["possible = 0"]
        for row in node.rows:
            value = (
                self.call(self.linked.target(unit, row.rule), trace)
                if row.rule is not None
                else str(class_bits(self.linked, (row.name or "",)))
            )
            body += [
                f"c = {self.truth(row.child, unit, trace)}",
                "if c:",
                f"    possible |= {value}",
                "    if c == 2: return possible",
            ]
        body.append("return possible")
        name = self._function("k", trace, body)
        return f"{name}(f, o)" if trace else f"{name}(f)"

    # -- units --------------------------------------------------------------------------------------------------------

    def call(self, key: str, trace: bool) -> str:
        number = self.unit_number[key]
        return f"tu{number}(f, o)" if trace else f"ou{number}(f)"

    def unit(self, unit: Unit, trace: bool) -> None:
        number = self.unit_number[unit.key]
        if unit.choice:
            value = self._choice(unit, trace)
        elif unit.rule.value == "points":
            value = self.points(unit.score, unit, trace)
        elif unit.rule.value == "class":
            value = self._classes(unit.classes, unit, trace)
        elif unit.rule.value in ("amount", "date"):
            value = "(None, None)" if unit.rule.confidence == "C" else self.amount(unit.amount, unit, trace)
        else:
            value = self.truth(unit.truth, unit, trace)
        if trace:
            place = self.place(unit.key)
            self.lines += [
                f"def tu{number}(f, o):",
                f"    c = o[{place}]",
                "    if c is None:",
                f"        o[{place}] = c = {value}",
                "    return c",
            ]
        elif unit.rule.value == "truth" and self.uses[unit.key] < 2:
            self.lines += [f"def ou{number}(f):", f"    return {value}"]
        else:
            cell = len(self.linked.slots) + self.spare.setdefault(unit.key, len(self.spare))
            self.lines += [
                f"def ou{number}(f):",
                f"    c = f[{cell}]",
                "    if c is None:",
                f"        f[{cell}] = c = {value}",
                "    return c",
            ]

    def _choice(self, unit: Unit, trace: bool) -> str:
        kind = unit.rule.value
        body = ["found = []"]
        for alternative in unit.choice:
            held = (
                f"code_matches({self.slot(Slot('region'))}, {alternative.regions!r}, {alternative.exceptions!r})"
                if alternative.regions
                else "2"
            )
            body += [
                f"c = {held}",
                "if c:",
                f"    found.append({self.call(alternative.key, trace)})",
                f"    if c == 2: return hull({kind!r}, found)",
            ]
        body.append(f"return hull({kind!r}, found)")
        name = self._function("r", trace, body)
        return f"{name}(f, o)" if trace else f"{name}(f)"


def _sum(polynomial: Polynomial, names: dict[Slot, str]) -> str:
    parts: list[str] = []
    for monomial, coefficient in polynomial:
        factors = [names[slot] for slot in monomial]
        if coefficient == 1 and factors:
            parts.append("*".join(factors))
        elif coefficient == -1 and factors:
            parts.append("-" + "*".join(factors))
        else:
            parts.append("*".join([str(coefficient), *factors]))
    return " + ".join(parts).replace("+ -", "- ") or "0"


def _test(node: Compare, names: dict[Slot, str]) -> str:
    operator = "==" if node.operator == "=" else node.operator
    # `x - 5 >= 0` is written `x >= 5`: one operation less.
    constant = sum(c for m, c in node.polynomial if not m)
    rest = tuple((m, c) for m, c in node.polynomial if m)
    if len(rest) == 1 and abs(rest[0][1]) == 1:
        name = "*".join(names[s] for s in rest[0][0])
        if rest[0][1] == 1:
            return f"{name} {operator} {-constant}"
        return f"{name} {'<=' if operator == '>=' else '<' if operator == '>' else '=='} {constant}"
    return f"{_sum(rest, names)} {operator} {-constant}"


def compile_rules(linked: Linked) -> Compiled:
    """Make and compile the functions of a linked set."""
    from yiqi.judge.evaluate import hull

    writer = _Writer(linked)
    for trace in (False, True):
        for unit in linked.units.values():
            if unit.body is not None or unit.choice:
                writer.unit(unit, trace)
    source = "\n".join(writer.lines)

    namespace: dict[str, Any] = {
        "code_matches": code_matches,
        "under": under,
        "points_test": points_test,
        "hull": hull,
        "hull_of": ranges.hull,
        "reaches": writer.reaches,
        **{
            function.__name__: function
            for function in (
                ranges.added,
                ranges.at_most,
                ranges.capped,
                ranges.given,
                ranges.highest,
                ranges.lowest,
                ranges.moved,
                ranges.multiplied,
                ranges.rounded,
            )
        },
    }
    exec(compile(source, f"<law on {linked.on}>", "exec"), namespace)
    outcomes = {k: namespace[f"ou{n}"] for k, n in writer.unit_number.items() if f"ou{n}" in namespace}
    traces = {k: namespace[f"tu{n}"] for k, n in writer.unit_number.items() if f"tu{n}" in namespace}
    return Compiled(linked, source, outcomes, traces, writer.position, len(writer.position), len(writer.spare))
