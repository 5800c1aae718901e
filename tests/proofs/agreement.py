"""Where the three ways to an answer differ: the reference, the compiled outcome, the compiled trace."""

from __future__ import annotations

from yiqi.judge.cases import conditions
from yiqi.judge.compile import Compiled
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame
from yiqi.law.tree import Table


def disagreements(program: Compiled, frame: Frame) -> list[str]:
    """What the compiled functions say otherwise than the reference, for every unit, condition and counted row.

    ``frame`` has the program's spare cells at its end, all None.
    """
    linked = program.linked
    reference = Evaluation(linked, frame)
    found: list[str] = []
    shared = frame.copy()
    for key in program.outcome:
        expected = reference.unit(key)
        for way, result in (
            ("outcome", program.outcome[key](frame.copy())),
            ("kept outcome", program.outcome[key](shared)),
        ):
            if result != expected:
                found.append(f"{key}: {way} {result}, reference {expected}")
    for root in program.trace:
        results: list[object] = [None] * program.size
        program.trace[root](frame.copy(), results)
        if results[program.position[root]] != reference.unit(root):
            found.append(f"{root}: trace {results[program.position[root]]}, reference {reference.unit(root)}")
        if root in linked.roots:
            found += _inside(program, reference, results)
    return found


def _inside(program: Compiled, reference: Evaluation, results: list[object]) -> list[str]:
    """Every condition and row that the trace of a root has reached."""
    found: list[str] = []
    for key, unit in program.linked.units.items():
        reached = results[program.position[key]]
        if reached is not None and reached != reference.unit(key):
            found.append(f"{key}: within a trace {reached}, reference {reference.unit(key)}")
        if unit.body is None:
            continue
        expected = {}
        if unit.rule.value == "truth":
            expected = {c.id: reference.truth(c.child, unit) for c in conditions(unit.truth)}
        elif isinstance(unit.body, Table) and unit.body.mode == "each":
            expected = {row.id: reference.truth(row.child, unit) for row in unit.body.rows}
        for identifier, outcome in expected.items():
            traced = results[program.position[identifier]]
            if traced is not None and traced != outcome:
                found.append(f"{identifier}: trace {traced}, reference {outcome}")
            if traced is None and reached is not None:
                found.append(f"{identifier}: its heading is traced, it is not")
    return found
