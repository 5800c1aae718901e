"""Mutants that mean the same as the law, each listed with the reason: ``law/equivalent_mutants.yaml``.

.. code-block:: yaml

    - because: {en: catering has the same bounds, zh: 餐饮业界限相同}
      mutants:
        - "miit-2011-300#class/10: miit-2011-300#accommodation → miit-2011-300#catering"

A survivor is never passed over because of its kind: it stands here by its id, or it counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml

FILE = "equivalent_mutants.yaml"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One listed mutant."""

    mutant: str
    because: Bilingual
    place: Place


def read_equivalents(folder: Path) -> dict[str, Equivalent]:
    """The listed mutants of a folder of law files by id; none when there is no list.

    Raises :class:`DiagnosticError` with every problem of the list.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    root, diagnostics = read_located_yaml(path.read_text(encoding="utf-8"), FILE)
    found: dict[str, Equivalent] = {}
    for entry in _items(root, diagnostics):
        because = _reason(entry, diagnostics)
        for mutant in _items(_part(entry, "mutants", diagnostics), diagnostics):
            if not isinstance(mutant, Text):
                _problem(diagnostics, mutant.place, "a mutant is named by its id", "应填写变异的标识")
            elif mutant.text in found:
                _problem(diagnostics, mutant.place, "this mutant is listed twice", "该变异重复列出")
            else:
                found[mutant.text] = Equivalent(mutant.text, because, mutant.place)
    if diagnostics:
        raise DiagnosticError(diagnostics)
    return found


def _problem(diagnostics: list[Diagnostic], place: Place, en: str, zh: str) -> None:
    diagnostics.append(Diagnostic("error", "equivalent-mutants", Bilingual(en, zh), place))


def _items(node: Node | None, diagnostics: list[Diagnostic]) -> Iterator[Node]:
    if isinstance(node, Items):
        yield from node.items
    elif node is not None:
        _problem(diagnostics, node.place, "a list is expected here", "此处应为列表")


def _part(entry: Node, key: str, diagnostics: list[Diagnostic]) -> Node | None:
    if not isinstance(entry, Entries) or {name.text for name, _ in entry} != {"because", "mutants"}:
        _problem(diagnostics, entry.place, "an entry has `because` and `mutants`", "每一项应有because和mutants")
        return None
    return entry.get(key)


def _reason(entry: Node, diagnostics: list[Diagnostic]) -> Bilingual:
    node = _part(entry, "because", [])
    texts = (
        {name.text: value.text for name, value in node if isinstance(value, Text)} if isinstance(node, Entries) else {}
    )
    if set(texts) != {"en", "zh"} or not all(texts.values()):
        _problem(diagnostics, entry.place, "`because` says why, as {en: …, zh: …}", "because应写明理由：{en: …, zh: …}")
        return Bilingual("", "")
    return Bilingual(texts["en"], texts["zh"])
