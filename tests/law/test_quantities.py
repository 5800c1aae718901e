"""Quantities are exact: read into the smallest unit, refused when finer, shown without loss."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.law.quantities import (
    RATIO_SCALE,
    SCALES,
    Kind,
    QuantityError,
    decimal_text,
    money_text,
    parse_quantity,
    quantity_text,
    yuan_text,
)

# 1 yuan = 100 fen; 1 万元 = 10^4 yuan = 10^6 fen; 1 亿元 = 10^8 yuan = 10^10 fen; 1% = 10^6 of 10^8.
READ: list[tuple[str, Kind, int]] = [
    ("0", "money", 0),
    ("640000", "money", 64_000_000),
    ("12,345.67元", "money", 1_234_567),
    ("5000万元", "money", 5_000_000_000),
    ("5000万", "money", 5_000_000_000),
    ("5512.5 万元", "money", 5_512_500_000),
    ("1.2亿元", "money", 12_000_000_000),
    ("3千元", "money", 300_000),
    ("2百万元", "money", 200_000_000),
    ("7分", "money", 7),
    ("0.000001万元", "money", 1),
    ("-35.2万元", "money", -35_200_000),
    ("−35.2万元", "money", -35_200_000),
    ("+1元", "money", 100),
    ("¥1,000", "money", 100_000),
    ("５５１２．５万元", "money", 5_512_500_000),
    ("１，２３４元", "money", 123_400),
    ("　186　", "count", 186),
    ("186人", "count", 186),
    ("3级", "count", 3),
    ("1,860", "count", 1860),
    ("3.0", "count", 3),
    ("12.5%", "ratio", 12_500_000),
    ("12.5％", "ratio", 12_500_000),
    ("0.125", "ratio", 12_500_000),
    ("0.000001%", "ratio", 1),
    ("62.35", "points", 623_500),
    ("62.35分", "points", 623_500),
    ("3年", "years", 3),
    ("1 year", "years", 1),
]


@pytest.mark.parametrize(("text", "kind", "expected"), READ)
def test_reads_exactly(text: str, kind: Kind, expected: int) -> None:
    assert parse_quantity(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "money"),
        ("many", "money"),
        ("万元", "money"),
        ("5,00万元", "money"),
        ("1.2.3", "money"),
        ("1e5", "money"),
        ("0x10", "count"),
        ("5000万人", "money"),
        ("50美元", "money"),
        ("12.5%", "money"),
        ("0.001元", "money"),
        ("0.0000001万元", "money"),
        ("0.5", "count"),
        ("186元", "count"),
        ("1.5年", "years"),
        ("0.0000001%", "ratio"),
        ("12‰", "ratio"),
        ("62.35001", "points"),
        ("--5", "count"),
        ("½", "count"),
    ],
)
def test_refuses_rather_than_rounds(text: str, kind: Kind) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, kind)
    assert caught.value.message.en
    assert caught.value.message.zh


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_money_as_yuan_round_trips(fen: int) -> None:
    assert parse_quantity(yuan_text(fen), "money") == fen


@given(st.integers(min_value=-(10**18), max_value=10**18), st.sampled_from(list(SCALES)))
def test_what_is_shown_is_read_back(value: int, kind: Kind) -> None:
    assert parse_quantity(quantity_text(value, kind, "zh"), kind) == value
    if kind != "points":
        assert parse_quantity(quantity_text(value, kind, "en"), kind) == value


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=6))
def test_decimal_text_is_exact_for_decimals(numerator: int, places: int) -> None:
    value = Fraction(numerator, 10**places)
    assert Fraction(decimal_text(value)) == value


@given(st.text(max_size=30), st.sampled_from(list(SCALES)))
def test_any_text_is_read_or_refused(text: str, kind: Kind) -> None:
    with contextlib.suppress(QuantityError):
        parse_quantity(text, kind)


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        (0, "0元"),
        (99, "0.99元"),
        (999_999, "9,999.99元"),
        (1_000_000, "1万元"),
        (5_512_500_000, "5,512.5万元"),
        (-35_200_000, "-35.2万元"),
        (1_000_001, "1.000001万元"),
        (-50, "-0.5元"),
    ],
)
def test_money_is_shown_in_wan_from_ten_thousand_yuan(fen: int, expected: str) -> None:
    assert money_text(fen) == expected


def test_a_third_is_cut_towards_zero() -> None:
    assert decimal_text(Fraction(1, 3), 4) == "0.3333"
    assert decimal_text(Fraction(-2, 3), 2) == "-0.66"


def test_the_percent_is_a_whole_number_of_the_smallest_unit() -> None:
    assert parse_quantity("1%", "ratio") * 100 == RATIO_SCALE
