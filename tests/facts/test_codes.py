"""Codes of the national standards: credit code, industry, region."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from yiqi.facts.industry import SECTIONS, IndustryError, normalise_industry, section_of_division
from yiqi.facts.region import PROVINCES, RegionError, normalise_region, place_prefix, province_of
from yiqi.facts.uscc import (
    ALPHABET,
    check_character,
    normalise_uscc,
    organisation_check_character,
    organisation_problem,
    uscc_problems,
)

VALID = "91110000600037341L"  # the worked example of python-stdnum

digits = st.text("0123456789", min_size=7, max_size=7)
body = st.text(ALPHABET, min_size=9, max_size=9)


@given(digits, body, st.sampled_from(ALPHABET))
def test_agrees_with_stdnum(first: str, rest: str, last: str) -> None:
    code = "9" + first + rest + last
    assert (uscc_problems(code) == []) == oracle.is_valid(code)
    right = code[:17] + check_character(code[:17])
    assert oracle.is_valid(right)
    assert uscc_problems(right) == []


@given(digits, body, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(first: str, rest: str, position: int, other: str) -> None:
    # 31 is prime and no weight is a multiple of it, so a change of one character always changes the sum.
    seventeen = "9" + first + rest
    code = seventeen + check_character(seventeen)
    changed = code[:position] + other + code[position + 1 :]
    assert (uscc_problems(changed) == []) == (changed == code)


def test_the_weights_are_those_of_the_standard() -> None:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100-2015, table
    total = sum(ALPHABET.index(c) * w for c, w in zip(VALID, weights, strict=False))
    assert VALID[17] == ALPHABET[(31 - total % 31) % 31]
    assert uscc_problems(VALID) == []


def test_organisation_code() -> None:
    # GB 11714: 6,0,0,0,3,7,3,4 by 3,7,9,10,5,8,4,2 is 18+15+56+12+8 = 109; 109 mod 11 = 10; 11-10 = 1.
    assert organisation_check_character("60003734") == "1"
    assert organisation_problem(VALID) is None
    # 10000000: 3; 11-3 = 8. 50000000: 15 mod 11 = 4; 7. 80000000: 24 mod 11 = 2; 9. 40000000: 12 mod 11 = 1; X.
    assert organisation_check_character("10000000") == "8"
    assert organisation_check_character("40000000") == "X"
    assert organisation_check_character("00000000") == "0"
    # A letter counts from A = 10: 30 mod 11 = 8; 3.
    assert organisation_check_character("A0000000") == "3"


def test_a_doubtful_organisation_code_is_named() -> None:
    seventeen = VALID[:16] + "2"
    problem = organisation_problem(seventeen + check_character(seventeen))
    assert problem is not None
    assert problem.position == 17
    assert "`1`" in problem.message.en


def test_half_width_capitals() -> None:
    assert normalise_uscc(" ９１1100006 0003-7341l ") == VALID
    assert uscc_problems("９１110000 600037341l") == []


@pytest.mark.parametrize(
    ("text", "code", "position", "says"),
    [
        (VALID[:-1], "uscc-length", None, "17"),
        (VALID + "0", "uscc-length", None, "19"),
        ("", "uscc-length", None, "0"),
        ("9111O000600037341L", "uscc-character", 5, "`O`"),
        ("9I110000600037341L", "uscc-character", 2, "`I`"),
        ("91110000600037341S", "uscc-character", 18, "`S`"),
        ("911A0000600037341L", "uscc-region", 4, "`A`"),
        ("91110000600037341M", "uscc-check", 18, "`L`"),
        ("91110000600037341中", "uscc-character", 18, "`中`"),
    ],
)
def test_says_which_character_is_wrong(text: str, code: str, position: int | None, says: str) -> None:
    problems = uscc_problems(text)
    assert [(p.code, p.position) for p in problems] == [(code, position)]
    assert says in problems[0].message.en


def test_every_foreign_character_is_named() -> None:
    assert [p.position for p in uscc_problems("9III0000600037341L")] == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3451", "C3451"),
        ("C3451", "C3451"),
        ("c34", "C34"),
        ("C", "C"),
        ("34", "C34"),
        ("345", "C345"),
        ("0111", "A0111"),
        ("6513", "I6513"),
        ("Ｃ３４５１", "C3451"),
        (" C 3451 ", "C3451"),
        ("97", "T97"),
    ],
)
def test_industry(text: str, expected: str) -> None:
    assert normalise_industry(text) == expected


@pytest.mark.parametrize("text", ["", "U", "X3451", "00", "98", "C3", "C34511", "D3451", "轴承", "34.51", "-34"])
def test_not_an_industry(text: str) -> None:
    with pytest.raises(IndustryError):
        normalise_industry(text)


def test_sections_cover_01_to_97_without_gap_or_overlap() -> None:
    spans = [(first, last) for first, last, _ in SECTIONS.values()]
    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert [n for first, last in spans for n in range(first, last + 1)] == list(range(1, 98))
    assert section_of_division(0) is None
    assert section_of_division(43) == "C"
    assert section_of_division(44) == "D"


def test_region() -> None:
    assert normalise_region(" ３３0100 ") == "330100"
    assert province_of("330100").zh == "浙江省"
    assert len(PROVINCES) == 34


def test_digits_with_which_the_codes_of_a_place_begin() -> None:
    for text in ("内蒙古", "内蒙古自治区", "Inner Mongolia", "inner mongolia", " 15 ", "１５"):
        assert place_prefix(text) == "15", text
    assert place_prefix("重庆") == place_prefix("Chongqing") == "50"
    assert place_prefix("330108") == "330108"
    for text in ("", "4", "3301080", "99", "广", "33a"):
        with pytest.raises(RegionError):
            place_prefix(text)


@pytest.mark.parametrize("text", ["", "33", "33010", "3301000", "990000", "浙江", "33010a", "330.100"])
def test_not_a_region(text: str) -> None:
    with pytest.raises(RegionError):
        normalise_region(text)
