"""Split: which invented persons are for training, which for choosing between trainings, which for the report.

Of every ten names, one is kept for ``held`` and one for ``dev``, wholly: whoever bears
it, or is the child of one who did, is of that part. Of the rest a combination of given name
and father's name decides. Names that spellings confuse are one here, in both
languages, so that no part meets a name of another in other letters.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from training import sounds

if TYPE_CHECKING:
    from training.listed import Language

Split = Literal["train", "dev", "held"]
#: What is new to a matcher that saw ``train``: the combination of names, or a name itself.
Unseen = Literal["", "combination", "name"]
SPLITS: Final[tuple[Split, ...]] = ("train", "dev", "held")
#: Of a hundred names, and of a hundred combinations of the others.
_NAMES: Final = {"held": 10, "dev": 10}
_COMBINATIONS: Final = {"held": 15, "dev": 15}


#: Of several tried the first by which near a tenth of the names of each language falls to each part.
_NAME: Final = "name 34"


@cache
def of_name(name: str, language: Language) -> Split:
    """The part that a name is kept for."""
    return _drawn(_NAME, (sounds.skeleton(sounds.of(name, language)),), _NAMES)


@cache
def _of_combination(one: str, other: str, language: Language) -> Split:
    # A father and child whose names are the other way round are written alike with the order swapped.
    keys = sorted(sounds.skeleton(sounds.of(name, language)) for name in (one, other))
    return _drawn("combination", tuple(keys), _COMBINATIONS)


def of(language: Language, given: str, roots: tuple[str, ...]) -> tuple[Split, Unseen] | None:
    """The part of a person with a given name and roots of patronym and surname, and what is new in it.

    None where the combinations with each root are of different parts: nobody has such names.
    """
    kept = {of_name(name, language) for name in (given, *roots)}
    if "held" in kept:
        return "held", "name"
    if "dev" in kept:
        return "dev", "name"
    parts = {_of_combination(given, root, language) for root in roots}
    if len(parts) > 1:
        return None
    (part,) = parts
    return part, "" if part == "train" else "combination"


def _drawn(what: str, keys: tuple[str, ...], shares: dict[str, int]) -> Split:
    digest = hashlib.sha256("\n".join((what, *keys)).encode()).digest()
    number = int.from_bytes(digest[:8]) % 100
    if number < shares["held"]:
        return "held"
    return "dev" if number < shares["held"] + shares["dev"] else "train"
