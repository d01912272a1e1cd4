"""Readings: how a Chinese name is written in Latin letters by those who do not read it in pinyin.

A character has a few romanisations in Mandarin (pinyin, Wade-Giles), in Cantonese
and in Korean, and as a family's name (Hokkien, Teochew, Hakka among them).
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.names.weights import Weights

#: A name of two characters or three, the first of which is the family's.
_SIZES: Final = (2, 3)
#: In so many ways two characters are one word at most.
_TOGETHER: Final = 150


def romanised(weights: Weights, place: int) -> Sequence[Sequence[str]]:
    """How a character is romanised: by its syllable in pinyin and Wade-Giles, in Cantonese, in Korean, as a
    surname."""
    said = weights.syllables[weights.syllable[place]]
    groups = [one.split() for one in weights.romanised[place].split("\t")]
    groups += [[]] * (3 - len(groups))
    return [sorted({said, _wade_giles(said)}), *groups]


def readings(native: Sequence[int], weights: Weights) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The ways in which a name is read as a whole: the words of each, each in all its spellings.

    The given name is one word or two. ``native``: the places of its characters in the lists of the map.
    """
    if len(native) not in _SIZES:
        return
    said = [romanised(weights, place) for place in native]
    for language in range(3):
        family = tuple(dict.fromkeys((*said[0][language], *said[0][3])))
        given = [tuple(one[language]) for one in said[1:]]
        if family and all(given):
            yield family, *given
            if len(given) > 1:
                yield family, tuple(islice(map("".join, product(*given)), _TOGETHER))


def _wade_giles(said: str) -> str:
    for pinyin, other in (
        *(
            ("zh", "ch"),
            ("x", "hs"),
            ("q", "ch"),
            ("z", "ts"),
            ("c", "ts"),
            ("b", "p"),
            ("d", "t"),
            ("g", "k"),
        ),
        *(("j", "ch"), ("r", "j")),
    ):
        if said.startswith(pinyin) and not said.startswith("ch"):
            said = other + said[len(pinyin) :]
            break
    said = said.replace("ong", "ung")
    return f"{said[:-3]}ien" if said.endswith("ian") else said
