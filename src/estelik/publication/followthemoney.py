"""FollowTheMoney: the open data set as entities that investigators' tools read, one JSON document a line.

Its model has no detention and no doubt. An event is an ``Event`` whose ``startDate`` and ``endDate`` are the
first and the last day on which it can lie, with ``date`` only where the day, month or year is certain and all
of it in EDTF under ``notes``; ``keywords`` say ``contradicted`` and ``hearsay``. Statements are ``PlainText``
documents, and every entity that stands on some names them as its ``proof``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from estelik.protection.leaf import Cleared, encode
from estelik.publication.facts import TERMS
from estelik.records.vocabulary import fact_kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from estelik.publication.fact_rows import EventRow, Facts, PersonRow, SourceRow, StatementRow

Row = TypeVar("Row")
Properties = dict[Cleared, list[Cleared]]
#: By the language of a BCP 47 tag what FollowTheMoney calls it (ISO 639-3); others it is not told.
_LANGUAGES: Final = {
    "en": "eng",
    "fr": "fra",
    "kk": "kaz",
    "ky": "kir",
    "ru": "rus",
    "ug": "uig",
    "uk": "ukr",
    "uz": "uzb",
    "zh": "zho",
}
#: Facts of a person that it has properties for.
_FACTS: Final = {"ethnicity": "ethnicity", "religion": "religion", "occupation": "profession"}
_SEXES: Final = {"male": "male", "female": "female", "other": "other"}
_DAY: Final = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s<>\"]+", re.ASCII)


class Entity(msgspec.Struct, frozen=True):
    """One line."""

    id: Cleared
    schema: Cleared
    properties: Properties
    datasets: tuple[Cleared, ...]


def lines(facts: Facts) -> bytes:
    """The entities of all rows, in their order. Raises UnclearedError where a value is no leaf."""
    return b"".join(encode(one) + b"\n" for one in _entities(facts))


def _entities(facts: Facts) -> Iterator[Entity]:
    sources = {one.id: one for one in facts.sources}
    for one in facts.statements:
        yield _statement(one, sources[one.source])
    counted = [one for one in facts.statements if one.standing == "counted" and one.answer == "yes"]
    names = _by(facts.names, lambda one: one.person)
    births = {event.person: event for event in facts.events if event.event == "birth"}
    about = _by(counted, lambda one: one.person)
    for person in facts.persons:
        given = [one.name for one in names.get(person.id, ())]
        yield _person(person, given, births.get(person.id), about.get(person.id, ()))
    for place, own in facts.places.items():
        yield _entity(own, "Address", full=[place])
    told = _by(counted, lambda one: one.event)
    held = {kind for kind, one in vocabulary().kinds.items() if one.opens in _custody()}
    for event in facts.events:
        proof = [one.id for one in told.get(event.id, ())]
        yield _event(event, facts.places, proof)
        if event.kind in held and event.place is not None:
            yield _held(event, facts, proof)
    yield from _families(facts, counted)


def _statement(one: StatementRow, source: SourceRow) -> Entity:
    return _entity(
        one.id,
        "PlainText",
        fileName=[TERMS["statements.csv"]],
        title=[one.happened, one.fact],
        summary=[one.value],
        bodyText=[one.quote],
        author=[source.name],
        authoredAt=[source.told if source.told and _DAY.fullmatch(source.told) else None],
        sourceUrl=[one.url if one.url and _URL.fullmatch(one.url) else None],
        language=[TERMS[tongue] if (tongue := _LANGUAGES.get((one.language or "").split("-")[0])) else None],
    )


def _person(
    person: PersonRow, names: Iterable[Cleared], birth: EventRow | None, about: Sequence[StatementRow]
) -> Entity:
    said: dict[str, list[Cleared | None]] = {}
    for one in about:
        if one.fact in _FACTS:
            said.setdefault(_FACTS[one.fact], []).append(one.value)
        elif one.fact == "sex" and (one.value or "").casefold() in _SEXES:
            said.setdefault("gender", []).append(TERMS[(one.value or "").casefold()])
    return _entity(
        person.id,
        "Person",
        name=[person.name],
        alias=names,
        birthDate=[birth.within if birth is not None else None],
        keywords=[None if person.consistent else TERMS["contradicted"]],
        proof=[one.id for one in about],
        **said,
    )


def _event(event: EventRow, places: Mapping[Cleared, Cleared], proof: Iterable[Cleared]) -> Entity:
    return _entity(
        event.id,
        "Event",
        name=[event.title],
        summary=[event.event],
        involved=[event.person],
        date=[event.within],
        startDate=[event.earliest],
        endDate=[event.latest],
        location=[event.place],
        addressEntity=[places[event.place] if event.place is not None else None],
        notes=[event.ranges],
        keywords=[
            None if event.consistent else TERMS["contradicted"],
            TERMS["hearsay"] if event.hearsay else None,
            TERMS["expected"] if event.expected else None,
        ],
        proof=proof,
    )


def _held(event: EventRow, facts: Facts, proof: Sequence[Cleared]) -> Entity:
    """Where somebody was held: the nearest that it has to a detention. How long, the events say."""
    return _entity(
        facts.links[event.id],
        "UnknownLink",
        subject=[event.person],
        object=[None if event.place is None else facts.places[event.place]],
        role=[TERMS["held at"]],
        date=[event.within],
        recordId=[event.id],
        proof=proof,
    )


def _families(facts: Facts, counted: Iterable[StatementRow]) -> Iterator[Entity]:
    called = _by(facts.persons, lambda one: one.name)
    for one in counted:
        relatives = called.get(one.value, ()) if fact_kind_of(one.fact or "") == "relation" else ()
        # Of several who are called so nobody knows which it is.
        if one.person is not None and len(relatives) == 1:
            yield _entity(
                facts.links[one.id],
                "Family",
                person=[one.person],
                relative=[relatives[0].id],
                relationship=[one.fact],
                proof=[one.id],
            )


def _entity(own: Cleared, schema: str, **values: Iterable[Cleared | None]) -> Entity:
    properties: Properties = {}
    for name, said in values.items():
        found = [one for one in dict.fromkeys(said) if one is not None]
        if found:
            properties[TERMS[name]] = found
    return Entity(own, TERMS[schema], properties, (TERMS["estelik"],))


def _custody() -> set[str]:
    return {name for name, state in vocabulary().states.items() if state.custody}


def _by(rows: Iterable[Row], key: Callable[[Row], Cleared | None]) -> dict[Cleared | None, list[Row]]:
    found: dict[Cleared | None, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
