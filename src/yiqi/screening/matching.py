"""Which line of one version of a rule is which line of the other.

Lines are paired one to one, the surest pairs first: the same line at the same place; the same line elsewhere (a line that
decides the same for every enterprise is the same line, however it is written); another threshold for the same figure, at
the same place, then elsewhere; another line at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass

from yiqi.law.syntax import CodeIn, Comparison, Expression, Unless, Years
from yiqi.screening.parts import Key, Part

_DIRECTION = {">=": "least", ">": "least", "<=": "most", "<": "most", "=": "exactly"}


def match_lines(before: Mapping[Key, Part], after: Mapping[Key, Part]) -> dict[Key, Key]:
    """For lines of the version before, the line after that takes its place; what has none is left out."""
    pairs: dict[Key, Key] = {}
    left = dict(after)
    said = {part: (part.denied, wording(part)) for part in (*before.values(), *after.values())}
    about = {part: _subject(part) for part in said}

    def settle(likeness: Callable[[Part], Hashable]) -> None:
        waiting: dict[Hashable, list[Key]] = {}
        for key, part in left.items():
            waiting.setdefault(likeness(part), []).append(key)
        for key, part in before.items():
            if key not in pairs and (found := waiting.get(likeness(part))):
                pairs[key] = found.pop(0)
                del left[pairs[key]]

    settle(lambda part: (part.key, said[part]))
    settle(lambda part: (part.truth.sure, part.truth.may) if part.truth.may.constant is None else part)
    settle(lambda part: said[part])
    settle(lambda part: (part.key, about[part]))
    settle(lambda part: about[part])
    settle(lambda part: part.key)
    return pairs


def wording(part: Part) -> Hashable:
    """What a line says, without its place in the file."""
    return shape(part.node.source) if part.node is not None else part.id


def _subject(part: Part) -> Hashable:
    """What a line asks about, without the figure it asks for; the whole line where it is no comparison."""
    source: Expression | None = part.node.source if part.node is not None else None
    while isinstance(source, Unless | Years):
        source = source.operand
    match source:
        case Comparison(left, operator):
            return part.denied, shape(left), _DIRECTION[operator]
        case CodeIn(left):
            return part.denied, shape(left)
        case _:
            return part.denied, wording(part)


def shape(written: object) -> Hashable:
    """An expression, or a tuple of them, without its places in the file; equal where the same is written."""
    if isinstance(written, Iterable) and not isinstance(written, str):
        return tuple(shape(one) for one in written)
    if is_dataclass(written) and not isinstance(written, type):
        named = (shape(getattr(written, f.name)) for f in fields(written))
        return (type(written).__name__, *(n for n, f in zip(named, fields(written), strict=True) if f.name != "span"))
    assert isinstance(written, Hashable)
    return written
