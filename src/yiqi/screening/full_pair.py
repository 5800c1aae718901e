"""Two versions over a table that has every column: which schemes can differ at all, and what each version asks for.

Whether two rules are the same does not depend on what a table happens to have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from yiqi.screening.causes import Side
from yiqi.screening.pair_query import outcomes_of_both
from yiqi.screening.prepared import Column, column_of_slot
from yiqi.screening.program import Program
from yiqi.screening.terms import Term, Terms
from yiqi.screening.versions import Versions


class FullPair:
    """Both versions of the schemes asked for."""

    def __init__(self, versions: Versions, schemes: Sequence[str]) -> None:
        judges = [versions.before.judge, versions.after.judge]
        self._columns: dict[str, Column] = {}
        for judge in judges:
            for slot in judge.program(versions.on, versions.procedure, tuple(schemes)).compiled.linked.slots:
                fact = judge.law.vocabulary.get(slot.fact)
                if fact is not None and slot.fact != "procedure":
                    column = column_of_slot(fact, slot.index, versions.on)
                    self._columns[column.name] = column
        terms = Terms()
        before, after = (
            Program(judge, versions.on, versions.procedure, schemes, self._columns, terms=terms) for judge in judges
        )
        self._outcomes = {scheme: outcomes_of_both(before, after, scheme)[1:] for scheme in schemes}

    @property
    def differing(self) -> tuple[str, ...]:
        """The schemes of which the versions ask different things."""
        return tuple(scheme for scheme, (before, after) in self._outcomes.items() if before is not after)

    def columns(self, side: Side, schemes: Iterable[str]) -> dict[str, Column]:
        """The columns that the outcomes of a version rest on, by name."""
        place = 0 if side == "before" else 1
        found = {
            str(term.detail[0])
            for term in _all_below(self._outcomes[scheme][place] for scheme in schemes)
            if term.operation in ("known", "fill", "flag", "day")
        }
        return {name: column for name, column in self._columns.items() if name in found}


def _all_below(roots: Iterable[Term]) -> Iterator[Term]:
    """Terms and all that they rest on, each once."""
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        term = waiting.pop()
        if term.number not in seen:
            seen.add(term.number)
            waiting.extend(term.arguments)
            yield term
