"""The gate: what an audience may know, computed anew from the statements that are cleared for it.

``project`` leaves out every statement that is not cleared, then works out who is who from the judgements on
those that are left, then masks whoever may not be named. Whatever is made of its outcome (dates,
contradictions, counts, encounters) rests on nothing else: with what is hidden, or without it, the outcome is
the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from estelik.identity.merging import merge
from estelik.identity.resolution import resolve
from estelik.protection.masking import Faces, kind, masked, secret, shown
from estelik.protection.numbering import renumbered
from estelik.protection.permission import Asked, Permission, permissions
from estelik.protection.voice import NAMED, PSEUDONYM, REFUSED
from estelik.records import Judgement, Statement
from estelik.records.vocabulary import BIRTH, TOLD, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.identity.merging import Merged
    from estelik.identity.resolution import Resolution
    from estelik.identity.verdict import Verdict
    from estelik.protection.permission import Permissions
    from estelik.records.consent import Consents


def cleared(
    statements: Sequence[Statement],
    judgements: Sequence[Judgement],
    verdicts: Sequence[Verdict],
    resolution: Resolution,
    consents: Consents,
    asked: Asked,
) -> Projection:
    """What an audience may know of all that is recorded (statements as they lie in the casebook)."""
    permitted = permissions(consents, resolution)
    called: dict[str, str] = {}
    for one in consents.pseudonyms:
        if one.audience == asked.audience:
            called.setdefault(permitted.key(one.who), one.name)
    return project(statements, judgements, verdicts, permitted, called, asked)


class Withheld(msgspec.Struct, frozen=True):
    """A statement (its own id) that does not leave, and what of it is allowed: for those alone who may know
    that it is there."""

    statement: str
    permission: Permission


class Projection(msgspec.Struct, frozen=True):
    """What leaves. ``statements`` and ``judgements`` are as they may be shown, ``pseudonyms`` those of the
    lives and sources in them. The rest is for the members who look at what is released: ``origin`` leads from
    their numbers to the own ids of statements, ``lives`` from the subjects that leave to their lives,
    ``tellers`` from the numbers of statements to who told them and as whom she appears, ``pseudonymous`` has
    the subjects that are under a pseudonym, and ``withheld`` what does not leave. ``events`` leads from a
    subject that leaves, and an event that is called by another number there, to the event's own label."""

    asked: Asked
    statements: tuple[Statement, ...]
    judgements: tuple[Judgement, ...]
    origin: Mapping[str, str]
    lives: Mapping[str, str]
    tellers: Mapping[str, tuple[str, int]] = {}
    pseudonymous: frozenset[str] = frozenset()
    withheld: tuple[Withheld, ...] = ()
    pseudonyms: frozenset[str] = frozenset()
    events: Mapping[tuple[str, str], str] = {}


def project(
    statements: Sequence[Statement],
    judgements: Sequence[Judgement],
    verdicts: Sequence[Verdict],
    permissions: Permissions,
    pseudonyms: Mapping[str, str],
    asked: Asked,
) -> Projection:
    """What an audience may know of these statements (as they lie in the casebook, in order of entry).

    ``pseudonyms``: by the key of a person what she is called before this audience. Who may appear under a
    pseudonym and has none is not shown.
    """
    withheld: list[Withheld] = []
    cleared: list[tuple[Statement, Permission]] = []
    for one in statements:
        allowed = permissions.of(one, asked)
        person = permissions.asked_of(one)[1]
        level = _lesser(allowed.person.level, pseudonyms.get(person, ""))
        unnamed = one.about_kind == "person" and not person
        if not allowed.cleared or level < PSEUDONYM or secret(one, level, unnamed=unnamed):
            withheld.append(Withheld(one.statement, allowed))
        else:
            cleared.append((one, allowed))
    while True:
        merged = _merged([one for one, _ in cleared], judgements, verdicts)
        seen = _Seen(merged.statements, cleared, permissions, pseudonyms, asked)
        levels = seen.lives
        keep = [
            not secret(one, levels[said.subject], unnamed=False)
            for said, (one, _) in zip(merged.statements, cleared, strict=True)
        ]
        if all(keep):
            break
        # What does not leave has no say in who is who.
        withheld += [
            Withheld(one.statement, allowed)
            for (one, allowed), left in zip(cleared, keep, strict=True)
            if not left
        ]
        cleared = [each for each, left in zip(cleared, keep, strict=True) if left]
    faces, called = _faces(merged, seen, pseudonyms)
    out, origin, lives = [], {}, {}
    tellers: dict[str, tuple[str, int]] = {}
    pseudonymous = set()
    worn: set[str] = set()
    for said, (one, allowed) in zip(merged.statements, cleared, strict=True):
        teller = permissions.asked_of(one)[0]
        as_whom = seen.teller(teller, allowed.teller.level)
        # Who of the two appears as less decides what could lead from one to the other.
        level = min(as_whom, levels[said.subject])
        if one.about_kind == "person" and not seen.own[said.subject]:
            # Nobody could ask who is unnamed.
            level = min(level, PSEUDONYM)
        source = shown(as_whom, one.source, pseudonyms.get(teller, ""))
        worn |= {source} if as_whom == PSEUDONYM else set()
        worn |= {called[said.subject]} if levels[said.subject] == PSEUDONYM else set()
        left = masked(
            said, faces, life=called[said.subject], source=source, level=level, media=allowed.teller.media
        )
        out.append(left)
        origin[left.statement] = one.statement
        lives[left.subject] = said.subject
        tellers[left.statement] = (one.source, as_whom)
        if levels[said.subject] < NAMED:
            pseudonymous.add(left.subject)
    aside = tuple(
        Judgement(f"j{number}", "set-aside", "", "", statement=faces.numbers[one.statement])
        for number, one in enumerate(_aside(judgements, faces.numbers), start=1)
    )
    return Projection(
        asked,
        tuple(out),
        aside,
        origin,
        lives,
        tellers,
        frozenset(pseudonymous),
        tuple(withheld),
        frozenset(worn - {""}),
        {
            (subject, new): own
            for subject, life in lives.items()
            for own, new in faces.renamed.get(life, {}).items()
        },
    )


def _lesser(level: int, pseudonym: str) -> int:
    """The level as which somebody really can appear."""
    return level if level != PSEUDONYM or pseudonym else REFUSED


def _merged(
    statements: Sequence[Statement], judgements: Sequence[Judgement], verdicts: Iterable[Verdict]
) -> Merged:
    """The statements by lives, as the verdicts on those who are spoken of here have it."""
    there = {one.subject for one in statements}
    tellings = {(one.about, one.telling) for one in statements}
    split = [one for one in verdicts if one.decision == "split" and (one.one, one.telling) in tellings]
    there |= {one.other for one in split}
    on = [one for one in verdicts if one.decision != "split" and {one.one, one.other} <= there]
    return merge(
        statements, _aside(judgements, {one.statement for one in statements}), resolve([*split, *on])
    )


def _aside(judgements: Sequence[Judgement], there: Iterable[str]) -> list[Judgement]:
    """The decisions that hold and set one of these statements aside."""
    ids = set(there)
    withdrawn = {one.withdraws for one in judgements if one.decision == "withdrawn"}
    return [
        one
        for one in judgements
        if one.decision == "set-aside" and one.statement in ids and one.id not in withdrawn
    ]


class _Seen:
    """As whom everybody appears in what leaves: the least of all as whom she does, whoever tells, is told of
    or is named. Under a name here and another there, somebody would be known under both. Who is under no name
    at all in one telling keeps hers in another: nothing leads from there to her. ``lives``: by the key of a
    life."""

    def __init__(
        self,
        left: Sequence[Statement],
        cleared: Sequence[tuple[Statement, Permission]],
        permissions: Permissions,
        pseudonyms: Mapping[str, str],
        asked: Asked,
    ) -> None:
        self._permissions, self._pseudonyms, self._asked = permissions, pseudonyms, asked
        #: By the key of a life that of the person who is asked, "" for somebody unnamed.
        self.own: dict[str, str] = {}
        self._least: dict[str, int] = {}
        self.lives: dict[str, int] = {}
        for said, (one, allowed) in zip(left, cleared, strict=True):
            teller, person = permissions.asked_of(one)
            self.own[said.subject] = person
            self.lives[said.subject] = min(self.lives.get(said.subject, NAMED), allowed.person.level)
            self._appears(teller, allowed.teller.level)
            self._appears(person, allowed.person.level)
        for said in left:
            for label in mentioned(said):
                self._appears(self._key(label), self._word(label, said.telling))
        for life, level in self.lives.items():
            self.lives[life] = min(level, self._least.get(self.own[life], NAMED))

    def _appears(self, person: str, level: int) -> None:
        level = _lesser(level, self._pseudonyms.get(person, ""))
        if person and level >= PSEUDONYM:
            self._least[person] = min(self._least.get(person, NAMED), level)

    def _key(self, label: str) -> str:
        return self.own.get(label) or self._permissions.key(label)

    def _word(self, label: str, telling: str) -> int:
        return self._permissions.somebody(self._key(label), self._asked, telling).level

    def teller(self, person: str, level: int) -> int:
        """As whom a teller (a key) appears who said ``level`` of this telling."""
        return min(level, self._least.get(person, NAMED))

    def named(self, label: str, telling: str) -> int:
        """As whom somebody of this label appears in what is said in a telling."""
        return self.teller(self._key(label), self._word(label, telling))

    def pseudonym(self, label: str) -> str:
        """What somebody of this label is called who is not named."""
        return self._pseudonyms.get(self._key(label), "")


def mentioned(statement: Statement) -> tuple[str, ...]:
    """The labels of people in a statement besides who told it and whom it is about."""
    fact = vocabulary().facts.get(kind(statement.fact))
    return (*statement.chain[1:], *([statement.value] if fact is not None and fact.subject else []))


def _faces(merged: Merged, seen: _Seen, pseudonyms: Mapping[str, str]) -> tuple[Faces, dict[str, str]]:
    """What everybody is called, and what the lives (keys) are that leave."""
    left = merged.statements
    numbers = {one.statement: str(number) for number, one in enumerate(left, start=1)}
    tellings = {
        one: f"T{number}" for number, one in enumerate(dict.fromkeys(one.telling for one in left), start=1)
    }
    events: dict[str, set[str]] = {}
    for one in left:
        events.setdefault(one.subject, set())
        if one.event:
            events[one.subject].add(one.event)
    first: dict[str, str] = {}
    for one in left:
        first.setdefault(one.subject, numbers[one.statement])
    called: dict[str, str] = {}
    split = {name: label for (label, _), name in merged.resolution.splits.items()}
    taken: set[str] = set()
    for life in events:
        label, _, statement = life.partition("\x1f")
        name = shown(seen.lives[life], split.get(life, label), pseudonyms.get(seen.own[life], ""))
        if statement:
            name = f"{name}\x1f{first[life]}"
        elif life in split:
            name = next(
                free for free in (f"{name} ({number})" for number in range(2, 1 << 20)) if free not in taken
            )
        taken.add(name)
        called[life] = name

    def named(label: str, statement: Statement) -> str:
        level = seen.named(label, statement.telling)
        if level >= PSEUDONYM and "\x1f" not in label and label in called:
            return called[label]
        return shown(level, label, seen.pseudonym(label))

    own = {life: frozenset(found) for life, found in events.items()}
    for one in left:
        # What only a reference of hers speaks of is counted, too.
        events[one.subject].update(
            cell for cell in (one.after, one.before) if cell not in ("", BIRTH, TOLD) and "/" not in cell
        )
    renamed = {life: new for life, found in events.items() if (new := renumbered(sorted(found)))}
    return Faces(named, own, renamed, numbers, tellings), called
