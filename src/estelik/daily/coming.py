"""Coming: who is going to come and tell, and what to ask each of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.questions import Question
from estelik.daily.asking import asked_of
from estelik.daily.own import own
from estelik.daily.tellers import told_of
from estelik.daily.today import today
from estelik.errors import NotFoundError, UsageError
from estelik.ids import new_id
from estelik.index import visits
from estelik.index.kept import Kept
from estelik.records.label import composed, is_seen
from estelik.records.visit import VISIT, End, Outcome, Visit, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook

#: Days after which a visit of which nobody said what came is not shown any more; days ahead that questions
#: are looked for; lives that somebody is asked about; letters of a note.
PAST: Final = 14
AHEAD: Final = 7
_LIVES: Final = 3
_NOTE: Final = 2000
_LABEL: Final = 500
#: So many visits are prepared at once.
_MOST: Final = 24
_TIME: Final = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class Prepared(msgspec.Struct, frozen=True):
    """What is ready for a visit: the ``number`` of times that she told before, and of each life (its label)
    that she is asked about, what to ask next."""

    number: int
    questions: tuple[tuple[str, tuple[Question, ...]], ...]

    @property
    def count(self) -> int:
        """How many questions there are."""
        return sum(len(one) for _, one in self.questions)


class Coming:
    """The visits of a casebook that stays open; what was read of them is kept."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._kept = Kept(VISIT)
        self._prepared: dict[str, Prepared] = {}

    def visits(self) -> tuple[Visit, ...]:
        """Those that are to be, and those of the last days of which nobody has said what came, the first
        first; none where the sources are not open to this member."""
        since = (today() - timedelta(days=PAST)).isoformat()
        found = visits.every(self._casebook.vault.store, self._kept, self._casebook.out_of_sight())
        return tuple(one for one in planned(found) if one.day >= since)

    def prepared(self, visit: Visit) -> Prepared | None:
        """What is ready for a visit; None where that was not looked for yet."""
        return self._prepared.get(visit.id)

    def prepare(self, day: int, go_on: Callable[[], bool]) -> None:
        """Looks for what to ask at the next visits; ``day``: today (ordinal)."""
        until = date.fromordinal(day + AHEAD).isoformat()
        found: dict[str, Prepared] = {}
        for one in self.visits()[:_MOST]:
            if one.day > until or not go_on():
                break
            found[one.id] = prepare(self._casebook, one)
        self._prepared = found


def prepare(casebook: Casebook, visit: Visit) -> Prepared:
    """Looks for what to ask at a visit."""
    lives = (visit.about,) if visit.about else told_of(casebook, visit.who)[:_LIVES]
    before = max((len(own(casebook, visit.who, one).visits) for one in lives), default=0)
    asked = ((one, tuple(asked_of(casebook, visit.who, one))) for one in lives)
    return Prepared(before, tuple((one, found) for one, found in asked if found))


def plan(casebook: Casebook, who: str, day: str, *, time: str = "", about: str = "", note: str = "") -> Visit:
    """Puts down that somebody is to come. Raises ``UsageError`` or ``CasebookError``; nothing is written
    then."""
    who, about, note = composed(who.strip()), composed(about.strip()), note.strip()
    if not who:
        raise UsageError("Nobody is named.", safe="Nothing was put down.", do="Say who comes.")
    if not all(is_seen(one) and len(one) <= _LABEL for one in (who, about)) or len(note) > _NOTE:
        raise UsageError(
            "A name is too long, or holds what cannot be seen.",
            safe="Nothing was put down.",
            do="Type it again.",
        )
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise UsageError(
            "This is no day.", safe="Nothing was put down.", do="Write it as 2026-03-01."
        ) from None
    if when < today():
        raise UsageError("This day is over.", safe="Nothing was put down.", do="Choose today or a later day.")
    if time and not _TIME.fullmatch(time):
        raise UsageError("This is no time of day.", safe="Nothing was put down.", do="Write it as 14:30.")
    made = Visit(
        new_id(), who, when.isoformat(), time, about, note, made=_now(), device=casebook.vault.device
    )
    with casebook.entering():
        visits.enter(casebook.vault.store, made)
    return made


def end(casebook: Casebook, found: tuple[Visit, ...], id_: str, outcome: Outcome) -> None:
    """Puts down what came of one of these visits. Raises ``NotFoundError`` where somebody else has."""
    if all(one.id != id_ for one in found):
        raise NotFoundError(
            "There is no such visit any more.",
            safe="Nothing was put down.",
            do="See whether somebody else has said what came of it.",
        )
    made = End(new_id(), id_, outcome, made=_now(), device=casebook.vault.device)
    with casebook.entering():
        visits.enter(casebook.vault.store, made)


def came(casebook: Casebook, found: tuple[Visit, ...], who: str) -> None:
    """Puts down that somebody (a label) has come, where she was expected until today."""
    now = today().isoformat()
    for one in found:
        if one.who == who and one.day <= now:
            end(casebook, found, one.id, "came")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
