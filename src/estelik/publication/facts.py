"""Facts: what a projection of the gate comes to, as rows of leaves for the open data set.

Dates and contradictions are solved anew from the projection's statements; nothing else is looked at. Every
row has an id that is the same in each build of a release, and tells nothing: a keyed digest of what the
casebook knows it by, of the audience, and of what people are called in it; another release has another key.
Who goes by another name from now on therefore has another id: one that stayed would lead from her pseudonym
to her name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from estelik.chronology.calendar import iso
from estelik.chronology.lives import link, retired
from estelik.chronology.ranges import ranges
from estelik.chronology.timeline import Solution, label, solve
from estelik.protection.leaf import Cleared, Count
from estelik.publication.fact_rows import (
    ConflictRow,
    EventRow,
    Facts,
    Front,
    NameRow,
    PersonRow,
    SourceRow,
    StatementRow,
)
from estelik.records import WEAK_LAYERS
from estelik.records.vocabulary import fact_kind_of, vocabulary
from estelik.views.differences import differences
from estelik.views.same_place import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from estelik.chronology.timeline import EventBounds, Timeline
    from estelik.protection.gate import Projection
    from estelik.publication.fact_rows import Standing
    from estelik.records import Statement
    from estelik.views.differences import SamePlace

#: Bytes of a digest that make an id: 16 letters.
_DIGEST: Final = 10
#: Digits of a day that its year, month and day end after.
_PRECISIONS: Final = (10, 7, 4)


#: The words of FollowTheMoney that its entities are written with: schemata, properties, values.
TERMS: Final[Mapping[str, Cleared]] = {
    word: Cleared(word)
    for word in (
        *("Person", "Event", "Address", "PlainText", "Family", "UnknownLink"),
        *("name", "alias", "birthDate", "gender", "ethnicity", "religion", "profession", "proof", "notes"),
        *("startDate", "endDate", "date", "location", "addressEntity", "involved", "keywords", "full"),
        *("fileName", "title", "author", "authoredAt", "bodyText", "sourceUrl", "language", "summary"),
        *("person", "relative", "relationship", "subject", "object", "role", "recordId"),
        *("male", "female", "other", "eng", "fra", "kaz", "kir", "rus", "ukr", "uig", "uzb", "zho"),
        *("contradicted", "hearsay", "expected", "held at", "statements.csv", "estelik"),
    )
}


def front(title: str, address: str, today: int, licence: tuple[str, str, str]) -> Front:
    """What whoever publishes says: her own words. ``licence``: its SPDX name, title and address."""
    name, words, where = licence
    return Front(
        Cleared(title), Cleared(address), Cleared(iso(today)), Cleared(name), Cleared(words), Cleared(where)
    )


def facts(projection: Projection, key: bytes) -> Facts:
    """The rows of all that leaves; ``key`` is the casebook's secret for ids."""
    return _Made(projection, key).facts()


class _Made:
    def __init__(self, projection: Projection, key: bytes) -> None:
        self._key, self._audience = key, projection.asked.audience
        self.projection = projection
        self.statements = projection.statements
        self.ids = {
            one.statement: self._id(
                "statement", projection.origin[one.statement], label(one.about), one.source
            )
            for one in self.statements
        }
        self.persons = {
            one.subject: self._id("person", projection.lives[one.subject], label(one.about))
            for one in self.statements
            if one.about_kind == "person"
        }
        self.out = retired(self.statements, projection.judgements)
        self.told: dict[str, list[Statement]] = {}
        for one in self.statements:
            self.told.setdefault(one.subject, []).append(one)
        self.timelines = {one.key: one for one in solve(self.statements, judgements=projection.judgements)}

    def facts(self) -> Facts:
        """All rows, in the order in which they are first told of."""
        events = tuple(row for one in self.timelines.values() for row in self._events(one))
        return Facts(
            tuple(self._person(key) for key in self.persons),
            tuple(self._names()),
            events,
            tuple(self._statement(one, {row.id for row in events}) for one in self.statements),
            tuple(self._sources()),
            tuple(self._conflicts()),
            {place: self._id("place", place) for row in events if (place := row.place)},
            {own: self._id("link", own) for own in (*(row.id for row in events), *self.ids.values())},
        )

    def _id(self, kind: str, *what: str) -> Cleared:
        # Lengths keep the parts apart, whatever stands in them.
        parts = [kind, self._audience, *what]
        message = "".join(f"{len(part)}:{part}" for part in parts).encode()
        digest = hmac.digest(self._key, message, hashlib.sha256)[:_DIGEST]
        return Cleared(base64.b32encode(digest).decode().lower())

    def _event_id(self, life: str, event: str) -> Cleared:
        return self._id("event", self.projection.lives[life], label(life), event)

    def _person(self, key: str) -> PersonRow:
        timeline, told = self.timelines[key], self.told[key]
        return PersonRow(
            self.persons[key],
            Cleared(label(key)),
            timeline.consistent,
            timeline.consistent_wide,
            timeline.complete,
            Count(len(told)),
            Count(len({_telling(one) for one in told})),
        )

    def _live(self, key: str) -> list[Statement]:
        return [one for one in self.told.get(key, ()) if one.statement not in self.out]

    def _names(self) -> Iterator[NameRow]:
        for one in self.statements:
            named = fact_kind_of(one.fact) == "name" and one.answer == "yes" and one.value
            if named and one.subject in self.persons and one.statement not in self.out:
                yield NameRow(
                    self.ids[one.statement],
                    self.persons[one.subject],
                    Cleared(one.value),
                    _cell(one.language),
                    _cell(one.fact.partition(":")[2].strip()),
                )

    def _events(self, timeline: Timeline) -> Iterator[EventRow]:
        if timeline.key not in self.persons:
            return
        live = self._live(timeline.key)
        for found in timeline.events:
            said = [one for one in live if one.event == found.event and one.answer == "yes"]
            if not found.statements and found.earliest is None and found.latest is None:
                continue
            places = list(dict.fromkeys(one.place for one in said if one.place))
            one_place = all(self._same_place(places[0], other) for other in places[1:])
            kind = vocabulary().kinds.get(found.kind)
            yield EventRow(
                self._event_id(timeline.key, found.event),
                self.persons[timeline.key],
                Cleared(found.event),
                Cleared(found.kind),
                Cleared(kind.label if kind is not None else found.event),
                _day(found.earliest),
                _day(found.latest),
                _cell(edtf(found)),
                _cell(within(found)),
                Cleared(places[0]) if places and one_place else None,
                timeline.consistent or found.event in self._steady.get(timeline.key, ()),
                bool(said) and all(len(one.chain) > 1 for one in said),
                bool(said) and all(one.expected for one in said),
                Count(len(said)),
            )

    @cached_property
    def _same_place(self) -> SamePlace:
        return among(self.statements)

    @cached_property
    def _steady(self) -> Mapping[str, frozenset[str]]:
        """By life with a contradiction, the events whose days are the same whichever side is kept."""
        doubted = {key for key, one in self.timelines.items() if not one.consistent}
        found: dict[str, frozenset[str]] = {}
        for linked in link(self.statements, self.projection.judgements) if doubted else ():
            if doubted.isdisjoint(linked.subjects):
                continue
            solution = Solution(linked)
            points = {point for events in solution.network.events for point in events.values()}
            seen: dict[int, set[tuple[object, ...]]] = {point: set() for point in points}
            for on in solution.accounts():
                for point, days in ranges(solution.solver, on, points).items():
                    seen[point].add(tuple(days))
            for key, events in zip(solution.network.subjects, solution.network.events, strict=True):
                found[key] = frozenset(event for event, point in events.items() if len(seen[point]) == 1)
        return found

    def _statement(self, one: Statement, events: set[Cleared]) -> StatementRow:
        person = self.persons.get(one.subject)
        event = self._event_id(one.subject, one.event) if person and one.event else None
        return StatementRow(
            id=self.ids[one.statement],
            source=self._source_ids[_telling(one)],
            about_kind=Cleared(one.about_kind),
            about=Cleared(label(one.about)),
            person=person,
            event=event if event in events else None,
            standing=Cleared(self._standing(one)),
            happened=_cell(one.event),
            fact=_cell(one.fact),
            value=_cell(one.value),
            answer=Cleared(one.answer),
            when=_cell(one.when),
            age=_cell(one.age),
            after=_cell(one.after),
            before=_cell(one.before),
            gap=_cell(one.gap),
            place=_cell(one.place),
            by=_cell(one.by),
            role=Cleared(one.role),
            via=_cell(one.via),
            layer=Cleared(one.layer),
            expected=one.expected,
            corrects=self.ids.get(one.corrects),
            url=_cell(one.evidence),
            quote=_cell(one.quote),
            language=_cell(one.language),
        )

    def _standing(self, one: Statement) -> Standing:
        if one.statement in self._corrected:
            return "corrected"
        if one.statement in self.out:
            return "set-aside"
        timeline = self.timelines.get(one.subject)
        if timeline is not None and one.layer in WEAK_LAYERS and one.layer in timeline.set_aside:
            return "layer-set-aside"
        return "counted"

    @cached_property
    def _corrected(self) -> frozenset[str]:
        return frozenset(one.corrects for one in self.statements if one.corrects)

    @cached_property
    def _source_ids(self) -> Mapping[tuple[str, str, str], Cleared]:
        found: dict[tuple[str, str, str], Cleared] = {}
        for one in self.statements:
            if _telling(one) not in found:
                own = self.projection.origin[one.statement]
                found[_telling(one)] = self._id("source", own, label(one.about), one.source)
        return found

    def _sources(self) -> Iterator[SourceRow]:
        count = Counter(_telling(one) for one in self.statements)
        for telling, own in self._source_ids.items():
            yield SourceRow(own, _cell(telling[1]), _cell(telling[2]), Count(count[telling]))

    def _conflicts(self) -> Iterator[ConflictRow]:
        same = among(self.statements)
        for key, timeline in self.timelines.items():
            about, person = Cleared(label(key)), self.persons.get(key)
            for conflict in timeline.conflicts:
                own = self._joint(key, "contradiction", conflict)
                for one in conflict:
                    yield ConflictRow(own, self.ids[one], Cleared("contradiction"), about, person, None, None)
            for found in differences(self._live(key), same):
                told = [one for values in found.values.values() for one in values]
                own = self._joint(key, f"difference {found.field} {found.event} {found.fact}", told)
                for value, who in found.values.items():
                    for one in who:
                        kind, field = Cleared("difference"), Cleared(found.field)
                        yield ConflictRow(own, self.ids[one], kind, about, person, field, Cleared(value))

    def _joint(self, life: str, kind: str, statements: Iterable[str]) -> Cleared:
        return self._id(kind, self.projection.lives[life], *sorted(self.ids[one] for one in statements))


def edtf(found: EventBounds) -> str:
    """The days on which an event can lie, one of a set: ``[2017-03-01..2017-03-31,2018-05-02]``; "" for
    any day."""
    if found.earliest is None and found.latest is None and len(found.ranges) < 2:
        return ""
    pieces = [
        iso(first) or "" if first == last else f"{iso(first) or ''}..{iso(last) or ''}"
        for first, last in found.ranges
    ]
    return pieces[0] if len(pieces) == 1 and ".." not in pieces[0] else f"[{','.join(pieces)}]"


def within(found: EventBounds) -> str:
    """The day, month or year that an event lies in for certain; "" where it can lie in two years."""
    first, last = iso(found.earliest), iso(found.latest)
    if first is None or last is None:
        return ""
    return next((first[:length] for length in _PRECISIONS if first[:length] == last[:length]), "")


def _telling(one: Statement) -> tuple[str, str, str]:
    # Of one telling some rows can have the day and others the year alone: masking does that.
    return one.telling, one.source, one.told


def _cell(text: str) -> Cleared | None:
    return Cleared(text) if text else None


def _day(day: int | None) -> Cleared | None:
    return _cell(iso(day) or "")
