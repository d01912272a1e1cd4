"""Search of a site: an index in parts that a browser loads as it needs them, from a server or from a disk.

A word in any script is folded to Latin letters, one table for all, and has a skeleton: its consonants,
coarsely. Words lie in parts by the beginnings of their skeletons. The browser folds what is typed by the same
tables (``tables.js``, made of those of ``names``), loads the parts that can have it, and ranks words by how
many letters differ: сәуле, saule, ساۋلە and 萨吾列 are near one another.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.names.alphabets import kazakh, kyrgyz, russian, ukrainian, uyghur
from estelik.names.folding import LATIN, folded
from estelik.names.weights import weights as trained
from estelik.protection.leaf import encode
from estelik.publication import entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.publication.site_sheets import Card

#: Entries in one file of lines.
BLOCK: Final = 100
#: A part is divided where it is larger (characters, about).
_LARGE: Final = 120_000
#: Consonants by what they are close to; v, w, y and vowels are often written otherwise, or not at all.
CLASSES: Final = {
    letter: one
    for one, letters in {
        "P": "bp",
        "T": "dt",
        "F": "f",
        "K": "kgqxh",
        "S": "szjc",
        "M": "m",
        "N": "n",
        "L": "l",
        "R": "r",
    }.items()
    for letter in letters
}
#: Two Latin letters for one sound.
PAIRS: Final = (
    *(
        ("dzh", "j"),
        ("kh", "k"),
        ("gh", "k"),
        ("sh", "s"),
        ("ch", "s"),
        ("zh", "s"),
        ("ph", "f"),
        ("th", "t"),
    ),
    *(("ts", "s"), ("ng", "n"), ("ck", "k")),
)
_MARKS: Final = str.maketrans("", "", "'’‘ʼʻ`")
#: Chinese syllables as other languages here write the sound.
_SYLLABLES: Final = (("x", "sh"), ("q", "ch"))


class Word(NamedTuple):
    """A word as the index has it."""

    skeleton: str
    roman: str


@cache
def letters() -> dict[str, str]:
    """Letters that are not plain Latin ones in plain Latin ones."""
    cyrillic = "".join(chr(point) for point in range(0x430, 0x460)) + "ғқңөұүһәіїєґҗўӣӯҳҷ"
    arabic = "".join(chr(point) for point in range(0x620, 0x6D6))
    found = {letter: other for letter, other in LATIN.items() if letter != other}
    for letter in cyrillic:
        found[letter] = _plain(
            next(
                (
                    other
                    for system in (kazakh.BGN, russian.PASSPORT, ukrainian.LATIN_2010, kyrgyz.BGN)
                    if (other := system.write(letter)) != letter
                ),
                uyghur.LATIN.write(uyghur.ARABIC_OF_CYRILLIC.write(letter)),
            )
        )
    for letter in arabic:
        other = uyghur.LATIN.write(letter)
        if other == letter:
            other = kazakh.BGN.write(kazakh.cyrillic(letter))
        if (plain := _plain(other)) or other != letter:
            found[letter] = plain
    return dict(sorted(found.items()))


@cache
def characters() -> dict[str, str]:
    """Chinese characters as they are read, without tones."""
    weights = trained()
    out = {}
    for letter, place in weights.characters.items():
        said = weights.syllables[weights.syllable[place]]
        for one, other in _SYLLABLES:
            said = other + said[1:] if said.startswith(one) else said
        out[letter] = said
    return out


def _plain(word: str) -> str:
    return folded("Latn", word)


@lru_cache(1 << 16)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text as the index has them, each once."""
    found = (romanised(one) for one in _split(text))
    return tuple(dict.fromkeys(Word(skeleton(one), one) for one in found if one))


def _split(text: str) -> Iterator[str]:
    for whole, run in groupby(
        text.translate(_MARKS), lambda letter: unicodedata.category(letter)[0] in "LMN"
    ):
        if whole:
            yield "".join(run)


def romanised(word: str) -> str:
    """A word in plain Latin letters and digits."""
    table, out = letters(), []
    for letter in unicodedata.normalize("NFKC", word).lower():
        other = table.get(letter)
        if other is None and letter >= "\u3400":
            other = characters().get(letter)
        if other is None:
            bare = unicodedata.normalize("NFD", letter)[0]
            other = table.get(bare, bare if re.fullmatch("[a-z0-9]", bare) else "")
        out.append(other)
    return "".join(out)


def skeleton(word: str) -> str:
    """The consonants of a plain word, coarsely."""
    for pair, one in PAIRS:
        word = word.replace(pair, one)
    return "".join(one for one, _ in groupby(CLASSES[letter] for letter in word if letter in CLASSES))


def files(cards: Sequence[Card]) -> Iterator[tuple[str, bytes]]:
    """The index of these entries, file by file."""
    named: dict[Word, list[int]] = defaultdict(list)
    told: dict[Word, list[int]] = defaultdict(list)
    for number, card in enumerate(cards):
        for one in dict.fromkeys(word for text in (card.name, *card.names) for word in words(text)):
            named[one].append(number)
        for one in dict.fromkeys(word for text in card.words for word in words(text)):
            told[one].append(number)
    by: dict[str, dict[str, tuple[list[int], list[int]]]] = defaultdict(dict)
    for one in sorted({*named, *told}):
        by[one.skeleton][one.roman] = (named.get(one, []), told.get(one, []))
    parts = list(_parts("", by))
    for number, (_, within) in enumerate(parts):
        yield f"search/p{number}.js", _call("part", number, encode(entry.index(by, within)))
    for start in range(0, len(cards), BLOCK):
        lines = [entry.line(card) for card in cards[start : start + BLOCK]]
        yield f"search/b{start // BLOCK}.js", _call("block", start // BLOCK, encode(lines))
    tables = {
        "block": BLOCK,
        "parts": [prefix for prefix, _ in parts],
        "letters": letters(),
        "classes": CLASSES,
        "pairs": PAIRS,
    }
    yield "search/tables.js", b"estelik.tables(%s);\n" % msgspec.json.encode(tables)
    said: dict[str, str] = {}
    for letter, syllable in characters().items():
        said[syllable] = said.get(syllable, "") + letter
    yield "search/characters.js", b"estelik.characters(%s);\n" % msgspec.json.encode(said)


def _call(name: str, number: int, data: bytes) -> bytes:
    return b"estelik.%s(%d,%s);\n" % (name.encode(), number, data)


def _parts(
    prefix: str, by: dict[str, dict[str, tuple[list[int], list[int]]]]
) -> Iterator[tuple[str, list[str]]]:
    """Beginnings of skeletons, none of which is the beginning of another's words, and the skeletons under
    each."""
    own = [one for one in by if one.startswith(prefix)]
    size = sum(20 + 3 * (len(a) + len(b)) for one in own for a, b in by[one].values())
    deeper = sorted({one[: len(prefix) + 1] for one in own if len(one) > len(prefix)})
    if size <= _LARGE or not deeper:
        if own:
            yield prefix, own
        return
    if prefix in by:
        yield f"{prefix}$", [prefix]
    for one in deeper:
        yield from _parts(one, by)
