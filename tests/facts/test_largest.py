"""No figure reaches 10^17 of the smallest unit, however its unit is given."""

from __future__ import annotations

import pytest

from yiqi.facts.interpret import Interpreter
from yiqi.facts.statement import Statement
from yiqi.law.diagnostics import Place
from yiqi.law.vocabulary import Vocabulary

# 1% is 10^6 of the smallest unit, 1元 is 100 of it: the least figures that are refused are 10^11% and 10^15元.
PERCENT, YUAN = 10**11, 10**15


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("fact", "unit", "percent", "suffix", "least"),
    [
        ("market_share", "%", False, "", PERCENT),  # a bare number under a heading in %
        ("market_share", None, True, "%", PERCENT),  # a cell that a spreadsheet shows as a percentage
        ("market_share", None, False, "%", PERCENT),
        ("operating_revenue", None, False, "元", YUAN),
        ("operating_revenue", "万元", False, "", YUAN // 10**4),
    ],
)
def test_the_least_figure_that_is_too_large(
    vocabulary: Vocabulary, fact: str, unit: str | None, percent: bool, suffix: str, least: int, sign: str
) -> None:
    def read(number: int) -> tuple[object, list[str]]:
        interpreter = Interpreter()
        written = f"{sign}{number}{suffix}"
        value = interpreter.value(Statement(vocabulary[fact], None, written, Place("t"), unit, percent=percent))
        return value, [d.code for d in interpreter.diagnostics]

    assert read(least) == (None, ["too-large"])
    value, said = read(least - 1)
    assert isinstance(value, int)
    assert abs(value) < 10**17
    assert "too-large" not in said
