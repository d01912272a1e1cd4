"""Places: pairs of a word of a place's name in some script and the same in Latin letters, to learn from.

Of the package's own gazetteer (from GeoNames, CC BY 4.0). Places have names that
are no spellings of each other; a pair is taken only where a rule's Latin is near.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from estelik.names import script
from estelik.names.alphabets import kazakh, russian, ukrainian, uyghur
from estelik.names.folding import folded
from training.words import pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from estelik.names.script import Script
    from training.words import Pair

#: How near the Latin of a rule has to be, and how much a place counts beside a name of people.
_NEAR: Final = 0.7
_WEIGHT: Final = 0.3
_UNITS: Final = frozenset("市县縣区區州省盟旗府")
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
