"""Characters: what the map knows of Chinese ones, distilled from the Unicode Han database.

Unihan (Unicode licence v3) is installed with Debian's package ``unicode-data``.
For each character of the common sets: its simplified form, its syllable in
pinyin, and how Cantonese and Korean names are romanised that are written with it.
"""

from __future__ import annotations

import bz2
import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIRST_HANGUL: Final = 0xAC00
#: Onsets, nuclei and codas of jyutping as the offices of Hong Kong write them.
_ONSETS: Final = {"gw": "kw", "d": "t", "g": "k", "b": "p", "z": "ch", "c": "ch", "j": "y"}
_NUCLEI: Final = {
    "aai": "ai",
    "aau": "au",
    "aa": "a",
    "eoi": "ui",
    "eo": "u",
    "oe": "eu",
    "yu": "u",
    "ou": "o",
}
_JYUTPING: Final = re.compile(
    r"(gw|kw|ng|[bpmfdtnlgkhwzcsj])?(aai|aau|aa|ai|au|a|ei|e|iu|i|oi|ou|o|ui|u|eoi|eo|oe|yu)?(ng|[ptkmn])?\d"
)
#: How else a nucleus is written.
_OTHER_NUCLEI: Final = {
    "ou": ("ou", "ow"),
    "au": ("ow",),
    "eoi": ("eoi", "oi"),
    "oe": ("eo", "o"),
    "yu": ("yu", "ue"),
    "u": ("oo",),
    "iu": ("iew",),
    "ei": ("ee", "i", "ay"),
    "i": ("ee",),
    "ai": ("i", "ay"),
}
#: How Koreans write the parts of a syllable in Latin letters, by their order in Unicode.
_INITIALS: Final = "g,k kk,k n,r d,t tt r,l,n,y, m b,p bb s,sh ss ,y j,ch,c jj ch,c k t p h"
_VOWELS: Final = (
    "a,ah ae,ai,e ya,ia yae eo,u,o,eu e yeo,you,yu,yo ye,yae o,oh wa wae oe,oi,we yo u,oo,woo wo,won,weo we "
    "wi yu,yoo,you eu,u ui,hee,ee,i i,ee,yi"
)
_FINALS: Final = ("", "k,g", "", "", "n", "", "", "t", "l,r", *[""] * 7, "m", "p,b", "", "t", "t", "ng")
#: Family names whose usual spelling is not what their reading says.
_SURNAMES: Final = {
    "李": "lee rhee yi ri",
    "朴": "park pak",
    "金": "kim",
    "崔": "choi choe",
    "鄭": "chung jung tay teh",
    "林": "lim rim",
    "盧": "roh noh loh",
    "柳": "yoo ryu",
    "吳": "oh goh ng",
    "趙": "cho",
    "陳": "tan",
    "黃": "ng ooi wee oei",
    "王": "ong heng",
    "張": "teo teoh tiong",
    "蔡": "chua choa",
    "許": "koh khoo hui",
    "楊": "yeo yeoh yong",
    "劉": "lau low liew",
    "郭": "kuek quek",
    "謝": "chia cheah",
    "曾": "chan tsang",
    "葉": "yap",
    "蘇": "saw soh",
    "周": "chew",
    "何": "ho hoe",
    "洪": "ang",
    "羅": "loh",
    "徐": "chee",
    "沈": "sim",
    "方": "png hng",
    "梁": "neo niu",
    "顏": "gan",
    "余": "ee",
    "胡": "oh foo",
    "邱": "khoo",
    "呂": "loo",
    "高": "ko",
    "蕭": "siew",
    "潘": "phua",
    "賴": "lye",
    "丁": "ting",
    "莊": "chng",
    "韓": "hang",
    "馮": "pang",
    "彭": "phang",
    "鍾": "cheong chong",
    "湯": "thng",
    "溫": "oon",
    "杜": "toh",
    "孫": "soon sng",
    "朱": "choo",
    "白": "peh",
    "江": "kang",
    "卓": "toh",
    "翁": "ang",
    "戴": "tay teh",
}


class Character(NamedTuple):
    """A character: its simplified form, its syllable, and its romanisations by language."""

    simplified: str
    syllable: str
    cantonese: tuple[str, ...]
    korean: tuple[str, ...]
    surname: tuple[str, ...]


def distilled(folder: Path) -> dict[str, Character]:
    """The characters that have a syllable, from ``Unihan_Readings`` and ``Unihan_Variants``."""
    readings = defaultdict[str, dict[str, list[str]]](dict)
    for character, field, values in _lines(folder / "Unihan_Readings.txt.bz2"):
        readings[character][field] = values.split()
    simplified = {
        character: _character(values.split()[0])
        for character, field, values in _lines(folder / "Unihan_Variants.txt.bz2")
        if field == "kSimplifiedVariant"
    }
    forms = defaultdict[str, list[str]](list)
    for character in readings:
        forms[simplified.get(character, character)].append(character)
    out = {}
    for character, read in readings.items():
        if "kMandarin" not in read or not 0x4E00 <= ord(character) < 0xA000:
            continue
        plain = simplified.get(character, character)
        # What is simplified alike is read alike.
        same = sorted({plain, *forms[plain]})
        cantonese = {
            one for form in same for said in _of(readings, form, "kCantonese") for one in _hong_kong(said)
        }
        korean = {
            one for form in same for said in _of(readings, form, "kHangul") for one in _romanised(said[0])
        }
        surname = {one for form in same for one in _SURNAMES.get(form, "").split()}
        out[character] = Character(
            plain,
            _syllable(_of(readings, plain, "kMandarin") or read["kMandarin"]),
            tuple(sorted(cantonese)),
            tuple(sorted(korean)),
            tuple(sorted(surname)),
        )
    return out


def _of(readings: dict[str, dict[str, list[str]]], character: str, field: str) -> list[str]:
    return readings.get(character, {}).get(field, [])


def _lines(file: Path) -> Iterator[tuple[str, str, str]]:
    with bz2.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                point, field, values = line.rstrip("\n").split("\t")
                yield _character(point), field, values


def _character(point: str) -> str:
    return chr(int(point.removeprefix("U+"), base=16))


def _syllable(said: list[str]) -> str:
    plain = unicodedata.normalize("NFD", said[0].replace("ü", "v"))
    return "".join(one for one in plain if "a" <= one <= "z")


def _hong_kong(said: str) -> set[str]:
    found = _JYUTPING.fullmatch(said)
    if found is None:
        return set()
    onset, nucleus, coda = found[1] or "", found[2] or "", found[3] or ""
    begin = _ONSETS.get(onset, onset)
    if not nucleus:
        return {begin + coda}
    out = {begin + one + coda for one in (_NUCLEI.get(nucleus, nucleus), *_OTHER_NUCLEI.get(nucleus, ()))}
    if nucleus == "a" and coda in ("n", "m", "ng"):
        out.add(begin + "u" + coda)
    if nucleus == "i" and not coda and onset in ("s", "z"):
        out |= {"sze", "szeto"} - {"szeto"} if onset == "s" else {"tsz", "chi"}
    if onset in ("z", "c"):
        out |= {"ts" + one[2:] for one in out if one.startswith("ch")}
    if onset == "s":
        out |= {"sh" + one[1:] for one in out if not one.startswith("sz")}
    return out


def _romanised(hangul: str) -> set[str]:
    number = ord(hangul) - _FIRST_HANGUL
    initial, vowel, final = number // 588, number % 588 // 28, number % 28
    return {
        begin + middle + end
        for begin in _INITIALS.split(" ")[initial].split(",")
        for middle in _VOWELS.split(" ")[vowel].split(",")
        for end in (_FINALS[final] if final < len(_FINALS) else "t").split(",")
    }
