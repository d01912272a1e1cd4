"""Facility: what kind of building a label speaks of, and which number it has."""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

Kind = Literal[
    "detention centre", "camp", "prison", "police", "hospital", "school", "shelter", "training centre"
]

#: The words, in the languages of the sheets, with the forms in which they stand in a label; then the
#: Chinese ones,
#: which stand without spaces.
_WORDS: Final[tuple[tuple[Kind, str, str], ...]] = (
    (
        "training centre",
        (
            r"(?:vocational |skills? |education(?:al)? )*training cent(?:er|re)|re-?education cent(?:er|re)"
            r"|центр обучения|учебный центр"
        ),
        "培训中心|教育轉化中心|教育转化中心",
    ),
    (
        "detention centre",
        (
            r"(?:pre-?trial )?detention (?:cent(?:er|re)|house|facility)|sizo|сизо|следственн\w+ изолятор\w*"
            r"|изолятор\w*|слідч\w+ ізолятор\w*|сізо|ізолятор\w*|тергеу изолятор\w*|қамау орны"
            r"|تۇتۇپ تۇرۇش ئورنى"
        ),
        "看守所|拘留所",
    ),
    (
        "prison",
        (
            r"prison|jail|penitentiary|(?:penal )?colony|тюрьм\w*|колони\w+|в'язниц\w+|түрме\w*|абақты\w*"
            r"|تۈرمە\w*"
        ),
        "监狱|監獄",
    ),
    (
        "camp",
        (
            r"(?:re-?education |internment |concentration |labou?r |filtration )?camp"
            r"|(?:фильтрационн\w+ )?лагер\w+"
            r"|(?:фільтраційн\w+ )?таб(?:ір|ор\w+)|لاگېر\w*|lager"
        ),
        "集中营|集中營|营地",
    ),
    (
        "police",
        r"police (?:station|department)|отдел\w* полици\w+|полици\w+|поліці\w+|полиция бөлімі|ساقچىخان\w*",
        "派出所|公安局",
    ),
    ("hospital", r"hospital|clinic|больниц\w+|лікарн\w+|аурухана\w*|دوختۇرخان\w*", "医院|醫院"),
    ("school", r"school|школ\w+|мектеп\w*|мектебі\w*|مەكتەپ\w*", "学校"),
    (
        "shelter",
        r"shelter|basement|cellar|подвал\w*|укрытие|укрытии|укритт\w+|підвал\w*|жертөле\w*",
        "地下室|避难所",
    ),
)
_PATTERNS: Final = [
    (kind, re.compile(rf"(?<![^\W_])(?:{words})(?![^\W\d_])|{han}", re.IGNORECASE))
    for kind, words, han in _WORDS
]
_NUMBER: Final = re.compile(
    r"(?:№|#|\bno\.?|\bnumber|\bномер|第)?\s*[-–]?\s*(\d{1,6})\s*[-–]?(?:号|號)?", re.IGNORECASE
)


class Facility(msgspec.Struct, frozen=True):
    """A facility as a label has it: its kind and number (empty where none is named), and what is left of the
    label."""

    kind: Kind
    number: str
    rest: str


def facility(text: str) -> Facility | None:
    """The facility that a label speaks of; None where it has no word for one."""
    for kind, pattern in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        number = _NUMBER.search(rest)
        if number is not None:
            rest = f"{rest[: number.start()]} {rest[number.end() :]}"
        return Facility(kind, str(int(number[1])) if number else "", " ".join(rest.split()))
    return None
