"""What a path leads to: a scheme that is answered with yes, or one class of a scheme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from yiqi.judge.evaluate import class_bits
from yiqi.judge.link import Linked, deciding, link
from yiqi.law.diagnostics import nearest
from yiqi.law.tree import Condition, Law, RuleTest, Scheme, Table


class TargetError(ValueError):
    """There is no such target; ``said`` are the targets there are, ``near`` the one that may be meant."""

    def __init__(self, text: str, said: tuple[str, ...]) -> None:
        self.text, self.said = text, said
        self.near = nearest(text, said)
        super().__init__(f"there is no target {text!r}" + (f"; did you mean {self.near!r}?" if self.near else ""))


class NoRuleError(ValueError):
    """No rule decides the scheme on the day; the argument is the scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        super().__init__(f"no rule decides {scheme.id} on this day")


@dataclass(frozen=True)
class Target:
    """A scheme with the rule that decides it on a day; ``classes`` are the classes that will do, None for a yes."""

    scheme: Scheme
    root: str
    linked: Linked
    classes: tuple[str, ...] | None

    @property
    def bits(self) -> int:
        """The classes that will do as bits; 0 for a yes."""
        return class_bits(self.linked, self.classes) if self.classes is not None else 0

    def reached(self, outcome: object) -> bool:
        """Whether an outcome of the judge (2, 1, 0 or possible classes as bits) is the target."""
        if self.classes is None:
            return outcome == 2
        assert isinstance(outcome, int)
        return outcome != 0 and not outcome & ~self.bits


def find_target(law: Law, text: str, on: dt.date, procedure: str) -> Target:
    """The target that a text names: ``ladder.little_giant``, ``digital.level=3``, ``digital.level_3``, ``size.class=small``.

    A class of a ladder of rules (``digital.level``) is reached by the classes above it too, any other class only by
    itself. Raises :class:`TargetError` for a text that names none and :class:`NoRuleError` when no rule counts on the day.
    """
    name, _, wanted = text.partition("=")
    schemes = {s.id: s for s in law.schemes.values() if s.entity == "enterprise"}
    scheme = schemes.get(name.strip())
    if scheme is None and not wanted:
        # `digital.level_3`: the scheme is the part before the class.
        for candidate in schemes.values():
            if name.startswith(candidate.id + "_"):
                scheme, wanted = candidate, name[len(candidate.id) + 1 :]
    if scheme is None:
        raise TargetError(text, tuple(_all_targets(law, on, procedure)))
    version = law.version(scheme.id, procedure, on)
    if version is None:
        raise NoRuleError(scheme)
    linked = deciding(link(law, (version.rule,), on))
    rule = law.rule(version.rule)
    if rule.value == "truth":
        if wanted:
            raise TargetError(text, (scheme.id,))
        return Target(scheme, version.rule, linked, None)
    names = _classes(linked, version.rule)
    chosen = next((n for n in names if n == wanted.strip() or n.rpartition("_")[2] == wanted.strip()), None)
    if rule.value != "class" or chosen is None:
        raise TargetError(text, tuple(f"{scheme.id}={n}" for n in names))
    return Target(scheme, version.rule, linked, (*_better(linked, version.rule, chosen), chosen))


def _all_targets(law: Law, on: dt.date, procedure: str) -> Iterable[str]:
    for scheme in law.schemes.values():
        if scheme.entity != "enterprise":
            continue
        version = law.version(scheme.id, procedure, on)
        if version is None or law.rule(version.rule).value == "truth":
            yield scheme.id
        elif law.rule(version.rule).value == "class":
            linked = deciding(link(law, (version.rule,), on))
            yield from (f"{scheme.id}={name}" for name in _classes(linked, version.rule))


def _classes(linked: Linked, root: str) -> tuple[str, ...]:
    """The classes that the target's rule can give, in the order of the law."""
    return linked.classes if linked.law.rule(root).value == "class" else ()


def _better(linked: Linked, root: str, chosen: str) -> tuple[str, ...]:
    """The classes above one in a table whose rows each ask for a rule of their own (level 4 before level 3)."""
    body = linked.units[root].body
    if not isinstance(body, Table):
        return ()
    above: list[str] = []
    for row in body.rows:
        child = row.child.child if isinstance(row.child, Condition) else row.child
        if row.name == chosen:
            return tuple(above) if isinstance(child, RuleTest) else ()
        if isinstance(child, RuleTest) and row.name is not None:
            above.append(row.name)
    return ()
