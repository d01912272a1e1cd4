"""Examination: everything in a draft that could give somebody away, before it leaves.

Who is named with her consent is known; looked for are those who are not: people under a pseudonym whom a few
facts single out, over all that was ever released; tellers who alone could have known something; names,
numbers and relations in the words that leave."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from estelik.identity.merging import merge
from estelik.protection.anonymity import anonymity
from estelik.protection.fact import Fact
from estelik.protection.finding import Corrected, Finding, InText, OnlyOneKnew, few_people
from estelik.protection.identifying_number import Numbers
from estelik.protection.masking import kind
from estelik.protection.named import Named
from estelik.protection.placed import Placed
from estelik.protection.population import Population
from estelik.protection.quasi_identifier import facts, told_singly
from estelik.protection.relation import relations, singled_out
from estelik.protection.release import fingerprint
from estelik.protection.repair import repair
from estelik.protection.sole_source import sole_sources
from estelik.protection.voice import NAMED
from estelik.records.release import Publication, Told
from estelik.records.risk import Standing
from estelik.records.stored import beside_kind
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.identity.resolution import Resolution
    from estelik.protection.gate import Projection
    from estelik.protection.identifying_number import Number
    from estelik.protection.named import Mention
    from estelik.protection.relation import Singled
    from estelik.protection.release import Material
    from estelik.records import Statement


class Examined(msgspec.Struct, frozen=True):
    """A finding with its fingerprint (the same finding has the same one) and the own ids of the statements
    that it rests on."""

    print: str
    finding: Finding
    statements: tuple[str, ...]


class Surroundings(msgspec.Struct, frozen=True):
    """What a draft is looked at against: what was ``published`` before, public lists (the ``pools`` of people
    whom somebody could be, and what is ``out`` of people whom the casebook knows), ``risks``."""

    placed: Placed
    published: Sequence[Publication] = ()
    pools: Sequence[Sequence[Fact]] = ()
    out: Sequence[Fact] = ()
    risks: Sequence[Standing] = ()


class Examination:
    """One draft, looked at. ``key``: what fingerprints are made with."""

    def __init__(self, projection: Projection, material: Material, around: Surroundings, key: bytes) -> None:
        self.projection, self.material, self._around, self._key = projection, material, around, key
        merged = merge(material.statements, material.judgements, material.resolution)
        self._told: Sequence[Statement] = merged.statements
        self._own = {one.subject: self._person(one.subject) for one in self._told}
        left = {subject: self._person(life) for subject, life in projection.lives.items()}
        found = facts(projection.statements, around.placed, keys=left, judgements=projection.judgements)
        #: All that the draft tells of people, by the own ids of statements.
        self.facts = [
            msgspec.structs.replace(
                one, statements=tuple(sorted(projection.origin[number] for number in one.statements))
            )
            for one in found
        ]
        self._subjects = {person: subject for subject, person in left.items()}

    def _person(self, life: str) -> str:
        return fingerprint(self._key, "person", stands_for(life, self.material.resolution))

    def findings(self) -> list[Examined]:
        """All that an editor has to look at."""
        every = [*self._corrected(), *self._few(), *self._sole(), *self._texts()]
        once = {one.print: one for one in every}
        return list(once.values())

    def released(self) -> tuple[Told, ...]:
        """What the draft tells of people, as it is remembered once it has left."""
        return tuple(
            Told(one.person, one.topic, one.aspect, one.value, one.first, one.last, self._occasion(one))
            for one in self.facts
        )

    def _occasion(self, fact: Fact) -> str:
        """What tells events of a kind apart, without the words of their labels."""
        return fingerprint(self._key, "event", fact.occasion)[:8] if fact.occasion else ""

    def statements(self) -> tuple[str, ...]:
        """The fingerprints of the statements that leave."""
        return tuple(
            sorted(fingerprint(self._key, "statement", one) for one in self.projection.origin.values())
        )

    def prints(self, people: Iterable[str]) -> set[str]:
        """The fingerprints of these people (labels or keys), and of all labels that they have."""
        members = {one for each in people for one in self.material.resolution.members(each)}
        return {fingerprint(self._key, "person", one) for one in members}

    def people(self) -> tuple[str, ...]:
        """The fingerprints of all labels of the people it is about."""
        return tuple(
            sorted(
                {
                    fingerprint(self._key, "person", label)
                    for life in self.projection.lives.values()
                    for label in self.material.resolution.members(life)
                }
            )
        )

    def _finding(self, finding: Finding, statements: Sequence[str]) -> Examined:
        said = msgspec.json.encode(finding).decode()
        return Examined(fingerprint(self._key, "finding", said), finding, tuple(statements))

    def _corrected(self) -> Iterator[Examined]:
        """What is known to be told otherwise by now, where that does not leave."""
        leaving = set(self.projection.origin.values())
        for one in self.material.statements:
            if one.corrects in leaving and one.statement not in leaving:
                yield self._finding(Corrected(one.corrects, one.statement), (one.corrects,))

    def _few(self) -> Iterator[Examined]:
        """People under a pseudonym whom a few facts tell from all others."""
        hidden = {
            person for person, subject in self._subjects.items() if subject in self.projection.pseudonymous
        }
        if not hidden:
            return
        around = self._around
        registry = facts(self._told, around.placed, keys=self._own, judgements=self.material.judgements)
        population = Population([registry, *around.pools], around.placed.areas)
        before = [
            Fact(one.person, one.topic, one.aspect, one.value, one.first, one.last, one.occasion, (), each.id)
            for each in around.published
            for one in each.facts
        ]
        # A list knows people by their lives' keys.
        out = [msgspec.structs.replace(one, person=self._person(one.person)) for one in around.out]
        draft = [msgspec.structs.replace(one, occasion=self._occasion(one)) for one in self.facts]
        every = sorted((*draft, *before, *out), key=lambda one: one.person)
        for person, own in groupby(every, key=lambda one: one.person):
            if person in hidden:
                all_of_it = list(own)
                found = anonymity(population, all_of_it)
                if found.combinations:
                    for one in few_people(population, found, repair(population, all_of_it)):
                        yield self._finding(one, one.statements)

    def _sole(self) -> Iterator[Examined]:
        """Tellers who are not named, and alone could have told something."""
        tellers: dict[str, int] = {}
        for label, level in self.projection.tellers.values():
            tellers[label] = min(tellers.get(label, NAMED), level)
        open_ = {label for label, level in tellers.items() if level >= NAMED}
        open_ |= {one.source for one in self.material.statements if one.role == "document"}
        known = told_singly(
            self._told, self._around.placed, keys=self._own, judgements=self.material.judgements
        )
        by_id = {one.statement: one for one in self._told}
        for one in sole_sources(self.facts, known, by_id, self._around.placed.areas, open_sources=open_):
            # Who tells about herself is given away by what she tells, or not: that is looked for above.
            if any(self._person(label) != one.fact.person for label in one.exposed):
                yield self._finding(OnlyOneKnew(one), one.statements)

    def _texts(self) -> Iterator[Examined]:
        """Names, numbers and relations of people who are not named, in words that leave."""
        where, texts = [], []
        for one in self.projection.statements:
            for column, text in running(one):
                where.append((self.projection.origin[one.statement], column))
                texts.append(text)
        names = self._protected()
        numbers = Numbers(self._numbers())
        reach = self._reach()
        for (own, column), text, mentions in zip(where, texts, Named(names).find(texts), strict=True):
            every: tuple[Mention | Number | Singled, ...]
            every = (*mentions, *numbers.find(text), *singled_out(text, reach))
            for found in every:
                words = text[found.start : found.end]
                yield self._finding(InText(f"{own} {column}", words, found, (own,)), (own,))

    def _protected(self) -> dict[str, list[str]]:
        """All names of those who are not named in this draft: who is spoken of, who told, who is named as a
        relative or in a chain."""
        open_ = {
            stands_for(life, self.material.resolution)
            for subject, life in self.projection.lives.items()
            if subject not in self.projection.pseudonymous
        }
        open_ |= {
            stands_for(label, self.material.resolution)
            for label, level in self.projection.tellers.values()
            if level >= NAMED
        }
        names: dict[str, dict[str, None]] = {}
        for one in self._told:
            labels = [*one.chain]
            if one.about_kind == "person":
                labels.append(one.about.partition("\x1f")[0])
                if kind(one.fact) == "name":
                    names.setdefault(stands_for(one.subject, self.material.resolution), {})[one.value] = None
            known = vocabulary().facts.get(kind(one.fact))
            if known is not None and known.subject:
                labels.append(one.value)
            for label in labels:
                names.setdefault(stands_for(label, self.material.resolution), {})[label] = None
        things = {one.about for one in self._told if one.about_kind != "person"}
        for label in {one.about for one in self.material.statements if one.about_kind == "person"}:
            names.setdefault(stands_for(label, self.material.resolution), {})[label] = None
        return {
            whose: [one for one in own if _is_name(one)]
            for whose, own in names.items()
            if whose not in open_ and whose not in things
        }

    def _numbers(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for one in self._told:
            if kind(one.fact) == "document" and one.value:
                out.setdefault(one.about, []).append(one.value)
        return out

    def _reach(self) -> dict[str, list[str]]:
        """Who can be reached, with what they are to whom they are in danger for."""
        out: dict[str, list[str]] = {}
        for one in self._around.risks:
            if not one.over:
                told = relations(self._told, one.risk.about, one.risk.reached)
                for label in one.risk.reached:
                    out.setdefault(label, []).extend(told.get(label, ()))
        return out


def stands_for(label: str, resolution: Resolution) -> str:
    """The label that a person is known by who has several: the first that is one."""
    return next((one for one in resolution.members(label) if "\x1f" not in one), label)


def running(statement: Statement) -> Iterator[tuple[str, str]]:
    """The columns of a statement whose words are free, and what stands there."""
    known = vocabulary().facts.get(kind(statement.fact))
    if statement.value and not (known is not None and known.subject) and kind(statement.fact) != "name":
        yield "value", statement.value
    for column in ("quote", "place", "by", "evidence"):
        if text := getattr(statement, column):
            yield column, text
    for column in ("event", "fact"):
        if text := beside_kind(getattr(statement, column)).lstrip("#:"):
            yield column, text


def _is_name(label: str) -> bool:
    """Whether a label can be somebody's name: a description ("county notice") has no capitals."""
    cased = label != label.upper()
    return bool(label) and not label.startswith("?") and (not cased or label != label.lower())
