"""Units: the words that say what kind of place a name is of, in the languages of the sheets.

County, ауданы, 县, ناھىيىسى: which level, and what of the label is then the name alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from estelik.places.level import Level

#: Words before or behind a name, with the forms in which they stand there; between bars.
_WORDS: Final[dict[Level, str]] = {
    "region": (
        "autonomous region|autonomous republic|autonomous oblast|autonomous okrug|region|oblast"
        "|province|krai"
        "|republic of|republic|автономный район|автономна республіка|автономная республика"
        "|республика|республіка"
        "|область|области|областью|області|областю|вобласць|обл.|обл|край|края|крае|провинция"
        "|провинции|провінція"
        "|облысы|облысында|облыс|облусу|облусунда|автономный округ|viloyati|вилояти|вилоят|oblysy|oblusu"
    ),
    "prefecture": (
        "autonomous prefecture|prefecture-level city|prefecture|diqu|zhou|аймағы|аймағында|округ"
        "|округе|округа"
        "|автономиялық облысы|ۋىلايىتى|ئاپتونوم ئوبلاستى|wilayiti"
    ),
    "county": (
        "autonomous county|county|district|raion|rayon|xian|qu|уезд|уезде|уезда|район|районе|района"
        "|районі|району"
        "|р-н|ауданы|ауданында|аудан|автономиялық ауданы|ناھىيىسى|ناھىيەسى|ناھىيە|ئاپتونوم ناھىيىسى"
        "|nahiyisi"
        "|nahiyesi|audany|tumani"
    ),
    "city": (
        "city|municipality|shi|город|городе|города|г.|місто|місті|міста|м.|қаласы|қаласында|қала"
        "|шаары|шаҳри"
        "|شەھىرى|شەھەر|shehiri|qalasy|shahri|şehri"
    ),
    "settlement": (
        "village|town|township|settlement|hamlet|xiang|zhen|cun|село|селе|села|деревня|деревне"
        "|деревни|посёлок"
        "|посёлке|посёлка|поселок|поселке|пгт|аул|ауле|станица|станице|ауылы|ауылында|ауыл|кишлак"
        "|селище|селищі"
        "|смт|хутір|с.|يېزىسى|يېزا|كەنتى|كەنت|yezisi|kenti|awyly"
    ),
}
_ENDS: Final[tuple[tuple[Level, str], ...]] = (
    ("county", "哈萨克自治县|锡伯自治县|回族自治县|蒙古自治县|塔吉克自治县|自治县|县|縣|区|區"),
    ("prefecture", "哈萨克自治州|回族自治州|蒙古自治州|柯尔克孜自治州|自治州|地区|地區|地级市|州|盟"),
    ("region", "维吾尔自治区|壮族自治区|回族自治区|自治区|自治區|省"),
    ("city", "市"),
    ("settlement", "街道|村|乡|鄉|镇|鎮"),
)
_LEVELS: Final = {word: level for level, words in _WORDS.items() for word in words.split("|")}
#: Of how many words these are at the most.
_MOST: Final = max(word.count(" ") for word in _LEVELS) + 1
#: Behind such a word's beginning stands the people that an area is called after: Ili *Kazakh* Autonomous
#: Prefecture.
_PEOPLES: Final = ("autonomous", "автономиялық", "ئاپتونوم")
#: Longer endings first: 自治区 is a region, 区 a county.
_HAN: Final = sorted(
    ((level, end) for level, ends in _ENDS for end in ends.split("|")), key=lambda one: -len(one[1])
)
#: Where one Chinese label names an area within an area: 伊犁州特克斯县.
_CHAIN: Final = re.compile(
    r"^(?!新疆维吾尔自治区$)(?P<area>(?:中国)?新疆(?:维吾尔自治区)?|.{2,8}?(?:自治区|自治州|自治县|地区|省|州|市|县))(?P<rest>[\u4e00-\u9fff]{2,}.*)$"
)


def unit(text: str) -> tuple[str, Level | None]:
    """A name without the word for what it is of, and the level that the word says: (Tekes, county) of "Tekes
    county", 特克斯县 or "Текес ауданы"; the text itself and None where there is no such word."""
    for level, end in _HAN:
        if text.endswith(end) and len(text) > len(end) + 1:
            return text.removesuffix(end), level
    words = text.split()
    for size in range(min(_MOST, len(words) - 1), 0, -1):
        phrase = " ".join(words[-size:]).casefold()
        if phrase in _LEVELS:
            name = words[:-size]
            if phrase.startswith(_PEOPLES) and len(name) > 1:
                name.pop()
            return " ".join(name).strip(" ,"), _LEVELS[phrase]
    for size in range(min(_MOST, len(words) - 1), 0, -1):
        phrase = " ".join(words[:size]).casefold()
        if phrase in _LEVELS:
            name = words[size:]
            if len(name) > 1 and name[0].casefold() == "of":
                name = name[1:]
            return " ".join(name).strip(" ,"), _LEVELS[phrase]
    return text, None


def alone(text: str) -> Level | None:
    """The level that a text says which is nothing but such a word: "village", "село"."""
    han = next((level for level, end in _HAN if text == end), None)
    return han or _LEVELS.get(text.casefold())


def chain(text: str) -> tuple[str, str]:
    """A Chinese label of an area within an area as both: (what is left, the wider one); (text, "")
    otherwise."""
    match = _CHAIN.match(text)
    if match is None or len(match["rest"]) < 2 or match["rest"] in ("自治区", "自治州", "自治县"):
        return text, ""
    return match["rest"], match["area"]
