"""Voices: what each consent says on which days, once everything that was done about it is taken into account.

A consent becomes voices: what it grants, while it holds; a refusal, where it is a no, waits for a condition,
or from the day on which it was withdrawn. What ``renews`` a consent ends what that grants. A refusal it ends
nowhere but where it grants something itself: for these audiences and purposes, in what it is about, on these
days (``LIFT``), and only where it was given after the refusal. Between voices the strictest decides
(``permission``).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec.structs import replace

from estelik.records.consent import AUDIENCES, IDENTITIES, MEDIA, PURPOSES, ReprisalCheck, Scope, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.records.consent import Consent, Consents

#: What a voice says: a refusal does not hold here; nobody may be shown anything (a refusal); or as whom.
LIFT: Final = -1
REFUSED: Final = 0
LEVELS: Final = {identity: level for level, identity in enumerate(IDENTITIES, start=1)}
NAMED: Final = LEVELS["named"]
PSEUDONYM: Final = LEVELS["pseudonym"]
EVER: Final = date.max.toordinal()

Standing = Literal[
    "holds", "refused", "withdrawn", "renewed", "ended", "to begin", "waits", "ask again", "unchecked"
]


class Voice(msgspec.Struct, frozen=True):
    """What one consent says from day ``first`` to day ``last`` (proleptic ordinals, both included).

    ``audiences``, ``purposes`` and ``media`` are sets as bits, in the order of the vocabularies. ``level``:
    ``LIFT``, ``REFUSED``, or as whom (``LEVELS``). ``of``: the key of a telling or a label, as ``scope``
    says. ``no``: which refusal it is, or lifts; ``waits``: it is one because of a condition.
    """

    consent: str
    giver: str
    scope: Scope
    of: str
    audiences: int
    purposes: int
    first: int
    last: int
    level: int
    media: int = 0
    medical: bool = False
    no: str = ""
    waits: bool = False

    def heard(self, audience: int, purpose: int, day: int) -> bool:
        """Whether it says anything to an audience and a purpose (bits) on a day."""
        return bool(self.audiences & audience and self.purposes & purpose and self.first <= day <= self.last)


def bits(words: Iterable[str], vocabulary: Sequence[str]) -> int:
    """A set of words as bits, in the order of the vocabulary."""
    return sum(1 << vocabulary.index(word) for word in set(words))


def voices(consents: Consents) -> tuple[Voice, ...]:
    """What all consents say, in order of entry."""
    after = _After(consents)
    renewing, gone = _renewing(consents), after.withdrawn
    granted = {one.id: list(_grants(one, after)) for one in consents.given}
    out = []
    for one in consents.given:
        out += granted[one.id]
        refusals: list[tuple[str, int, int, bool]] = []
        if one.answer == "no" or one.condition:
            refusals.append((one.id, *_span(one), one.answer != "no"))
        refusals += [(f"{one.id}\x1f{day}", day, EVER, False) for day in gone.get(one.id, ())]
        for no, first, last, waits in refusals:
            if first > last:
                continue
            out.append(replace(_voice(one, first, last, REFUSED), no=no, waits=waits))
            out += [
                replace(voice, level=LIFT, no=no)
                for later in renewing.get(one.id, ())
                if later.giver == one.giver and _day(later.given) >= first_day(one, no)
                for voice in granted[later.id]
            ]
    return tuple(out)


def first_day(one: Consent, no: str) -> int:
    """From which day on a refusal of a consent is lifted by what is given: that of the withdrawal, or that on
    which the consent itself was given."""
    _, apart, day = no.partition("\x1f")
    return int(day) if apart else _day(one.given)


def _voice(one: Consent, first: int, last: int, level: int) -> Voice:
    audiences, purposes = bits(one.audiences, AUDIENCES), bits(one.purposes, PURPOSES)
    return Voice(one.id, one.giver, one.scope, one.of, audiences, purposes, first, last, level)


def _span(one: Consent) -> tuple[int, int]:
    begin = max(_day(one.given), _day(one.first) if one.first else 0)
    return begin, _day(one.last) if one.last else EVER


class _After:
    """What was said of consents once they were given, by consent: the days on which each was ``withdrawn``,
    on which what renews it was given, between which it was found safe."""

    def __init__(self, consents: Consents) -> None:
        self.withdrawn, self.safe = _withdrawals(consents), _checks(consents)
        self.renewed: dict[str, list[int]] = {}
        for one in consents.given:
            if one.renews:
                self.renewed.setdefault(one.renews, []).append(_day(one.given))


def _grants(one: Consent, after: _After) -> Iterator[Voice]:
    """What a consent lets be shown, and when: nothing from its renewal, or its withdrawal, on."""
    if one.answer == "no" or one.condition:
        return
    begin, end = _span(one)
    gone = (*after.withdrawn.get(one.id, ()), *after.renewed.get(one.id, ()))
    end = min([end, *(day - 1 for day in gone)])
    # Only from the day on which somebody looked, and while the last who looked found it safe.
    spans = after.safe.get(one.id, []) if one.basis == "already-public" else [(0, EVER)]
    for first, last in spans:
        if max(begin, first) <= min(end, last):
            voice = _voice(one, max(begin, first), min(end, last), LEVELS[one.identity])
            yield replace(voice, media=bits(one.media, MEDIA), medical="medical" in one.including)


def standing(consent: Consent, consents: Consents, day: int) -> Standing:
    """How a consent stands on a day, in a word."""
    later = [one for one in _renewing(consents).get(consent.id, ()) if _day(one.given) <= day]
    gone = [one for one in _withdrawals(consents).get(consent.id, ()) if one <= day]
    if gone and not any(_day(one.given) >= max(gone) for one in later):
        return "withdrawn"
    if consent.answer == "yes" and later:
        return "renewed"
    after = _After(consents) if later else None
    if after and any(voice.first <= day <= voice.last for one in later for voice in _grants(one, after)):
        return "renewed"
    first, last = _span(consent)
    if first > day:
        return "to begin"
    if last < day:
        return "ended"
    if consent.answer == "no":
        return "refused"
    if consent.condition:
        met = any(
            one.consent == consent.id and _day(one.day) <= day
            for one in consents.acts
            if not isinstance(one, Withdrawal | ReprisalCheck)
        )
        return "ask again" if met else "waits"
    if consent.basis == "already-public":
        spans = _checks(consents).get(consent.id, [])
        if not any(begin <= day <= end for begin, end in spans):
            return "unchecked"
    return "holds"


def _renewing(consents: Consents) -> dict[str, list[Consent]]:
    """Of each consent those that renew it, or what renews it, and so on."""
    given = {one.id: one for one in consents.given}
    out: dict[str, list[Consent]] = {}
    for one in consents.given:
        earlier, seen = one.renews, {one.id}
        while earlier in given and earlier not in seen:
            seen.add(earlier)
            out.setdefault(earlier, []).append(one)
            earlier = given[earlier].renews
    return out


def _withdrawals(consents: Consents) -> dict[str, list[int]]:
    """The days on which each consent was withdrawn, in order, each once."""
    out: dict[str, set[int]] = {}
    for one in consents.acts:
        if isinstance(one, Withdrawal):
            out.setdefault(one.consent, set()).add(_day(one.day))
    return {consent: sorted(days) for consent, days in out.items()}


def _checks(consents: Consents) -> dict[str, list[tuple[int, int]]]:
    """The days on which the last who looked at a consent found that nobody is harmed."""
    found: dict[str, dict[int, bool]] = {}
    for one in consents.acts:
        if isinstance(one, ReprisalCheck):
            days = found.setdefault(one.consent, {})
            # Of two who looked on one day the one who saw harm counts.
            days[_day(one.day)] = days.get(_day(one.day), True) and one.safe
    out: dict[str, list[tuple[int, int]]] = {}
    for consent, days in found.items():
        ordered = sorted(days)
        for day, following in zip(ordered, [*ordered[1:], EVER + 1], strict=True):
            if days[day]:
                out.setdefault(consent, []).append((day, following - 1))
    return out


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()
