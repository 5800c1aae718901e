"""What no text settles about late interest, as named readings with a default; an answer shows what another would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from yiqi.arrears.error import ArrearsError
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import nearest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read an open question, and what speaks for it."""

    id: str
    title: Bilingual
    source: Source


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the texts leave open. The first option is the default."""

    id: str
    title: Bilingual
    options: tuple[Option, ...]

    @property
    def default(self) -> Option:
        return self.options[0]

    def option(self, name: str) -> Option:
        """Raises ``KeyError`` for one that there is not."""
        for option in self.options:
            if option.id == name:
                return option
        raise KeyError(name)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)


@dataclass(frozen=True, slots=True)
class Readings:
    """The option taken of each question of :data:`QUESTIONS`; raises :class:`ArrearsError` for one that there is not."""

    day_count: str = "365"
    last_day: str = "counted_once"
    allocation: str = "interest_first"

    def __post_init__(self) -> None:
        check_options(self, QUESTIONS)

    @property
    def year(self) -> int:
        """By how many days a yearly rate is divided."""
        return 360 if self.day_count == "360" else 365

    def others(self) -> Iterator[tuple[Question, Option, Readings]]:
        """Every reading that differs in one question."""
        return other_options(self, QUESTIONS)


Chosen = TypeVar("Chosen", bound="DataclassInstance")


def other_options(chosen: Chosen, questions: Mapping[str, Question]) -> Iterator[tuple[Question, Option, Chosen]]:
    """Every choice that differs from one in one question: the question, the option, the whole choice."""
    for question in questions.values():
        for option in question.options:
            if option.id != getattr(chosen, question.id):
                changed: dict[str, Any] = {question.id: option.id}
                yield question, option, replace(chosen, **changed)


def check_options(readings: object, questions: Mapping[str, Question]) -> None:
    """Raises :class:`ArrearsError` where the option taken of a question is none of its options."""
    for name, question in questions.items():
        found = getattr(readings, name)
        if found not in question.ids:
            raise ArrearsError(
                "unknown-reading",
                Bilingual(f"`{found}` is no reading of `{name}`", f"“{name}”没有“{found}”这一理解"),
                Bilingual(f"take {' or '.join(question.ids)}", f"可取{'、'.join(question.ids)}"),
            )


def _source(en: str, zh: str, confidence: Any = "D") -> Source:
    return Source(Bilingual(en, zh), confidence)


ARTICLE_561 = _source("Civil Code art. 561", "《民法典》第五百六十一条", "A")

QUESTIONS: dict[str, Question] = {
    q.id: q
    for q in (
        Question(
            "day_count",
            Bilingual("By how many days a yearly rate is divided", "年利率折算为日利率时一年按多少天"),
            (
                Option(
                    "365",
                    Bilingual("365, in leap years too", "365天，闰年也是"),
                    _source("common in judgments; no text for trade debts", "裁判常见；对货款债权没有规定"),
                ),
                Option(
                    "360",
                    Bilingual("360", "360天"),
                    _source(
                        "custom of banks (PBoC 2005 No. 129); no text for trade debts",
                        "银行惯例（银发〔2005〕129号）；对货款债权没有规定",
                        "C",
                    ),
                ),
            ),
        ),
        Question(
            "last_day",
            Bilingual("Whether the day of payment bears interest", "付款当日是否计息"),
            (
                Option(
                    "counted_once",
                    Bilingual(
                        "it does; the due date does not: as many days as lie from one to the other",
                        "计息，到期日不计：天数等于付款日减到期日",
                    ),
                    _source(
                        "Civil Code arts. 201, 203 for the first day; no text for the last",
                        "首日依《民法典》第二百零一条、第二百零三条；末日没有规定",
                    ),
                ),
                Option(
                    "not_counted",
                    Bilingual("it does not; the day after the due date is the first", "不计息，自到期日次日起算"),
                    _source("no text for the last day", "末日没有规定"),
                ),
                Option(
                    "both_ends",
                    Bilingual(
                        "it does, and so does the due date where the amount was then paid late",
                        "计息，且逾期的到期日当日也计息",
                    ),
                    _source(
                        "used by calculators; against Civil Code arts. 201, 203 for the first day",
                        "见于计算工具；首日与《民法典》第二百零一条、第二百零三条不符",
                    ),
                ),
            ),
        ),
        Question(
            "allocation",
            Bilingual("What a payment that does not cover everything pays first", "不足以清偿全部债务的付款先抵充什么"),
            (
                Option(
                    "interest_first",
                    Bilingual("costs, then interest, then principal", "先费用，再利息，后本金"),
                    ARTICLE_561,
                ),
                Option(
                    "principal_first",
                    Bilingual(
                        "principal, then costs, then interest: only where both sides agreed so",
                        "先本金，再费用，后利息：仅限双方另有约定",
                    ),
                    ARTICLE_561,
                ),
            ),
        ),
    )
}


def with_reading(readings: Readings, text: str) -> Readings:
    """The readings with one changed, written ``name=option``. Raises :class:`ArrearsError` for a name there is not."""
    name, separator, option = text.partition("=")
    known = [f.name for f in fields(Readings)]
    if name not in known or not separator:
        near = nearest(name, known)
        raise ArrearsError(
            "unknown-reading",
            Bilingual(f"there is no reading `{name}`", f"没有名为“{name}”的理解"),
            Bilingual(f"did you mean `{near}`?", f"是否想写“{near}”？")
            if near
            else Bilingual(
                f"there are {', '.join(known)}, written name=option", f"可用：{'、'.join(known)}（名称=选项）"
            ),
        )
    changed: dict[str, Any] = {name: option}
    return replace(readings, **changed)
