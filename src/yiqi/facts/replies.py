"""A reply to one question about one fact, read as a fact sheet would read it, and checked against what is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.facts.interpret import Interpreter, is_unknown
from yiqi.facts.keys import normal
from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet, Value
from yiqi.facts.statement import Statement, Written
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.vocabulary import Fact, Vocabulary

DO_NOT_KNOW = ("不知道", "don't know", "dont know", "i don't know")
"""How people say it, beside what a fact sheet reads as unknown (also nothing at all, ``unknown``, ``不清楚``)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply says: a value, or that it is not known, or (``value`` None and not ``unknown``) nothing usable.

    Errors make a reply unusable; warnings are for a person to look at.
    """

    value: Value | None
    unknown: bool
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def usable(self) -> bool:
        return self.unknown or self.value is not None


def read_reply(text: str, fact: Fact, year: int | None, sheet: FactSheet, vocabulary: Vocabulary, on: dt.date) -> Reply:
    """Read a reply. What contradicts the facts of ``sheet`` or cannot be true on ``on`` is an error, as in a sheet."""
    written: Written = text.strip()
    if is_unknown(text) or normal(text).rstrip(".。") in DO_NOT_KNOW:
        return Reply(None, unknown=True)
    if fact.type == "set_of" and text.strip().startswith("[") and text.strip().endswith("]"):
        # As in YAML. Empty brackets are the empty set, which the interpreter knows as a text.
        words = tuple(w.strip() for w in text.strip()[1:-1].split(",") if w.strip())
        written = words or "[]"
    interpreter = Interpreter()
    value = interpreter.value(Statement(fact, year, written, Place("")))
    if value is None:
        return Reply(None, unknown=False, diagnostics=tuple(interpreter.diagnostics))
    # What was wrong before this reply is not the reply's fault.
    before = {(d.code, d.message.en) for d in plausibility_problems(sheet, vocabulary, on)}
    after = sheet.with_values({fact.id: value if year is None else {year: value}})
    problems = [d for d in plausibility_problems(after, vocabulary, on) if (d.code, d.message.en) not in before]
    diagnostics = (*interpreter.diagnostics, *problems)
    failed = any(d.severity == "error" for d in diagnostics)
    return Reply(None if failed else value, unknown=False, diagnostics=diagnostics)
