"""Amounts in capital Chinese numerals."""

import pytest

from yiqi.report.capital_numerals import DIGITS, capital_amount

# Written by hand after the rules on filling in bills; the first block holds the examples usually printed with them.
AMOUNTS = {
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0.00": "零元整",
    "0.01": "壹分",
    "0.10": "壹角整",
    "0.19": "壹角玖分",
    "1.00": "壹元整",
    "10.00": "壹拾元整",
    "10.05": "壹拾元零伍分",
    "100.00": "壹佰元整",
    "101.00": "壹佰零壹元整",
    "110.00": "壹佰壹拾元整",
    "1001.00": "壹仟零壹元整",
    "1010.00": "壹仟零壹拾元整",
    "10000.00": "壹万元整",
    "10001.00": "壹万零壹元整",
    "10100.00": "壹万零壹佰元整",
    "11000.00": "壹万壹仟元整",
    "100000.00": "壹拾万元整",
    "1010101.01": "壹佰零壹万零壹佰零壹元零壹分",
    "10000000.00": "壹仟万元整",
    "10000001.00": "壹仟万零壹元整",
    "100000000.00": "壹亿元整",
    "100000001.00": "壹亿零壹元整",
    "100010000.00": "壹亿零壹万元整",
    "110000000.00": "壹亿壹仟万元整",
    "101000000.00": "壹亿零壹佰万元整",
    "110000001.00": "壹亿壹仟万零壹元整",
    "1000000000000.00": "壹万亿元整",
    "1000000000001.00": "壹万亿零壹元整",
    "1000500000000.00": "壹万零伍亿元整",
    "1234567890123.45": "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分",
    "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}


@pytest.mark.parametrize(("amount", "words"), AMOUNTS.items())
def test_an_amount_in_capital_numerals(amount: str, words: str) -> None:
    assert capital_amount(int(amount.replace(".", ""))) == "人民币" + words


def read(words: str) -> int:
    """Fen of capital numerals, read back from left to right: an independent way round."""
    fen = total = group = digit = 0
    for character in words.removeprefix("人民币"):
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in "拾佰仟":
            group += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        elif character == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
        elif character == "元":
            fen, total, group, digit = (total + group + digit) * 100, 0, 0, 0
        elif character in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[character], 0
    return fen


def test_every_amount_reads_back_and_no_zero_is_doubled_or_trails() -> None:
    samples = [
        *range(20_000),
        *(10**power + step for power in range(5, 18) for step in (-101, -1, 0, 1, 10, 1001, 100_500)),
    ]
    for fen in samples:
        words = capital_amount(fen)
        assert read(words) == fen, words
        assert "零零" not in words
        assert "零亿" not in words and "零万" not in words
        assert words.endswith("整") == (fen % 10 == 0)
        assert fen < 100 or "零元" not in words


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_no_bill_can_say_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        capital_amount(fen)
