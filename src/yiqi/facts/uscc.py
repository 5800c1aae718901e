"""The unified social credit code (统一社会信用代码) of GB 32100-2015.

Eighteen characters: the registering department (1), the kind of entity (2), the place of registration (3 to 8, six
digits of GB/T 2260), the organisation code of GB 11714 (9 to 17, the last of them its own check character), and a
check character over all (18, weights 3^i modulo 31).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters a code may hold: digits and capital letters without I, O, S, V, Z."""

LOOK_ALIKES = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
"""What a letter that the standard leaves out was probably meant to be."""

_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """One thing wrong with a code; ``position`` counts from 1 and is None when the length is wrong."""

    code: str
    position: int | None
    message: Bilingual
    remedy: Bilingual


def normalise_uscc(text: str) -> str:
    """Half-width capitals without blanks and hyphens; says nothing about validity."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("-", "")


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to the first seventeen. Raises ``ValueError`` for a foreign character."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first_seventeen, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(first_eight: str) -> str:
    """The ninth character of an organisation code (GB 11714): 0 to 9 or X. Letters count from A = 10."""
    total = sum(int(c, 36) * w for c, w in zip(first_eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def uscc_problems(text: str) -> list[CodeProblem]:
    """Everything wrong with a code, empty when it is valid."""
    code = normalise_uscc(text)
    if len(code) != 18:
        return [
            CodeProblem(
                "uscc-length",
                None,
                Bilingual(
                    f"the credit code has {len(code)} characters, not 18",
                    f"统一社会信用代码应为18位，现为{len(code)}位",
                ),
                Bilingual("copy it from the business licence", "请按营业执照填写"),
            )
        ]
    problems = [_foreign(position, c) for position, c in enumerate(code, start=1) if c not in ALPHABET]
    problems += [
        CodeProblem(
            "uscc-region",
            position,
            Bilingual(
                f"character {position} of the credit code is `{c}`; characters 3 to 8 are digits",
                f"统一社会信用代码第{position}位是“{c}”，第3至8位应为数字",
            ),
            Bilingual("compare it with the business licence", "请与营业执照核对"),
        )
        for position, c in enumerate(code[2:8], start=3)
        if c in ALPHABET and not c.isdigit()
    ]
    if problems:
        return problems
    expected = check_character(code[:17])
    if code[17] != expected:
        return [
            CodeProblem(
                "uscc-check",
                18,
                Bilingual(
                    f"character 18 of the credit code, its check character, is `{code[17]}` "
                    f"but the first 17 characters need `{expected}`",
                    f"统一社会信用代码第18位（校验码）是“{code[17]}”，按前17位应为“{expected}”",
                ),
                Bilingual(
                    "one of the 18 characters is wrong; compare each with the business licence",
                    "18位中有误，请与营业执照逐位核对",
                ),
            )
        ]
    return []


def organisation_problem(text: str) -> CodeProblem | None:
    """A doubt about characters 9 to 17 of an otherwise valid code.

    Only a doubt: the code's own check character already holds, so a typing error is unlikely.
    """
    code = normalise_uscc(text)
    expected = organisation_check_character(code[8:16])
    if code[16] == expected:
        return None
    return CodeProblem(
        "uscc-organisation",
        17,
        Bilingual(
            f"character 17 of the credit code is `{code[16]}`; the organisation code in it would end in `{expected}`",
            f"统一社会信用代码第17位是“{code[16]}”，按组织机构代码规则应为“{expected}”",
        ),
        Bilingual("compare it with the business licence", "请与营业执照核对"),
    )


def _foreign(position: int, character: str) -> CodeProblem:
    meant = LOOK_ALIKES.get(character)
    return CodeProblem(
        "uscc-character",
        position,
        Bilingual(
            f"character {position} of the credit code is `{character}`, which no code contains",
            f"统一社会信用代码第{position}位是“{character}”，代码中不使用该字符",
        ),
        Bilingual(f"probably `{meant}`", f"可能应为“{meant}”")
        if meant
        else Bilingual("compare it with the business licence", "请与营业执照核对"),
    )
