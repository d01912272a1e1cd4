"""Permission: whether a statement may be shown to an audience, as whom its people appear in it, and why.

Two have to have said yes: who told it, and whom it is about (the same person, where she tells about herself).
What is not about a person, or about somebody unnamed, needs the teller alone. Of several consents the
strictest decides: a refusal before all, else the least identity and the media that all allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.protection.voice import LIFT, NAMED, REFUSED, bits, voices
from estelik.records.consent import AUDIENCES, PURPOSES, Audience, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from estelik.identity.resolution import Resolution
    from estelik.protection.voice import Voice
    from estelik.records import Statement
    from estelik.records.consent import Consents, Scope

#: Why something may not be shown, or as less than somebody said.
Reason = Literal[
    "not asked", "refused", "waits", "stricter", "medical", "sources", "not answered", "no identity"
]


class Asked(msgspec.Struct, frozen=True):
    """To whom something is to be shown, for what, on which day (ordinal)."""

    audience: Audience
    purpose: Purpose
    day: int

    @property
    def bits(self) -> tuple[int, int, int]:
        """As ``Voice.heard`` asks for it."""
        return bits([self.audience], AUDIENCES), bits([self.purpose], PURPOSES), self.day


class Word(msgspec.Struct, frozen=True):
    """What one person's consents come to: as whom she appears (``LEVELS``; ``REFUSED``: not at all), with
    which media (bits); by which consents (ids), and why it is less than one of them says."""

    level: int
    media: int = 0
    medical: bool = False
    consents: tuple[str, ...] = ()
    reason: Reason | Literal[""] = ""


class Permission(msgspec.Struct, frozen=True):
    """What may be shown of one statement. ``why`` is empty where it may be shown."""

    teller: Word
    person: Word
    why: tuple[Reason, ...] = ()

    @property
    def cleared(self) -> bool:
        """Whether it may be shown."""
        return not self.why


#: A word that asks nobody: what is about no person.
_FREE = Word(NAMED, (1 << 16) - 1, medical=True)


class Permissions:
    """The voices of all, by giver. ``who`` gives each label (of a source or subject) the key of the person
    that it stands for; ``life`` the key of the life that a statement is about, "" for nobody who can be
    asked."""

    def __init__(
        self, voices: Sequence[Voice], who: Callable[[str], str], life: Callable[[Statement], str]
    ) -> None:
        self._who, self._life = who, life
        self.voices = tuple(voices)
        #: What has been worked out: most tellings have many statements.
        self._words: dict[tuple[str, str, str, Asked], Word] = {}
        self._by: dict[str, list[Voice]] = {}
        for one in self.voices:
            self._by.setdefault(who(one.giver), []).append(one)

    def of(self, statement: Statement, asked: Asked) -> Permission:
        """What may be shown of a statement."""
        source, life = self.asked_of(statement)
        teller = self._word(source, statement, asked)
        person = self._word(life, statement, asked) if life else _FREE
        return Permission(teller, person, tuple(dict.fromkeys(_reasons(statement, teller, person))))

    def _word(self, person: str, statement: Statement, asked: Asked) -> Word:
        known = person, statement.telling, self._life(statement), asked
        if known not in self._words:
            self._words[known] = self.word(self.about(statement, person), asked)
        return self._words[known]

    def key(self, label: str) -> str:
        """The key of the person that a label stands for."""
        return self._who(label)

    def asked_of(self, statement: Statement) -> tuple[str, str]:
        """Who has to be asked (keys of people): who told it, and whom it is about; "" for nobody."""
        source = self._who(statement.source) if statement.source else ""
        return source, self._life(statement) if statement.about_kind == "person" else ""

    def about(self, statement: Statement, person: str) -> list[Voice]:
        """The consents of a person (a key) that are about a statement, in order."""
        return [
            one for one in self._by.get(person, ()) if person and self.concerns(one.scope, one.of, statement)
        ]

    def somebody(self, label: str, asked: Asked, telling: str = "") -> Word:
        """As whom somebody appears who is only named in what another one says, in a telling (its key). What
        she said of one telling counts in that one alone."""
        key = self._who(label)
        every = [
            one
            for one in self._by.get(key, ())
            if one.scope == "all"
            or (one.scope == "person" and self._who(one.of) == key)
            or (one.scope == "testimony" and telling and one.of == telling)
        ]
        return self.word(every, asked)

    def word(self, voices: Sequence[Voice], asked: Asked) -> Word:
        """What these consents of one person come to."""
        said = [one for one in voices if one.heard(*asked.bits)]
        lifted = {one.no for one in said if one.level == LIFT}
        heard = [one for one in said if one.level != LIFT and not (one.level == REFUSED and one.no in lifted)]
        if not heard:
            return Word(REFUSED, reason="not asked")
        level = min(one.level for one in heard)
        consents = tuple(dict.fromkeys(one.consent for one in heard if one.level == level))
        if level == REFUSED:
            waits = all(one.waits for one in heard if one.level == REFUSED)
            return Word(REFUSED, consents=consents, reason="waits" if waits else "refused")
        media = (1 << 16) - 1
        for one in heard:
            media &= one.media
        medical = all(one.medical for one in heard)
        alike = len({(one.level, one.media, one.medical) for one in heard}) == 1
        every = tuple(dict.fromkeys(one.consent for one in heard))
        return Word(level, media, medical, every, "" if alike else "stricter")

    def concerns(self, scope: Scope, of: str, statement: Statement) -> bool:
        """Whether a consent of this scope is about a statement."""
        if scope == "all":
            return True
        if scope == "testimony":
            return of == statement.telling
        life = self._life(statement)
        return bool(life) and self._who(of) == life


def _reasons(statement: Statement, teller: Word, person: Word) -> list[Reason]:
    out: list[Reason] = [one.reason for one in (teller, person) if one.level == REFUSED and one.reason]
    if statement.compartment == "source":
        out.append("sources")
    if statement.compartment == "medical" and not (teller.medical and person.medical):
        out.append("medical")
    if statement.answer in ("unknown", "refused"):
        out.append("not answered")
    return out


def permissions(consents: Consents, resolution: Resolution) -> Permissions:
    """What all consents come to, by who is who: a yes or no of one label is that of all her labels."""

    def who(label: str) -> str:
        return _named(resolution.members(label)) or label

    def life(statement: Statement) -> str:
        return _named(resolution.members(resolution.key(statement)))

    return Permissions(voices(consents), who, life)


def _named(members: Iterable[str]) -> str:
    """The first of these that is a label; whoever is unnamed can be asked by nobody."""
    return next((one for one in members if "\x1f" not in one), "")
