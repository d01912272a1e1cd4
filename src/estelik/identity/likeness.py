"""Likeness: how surely two people are one, by their names and by all else that is recorded, and why."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.identity.evidence import Evidence, evidence
from estelik.names.comparison import compare_all

if TYPE_CHECKING:
    from estelik.identity.profile import Profile
    from estelik.names.reason import Reason
    from estelik.places.atlas import Atlas

#: What is not known to be impossible or certain is neither.
_LEAST: Final = 1e-6
#: The odds that two people are one of whom one has no name; names are learned from such as resemble each
#: other, and score accordingly.
_NAMELESS: Final = 1e-3


class Likeness(NamedTuple):
    """``score`` between 0 and 1; ``names``: the two that fit best, what speaks for and against them in
    ``why``, and all other ``evidence``."""

    score: float
    names: tuple[str, str]
    why: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]


def likeness(one: Profile, other: Profile, atlas: Atlas, *, others: int = 0) -> Likeness:
    """How surely two people are one. ``others``: how many more in the casebook have a name that fits both.

    The odds of the names that fit best, times the factor of each piece of evidence.
    """
    names, score = ("", ""), 0.0
    why: tuple[Reason, ...] = ()
    for left in one.names:
        for right, found in zip(other.names, compare_all(left, other.names), strict=True):
            if found.score > score or not names[0]:
                names, score, why = (left, right), found.score, found.why
    odds = score / max(1 - score, _LEAST) if score else 0.0
    nameless = not why or any(reason.kind == "nothing" for reason in why)
    if nameless:
        odds, why, names = _NAMELESS, (), ("", "")
    pieces = evidence(one, other, atlas, others=others)
    odds *= prod(piece.factor for piece in pieces)
    return Likeness(round(odds / (1 + odds), 4), names, why, pieces)
