"""Voices: what each consent says on which days, once everything that was done about it is taken into account.

A consent becomes up to two voices: what it grants, while it holds; and a refusal, from the day on which it
was withdrawn. What ``renews`` a consent ends both. Between voices the strictest decides (``permission``).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.records.consent import AUDIENCES, IDENTITIES, MEDIA, PURPOSES, ReprisalCheck, Scope, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.records.consent import Consent, Consents

#: What a voice says: nobody may be shown anything (a refusal), or as whom.
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
    ``REFUSED``, or as whom (``LEVELS``). ``of``: the key of a telling or a label, as ``scope`` says.
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

    def heard(self, audience: int, purpose: int, day: int) -> bool:
        """Whether it says anything to an audience and a purpose (bits) on a day."""
        return bool(self.audiences & audience and self.purposes & purpose and self.first <= day <= self.last)


def bits(words: Iterable[str], vocabulary: Sequence[str]) -> int:
    """A set of words as bits, in the order of the vocabulary."""
    return sum(1 << vocabulary.index(word) for word in set(words))


def voices(consents: Consents) -> tuple[Voice, ...]:
    """What all consents say, in order of entry."""
    ends = _renewals(consents)
    gone = _withdrawals(consents)
    checked = _checks(consents)
    out = []
    for one in consents.given:
        said = (
            *(one.id, one.giver, one.scope, one.of),
            *(bits(one.audiences, AUDIENCES), bits(one.purposes, PURPOSES)),
        )
        end = ends.get(one.id, EVER + 1) - 1
        withdrawn = gone.get(one.id)
        if withdrawn is not None and withdrawn <= end:
            out.append(Voice(*said, withdrawn, end, REFUSED))
            end = withdrawn - 1
        begin = max(_day(one.given), _day(one.first) if one.first else 0)
        end = min(end, _day(one.last) if one.last else EVER)
        if one.basis == "already-public" and one.answer == "yes":
            # Only from the day on which somebody looked, and while the last who looked found it safe.
            spans = checked.get(one.id, [])
        else:
            spans = [(0, EVER)]
        level = REFUSED if one.answer == "no" else LEVELS[one.identity]
        if one.condition and level:
            continue
        for first, last in spans:
            if max(begin, first) <= min(end, last):
                window = (max(begin, first), min(end, last))
                media = bits(one.media, MEDIA) if level else 0
                out.append(Voice(*said, *window, level, media, "medical" in one.including))
    return tuple(out)


def standing(consent: Consent, consents: Consents, day: int) -> Standing:
    """How a consent stands on a day, in a word."""
    withdrawn = _withdrawals(consents).get(consent.id)
    if _renewals(consents).get(consent.id, EVER + 1) <= day:
        return "renewed"
    if withdrawn is not None and withdrawn <= day:
        return "withdrawn"
    if max(_day(consent.given), _day(consent.first) if consent.first else 0) > day:
        return "to begin"
    if consent.last and _day(consent.last) < day:
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
        if not any(first <= day <= last for first, last in spans):
            return "unchecked"
    return "holds"


def _renewals(consents: Consents) -> dict[str, int]:
    """The first day on which each consent that was renewed no longer speaks."""
    out: dict[str, int] = {}
    for one in consents.given:
        if one.renews:
            out[one.renews] = min(out.get(one.renews, EVER), _day(one.given))
    return out


def _withdrawals(consents: Consents) -> dict[str, int]:
    out: dict[str, int] = {}
    for one in consents.acts:
        if isinstance(one, Withdrawal):
            out[one.consent] = min(out.get(one.consent, EVER), _day(one.day))
    return out


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
