"""Who a row is: a credit code with valid check characters, a name that says it is made up, place, industry, age."""

from __future__ import annotations

from yiqi.facts.uscc import ALPHABET
from yiqi.pulse.draws import Draws

MOST_ROWS = 16**7 - 1
"""The row stands in the code as seven hexadecimal digits."""


def name(row: str = "row") -> str:
    return f"printf('合成企业%08d', {row})"


def uscc(row: str = "row", region: str = "region") -> str:
    """``91``, the region, an organisation code of ``Y`` and the row in hexadecimal, and both check characters.

    No organisation code in use begins with Y, so no row has the code of a real enterprise.
    """
    hexadecimal = [f"(({row} >> {4 * (6 - i)}) & 15)" for i in range(7)]
    organisation = "34 * 3 + " + " + ".join(
        f"{digit} * {weight}" for digit, weight in zip(hexadecimal, (7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    ninth = f"((11 - ({organisation}) % 11) % 11)"
    ninth_character = f"substr('0123456789X', {ninth} + 1, 1)"
    ninth_value = f"(CASE WHEN {ninth} = 10 THEN {ALPHABET.index('X')} ELSE {ninth} END)"
    weights = [pow(3, i, 31) for i in range(17)]
    total = " + ".join(
        [
            str(9 * weights[0] + 1 * weights[1] + ALPHABET.index("Y") * weights[8]),
            *(f"(({region} // {10 ** (5 - i)}) % 10) * {weights[2 + i]}" for i in range(6)),
            *(f"{digit} * {weights[9 + i]}" for i, digit in enumerate(hexadecimal)),
            f"{ninth_value} * {weights[16]}",
        ]
    )
    check = f"substr('{ALPHABET}', (31 - ({total}) % 31) % 31 + 1, 1)"
    return f"'91' || {region} || 'Y' || printf('%07X', {row}) || {ninth_character} || {check}"


def entity_kind(draws: Draws) -> str:
    """The position in the declared list: company, partnership or sole proprietorship; the larger are companies."""
    drawn = draws.uniform("entity_kind")
    return f"(CASE WHEN size > 0 OR {drawn} < 0.93 THEN 0 WHEN {drawn} < 0.95 THEN 1 ELSE 2 END)::SMALLINT"


def identity() -> dict[str, str]:
    """SQL of the columns that identify a row; the layer below has row, region, code, entity_kind and established."""
    return {
        "name": name(),
        "uscc": uscc(),
        "region": "region",
        "industry": "code",
        "entity_kind": "entity_kind",
        "established": "established",
    }
