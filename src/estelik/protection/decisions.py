"""Decisions: the permissions of many cases at once, as numbers (``permission`` says the same one by one, and
why)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.protection.voice import LIFT, NAMED, REFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.protection.permission import Permissions
    from estelik.protection.voice import Voice
    from estelik.records import Statement

#: More than any level: nobody said anything.
_SILENT: Final = 127
_FREE: Final = -1
_CASES: Final = 1 << 18
_BITS: Final = 62


class Levels(NamedTuple):
    """As whom teller and person appear in each case (``voice.LEVELS``; 0: not at all), and which cases are
    cleared (n)."""

    teller: Any
    person: Any
    cleared: Any


class Decisions:
    """The consents about each of some statements, ready to be asked a million times."""

    def __init__(self, statements: Sequence[Statement], permissions: Permissions) -> None:
        voices = permissions.voices
        number = {id(one): at for at, one in enumerate(voices)}
        self._audiences = np.array([one.audiences for one in voices], np.int64)
        self._purposes = np.array([one.purposes for one in voices], np.int64)
        self._first = np.array([one.first for one in voices], np.int64)
        self._last = np.array([one.last for one in voices], np.int64)
        self._level = np.array([one.level for one in voices], np.int8)
        self._medical = np.array([one.medical for one in voices], bool)
        asked = [permissions.asked_of(one) for one in statements]
        self._tellers, self._people = (
            _lists(
                [
                    [(number[id(voice)], voice) for voice in permissions.about(one, people[side])]
                    for one, people in zip(statements, asked, strict=True)
                ]
            )
            for side in (0, 1)
        )
        self._free = np.array([not life for _, life in asked], bool)
        self._is_medical = np.array([one.compartment == "medical" for one in statements], bool)
        self._never = np.array(
            [one.compartment == "source" or one.answer in ("unknown", "refused") for one in statements], bool
        )

    def decide(self, which: Any, audiences: Any, purposes: Any, days: Any) -> Levels:
        """The decisions on cases: which statement, audience and purpose (their places in the vocabularies),
        day (ordinal), four arrays of one length."""
        size = len(which)
        teller, person = np.empty(size, np.int8), np.empty(size, np.int8)
        cleared = np.empty(size, bool)
        for start in range(0, size, _CASES):
            some = slice(start, start + _CASES)
            case = which[some], 1 << audiences[some], 1 << purposes[some], days[some]
            teller[some], medical = self._heard(self._tellers, *case)
            person[some], also = self._heard(self._people, *case)
            free = self._free[which[some]]
            person[some][free] = NAMED
            open_ = ~self._is_medical[which[some]] | (medical & (also | free))
            cleared[some] = (
                (teller[some] > REFUSED) & (person[some] > REFUSED) & open_ & ~self._never[which[some]]
            )
        return Levels(teller, person, cleared)

    def _heard(self, lists: _Lists, which: Any, audience: Any, purpose: Any, day: Any) -> Any:
        """The least level of the voices of each case that are heard, and whether all of them cover medical
        statements."""
        starts, voices, lifts, refusals = lists
        counts = starts[which + 1] - starts[which]
        lifted = np.zeros(len(which), np.int64)
        level = np.full(len(which), _SILENT, np.int8)
        medical = np.ones(len(which), bool)
        # Few have many consents: the first of each, then the second of those that have two, and so on.
        rows = np.arange(len(which))
        for nth in range(int(counts.max(initial=0))):
            rows = rows[counts[rows] > nth]
            place = starts[which[rows]] + nth
            voice = voices[place]
            heard = (
                ((self._audiences[voice] & audience[rows]) != 0)
                & ((self._purposes[voice] & purpose[rows]) != 0)
                & (self._first[voice] <= day[rows])
                & (day[rows] <= self._last[voice])
            )
            # What lifts stands before what it lifts.
            lifted[rows[heard]] |= lifts[place[heard]]
            heard &= (self._level[voice] != LIFT) & ((refusals[place] & lifted[rows]) == 0)
            there, said = rows[heard], voice[heard]
            level[there] = np.minimum(level[there], self._level[said])
            medical[there] &= self._medical[said]
        silent = level == _SILENT
        level[silent] = REFUSED
        medical[silent] = False
        return level, medical


class _Lists(NamedTuple):
    """Lists of voices one after the other: where each begins (n + 1), all of them, and of each the bit of the
    refusal that it lifts, and that it is (within its list; 0: none)."""

    starts: Any
    voices: Any
    lifts: Any
    refusals: Any


def _lists(found: Sequence[Sequence[tuple[int, Voice]]]) -> _Lists:
    starts = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(one) for one in found], out=starts[1:])
    voices, lifts, refusals = [], [], []
    for one in found:
        ordered = sorted(one, key=lambda pair: pair[1].level != LIFT)
        names = dict.fromkeys(voice.no for _, voice in ordered if voice.level == LIFT)
        # Beyond what a number can tell apart, a refusal stays one.
        bit = {name: 1 << at for at, name in zip(range(_BITS), names, strict=False)}
        for number, voice in ordered:
            voices.append(number)
            lifts.append(bit.get(voice.no, 0) if voice.level == LIFT else 0)
            refusals.append(bit.get(voice.no, 0) if voice.level == REFUSED else 0)
    return _Lists(starts, *(np.array(each, np.int64) for each in (voices, lifts, refusals)))
