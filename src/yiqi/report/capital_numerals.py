"""Amounts in capital Chinese numerals (人民币大写), as bills, vouchers and letters of claim write them.

By the rules on filling in bills and settlement vouchers of the People's Bank of China: digits 壹 to 玖 with 拾, 佰, 仟,
万, 亿; zeros between digits are one 零; an amount without fen closes with 整; fen without jiao have a 零 before them.
Where the rules leave a 零 free (元 or 万 is zero and the next digit is not), none is written.
"""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
WAN, YI = 10**4, 10**8
LIMIT = 10**16  # yuan; beyond it there is no usual word


def capital_amount(fen: int) -> str:
    """An amount in fen: ``10700053`` is ``人民币壹拾万柒仟元伍角叁分``.

    Raises ValueError below zero and from 10^16 yuan.
    """
    yuan, rest = divmod(fen, 100)
    if not 0 <= yuan < LIMIT:
        raise ValueError(f"{fen} fen is no amount that is written in capital numerals")
    jiao, cents = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif cents and yuan:
        text += "零"
    return f"人民币{text}{DIGITS[cents]}分" if cents else f"人民币{text}整"


def _whole(number: int) -> str:
    """A whole number of yuan."""
    if not number:
        return DIGITS[0]
    high, low = divmod(number, YI)
    gap = DIGITS[0] if high and 0 < low < YI // 10 else ""
    return (f"{_below_yi(high)}亿" if high else "") + gap + _below_yi(low)


def _below_yi(number: int) -> str:
    high, low = divmod(number, WAN)
    gap = DIGITS[0] if high and 0 < low < WAN // 10 else ""
    return (f"{_below_wan(high)}万" if high else "") + gap + _below_wan(low)


def _below_wan(number: int) -> str:
    text, gap = "", False
    for digit, place in zip(map(int, f"{number:04d}"), PLACES, strict=True):
        if digit:
            text += (DIGITS[0] if gap and text else "") + DIGITS[digit] + place
            gap = False
        else:
            gap = True
    return text
