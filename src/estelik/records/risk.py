"""Risk: who can be reached by reprisals, what has happened already, and when somebody has to look again.

Lies in the ``source`` compartment. Days are ISO days.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

#: The kind of stored record that both of these are; ``what`` tells them apart.
RISK: Final = "risk"
_WHAT: Final = "what"

#: Somebody who can be reached: a relative, whoever stands surety, somebody held together with; or what was
#: done: an incident, a threat.
Kind = Literal["relative", "guarantor", "cellmate", "incident", "threat"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Risk(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="risk"):
    """``about``: on whose account (a label); ``reached``: who can be reached, or was (labels); ``words`` of
    what it is; ``place``; ``day``: when it happened (EDTF) or was noted; ``review``: by when to look
    again."""

    id: str
    kind: Kind
    about: str
    review: str
    reached: tuple[str, ...] = ()
    words: str = ""
    place: str = ""
    day: str = ""
    made: str = ""
    device: str = ""


class Review(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="review"):
    """Somebody looked at a ``risk`` on a ``day``: it is ``over``, or stays until the next ``review``."""

    id: str
    risk: str
    day: str
    reason: str
    over: bool = False
    review: str = ""
    made: str = ""
    device: str = ""


decode: Final = msgspec.json.Decoder(Risk | Review).decode
encode: Final = msgspec.json.Encoder().encode


class Standing(msgspec.Struct, frozen=True):
    """A risk as its reviews left it: when it has to be looked at next ("" where it is ``over``)."""

    risk: Risk
    reviews: tuple[Review, ...] = ()

    @property
    def over(self) -> bool:
        """Whether the last who looked found that it is over."""
        return bool(self.reviews) and self.reviews[-1].over

    @property
    def review(self) -> str:
        """By which day it has to be looked at again, "" if it is over."""
        if self.over:
            return ""
        later = [one.review for one in self.reviews if one.review]
        return later[-1] if later else self.risk.review


def standing(risks: tuple[Risk | Review, ...]) -> tuple[Standing, ...]:
    """Each risk with its reviews, in order of entry."""
    reviews: dict[str, list[Review]] = {}
    for one in risks:
        if isinstance(one, Review):
            reviews.setdefault(one.risk, []).append(one)
    return tuple(
        Standing(one, tuple(sorted(reviews.get(one.id, ()), key=lambda review: (review.day, review.made))))
        for one in risks
        if isinstance(one, Risk)
    )
