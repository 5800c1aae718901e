"""What facts owe each other: no relation that holds is broken, and what moves along with its part is paid once."""

from __future__ import annotations

from yiqi.law.vocabulary import Relation
from yiqi.path.charging import wholes
from yiqi.path.columns import BEYOND, Columns, scale_of
from yiqi.path.levers import Key
from yiqi.path.sums import ExactRow, Sum


class Ties:
    """Adds the rows of the relations to the columns; ``parts`` are the facts that are part of another one."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.parts = wholes(columns.every, columns.relations, columns.vocabulary)
        self._relate()
        self._paid_once()

    def _relate(self) -> None:
        for one, other in self.columns.pairs():
            self._at_most(one, other)
        for relation in self.columns.relations:
            if relation.implies is not None:
                self._implies(relation)

    def _valued(self, key: Key, unit: int) -> Sum | None:
        """A fact as a sum, in ``unit`` smallest units; None while it is missing."""
        lever = self.columns.every.get(key)
        if lever is None or key not in self.columns.leaves:
            value = self.columns.fixed(key)
            return None if value is None else Sum(_near(value, self.columns.vocabulary[key[0]].kind) / unit)
        scale = scale_of(lever)
        if key in self.columns.number:
            sign = -1.0 if lever.sign < 0 else 1.0
            return Sum(self.columns.origin(lever) / unit, {self.columns.number[key]: sign * scale / unit})
        found = Sum()
        for value, column in self.columns.choice[key].items():
            if value is not None:
                found.terms[column] = _near(value, lever.fact.kind) / unit
        return found

    def _at_most(self, one: Key, other: Key) -> None:
        if one not in self.columns.leaves and other not in self.columns.leaves:
            return
        left, right = self.columns.fixed(one), self.columns.fixed(other)
        if left is not None and right is not None and left > right:
            return  # broken already: nothing to keep
        unit = max(scale_of(self.columns.every[k]) for k in (one, other) if k in self.columns.every)
        a, b = self._valued(one, unit), self._valued(other, unit)
        if a is None or b is None:
            return
        if one in self.columns.number or other in self.columns.number:
            self._exact_at_most(one, other)
        row = Sum()
        row.add(b)
        row.add(a, -1.0)
        if other in self.columns.choice and None in self.columns.choice[other]:
            missing = self.columns.choice[other][None]
            row.terms[missing] = row.terms.get(missing, 0.0) + self._most(one) / unit
        if other in self.columns.known and other in self.columns.number:
            # While nothing is assumed of the greater one, the row is loose.
            row.add(Sum(1.0, {self.columns.known[other]: -1.0}), self._most(one) / unit)
        self.columns.milp.row(row.terms, -row.constant)

    def _most(self, key: Key) -> int:
        """The largest amount, whatever its sign, that a fact may be."""
        lever = self.columns.every.get(key)
        if lever is None or key not in self.columns.leaves:
            return abs(_near(self.columns.fixed(key) or 0, self.columns.vocabulary[key[0]].kind))
        if key in self.columns.number:
            return max(abs(end) for end in self.columns.ends(lever))
        return max((abs(_near(v, lever.fact.kind)) for v in self.columns.choice[key] if v is not None), default=0)

    def _exact_at_most(self, one: Key, other: Key) -> None:
        factors: dict[Key, int] = {}
        constant = 0
        for key, factor in ((other, 1), (one, -1)):
            if key in self.columns.number:
                factors[key] = factor
            else:
                value = self.columns.fixed(key)
                if value is None or key in self.columns.leaves:
                    return
                constant += factor * value
        self.columns.exact.append(ExactRow(factors, constant, None))

    def _implies(self, relation: Relation) -> None:
        one, other = (relation.fact, None), (relation.implies or "", None)
        if one not in self.columns.leaves and other not in self.columns.leaves:
            return
        left = self._has(one, relation.value)
        right = self._has(other, relation.reaches)
        if left is None or right is None:
            return
        now_left, now_right = self._has_now(one, relation.value), self._has_now(other, relation.reaches)
        if now_left and now_right is False:
            return  # broken already
        row = Sum()
        row.add(right)
        row.add(left, -1.0)
        if other in self.columns.choice and None in self.columns.choice[other]:
            row.terms[self.columns.choice[other][None]] = row.terms.get(self.columns.choice[other][None], 0.0) + 1.0
        elif other in self.columns.known:
            row.add(Sum(1.0, {self.columns.known[other]: -1.0}))
        self.columns.milp.row(row.terms, -row.constant)

    def _test(self, fact: str, asked: str | int | None, value: int) -> bool:
        kind = self.columns.vocabulary[fact]
        if asked is None:
            return value == 2
        if isinstance(asked, int):
            return value >= asked
        position = kind.member_index(asked)
        return bool(value >> position & 1) if kind.type == "set_of" else value == position

    def _has_now(self, key: Key, asked: str | int | None) -> bool | None:
        value = self.columns.fixed(key)
        if value is None or (self.columns.vocabulary[key[0]].type == "yes_no" and value == 1):
            return None
        return self._test(key[0], asked, value)

    def _has(self, key: Key, asked: str | int | None) -> Sum | None:
        """Whether a fact has a value, as a sum of columns; None where it cannot be said."""
        if key not in self.columns.leaves:
            now = self._has_now(key, asked)
            return None if now is None else Sum(1.0 if now else 0.0)
        if key in self.columns.members:
            lever = self.columns.every[key]
            bit = 1 << lever.fact.member_index(str(asked))
            if (lever.value or 0) & bit:
                return Sum(1.0)
            column = self.columns.members[key].get(bit)
            return Sum(0.0, {} if column is None else {column: 1.0})
        if key in self.columns.choice:
            return Sum(
                0.0,
                {c: 1.0 for v, c in self.columns.choice[key].items() if v is not None and self._test(key[0], asked, v)},
            )
        return None

    def _paid_once(self) -> None:
        """What moves along with a part of it is taken off the cost."""
        for whole, parts in self.parts.items():
            used = [p for p in parts if p in self.columns.leaves]
            if whole not in self.columns.leaves or not used:
                continue
            lever = self.columns.every[whole]
            unit = max(scale_of(self.columns.every[k]) for k in (whole, *used))
            rise = self._rise(whole, unit)
            span = rise.constant + sum(max(0.0, v) * self.columns.milp.upper[c] for c, v in rise.terms.items())
            free = self.columns.milp.column(0, max(0.0, span), whole=False, cost=-self.columns.cost(lever.price * unit))
            chosen = Sum()
            self._no_more(free, rise)
            for part in used:
                other = self._rise(part, unit)
                if len(used) > 1:
                    # One of the parts is gone by.
                    switch = self.columns.milp.column(0, 1)
                    chosen.terms[switch] = 1.0
                    other.add(Sum(span, {switch: -span}))
                self._no_more(free, other)
            if chosen.terms:
                self.columns.milp.row(chosen.terms, 1.0, 1.0)

    def _no_more(self, column: int, total: Sum) -> None:
        row = Sum()
        row.add(total)
        row.add(Sum(0.0, {column: 1.0}), -1.0)
        self.columns.milp.row(row.terms, -row.constant)

    def _rise(self, key: Key, unit: int) -> Sum:
        """By how much a lever moves, in ``unit`` smallest units."""
        lever = self.columns.every[key]
        if key in self.columns.number:
            return Sum(0.0, {self.columns.number[key]: scale_of(lever) / unit})
        now = lever.value or 0
        others = {v: c for v, c in self.columns.choice[key].items() if v is not None and v != lever.value}
        return Sum(0.0, {c: 1.0 if lever.goal is not None else (v - now) / unit for v, c in others.items()})


def _near(value: int, kind: str | None) -> int:
    """A value no further out than ten times as far as any enterprise goes: beyond that all are one.

    HiGHS takes no factor above 1e15. A relation that is broken already has no row, so the order of what is left is kept.
    """
    far = 10 * BEYOND.get(kind or "", 10**12)
    return max(-far, min(far, value))
