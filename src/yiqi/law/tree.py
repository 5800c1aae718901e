"""The typed tree: what a set of law files means. Everything else in Yiqi is read off it.

Five kinds of value occur: *truth* (yes, no, unknown), *points*, *amount* and *date* (ranges while facts are missing) and
*class* (one name of a fixed list). Comparisons are already multiplied out into whole-number polynomials over facts, so the judge, the SQL
and the path finder decide the same arithmetic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Timing
from yiqi.law.measure import Measure as ReliefMeasure
from yiqi.law.syntax import Comparator, Expression, Reckoning, Span
from yiqi.law.vocabulary import Entity, Vocabulary

ValueKind = Literal["truth", "points", "class", "amount", "date"]
Confidence = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One value a rule can ask for: a fact, in one year when it is per year, moved by a time span when it is a date.

    ``index`` 0 is the last complete fiscal year (or the year of the act for yearly evaluations), -1 the one before.
    The context facts ``procedure`` and ``on`` are slots too.
    """

    fact: str
    index: int | None = None
    shift: int = 0
    shift_unit: str = ""

    def __str__(self) -> str:
        text = self.fact if self.index in (None, 0) else f"{self.fact}[{self.index}]"
        return f"{text} {self.shift:+d} {self.shift_unit}" if self.shift_unit else text


Monomial = tuple[Slot, ...]
Polynomial = tuple[tuple[Monomial, int], ...]
"""Sum of coefficient times product of slots; the empty product is the constant. Slots count in their smallest unit."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a comparison shows as its figure: ``(numerator / denominator) ** (1 / root) - (1 if root > 1)``.

    ``kind`` is ``money`` (value in fen), ``ratio`` (pure number), ``count``, ``years``, ``points``, ``date`` (ordinal
    day), ``days`` or ``rank`` (position in an ordered list).
    """

    kind: str
    numerator: Polynomial
    denominator: Polynomial
    scale: int = 1
    """The value is divided by this, to undo the smallest unit."""
    root: int = 1


@dataclass(frozen=True, slots=True)
class Compare:
    """``polynomial operator 0``, where every guard must be above zero, else the comparison is undefined.

    ``operator`` is one of ``>=``, ``>``, ``=``. ``measure`` and ``bound`` are the two sides as a person reads them.
    """

    guards: tuple[Polynomial, ...]
    polynomial: Polynomial
    operator: Literal[">=", ">", "="]
    measure: Measure
    bound: Measure
    comparator: Comparator
    source: Expression


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes/no fact."""

    slot: Slot
    source: Expression


@dataclass(frozen=True, slots=True)
class Among:
    """A fact that is one of the named values (``negated``: none of them)."""

    slot: Slot
    values: tuple[str, ...]
    negated: bool
    source: Expression


@dataclass(frozen=True, slots=True)
class Contains:
    """A set that has a member. A set that is given is complete."""

    slot: Slot
    member: str
    source: Expression


@dataclass(frozen=True, slots=True)
class Coded:
    """A code that begins with one of the prefixes and with none of the exceptions; a code given less deeply may be unknown."""

    slot: Slot
    prefixes: tuple[str, ...]
    exceptions: tuple[str, ...]
    source: Expression


@dataclass(frozen=True, slots=True)
class PointsTest:
    """A score against a number of points (``threshold`` in 1/10000 point)."""

    score: ScoreNode
    comparator: Comparator
    threshold: int
    source: Expression


@dataclass(frozen=True, slots=True)
class ClassTest:
    """The class that a rule gives is one of the names."""

    rule: str
    names: tuple[str, ...]
    negated: bool
    source: Expression


@dataclass(frozen=True, slots=True)
class RuleTest:
    """Another rule holds. ``original`` inside a local or yearly replacement means the rule that is replaced."""

    rule: str
    original: bool = False
    source: Expression | None = None


@dataclass(frozen=True, slots=True)
class Invert:
    child: TruthNode


@dataclass(frozen=True, slots=True)
class All:
    children: tuple[TruthNode, ...]


@dataclass(frozen=True, slots=True)
class Any:
    children: tuple[TruthNode, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    children: tuple[TruthNode, ...]


@dataclass(frozen=True, slots=True)
class Excused:
    """``child unless exception``: yes when either holds."""

    child: TruthNode
    exception: TruthNode


@dataclass(frozen=True, slots=True)
class Readings:
    """An open question of law: decided only where every reading gives the same answer."""

    names: tuple[str, ...]
    children: tuple[TruthNode, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One line or group of a rule fence: one row of an explanation."""

    id: str
    child: TruthNode
    source: Expression | None
    """The line as written; None for a group."""
    group: str | None
    """``all``, ``any``, ``at_least 2``, ``none`` or ``readings`` for a group."""
    confidence: Confidence
    comment: str | None
    span: Span


TruthNode = (
    Compare | Flag | Among | Contains | Coded | PointsTest | ClassTest | RuleTest | Invert | All | Any | AtLeast | Excused
    | Readings | Condition
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: when it holds it gives ``points`` (1/10000), the class ``name``, the class of rule ``rule`` or what
    ``reckoned`` comes out at."""

    id: str
    child: TruthNode
    """``All(())`` for the row *otherwise*."""
    otherwise: bool
    points: int | None
    name: str | None
    rule: str | None
    cells: tuple[tuple[Expression | None, str], ...]
    span: Span
    reckoned: Reckoned | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """First row that holds decides (``first``), or every row that holds adds (``each``, up to ``maximum``)."""

    mode: Literal["first", "each"]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of scores, up to ``maximum``."""

    children: tuple[ScoreNode, ...]
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Best:
    """The highest of scores."""

    children: tuple[ScoreNode, ...]


@dataclass(frozen=True, slots=True)
class ScoreReadings:
    """An open question of law on points: the range over all readings."""

    children: tuple[ScoreNode, ...]


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """The points, the amount or the date of another rule."""

    rule: str
    original: bool = False


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """Points that are a fact of their own, such as a province's local indicators (``maximum`` in 1/10000 point)."""

    slot: Slot
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class ClassReadings:
    """An open question of law on a class: every class that one of the rules gives is possible."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A polynomial over facts, in its line's own unit (see :class:`Reckoned`)."""

    polynomial: Polynomial


@dataclass(frozen=True, slots=True)
class Lowest:
    children: tuple[ReckonNode, ...]


@dataclass(frozen=True, slots=True)
class Highest:
    children: tuple[ReckonNode, ...]


@dataclass(frozen=True, slots=True)
class Added:
    children: tuple[ReckonNode, ...]


@dataclass(frozen=True, slots=True)
class Multiplied:
    left: ReckonNode
    right: ReckonNode


@dataclass(frozen=True, slots=True)
class Moved:
    """A date moved by as many days, months or years as ``by`` comes out at; backward when it is below zero."""

    date: ReckonNode
    by: ReckonNode
    unit: Literal["days", "months", "years"]


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule of conditions gives: its amount where it holds, 0 where it does not."""

    test: RuleTest
    amount: ScoreRule


ReckonNode = Formula | Lowest | Highest | Added | Multiplied | Moved | Given | ScoreRule


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A line or cell that gives an amount or a date.

    ``child`` comes out in 1/``scale`` fen and is rounded half up to the fen, once; a date is an ordinal day.
    """

    id: str
    child: ReckonNode
    scale: int
    source: Reckoning
    span: Span


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The source says *up to*: from 0 to the amount, as the authority decides."""

    child: AmountNode


@dataclass(frozen=True, slots=True)
class Gathered:
    """Several amounts: their ``sum`` (up to ``maximum`` fen), the ``best`` of them, or ``readings`` of an open question."""

    kind: Literal["sum", "best", "readings"]
    children: tuple[AmountNode, ...]
    maximum: int | None


AmountNode = Reckoned | Table | Gathered | ScoreRule | Ceiling
"""What a rule of an amount or a date means. Amounts are in fen, dates ordinal days; a range with an open end has None."""

ScoreNode = Table | Total | Best | ScoreReadings | ScoreRule | ScoreFact
ClassNode = Table | ClassReadings
Body = TruthNode | ScoreNode | ClassNode | AmountNode

Mark = Literal["rule", "judgement", "procedure", "context"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A heading of a law file with what it means.

    ``id`` is ``instrument#path``; ``children`` are the rules of the headings below it in order, whatever their value.
    """

    id: str
    title: Bilingual
    cite: Bilingual
    prose: Bilingual
    notes: Bilingual
    confidence: Confidence
    mark: Mark
    value: ValueKind | None
    body: Body | None
    combine: str
    children: tuple[str, ...]
    delegated: bool
    replaces: str | None
    maximum: int | None
    level: int
    span: Span
    gives: tuple[str, ...] = ()
    """Of a heading of conditions: the headings below it that say what it gives where it holds, an amount and a date at most."""
    ceiling: bool = False
    """Of an amount: the source says *up to*, and the authority decides."""

    @property
    def instrument(self) -> str:
        return self.id.partition("#")[0]

    @property
    def name(self) -> str:
        return self.id.partition("#")[2]


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case fence, unread: its heading's rule path and its lines."""

    scope: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of a ``procedure`` fence: who must do what within how long of what.

    ``scope`` is the path of its heading, ``text`` what stands behind the step, with the actor.
    """

    scope: str
    process: str
    step: str
    timing: Timing
    actor: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class VersionRow:
    """Which rule decides a scheme, for a procedure, on acts from one day to another (both included)."""

    scheme: str
    procedure: str
    first: dt.date
    last: dt.date | None
    rule: str
    file: str
    span: Span

    def covers(self, procedure: str, on: dt.date) -> bool:
        return self.procedure in ("any", procedure) and self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Instrument:
    """One law file."""

    id: str
    number: str
    title: Bilingual
    cite: Bilingual
    issuer: Bilingual
    issued: dt.date | None
    in_force: dt.date
    until: dt.date | None
    replaces: tuple[str, ...]
    url: str | None
    reviewed: dt.date
    regions: tuple[str, ...]
    """Prefixes of region codes where it applies; empty for the whole country."""
    regions_except: tuple[str, ...]
    confidence: Confidence
    subject: str
    file: str
    rules: Mapping[str, Rule]
    cases: tuple[CaseText, ...]
    duties: tuple[Duty, ...]
    measures: Mapping[str, ReliefMeasure] = field(default_factory=dict)
    """By rule id: the headings that a ``measure`` fence describes."""

    def in_force_on(self, on: dt.date) -> bool:
        return self.in_force <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Scheme:
    """A question that can be asked of an enterprise (``ladder.little_giant``) or of another entity."""

    id: str
    title: Bilingual
    file: str
    entity: Entity = "enterprise"


@dataclass(frozen=True)
class Law:
    """All law files of a folder, checked and typed."""

    vocabulary: Vocabulary
    instruments: Mapping[str, Instrument]
    schemes: Mapping[str, Scheme]
    versions: tuple[VersionRow, ...]
    replacements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Delegated rule id -> ids of the rules that replace it somewhere or for some time."""

    def rule(self, rule_id: str) -> Rule:
        """The rule with a full id. Raises ``KeyError``."""
        return self.instruments[rule_id.partition("#")[0]].rules[rule_id]

    def measure(self, rule_id: str) -> ReliefMeasure | None:
        """What a rule's ``measure`` fence says, or None when it has none."""
        return self.instruments[rule_id.partition("#")[0]].measures.get(rule_id)

    def version(self, scheme: str, procedure: str, on: dt.date) -> VersionRow | None:
        """The row of the version table that decides ``scheme`` on a day, or None when there is no rule then."""
        for row in self.versions:
            if row.scheme == scheme and row.covers(procedure, on):
                return row
        return None


def truth_children(node: TruthNode) -> tuple[TruthNode, ...]:
    """The truth nodes directly below a node (not those of other rules or of scores)."""
    match node:
        case Invert(child) | Condition(child=child):
            return (child,)
        case All(children) | Any(children) | AtLeast(_, children) | Readings(_, children):
            return children
        case Excused(child, exception):
            return (child, exception)
        case _:
            return ()


def score_children(node: ScoreNode) -> tuple[ScoreNode, ...]:
    match node:
        case Total(children, _) | Best(children) | ScoreReadings(children):
            return children
        case _:
            return ()


def amount_children(node: AmountNode) -> tuple[AmountNode, ...]:
    match node:
        case Gathered(children=children):
            return children
        case Ceiling(child):
            return (child,)
        case _:
            return ()


def reckon_children(node: ReckonNode) -> tuple[ReckonNode, ...]:
    match node:
        case Lowest(children) | Highest(children) | Added(children):
            return children
        case Multiplied(left, right) | Moved(left, right):
            return (left, right)
        case Formula() | Given() | ScoreRule():
            return ()


def formulas_of(node: ReckonNode) -> Iterator[Formula]:
    """Every polynomial in a line that gives an amount or a date, in the order written."""
    if isinstance(node, Formula):
        yield node
    for child in reckon_children(node):
        yield from formulas_of(child)


def named_in(node: ReckonNode) -> Iterator[RuleTest | ScoreRule]:
    """Every other rule that a line of an amount or a date names."""
    match node:
        case Given(test, amount):
            yield test
            yield amount
        case ScoreRule():
            yield node
        case _:
            for child in reckon_children(node):
                yield from named_in(child)


def slots_of(node: Body) -> Iterator[Slot]:
    """Every slot a body reads itself (not through other rules), with repetitions, in the order written."""
    match node:
        case Compare(guards, polynomial):
            for poly in (polynomial, *guards, node.measure.numerator, node.bound.numerator):
                for monomial, _ in poly:
                    yield from monomial
        case Flag(slot) | Among(slot) | Contains(slot) | Coded(slot) | ScoreFact(slot):
            yield slot
        case PointsTest(score):
            yield from slots_of(score)
        case Table(rows=rows):
            for row in rows:
                yield from slots_of(row.child)
                if row.reckoned is not None:
                    yield from slots_of(row.reckoned)
        case Reckoned(child=line):
            for formula in formulas_of(line):
                for monomial, _ in formula.polynomial:
                    yield from monomial
        case Gathered() | Ceiling():
            for amount in amount_children(node):
                yield from slots_of(amount)
        case Total() | Best() | ScoreReadings():
            for score in score_children(node):
                yield from slots_of(score)
        case ClassTest() | RuleTest() | ScoreRule() | ClassReadings():
            return
        case _:
            for child in truth_children(node):
                yield from slots_of(child)


def rules_of(node: Body) -> Iterator[RuleTest | ClassTest | ScoreRule | str]:
    """Every reference to another rule in a body, in the order written (a row's class rule as its id)."""
    match node:
        case ClassTest() | RuleTest() | ScoreRule():
            yield node
        case ClassReadings(rules):
            yield from rules
        case PointsTest(score):
            yield from rules_of(score)
        case Table(rows=rows):
            for row in rows:
                yield from rules_of(row.child)
                if row.rule:
                    yield row.rule
                if row.reckoned is not None:
                    yield from named_in(row.reckoned.child)
        case Reckoned(child=line):
            yield from named_in(line)
        case Gathered() | Ceiling():
            for amount in amount_children(node):
                yield from rules_of(amount)
        case Total() | Best() | ScoreReadings():
            for score in score_children(node):
                yield from rules_of(score)
        case Compare() | Flag() | Among() | Contains() | Coded() | ScoreFact():
            return
        case _:
            for child in truth_children(node):
                yield from rules_of(child)


def reference(node: RuleTest | ClassTest | ScoreRule | str) -> str:
    """The id of the rule that a reference names."""
    return node if isinstance(node, str) else node.rule
