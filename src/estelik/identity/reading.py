"""Reading: a word of a name in letters of one alphabet, whatever script it was written in.

Far coarser than ``names``: two readings are compared letter by letter by engines that know nothing of
scripts. ``skeleton`` is what is left where writers agree: the consonants, in classes of those that stand for
one another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.names.weights import weights

if TYPE_CHECKING:
    from estelik.names.script import Script


class Reading(NamedTuple):
    """``sounds``: a letter a sound, a i u for all vowels; ``skeleton``: the classes of the consonants;
    ``consonants``: finer classes, that writers of one alphabet agree on."""

    sounds: str
    skeleton: str
    consonants: str


def _table(rows: str) -> dict[int, str]:
    """Each row: a sound, and the letters that stand for it; "_" is none."""
    return str.maketrans(
        {
            letter: sound.replace("_", "")
            for sound, *letters in (row.split() for row in rows.strip().splitlines())
            for letter in letters
        }
    )


#: ``c`` is ch, ``S`` sh, ``h`` all that is spoken in the throat.
_CYRILLIC: Final = _table("""
a а ә э е є ё я
i и й ы і ї
u о ө у ұ ү ю ў
b б
v в
g г ґ ғ
d д
j ж җ
z з
k к қ
l л
m м
n н ң
p п
r р
s с ц
t т
f ф
h х һ
c ч
S ш щ
_ ь ъ
""")
_ARABIC: Final = _table("""
a ا آ أ إ ە ة ە ې
i ى ي ی
u و ۇ ۆ ۈ ۋ ؤ
b ب
p پ
t ت ط
j ج ژ
c چ
h خ ھ ه ح ہ
d د
r ر
z ز ذ ض ظ
s س ص ث
S ش
g غ گ ع
f ف
k ق ك ک
n ن ڭ
l ل
m م
_ ئ ء ٴ
""")
_LATIN: Final = _table("""
a a ä e ə æ
i i ı y ë
u o ö u ü w ø
b b
v v
g g ğ ƣ
d d đ
j j ž
z z
k k q
l l ł
m m
n n ŋ ñ
p p
r r
s s c
t t
f f
h x h
c ç č
S ş š ș
""")
_LATIN_GROUPS: Final = (
    ("sch", "ş"),
    ("sh", "ş"),
    ("tch", "ç"),
    ("ch", "ç"),
    ("dzh", "j"),
    ("zh", "j"),
    ("dj", "j"),
    ("kh", "x"),
    ("gh", "g"),
    ("ng", "n"),
    ("ts", "s"),
)
_CYRILLIC_GROUPS: Final = (("дж", "ж"), ("нг", "н"))
_PINYIN: Final = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)$")
#: What a Russian ending of a family's name is in Chinese.
_RUSSIAN_HANI: Final = re.compile(r"(?<=..)[夫娃瓦]$")
_RUSSIAN_PINYIN: Final = re.compile(r"(?<=..)[oe](fu|wa)$")
_INITIALS: Final = {
    **{letter: letter for letter in "bpmfdtnlgkhrs"},
    "zh": "j",
    "ch": "c",
    "sh": "S",
    "j": "j",
    "q": "c",
    "x": "S",
    "z": "z",
    "c": "s",
    "y": "i",
    "w": "u",
}
_CLASSES: Final = str.maketrans(
    {
        **dict.fromkeys("kgh", "k"),
        **dict.fromkeys("pbf", "p"),
        **dict.fromkeys("td", "t"),
        **dict.fromkeys("szSjc", "s"),
        **dict.fromkeys("lr", "l"),
        **dict.fromkeys("aiuv", None),
    }
)
_FINER: Final = str.maketrans(
    {
        **dict.fromkeys("kg", "k"),
        **dict.fromkeys("pf", "p"),
        **dict.fromkeys("szS", "s"),
        **dict.fromkeys("jc", "j"),
        **dict.fromkeys("aiuv", None),
    }
)


@lru_cache(maxsize=1 << 20)
def reading(script: Script, word: str) -> Reading:
    """How a word is read; empty where it has no letter that is known."""
    word = word.casefold()
    if script == "Hani":
        word = _RUSSIAN_HANI.sub("", word)
        sounds = "".join(_spoken(letter) for letter in word)
    elif script == "Cyrl":
        sounds = _written(unicodedata.normalize("NFC", word), _CYRILLIC_GROUPS, _CYRILLIC)
    elif script == "Arab":
        sounds = _written(word, (), _ARABIC)
    else:
        word = _RUSSIAN_PINYIN.sub("", word)
        sounds = _written(unicodedata.normalize("NFC", word), _LATIN_GROUPS, _LATIN)
    sounds = _once(sounds)
    if not sounds:
        return Reading("", "", "")
    first = "a" if sounds[0] in "aiu" else ""
    return Reading(sounds, first + _once(sounds.translate(_CLASSES)), first + _once(sounds.translate(_FINER)))


def _once(letters: str) -> str:
    """Of the same letter several times in a row one."""
    return "".join(
        [letter for letter, before in zip(letters, " " + letters, strict=False) if letter != before]
    )


def joined(one: str, other: str) -> str:
    """The skeleton of two words that are written as one."""
    return _once(one + other) if one and other else ""


def _written(word: str, groups: tuple[tuple[str, str], ...], table: dict[int, str]) -> str:
    for group, letter in groups:
        if group in word:
            word = word.replace(group, letter)
    if word.isascii():
        return "".join([table.get(ord(letter), letter) for letter in word if letter.isalpha()])
    return "".join([table.get(ord(letter), "") for letter in word])


@cache
def _spoken(letter: str) -> str:
    found = weights()
    place = found.characters.get(letter)
    if place is None:
        return ""
    said = found.syllables[found.syllable[place]]
    if said in ("er", "r"):
        return "r"
    match = _PINYIN.match(said)
    if match is None:
        return ""
    first, rest = match.groups()
    end = "n" if rest.endswith(("n", "ng")) else ""
    rest = rest.removesuffix("g").removesuffix("n")
    vowel = "a" if set(rest) & set("ae") else "u" if set(rest) & set("ouv") else "i" if rest else ""
    return _INITIALS.get(first, "") + vowel + end
