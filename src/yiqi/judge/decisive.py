"""What decides an outcome: the parts of a reason that had to be as they are.

A *no* of "all of" comes from each part that fails, a *no* of "any of" from all of its parts together; what stands under
an "any of" that holds, or in a branch for the other procedure, decides nothing and is left out.
"""

from __future__ import annotations

from yiqi.judge.evaluate import code_matches
from yiqi.judge.link import Unit
from yiqi.judge.reasons import Outline, Reason
from yiqi.law.tree import All, Among, Condition, Invert, Slot, TruthNode
from yiqi.law.tree import Any as AnyOf


def counted(reason: Reason) -> int:
    """The outcome with which a condition enters its heading: unknown when its source is unconfirmed."""
    outline = reason.outline
    if outline.kind in ("condition", "group") and outline.confidence == "C":
        return 1
    value: int = reason.value
    return value


def inverted(reason: Reason) -> bool:
    """Whether the line asks that another rule does *not* hold."""
    node = reason.outline.node
    return node is not None and isinstance(node.child, Invert)


def for_other_procedure(reason: Reason) -> bool:
    """Whether a line or group is written for the other procedure only, so that it cannot hold in this one."""
    node = reason.outline.node
    return node is not None and reason.value == 0 and _closed(node.child, reason)


def _closed(node: TruthNode, reason: Reason) -> bool:
    unit: Unit = reason.outline.unit
    match node:
        case Among(slot) if slot.fact == "procedure":
            return reason.run.evaluation.truth(node, unit) == 0
        case Condition(child=child):
            return _closed(child, reason)
        case All(children):
            return any(_closed(child, reason) for child in children)
        case AnyOf(children):
            return bool(children) and all(_closed(child, reason) for child in children)
        case _:
            return False


def parts_that_count(reason: Reason) -> tuple[Reason, ...]:
    """The parts below a condition or heading; of local files that replace each other, those the region leaves possible.

    A rule that is replaced is evaluated too where the local file builds on it, but it counts only as a part of that file.
    """
    outline = reason.outline
    if len(outline.unit.choice) < 2 or outline.id != outline.unit.rule.id or outline.kind != "rule":
        return reason.children
    region = reason.run.evaluation.value(Slot("region"))
    possible: list[Outline] = []
    for alternative, part in zip(outline.unit.choice, outline.children, strict=True):
        held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
        if held:
            possible.append(part)
        if held == 2:
            break
    return tuple(child for child in reason.children if any(child.outline is part for part in possible))


def decisive(reason: Reason) -> tuple[Reason, ...]:
    """The parts directly below a condition or heading that decide its outcome; empty for one that decides by itself."""
    parts = [child for child in parts_that_count(reason) if child.outline.value == "truth"]
    outline = reason.outline
    if outline.threshold is not None or outline.combine == "each":
        return ()
    value: int = reason.value
    if outline.kind == "condition":
        wanted = 2 - value if inverted(reason) else value
        return tuple(child for child in parts if child.value == wanted)
    match outline.combine.partition(" ")[0]:
        case "any":
            if value == 0:
                here = [child for child in parts if not for_other_procedure(child)]
                return tuple(here or parts)
            return tuple(child for child in parts if counted(child) == value)
        case "none":
            if value == 2:
                return tuple(parts)
            return tuple(child for child in parts if counted(child) == (2 if value == 0 else 1))
        case "readings" | "by_region":
            return tuple(parts)
        case _:
            return tuple(child for child in parts if counted(child) == value)
