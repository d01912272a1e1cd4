"""Visits: who is going to come and tell, what to ask, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import coming
from estelik.errors import NotFoundError
from estelik.records.visit import Outcome
from estelik.web.api.act import act
from estelik.web.api.lives import Question, asked_next
from estelik.web.api.shape import Address, Day, Person, person, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.records.visit import Visit
    from estelik.web.bearers import Bearer


class VisitPlanned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who comes (the label of a source), on which day, at what time, to speak of whom (a label)."""

    who: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
    day: Day
    time: Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")] = ""
    about: Annotated[str, Meta(max_length=500)] = ""
    note: Annotated[str, Meta(max_length=2000)] = ""


class Expected(msgspec.Struct, frozen=True):
    """Somebody who is going to come, or was to, and nobody has said what came of it."""

    address: Address
    who: str
    day: str
    time: str
    about: str
    note: str


class VisitsFound(msgspec.Struct, frozen=True):
    """Who is going to come, the first first."""

    visits: tuple[Expected, ...]


class AskedOf(msgspec.Struct, frozen=True):
    """What to ask a visitor about one life."""

    person: Person
    questions: tuple[Question, ...]


class VisitPrepared(msgspec.Struct, frozen=True):
    """A visit, how many times she has told before, and what to ask her."""

    visit: Expected
    told_before: int
    ask: tuple[AskedOf, ...]


class VisitEnded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of a visit."""

    outcome: Outcome


class VisitOver(msgspec.Struct, frozen=True):
    """What is put down now."""

    outcome: Outcome


@act("GET", "/api/visits", "Who is going to come and tell.", gives=VisitsFound, refusals=(403,),
     leads=dict.fromkeys(("prepare_visit", "end_visit"), "/visits/0/address"))  # fmt: skip
def list_visits(bearer: Bearer) -> VisitsFound:
    """Who is going to come."""
    needs_sources(bearer)
    return VisitsFound(tuple(_expected(bearer, one) for one in bearer.watch.coming.visits()))


@act("POST", "/api/visits", "Put down that somebody is to come.", takes=VisitPlanned, gives=Expected,
     status=201, refusals=(403, 409, 422),
     leads=dict.fromkeys(("prepare_visit", "end_visit"), "/address"))  # fmt: skip
def plan_visit(bearer: Bearer, asked: VisitPlanned) -> Expected:
    """Puts a visit down."""
    needs_sources(bearer)
    made = coming.plan(
        bearer.casebook, asked.who, asked.day, time=asked.time, about=asked.about, note=asked.note
    )
    return _expected(bearer, made)


@act("GET", "/api/visits/{address}", "What to ask at a visit.", gives=VisitPrepared, refusals=(403, 404),
     leads={"life": "/ask/0/person/address"})  # fmt: skip
def prepare_visit(bearer: Bearer, address: str) -> VisitPrepared:
    """What to ask at a visit."""
    needs_sources(bearer)
    id_ = read(bearer, "visit", address)
    found = next((one for one in bearer.watch.coming.visits() if one.id == id_), None)
    if found is None:
        raise NotFoundError("There is no such visit any more.", safe="", do="Look at the list.")
    ready = bearer.watch.coming.prepared(found) or coming.prepare(bearer.casebook, found)
    return VisitPrepared(
        _expected(bearer, found),
        ready.number,
        tuple(AskedOf(person(bearer, label), asked_next(each)) for label, each in ready.questions),
    )


@act("POST", "/api/visits/{address}/outcome", "Say what came of a visit.", takes=VisitEnded, gives=VisitOver,
     status=201, refusals=(403, 404, 409))  # fmt: skip
def end_visit(bearer: Bearer, address: str, asked: VisitEnded) -> VisitOver:
    """Says what came of a visit."""
    needs_sources(bearer)
    id_ = read(bearer, "visit", address)
    coming.end(bearer.casebook, bearer.watch.coming.visits(), id_, asked.outcome)
    return VisitOver(asked.outcome)


def _expected(bearer: Bearer, one: Visit) -> Expected:
    return Expected(
        bearer.addresses.of("visit", one.id), one.who, one.day, one.time, one.about, one.note
    )  # fmt: skip


ACTS: Final = (list_visits, plan_visit, prepare_visit, end_visit)
