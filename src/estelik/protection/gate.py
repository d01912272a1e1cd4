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
from estelik.protection.permission import Asked, Permission, permissions
from estelik.protection.voice import NAMED, PSEUDONYM, REFUSED
from estelik.records import Judgement, Statement
from estelik.records.vocabulary import vocabulary

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
    the subjects that are under a pseudonym, ``counted`` the keys of lives that may only be counted, and
    ``withheld`` what does not leave."""

    asked: Asked
    statements: tuple[Statement, ...]
    judgements: tuple[Judgement, ...]
    origin: Mapping[str, str]
    lives: Mapping[str, str]
    tellers: Mapping[str, tuple[str, int]] = {}
    pseudonymous: frozenset[str] = frozenset()
    counted: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    pseudonyms: frozenset[str] = frozenset()


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
    counted: dict[str, None] = {}
    for one in statements:
        allowed = permissions.of(one, asked)
        person = permissions.asked_of(one)[1]
        level = _lesser(allowed.person.level, pseudonyms.get(person, ""))
        unnamed = one.about_kind == "person" and not person
        if not allowed.cleared or level < PSEUDONYM or secret(one, level, unnamed=unnamed):
            withheld.append(Withheld(one.statement, allowed))
            if allowed.cleared and level < PSEUDONYM:
                counted[person] = None
        else:
            cleared.append((one, allowed))
    while True:
        merged = _merged([one for one, _ in cleared], judgements, verdicts)
        levels: dict[str, int] = {}
        for said, (_, allowed) in zip(merged.statements, cleared, strict=True):
            # Under a name here and another there, somebody would be known under both.
            levels[said.subject] = min(levels.get(said.subject, NAMED), allowed.person.level)
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
    own = {
        said.subject: permissions.asked_of(one)[1]
        for said, (one, _) in zip(merged.statements, cleared, strict=True)
    }
    faces, called = _faces(merged, levels, own, permissions, pseudonyms, asked)
    out, origin, lives = [], {}, {}
    tellers: dict[str, tuple[str, int]] = {}
    pseudonymous = set()
    worn: set[str] = set()
    for said, (one, allowed) in zip(merged.statements, cleared, strict=True):
        # Who of the two appears as less decides what could lead from one to the other.
        level = min(allowed.teller.level, levels[said.subject])
        teller = permissions.asked_of(one)[0]
        as_whom = level if teller and teller == own[said.subject] else allowed.teller.level
        source = shown(as_whom, one.source, pseudonyms.get(teller, ""))
        worn |= {source} if as_whom == PSEUDONYM else set()
        worn |= {called[said.subject]} if levels[said.subject] == PSEUDONYM else set()
        left = masked(
            said, faces, life=called[said.subject], source=source, level=level, media=allowed.teller.media
        )
        out.append(left)
        origin[left.statement] = one.statement
        lives[left.subject] = said.subject
        tellers[left.statement] = (one.source, allowed.teller.level)
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
        tuple(counted),
        tuple(withheld),
        frozenset(worn - {""}),
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


def _faces(
    merged: Merged,
    levels: Mapping[str, int],
    own: Mapping[str, str],
    permissions: Permissions,
    pseudonyms: Mapping[str, str],
    asked: Asked,
) -> tuple[Faces, dict[str, str]]:
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
        name = shown(levels[life], split.get(life, label), pseudonyms.get(own[life], ""))
        if statement:
            name = f"{name}\x1f{first[life]}"
        elif life in split:
            name = next(
                free for free in (f"{name} ({number})" for number in range(2, 1 << 20)) if free not in taken
            )
        taken.add(name)
        called[life] = name
    names = {life: name for life, name in called.items() if "\x1f" not in life}
    known = vocabulary().facts
    for one in left:
        fact = known.get(kind(one.fact))
        for label in (*one.chain[1:], *([one.value] if fact is not None and fact.subject else [])):
            if label not in names:
                word = permissions.somebody(label, asked)
                names[label] = shown(word.level, label, pseudonyms.get(permissions.key(label), ""))
    return Faces(names, {life: frozenset(found) for life, found in events.items()}, numbers, tellings), called
