"""Industry codes of GB/T 4754-2017: a section letter and up to four digits (门类, 大类, 中类, 小类)."""

from __future__ import annotations

import re
import unicodedata

from yiqi.law.bilingual import Bilingual

SECTIONS: dict[str, tuple[int, int, Bilingual]] = {
    "A": (1, 5, Bilingual("Agriculture, forestry, animal husbandry and fishery", "农、林、牧、渔业")),
    "B": (6, 12, Bilingual("Mining", "采矿业")),
    "C": (13, 43, Bilingual("Manufacturing", "制造业")),
    "D": (44, 46, Bilingual("Electricity, heat, gas and water", "电力、热力、燃气及水生产和供应业")),
    "E": (47, 50, Bilingual("Construction", "建筑业")),
    "F": (51, 52, Bilingual("Wholesale and retail trade", "批发和零售业")),
    "G": (53, 60, Bilingual("Transport, storage and post", "交通运输、仓储和邮政业")),
    "H": (61, 62, Bilingual("Accommodation and catering", "住宿和餐饮业")),
    "I": (63, 65, Bilingual("Information transmission, software and IT services", "信息传输、软件和信息技术服务业")),
    "J": (66, 69, Bilingual("Finance", "金融业")),
    "K": (70, 70, Bilingual("Real estate", "房地产业")),
    "L": (71, 72, Bilingual("Leasing and business services", "租赁和商务服务业")),
    "M": (73, 75, Bilingual("Scientific research and technical services", "科学研究和技术服务业")),
    "N": (76, 79, Bilingual("Water conservancy, environment and public facilities", "水利、环境和公共设施管理业")),
    "O": (80, 82, Bilingual("Resident services, repair and other services", "居民服务、修理和其他服务业")),
    "P": (83, 83, Bilingual("Education", "教育")),
    "Q": (84, 85, Bilingual("Health and social work", "卫生和社会工作")),
    "R": (86, 90, Bilingual("Culture, sports and entertainment", "文化、体育和娱乐业")),
    "S": (
        91,
        96,
        Bilingual("Public administration, social security and social organisations", "公共管理、社会保障和社会组织"),
    ),
    "T": (97, 97, Bilingual("International organisations", "国际组织")),
}
"""Section letter: first division, last division, name."""

_CODE = re.compile(r"([A-T])?(\d{2,4})?\Z")


class IndustryError(ValueError):
    """A text that is not an industry code; ``message`` says why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


def section_of_division(division: int) -> str | None:
    """The section letter of a two-digit division, or None where the standard has no such division."""
    for letter, (first, last, _) in SECTIONS.items():
        if first <= division <= last:
            return letter
    return None


def normalise_industry(text: str) -> str:
    """Section letter and digits, as deep as known: ``3451`` and ``C3451`` give ``C3451``, ``34`` gives ``C34``.

    Divisions are checked, groups and classes below them are not. Raises :class:`IndustryError`.
    """
    code = "".join(unicodedata.normalize("NFKC", text).upper().split())
    match = _CODE.match(code)
    if not code or match is None:
        raise IndustryError(
            f"{text!r} is not an industry code; write a letter A to T and two to four digits, such as C3451",
            f"“{text}”不是行业代码，请填写门类字母A至T加2至4位数字，如C3451",
        )
    letter, digits = match[1], match[2]
    if digits is None:
        return str(letter)
    section = section_of_division(int(digits[:2]))
    if section is None:
        raise IndustryError(f"GB/T 4754-2017 has no division {digits[:2]}", f"GB/T 4754-2017中没有大类{digits[:2]}")
    if letter is not None and letter != section:
        raise IndustryError(
            f"division {digits[:2]} belongs to section {section}, not {letter}; write {section}{digits}",
            f"大类{digits[:2]}属于门类{section}，不是{letter}，应写作{section}{digits}",
        )
    return section + digits
