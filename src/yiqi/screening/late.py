"""Bits that only few rows need: SQL over the columns of a query below, so that it can stand in a CASE.

DuckDB computes the branch of a CASE for the rows that take it and no others. What such a branch rests on must be a column
below it; the rest is written out here.
"""

from __future__ import annotations

from yiqi.screening.layers import Output
from yiqi.screening.quoting import identifier
from yiqi.screening.terms import Term, factor_of


class LateBits:
    """Writes terms over *inputs*: terms that the query below hands out as columns."""

    def __init__(self) -> None:
        self._inputs: dict[int, Term] = {}
        self._used: dict[int, Term] = {}

    def rest_on(self, *terms: Term) -> None:
        """Take terms as inputs. What is turned round is taken as what it turns round, what is multiplied as what it is
        a multiple of."""
        for term in terms:
            base, _ = factor_of(term)
            base = base.arguments[0] if base.operation == "not" else base
            if base.constant is None:
                self._inputs[base.number] = base

    def write(self, term: Term) -> str:
        """SQL for a term that rests on inputs. Raises ``ValueError`` for one that does not."""
        if term.number in self._inputs:
            self._used[term.number] = term
            return identifier(_name(term))
        match term.operation:
            case "constant":
                return str(term.low)
            case "not":
                return f"(1 - {self.write(term.arguments[0])})"
            case "and":
                return f"({' & '.join(self.write(a) for a in term.arguments)})"
            case "or":
                return f"({' | '.join(self.write(a) for a in term.arguments)})"
            case "multiply" if term.arguments[1].constant is not None:
                return f"(CAST({self.write(term.arguments[0])} AS BIGINT) * {term.arguments[1].constant})"
            case "compare":
                left, right = (self.write(a) for a in term.arguments)
                return f"CAST({left} {term.detail[0]} {right} AS UTINYINT)"
            case operation:
                raise ValueError(f"a term of the kind {operation!r} is no input")

    def outputs(self) -> list[Output]:
        """What the query below must hand out for all that was written."""
        return [Output(_name(term), term) for _, term in sorted(self._used.items())]


def _name(term: Term) -> str:
    return f"t{term.number}"
