"""What changes cost together: what moves along with a part of it is paid once.

Main-business revenue is part of operating revenue: who wins two million of it has won two million of both, and pays for
them once. A relation ``fact <= at_most`` says so where it is an error to break it, or where both are counts (a patent that is
in use is a patent); that R&D expense hardly ever exceeds revenue (a warning, of money) does not make it a part. A yes
that follows from another yes (a quality certificate is a management certificate) costs nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from yiqi.law.vocabulary import Relation, Vocabulary
from yiqi.path.levers import Key, Lever


def is_part(relation: Relation, vocabulary: Vocabulary) -> bool:
    """Whether what is more of a relation's fact is as much more of the other one."""
    if relation.at_most is not None:
        return relation.severity == "error" or vocabulary[relation.fact].kind == "count"
    return relation.implies is not None and relation.value is None and relation.reaches is None


def wholes(
    levers: Mapping[Key, Lever], relations: Iterable[Relation], vocabulary: Vocabulary
) -> dict[Key, tuple[Key, ...]]:
    """The levers that are changed upward (or to a yes), each with those that are part of it."""
    found: dict[Key, list[Key]] = {}
    for relation in relations:
        if not is_part(relation, vocabulary):
            continue
        other = relation.at_most or relation.implies or ""
        for key, lever in levers.items():
            whole = (other, key[1])
            if key[0] == relation.fact and whole in levers and _rises(lever) and _rises(levers[whole]):
                found.setdefault(whole, []).append(key)
    return {whole: tuple(dict.fromkeys(parts)) for whole, parts in found.items()}


def charges(
    moved: Mapping[Key, int], levers: Mapping[Key, Lever], parts: Mapping[Key, tuple[Key, ...]]
) -> dict[Key, Fraction]:
    """What each change costs in fen, given all of them."""
    found: dict[Key, Fraction] = {}
    for key, value in moved.items():
        lever = levers[key]
        cost = lever.cost(value)
        along = max((_rise(levers[p], moved[p]) for p in parts.get(key, ()) if p in moved), default=0)
        if along and cost:
            cost -= lever.price * min(_rise(lever, value), along)
        found[key] = cost
    return found


def _rises(lever: Lever) -> bool:
    if lever.kind != "change" or lever.is_set:
        return False
    return lever.sign > 0 if lever.goal is None else lever.fact.type == "yes_no" and lever.goal > (lever.value or 0)


def _rise(lever: Lever, value: int) -> int:
    """By how much a lever is moved: units of a number, 1 for a yes."""
    return 1 if lever.goal is not None else value - (lever.value or 0)
