"""Region codes of GB/T 2260: six digits, of which the first two name the province."""

from __future__ import annotations

import re
import unicodedata

from yiqi.law.bilingual import Bilingual

PROVINCES: dict[str, Bilingual] = {
    "11": Bilingual("Beijing", "北京市"),
    "12": Bilingual("Tianjin", "天津市"),
    "13": Bilingual("Hebei", "河北省"),
    "14": Bilingual("Shanxi", "山西省"),
    "15": Bilingual("Inner Mongolia", "内蒙古自治区"),
    "21": Bilingual("Liaoning", "辽宁省"),
    "22": Bilingual("Jilin", "吉林省"),
    "23": Bilingual("Heilongjiang", "黑龙江省"),
    "31": Bilingual("Shanghai", "上海市"),
    "32": Bilingual("Jiangsu", "江苏省"),
    "33": Bilingual("Zhejiang", "浙江省"),
    "34": Bilingual("Anhui", "安徽省"),
    "35": Bilingual("Fujian", "福建省"),
    "36": Bilingual("Jiangxi", "江西省"),
    "37": Bilingual("Shandong", "山东省"),
    "41": Bilingual("Henan", "河南省"),
    "42": Bilingual("Hubei", "湖北省"),
    "43": Bilingual("Hunan", "湖南省"),
    "44": Bilingual("Guangdong", "广东省"),
    "45": Bilingual("Guangxi", "广西壮族自治区"),
    "46": Bilingual("Hainan", "海南省"),
    "50": Bilingual("Chongqing", "重庆市"),
    "51": Bilingual("Sichuan", "四川省"),
    "52": Bilingual("Guizhou", "贵州省"),
    "53": Bilingual("Yunnan", "云南省"),
    "54": Bilingual("Tibet", "西藏自治区"),
    "61": Bilingual("Shaanxi", "陕西省"),
    "62": Bilingual("Gansu", "甘肃省"),
    "63": Bilingual("Qinghai", "青海省"),
    "64": Bilingual("Ningxia", "宁夏回族自治区"),
    "65": Bilingual("Xinjiang", "新疆维吾尔自治区"),
    "71": Bilingual("Taiwan", "台湾省"),
    "81": Bilingual("Hong Kong", "香港特别行政区"),
    "82": Bilingual("Macao", "澳门特别行政区"),
}
"""The first two digits of a region code and the name of the province."""


class RegionError(ValueError):
    """A text that is not a region code; ``message`` says why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


def normalise_region(text: str) -> str:
    """Six half-width digits of a known province; the last four digits are not checked. Raises :class:`RegionError`."""
    code = "".join(unicodedata.normalize("NFKC", text).split())
    if not re.fullmatch(r"[0-9]{6}", code):
        raise RegionError(
            f"{text!r} is not a region code; write six digits, such as 330100",
            f"“{text}”不是行政区划代码，请填写6位数字，如330100",
        )
    if code[:2] not in PROVINCES:
        raise RegionError(
            f"{code[:2]} is not the code of a province (GB/T 2260)", f"{code[:2]}不是省级行政区划代码（GB/T 2260）"
        )
    return code


def place_prefix(text: str) -> str:
    """The digits with which the codes of a place begin: two to six of them as written, or the two of a named province.

    A province is named in English or in Chinese, there with or without the kind of province. Raises :class:`RegionError`.
    """
    name = "".join(unicodedata.normalize("NFKC", text).split())
    for code, province in PROVINCES.items():
        short = re.sub("(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$", "", province.zh)
        if name.casefold() in (province.en.replace(" ", "").casefold(), province.zh, short):
            return code
    if not re.fullmatch(r"[0-9]{2,6}", name):
        raise RegionError(
            f"{text!r} is no region; write 2 to 6 digits of its code, such as 44, or the name of a province",
            f"“{text}”不是地区，请写行政区划代码的2至6位，例如44，或省份名称",
        )
    if name[:2] not in PROVINCES:
        raise RegionError(
            f"{name[:2]} is not the code of a province (GB/T 2260)", f"{name[:2]}不是省级行政区划代码（GB/T 2260）"
        )
    return name


def province_of(code: str) -> Bilingual:
    """The province of a region code that :func:`normalise_region` returned."""
    return PROVINCES[code[:2]]
