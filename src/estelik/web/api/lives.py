"""Lives: what is known of one, why it cannot all be true, what to ask next, in which state she was when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from estelik.daily import solving
from estelik.exchange import sheet
from estelik.exchange.columns import COLUMNS, NAMES
from estelik.identity.verdict import shown
from estelik.views.same_place import SameByPlaces
from estelik.views.timeline import document, timelines
from estelik.web.api.act import act
from estelik.web.api.problem import RefusedError, said
from estelik.web.api.shape import Address, Person, Words, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.chronology.network import Interval
    from estelik.chronology.questions import Question as Asked
    from estelik.records import Statement
    from estelik.web.bearers import Bearer

if TYPE_CHECKING:

    class Row(msgspec.Struct):
        """A row of the statement sheet."""

else:
    Row = msgspec.defstruct(
        "Row",
        [(one.name, Annotated[str, Meta(description=one.help)], "") for one in COLUMNS],
        frozen=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        namespace={"__doc__": "A row of the statement sheet, by its columns; what is blank is left out."},
    )
Reading = Literal["strict", "wide"]


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How dates and ages are taken: as they were said, or as far off as people usually are."""

    reading: Reading = "strict"


class Event(msgspec.Struct, frozen=True):
    """When something happened: the earliest and the latest day, all days that are possible, and the ids of
    the statements that say so."""

    event: str
    kind: str
    earliest: str | None
    latest: str | None
    ranges: tuple[tuple[str | None, str | None], ...]
    statements: tuple[str, ...]


class Repair(msgspec.Struct, frozen=True):
    """Statements whose setting aside would end a contradiction, and how much that would take back."""

    weight: int
    statements: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What sources tell differently where a life has one: each value with the statements that say it."""

    field: str
    values: dict[str, tuple[str, ...]]
    event: str = ""
    fact: str = ""


class Question(msgspec.Struct, frozen=True):
    """What to ask next: about which event (since which other one), of whom, and how much the answer would
    settle, in halvings of a number of days: on average, and at least."""

    ask: Literal["when", "how long", "where", "who told"]
    event: str
    since: str
    expected_bits: float
    worst_bits: float
    sources: tuple[str, ...]


class Told(msgspec.Struct, frozen=True):
    """A statement as a row of the sheet, whether it counts (not where another corrects it, or a member has
    set it aside), and the address under which it is decided on."""

    row: Row
    counts: bool
    address: Address


class Life(msgspec.Struct, frozen=True):
    """One life. ``conflicts``: ids of statements that cannot all be true; what is shown of events holds
    whichever of the ``repairs`` one takes."""

    subject: str
    consistent: bool
    consistent_wide: bool
    complete: bool
    events: tuple[Event, ...]
    conflicts: tuple[tuple[str, ...], ...]
    repairs: tuple[Repair, ...]
    differences: tuple[Difference, ...]
    set_aside: tuple[str, ...]
    also_known_as: tuple[str, ...]
    judgements_in_conflict: tuple[tuple[str, ...], ...]


class LifeFound(msgspec.Struct, frozen=True):
    """Somebody's life, all that was told of it, and what to ask next."""

    person: Person
    life: Life
    statements: tuple[Told, ...]
    questions: tuple[Question, ...]


class On(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day, month, year or interval that is asked about (EDTF), like 2019, 2019-03 or 2019/2020."""

    on: Words
    reading: Reading = "strict"


class State(msgspec.Struct, frozen=True):
    """A state, where (empty: nobody said), and how surely."""

    state: str
    place: str
    certainty: Literal["throughout", "at some time", "possibly", "never"]


class StatusFound(msgspec.Struct, frozen=True):
    """In which states somebody was at that time, and how surely."""

    person: Person
    states: tuple[State, ...]


@act("GET", "/api/lives/{address}", "One life: events, contradictions, statements, questions.", takes=Read,
     gives=LifeFound, refusals=(404,), leads=dict.fromkeys(("set_aside", "verify", "grade"),
     "/statements/0/address"))  # fmt: skip
def life(bearer: Bearer, address: str, asked: Read) -> LifeFound:
    """One life."""
    from estelik.chronology.lives import retired

    key, casebook = read(bearer, "life", address), bearer.casebook
    merged = casebook.lives.of(key)
    lives = merged.keys(key)
    same = SameByPlaces(casebook.lives.about_places)
    found = timelines(merged.statements, merged.judgements, asked.reading, lives=lives, same_place=same)
    timeline, differ = next(iter(found))
    out = retired(merged.statements, merged.judgements)
    told = tuple(
        Told(
            _row(one, merged.label(one)),
            one.statement not in out,
            bearer.addresses.of("statement", one.statement),
        )
        for one in merged.statements
        if one.subject in lives
    )
    return LifeFound(
        Person(shown(key), address),
        msgspec.convert(document(timeline, differ, merged), Life, from_attributes=True),
        told,
        _questions(casebook, key),
    )


@act("GET", "/api/lives/{address}/status", "In which state somebody was on a day or in a time.", takes=On,
     gives=StatusFound, refusals=(404, 422))  # fmt: skip
def status(bearer: Bearer, address: str, asked: On) -> StatusFound:
    """In which state somebody was."""
    from estelik.chronology.status import status as states

    key = read(bearer, "life", address)
    window = _days(asked.on)
    solution, number, *_ = solving.solved(bearer.casebook, key, asked.reading)
    found = tuple(
        State(one.state, one.place or "", one.certainty) for one in states(solution, number, window)
    )
    return StatusFound(Person(shown(key), address), found)


def _row(one: Statement, label: str) -> Row:
    cells = dict(zip(NAMES, sheet.cells(one), strict=True))
    return msgspec.convert(cells | {"about": label}, Row)


def _questions(casebook: Casebook, key: str) -> tuple[Question, ...]:
    return asked_next(solving.questions(solving.solved(casebook, key)))


def asked_next(found: Iterable[Asked]) -> tuple[Question, ...]:
    """What to ask, as it is told."""
    return tuple(
        Question(one.ask, one.event, one.since or "", one.expected_bits, one.worst_bits, one.sources)
        for one in found
    )


def _days(text: str) -> list[Interval]:
    from estelik.chronology.edtf import EdtfError
    from estelik.chronology.network import days_of

    try:
        return list(days_of(text, "strict"))
    except EdtfError:
        problem = said(
            422, "The date cannot be read.", do="Write it as 2019, 2019-03, 2019-03-21 or 2019/2020.", at="on"
        )
        raise RefusedError(problem) from None


ACTS: Final = (life, status)
