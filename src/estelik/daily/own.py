"""Own: what one source has told of one life, and nothing of anybody else's.

While a visitor is present the desk reckons with this alone: whether others have told of the same person, what
they said, and what was decided because of it changes nothing that it shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.timeline import label
from estelik.errors import NotFoundError
from estelik.records import Judgement, Statement
from estelik.views.dossier import pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.views.person import PersonPage


class Visit(msgspec.Struct, frozen=True):
    """One earlier telling: which one it was (from 1), when (EDTF), and its statements, each with whether a
    later one corrects it."""

    number: int
    told: str
    statements: tuple[tuple[Statement, bool], ...]


class Own(msgspec.Struct, frozen=True):
    """``statements``: what this ``source`` told of ``about`` and of lives that hang on it, in order of
    entry; ``allowed``: what she may be asked though it might make her relive the worst."""

    source: str
    about: str
    statements: tuple[Statement, ...] = ()
    allowed: tuple[Judgement, ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Her earlier tellings about this life, the first first."""
        found: dict[str, list[Statement]] = {}
        for one in self.statements:
            if one.about == self.about:
                found.setdefault(one.telling, []).append(one)
        corrected = {one.corrects for one in self.statements if one.corrects}
        ordered = sorted(found.values(), key=lambda told: max(one.told for one in told))
        return tuple(
            Visit(
                number,
                max(one.told for one in told),
                tuple((one, one.statement in corrected) for one in told),
            )
            for number, told in enumerate(ordered, start=1)
        )


def own(casebook: Casebook, source: str, about: str) -> Own:
    """What ``source`` told of ``about`` (labels) before; whoever was judged to be the same counts as the
    same, under the label that is asked for."""
    lives = casebook.lives
    try:
        found = lives.recorded(about)
    except NotFoundError:
        return Own(source, about)
    known = lives.resolution
    voices = {label(key) for key in lives.whose(source)} | {source}
    same = {*known.members(about), *lives.whose(about)}
    told = tuple(
        msgspec.structs.replace(one, about=about) if known.key(one) in same else one
        for one in found
        if one.source in voices
    )
    allowed = tuple(
        msgspec.structs.replace(one, source=source)
        for one in lives.judgements()
        if one.decision == "allow-question" and one.subject in same and one.source in voices
    )
    return Own(source, about, told, allowed)


def course(
    statements: Sequence[Statement],
    about: str,
    *,
    today: int,
    allowed: Sequence[Judgement] = (),
    brief: bool = True,
) -> PersonPage | None:
    """The page of this life by these statements alone; None where there is nothing about it yet. ``brief``:
    without questions and sums."""
    return next(pages(list(statements), allowed, today=today, subjects=(about,), brief=brief), None)
