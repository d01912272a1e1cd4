"""Words: pairs of a word in some script and the same in Latin letters, to learn from."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.names.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from estelik.names.script import Script

#: What the files of Wikidata's tokens are called.
FILES: Final[dict[str, Script]] = {"russian": "Cyrl", "arabic": "Arab", "chinese": "Hani"}
#: Longer words are no names.
_LONGEST: Final = 24


class Pair(NamedTuple):
    """``word`` in ``script`` and ``latin`` are the same, as ``weight`` says; both folded."""

    script: Script
    word: str
    latin: str
    weight: float


def wikidata(folder: Path, part: str) -> Iterator[Pair]:
    """The pairs of Wikidata's tokens (``part``: "80" or "20", as they are split there); CC0."""
    for language, script in FILES.items():
        with (folder / f"wd_{language}_{part}.tsv").open(encoding="utf-8") as lines:
            for line in lines:
                latin, word, count = line.rstrip("\n").split("\t")
                # What is common counts more, and far less than it is common.
                yield from pair(script, word.replace(" ", ""), latin, float(count) ** 0.35)


def listed(file: Path) -> Iterator[Pair]:
    """The pairs of a file with three columns: script, word, the same in Latin letters."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            script, word, latin = line.rstrip("\n").split("\t")[:3]
            yield from pair(script, word, latin, 1.0)  # type: ignore[arg-type]


def kept_out(files: Iterable[Path]) -> frozenset[str]:
    """The words, in both columns, of files with three columns."""
    return frozenset(word for file in files for one in listed(file) for word in (one.word, one.latin))


def pair(script: Script, word: str, latin: str, weight: float) -> Iterator[Pair]:
    """The pair, folded; none where nothing is left of one, or one is too long for a name."""
    word, latin = folded(script, word), folded("Latn", latin)
    if word and latin and len(word) <= _LONGEST and len(latin) <= _LONGEST:
        yield Pair(script, word, latin, weight)


def spellings(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Latin spellings of one word, by twos in both directions, and each with itself."""
    of = defaultdict[tuple[str, str], dict[str, float]](dict)
    for pair in pairs:
        of[pair.script, pair.word][pair.latin] = pair.weight
    own = dict[str, float]()
    for latins in of.values():
        own |= dict.fromkeys(latins, 0.2)
        # A word that stands for a dozen others says little about any two of them.
        for one, other in combinations(sorted(latins)[:6], 2):
            weight = min(latins[one], latins[other]) / (len(latins) - 1)
            yield Pair("Latn", one, other, weight)
            yield Pair("Latn", other, one, weight)
    for latin, weight in own.items():
        yield Pair("Latn", latin, latin, weight)
