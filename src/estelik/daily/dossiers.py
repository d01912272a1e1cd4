"""Dossiers: the pages of lives, out of an open casebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.timeline import label
from estelik.daily.signers import signers
from estelik.views.dossier import pages
from estelik.views.encounters import Meetings
from estelik.views.same_place import SameByPlaces
from estelik.views.who import Judging

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.casebook import Casebook
    from estelik.chronology.encounters import Encounter
    from estelik.identity.merging import Merged
    from estelik.records import Statement
    from estelik.views.person import PersonPage


def dossiers(
    casebook: Casebook,
    subjects: Sequence[str] = (),
    *,
    today: int,
    progress: Callable[[int], None] = lambda _: None,
) -> list[PersonPage]:
    """The pages of these subjects, or of all; ``today``: the day (ordinal) at which drawings end;
    ``progress`` is told how many lives were looked at for whom they may have met.

    Raises ``NotFoundError`` for a subject that nobody spoke of.
    """
    merged = _merged(casebook, subjects)
    keys = list(dict.fromkeys(key for subject in subjects for key in merged.keys(subject)))
    lives = keys or list(dict.fromkeys(one.subject for one in merged.statements))
    met, others = _encounters(casebook, lives, progress)
    judging = Judging(merged, {one.id: one for one in casebook.lives.verdicts()}, signers(casebook))
    return list(
        pages(
            merged.statements,
            merged.judgements,
            today=today,
            subjects={label(key) for key in keys} or None,
            encounters=met,
            others=others,
            judging=judging,
            same_place=SameByPlaces(casebook.lives.about_places),
        )
    )


def _merged(casebook: Casebook, subjects: Sequence[str]) -> Merged:
    """All that reasoning about these subjects needs, each statement once."""
    if not subjects:
        return casebook.lives.all()
    found = {one.statement: one for subject in subjects for one in casebook.lives.recorded(subject)}
    return casebook.lives.merged(list(found.values()))


def _encounters(
    casebook: Casebook, lives: Sequence[str], progress: Callable[[int], None]
) -> tuple[dict[str, list[Encounter]], dict[str, Statement]]:
    """Whom each of these lives (keys) may have met, and the statements that say so, by id."""
    met = {}
    meetings = Meetings(casebook.lives)
    for count, life in enumerate(lives, start=1):
        met[life] = meetings.of(meetings.group(life), life)
        progress(count)
    return met, meetings.statements
