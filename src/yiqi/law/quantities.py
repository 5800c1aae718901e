"""Exact quantities: how amounts, shares, points and counts are read, held and shown.

Every quantity is held as a whole number of its smallest unit, so that nothing is ever rounded before it is compared:

=========  =======================  ==============================
kind       held in                  read from
=========  =======================  ==============================
money      fen (0.01 yuan)          ``5000万元``, ``1.2亿元``, ``640000`` (yuan), ``12,345.67元``
ratio      1e-8 (1% = 1,000,000)    ``12.5%``, ``0.125``
points     1e-4 point               ``62.35``, ``62.35分``
count      1                        ``186``, ``186人``
years      1 (whole years)          ``3``, ``3年``
=========  =======================  ==============================

A text with more decimals than the unit holds is refused, never rounded.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from yiqi.law.bilingual import Bilingual, Language

Kind = Literal["money", "ratio", "points", "count", "years"]

FEN_PER_YUAN = 100
RATIO_SCALE = 10**8
POINTS_SCALE = 10**4

SCALES: dict[Kind, int] = {"money": FEN_PER_YUAN, "ratio": RATIO_SCALE, "points": POINTS_SCALE, "count": 1, "years": 1}
"""Smallest units in one yuan, in 1 (=100%), in one point, one person, one year."""

MONEY_UNITS: dict[str, int] = {"分": 1, "元": 100, "千元": 10**5, "万元": 10**6, "百万元": 10**8, "亿元": 10**10}
"""Fen in each unit of money. 万 and 亿 without 元 are read the same way."""

_NUMBER = re.compile(r"^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(.*)$", re.DOTALL)
_COUNT_UNITS = ("人", "级", "项", "件", "名", "个", "家", "次", "位", "套", "台", "条", "名次")


class QuantityError(ValueError):
    """A text that is not a quantity of the wanted kind; ``message`` says why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


def _split(text: str) -> tuple[Fraction, str]:
    normal = unicodedata.normalize("NFKC", text).strip().replace("，", ",").replace("¥", "").replace("−", "-")
    normal = normal.strip()
    match = _NUMBER.match(normal)
    if not match or (match[2] is None and match[3] is None):
        raise QuantityError(f"{text!r} is not a number", f"“{text}”不是数字")
    digits = (match[2] or "0").replace(",", "") + (match[3] or "")
    number = Fraction(digits)
    return (-number if match[1] == "-" else number), match[4].strip()


def _whole(number: Fraction, kind: Kind, text: str) -> int:
    if number.denominator != 1:
        finest = {
            "money": ("one fen (0.01 yuan)", "1分（0.01元）"),
            "ratio": ("0.000001%", "0.000001%"),
            "points": ("0.0001 point", "0.0001分"),
            "count": ("a whole number", "整数"),
            "years": ("whole years", "整年"),
        }[kind]
        raise QuantityError(
            f"{text!r} is finer than {finest[0]}; write the exact figure",
            f"“{text}”的精度超过{finest[1]}，请填写准确数字",
        )
    return number.numerator


def parse_quantity(text: str | int | Decimal, kind: Kind) -> int:
    """Read a quantity exactly, in the smallest unit of its kind.

    A bare number is yuan, a ratio (0.125), points, a count or years. Full-width digits and thousands separators are
    accepted. Raises :class:`QuantityError` for anything else: text, a wrong unit, too many decimals.
    """
    number, unit = _split(str(text)) if not isinstance(text, int) else (Fraction(text), "")
    if kind == "money":
        name = unit if unit in MONEY_UNITS or unit == "" else unit + "元"
        if unit == "":
            factor = FEN_PER_YUAN
        elif name in MONEY_UNITS:
            factor = MONEY_UNITS[name]
        else:
            raise QuantityError(
                f"{unit!r} is not a unit of money; use 元, 万元 or 亿元", f"“{unit}”不是金额单位，请用元、万元或亿元"
            )
        return _whole(number * factor, kind, str(text))
    if kind == "ratio":
        if unit not in ("", "%"):
            raise QuantityError(f"{unit!r} is not a unit of a ratio; use %", f"“{unit}”不是比例单位，请用%")
        return _whole(number * RATIO_SCALE / (100 if unit == "%" else 1), kind, str(text))
    allowed: tuple[str, ...] = {"points": ("", "分"), "years": ("", "年", "years", "year")}.get(
        kind, ("", *_COUNT_UNITS)
    )
    if unit not in allowed:
        raise QuantityError(f"{unit!r} does not belong behind this number", f"此处数字后不应有“{unit}”")
    return _whole(number * SCALES[kind], kind, str(text))


def decimal_text(value: Fraction, places: int | None = None) -> str:
    """An exact decimal where there is one; otherwise cut to ``places`` (towards zero), which callers mark with ≈."""
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    value = abs(value)
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    exact = denominator == 1
    digits = max(twos, fives) if exact else (places if places is not None else 4)
    if exact and places is not None and digits > places:
        digits = places
    scaled = value.numerator * 10**digits // value.denominator
    whole, part = divmod(scaled, 10**digits)
    text = f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".") if digits else str(whole)
    return sign + text if text != "0" else text


def yuan_text(fen: int) -> str:
    """Fen as a decimal string of yuan with two places, as answers carry it: ``48730000.00``."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def money_text(fen: int) -> str:
    """Money as a page shows it: in 万元 from ten thousand yuan on, else in 元; exact, with thousands separators."""
    unit, size = ("万元", 10**6) if abs(fen) >= 10**6 else ("元", 100)
    text = decimal_text(Fraction(fen, size))
    whole, _, part = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    grouped = f"{int(whole.lstrip('-') or 0):,}"
    return f"{sign}{grouped}{'.' + part if part else ''}{unit}"


def amount_text(fen: int) -> str:
    """An amount that is given, as a page shows it: in 元 below a million yuan, so that it can be checked, else as money."""
    if abs(fen) >= 10**8:
        return money_text(fen)
    text = decimal_text(Fraction(abs(fen), FEN_PER_YUAN))
    whole, _, part = text.partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}{'.' + part.ljust(2, '0') if part else ''}元"


def quantity_text(value: int, kind: Kind, language: Language, unit: str | None = None) -> str:
    """A held quantity as people read it in ``language``: ``5,512.5万元``, ``12.5%``, ``186人`` / ``186``."""
    if kind == "money":
        return money_text(value)
    if kind == "ratio":
        return decimal_text(Fraction(value, RATIO_SCALE // 100)) + "%"
    text = decimal_text(Fraction(value, SCALES[kind]))
    if kind == "points":
        return f"{text}分" if language == "zh" else text
    if kind == "years":
        return f"{text}年" if language == "zh" else f"{text} year{'' if text == '1' else 's'}"
    return f"{text}{unit}" if language == "zh" and unit else text
