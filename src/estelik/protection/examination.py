"""Examination: everything in a draft that could give somebody away, before it leaves.

Who is named with her consent is known; looked for are those who are not: people under a pseudonym or unnamed,
whom a few facts single out, over all that was ever released; who were published by name before; tellers who
alone could have known something; names, numbers and relations in the words that leave."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from estelik.identity.merging import merge
from estelik.protection.anonymity import anonymity
from estelik.protection.fact import Fact
from estelik.protection.finding import ByName, Corrected, Finding, InText, OnlyOneKnew, few_people
from estelik.protection.gate import mentioned
from estelik.protection.identifying_number import Numbers
from estelik.protection.masking import kind
from estelik.protection.named import Mention, Named
from estelik.protection.placed import Placed
from estelik.protection.population import Population
from estelik.protection.protected import Protected, is_unnamed, stands_for
from estelik.protection.quasi_identifier import facts, told_singly
from estelik.protection.relation import Kinship, plainly, relations, said_beside, said_of, singled_out
from estelik.protection.release import fingerprint
from estelik.protection.repair import repair
from estelik.protection.sole_source import sole_sources
from estelik.protection.text import Text, texts
from estelik.protection.voice import NAMED
from estelik.records.release import Publication, Told
from estelik.records.risk import Standing

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from estelik.protection.gate import Projection
    from estelik.protection.identifying_number import Number
    from estelik.protection.relation import Kin, SaidOf, Singled
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
    whom somebody could be, and what is ``out`` of people whom the casebook knows), ``risks``. What was
    ``handed`` to somebody is known there, and excuses nothing: it can still be held back from all others."""

    placed: Placed
    published: Sequence[Publication] = ()
    pools: Sequence[Sequence[Fact]] = ()
    out: Sequence[Fact] = ()
    risks: Sequence[Standing] = ()
    handed: Sequence[Publication] = ()


class Examination:
    """One draft, looked at. ``key``: what fingerprints are made with; ``title``: what it is called."""

    def __init__(
        self,
        projection: Projection,
        material: Material,
        around: Surroundings,
        key: bytes,
        title: str = "",
    ) -> None:
        self._title = title
        self.projection, self.material, self._around, self._key = projection, material, around, key
        merged = merge(material.statements, material.judgements, material.resolution)
        self._told: Sequence[Statement] = merged.statements
        self._own = {one.subject: self._person(one.subject) for one in self._told}
        left = {subject: self._person(life) for subject, life in projection.lives.items()}
        found = facts(projection.statements, around.placed, keys=left, judgements=projection.judgements)
        events = {(left[one], new): own for (one, new), own in projection.events.items() if one in left}
        #: All that the draft tells of people, by the own ids of statements and labels of events.
        self.facts = [
            msgspec.structs.replace(
                one,
                statements=tuple(sorted(projection.origin[number] for number in one.statements)),
                occasion=events.get((one.person, one.occasion), one.occasion),
            )
            for one in found
        ]
        self._subjects = {person: subject for subject, person in left.items()}
        #: The subjects that leave of whom nobody says what they are called: nobody could ask them.
        self._unnamed = {
            one.subject
            for one in projection.statements
            if one.about_kind == "person"
            and is_unnamed(stands_for(projection.lives[one.subject], material.resolution))
        }

    def _person(self, life: str) -> str:
        return fingerprint(self._key, "person", stands_for(life, self.material.resolution))

    def findings(self) -> list[Examined]:
        """All that an editor has to look at."""
        every = [*self._corrected(), *self._by_name(), *self._few(), *self._sole(), *self._texts()]
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

    def named(self, only: Container[str] | None = None) -> tuple[str, ...]:
        """The fingerprints of all labels of those who are named: told of, telling, or named by others; in
        these statements (numbers in the projection) alone, where ``only`` is given."""
        left = self.projection
        those = [one for one in left.statements if only is None or one.statement in only]
        tellers = (left.tellers[one.statement] for one in those)
        there = {label for label, level in tellers if label and level >= NAMED}
        there |= {left.lives[one.subject] for one in those if one.subject not in left.pseudonymous}
        there |= {label for one in those for label in mentioned(one)} - left.pseudonyms
        return tuple(sorted(self.prints(there)))

    def _finding(self, finding: Finding, statements: Sequence[str]) -> Examined:
        said = msgspec.json.encode(finding).decode()
        return Examined(fingerprint(self._key, "finding", said), finding, tuple(statements))

    def _corrected(self) -> Iterator[Examined]:
        """What is known to be told otherwise by now, where that does not leave."""
        leaving = set(self.projection.origin.values())
        for one in self.material.statements:
            if one.corrects in leaving and one.statement not in leaving:
                yield self._finding(Corrected(one.corrects, one.statement), (one.corrects,))

    def _by_name(self) -> Iterator[Examined]:
        """Who was published by name before, on a site, a card or in a report for everybody, and is not named
        here."""
        days: dict[str, set[str]] = {}
        # A card goes from hand to hand, and what the press has everybody has.
        open_ = (one for one in self._around.handed if one.release or one.audience in ("press", "public"))
        for gone in (*self._around.published, *open_):
            for one in gone.named:
                days.setdefault(one, set()).add(gone.made[:10])
        left = self.projection
        rests: dict[str, dict[str, None]] = {}
        for said in left.statements if days else ():
            teller, level = left.tellers[said.statement]
            hidden = [left.lives[said.subject]] if said.subject in left.pseudonymous else []
            hidden += [teller] if teller and level < NAMED else []
            for each in hidden:
                label = stands_for(each, self.material.resolution)
                rests.setdefault(label, {})[left.origin[said.statement]] = None
        for label, statements in rests.items():
            found = {day for one in self.prints([label]) for day in days.get(one, ())}
            if found:
                yield self._finding(ByName(label, tuple(sorted(found)), tuple(statements)), tuple(statements))

    def _few(self) -> Iterator[Examined]:
        """People under a pseudonym, or unnamed, whom a few facts tell from all others."""
        apart = self.projection.pseudonymous | self._unnamed
        hidden = {person for person, subject in self._subjects.items() if subject in apart}
        if not hidden:
            return
        around = self._around
        every_fact = facts(self._told, around.placed, keys=self._own, judgements=self.material.judgements)
        # Two rows of unnamed people may be about one, or about somebody who has a name: they hide nobody.
        nobody = {
            person
            for life, person in self._own.items()
            if is_unnamed(stands_for(life, self.material.resolution))
        }
        registry = [one for one in every_fact if one.person not in nobody]
        population = Population([registry, *around.pools], around.placed.areas)
        once = self._once(hidden)
        before = [
            Fact(person, one.topic, one.aspect, one.value, one.first, one.last, one.occasion, (), each.id)
            for each in (*around.published, *around.handed)
            for one in each.facts
            for person in (once.get(one.person, one.person),)
        ]
        handed = {each.id for each in around.handed}
        # A list knows people by their lives' keys.
        out = [msgspec.structs.replace(one, person=self._person(one.person)) for one in around.out]
        draft = [msgspec.structs.replace(one, occasion=self._occasion(one)) for one in self.facts]
        # What was handed to somebody and is in the draft, too, can still be kept from everybody else.
        again = {(one.person, one.said, one.occasion) for one in draft}
        before = [
            one
            for one in before
            if one.release not in handed or (one.person, one.said, one.occasion) not in again
        ]
        every = sorted((*draft, *before, *out), key=lambda one: one.person)
        for person, own in groupby(every, key=lambda one: one.person):
            if person in hidden:
                all_of_it = list(own)
                found = anonymity(population, all_of_it)
                if found.combinations:
                    for one in few_people(population, found, repair(population, all_of_it)):
                        if all(fact.release in handed for fact in one.facts):
                            # Nothing of that is in this draft.
                            continue
                        yield self._finding(one, one.statements)

    def _once(self, hidden: Container[str]) -> dict[str, str]:
        """As whom these people (fingerprints) left before they were judged to be who they are: by the
        fingerprint of each of their labels."""
        return {
            print_: person
            for life in self.projection.lives.values()
            if (person := self._person(life)) in hidden
            for print_ in self.prints([life])
        }

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
        """Names, numbers and relations of people who are not named, in any string that leaves."""
        reach = self._reach()
        protected = Protected(self.projection, self.material, self._told, reach)
        every = [("", "title", Text("title", self._title), "")]
        tellings = {one.statement: one.telling for one in self.material.statements}
        for one in self.projection.statements:
            own = self.projection.origin[one.statement]
            for text in texts(one):
                life = self.projection.lives[one.subject] if text.column == "about" else ""
                if text.holds == "label" and protected.own_name(text.text, life, tellings[own]):
                    continue
                every.append((own, f"{own} {text.column}", text, tellings[own]))
        once = list(dict.fromkeys(text.text for _, _, text, _ in every))
        named = dict(zip(once, Named(protected.names).find(once), strict=True))
        numbers = Numbers(self._numbers())
        bonds = self._bonds()
        left = self.projection
        unasked = {
            left.origin[one.statement]: stands_for(left.lives[one.subject], self.material.resolution)
            for one in left.statements
            if one.subject in self._unnamed
        }
        open_names = self._open_names() if unasked else frozenset[str]()
        for own, where, text, telling in every:
            found: list[Mention | Number | Singled | SaidOf] = []
            if text.text in self.projection.pseudonyms:
                found.extend(_taken(text.text, protected))
            else:
                found.extend(_closed(named[text.text], protected.open(telling)))
                found.extend(singled_out(text.text, reach))
                found.extend(numbers.find(text.text) if text.holds != "days" else ())
            unnamed = unasked.get(own, "")
            for hidden, known in bonds.get(own, ()):
                # What somebody unnamed is called by are the teller's words, as a quote is.
                own_words = text.column == "quote" or (text.column == "about" and hidden == unnamed)
                if text.holds == "words" or own_words:
                    found.extend(said_of(text.text, hidden, known, quoted=own_words))
            if unnamed and text.holds != "days":
                found.extend(said_beside(text.text, unnamed, open_names))
            rests = (own,) if own else ()
            for what in found:
                words = text.text[what.start : what.end]
                yield self._finding(InText(where, words, what, rests), rests)

    def _open_names(self) -> frozenset[str]:
        """How those are called who stand in the draft by name: told of or telling."""
        left = self.projection
        there = {label for label, level in left.tellers.values() if label and level >= NAMED}
        apart = left.pseudonymous | self._unnamed
        there |= {
            left.lives[one.subject]
            for one in left.statements
            if one.about_kind == "person" and one.subject not in apart
        }
        every = (one for label in there for one in self.material.resolution.members(label))
        return frozenset(plainly(one) for one in every if not is_unnamed(one)) - {""}

    def _bonds(self) -> dict[str, list[tuple[str, tuple[Kin, ...]]]]:
        """By statement (its own id) who of those who tell, are told of or are a relative in it is not named
        though another is, with what the two are to each other."""
        left, resolution = self.projection, self.material.resolution
        values: dict[str, str] = {}
        given = self.material.consents.pseudonyms
        worn = {one.name for one in given if one.audience == left.asked.audience}
        kinship: Kinship | None = None
        out: dict[str, list[tuple[str, tuple[Kin, ...]]]] = {}
        for one in left.statements:
            if one.about_kind != "person":
                continue
            own, (teller, level) = left.origin[one.statement], left.tellers[one.statement]
            hers = one.subject not in left.pseudonymous and one.subject not in self._unnamed
            relative = one.value if one.fact.startswith("relation") else ""
            if hers == (level >= NAMED) and not relative:
                continue
            there = {
                stands_for(left.lives[one.subject], resolution): hers,
                stands_for(teller, resolution): level >= NAMED,
            }
            if relative:
                values = values or {each.statement: each.value for each in self.material.statements}
                there.setdefault(stands_for(values[own], resolution), one.value not in worn)
            there = {person: open_ for person, open_ in there.items() if person}
            if len(set(there.values())) < len((False, True)):
                continue
            kinship = kinship or Kinship(self._told, lambda label: stands_for(label, resolution))
            named = [person for person, open_ in there.items() if open_]
            out[own] = [
                (person, kinship.between(person, other))
                for person, open_ in there.items()
                if not open_
                for other in named
            ]
        return out

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


def _closed(found: Iterable[Mention], open_: Container[str]) -> Iterator[Mention]:
    """Those that may be of somebody who is not open here."""
    for one in found:
        people = tuple(person for person in one.people if person not in open_)
        if people or one.others:
            yield msgspec.structs.replace(one, people=people)


def _taken(pseudonym: str, protected: Protected) -> Iterator[Mention]:
    """Whoever really is called as somebody else is outside."""
    if whose := protected.bearers(pseudonym):
        yield Mention(0, len(pseudonym), "name", "spelled", whose, pseudonym, 1.0)
