"""Beside a life: why a day is what it is, whom she may have met, which files bear on her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.chronology.calendar import iso
from estelik.daily import solving
from estelik.daily.dossiers import others_near
from estelik.daily.exhibits import exhibits
from estelik.errors import NotFoundError
from estelik.web.api.act import act
from estelik.web.api.lives import Reading
from estelik.web.api.shape import Between, Cursor, Person, begun, between, following, number, person, read

if TYPE_CHECKING:
    from estelik.index.evidence import Exhibit
    from estelik.web.bearers import Bearer


class WhyAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event of a life, by its label."""

    event: Annotated[str, Meta(min_length=1, max_length=500)]
    reading: Reading = "strict"


class Bound(msgspec.Struct, frozen=True):
    """A day before or after which it cannot have been, and the ids of the statements that this rests on."""

    day: str | None
    statements: tuple[str, ...]


class WhyFound(msgspec.Struct, frozen=True):
    """Why an event is not before its earliest and not after its latest day."""

    person: Person
    earliest: Bound
    latest: Bound


class NearAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of those who were where somebody was."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 24
    cursor: Cursor = ""


class Met(msgspec.Struct, frozen=True):
    """Somebody who was in the same place, whether certainly at the same time, and between which days; the ids
    of the statements that say so."""

    person: Person
    place: str
    certain: bool
    overlap: Between
    statements: tuple[str, ...]


class NearFound(msgspec.Struct, frozen=True):
    """A page of those who were where somebody was, of ``count``. ``next``: the cursor of the page after this
    one, empty after the last."""

    count: int
    met: tuple[Met, ...]
    next: str


class File(msgspec.Struct, frozen=True):
    """A file of evidence: its id, by which `estelik evidence get` gives a copy out; its SHA-256, bytes and
    type; since when it is here; when times were stamped; how many working copies there are."""

    id: str
    sha256: str
    bytes: int
    type: str
    added: str
    note: str
    stamped: tuple[str, ...]
    copies: int


class FilesFound(msgspec.Struct, frozen=True):
    """The files that bear on a life."""

    files: tuple[File, ...]


@act("POST", "/api/lives/{address}/why", "Say why an event is bounded as it is.", takes=WhyAsked,
     gives=WhyFound, refusals=(404,))  # fmt: skip
def explain(bearer: Bearer, address: str, asked: WhyAsked) -> WhyFound:
    """Why an event lies between two days."""
    from estelik.chronology.explain import explain as why

    key = read(bearer, "life", address)
    solution, life, *_ = solving.solved(bearer.casebook, key, asked.reading)
    point = solution.network.events[life].get(asked.event)
    if point is None:
        raise NotFoundError(
            "Nobody has said that this event happened.", safe="", do="Use a label that the life has."
        )
    first = why(solution, point, "earliest", sufficient=True)
    last = why(solution, point, "latest", sufficient=True)
    return WhyFound(
        person(bearer, key),
        Bound(iso(first.day), tuple(first.statements)),
        Bound(iso(last.day), tuple(last.statements)),
    )


@act("GET", "/api/lives/{address}/encounters", "Who was where somebody was, and may have met her.",
     takes=NearAsked, gives=NearFound, refusals=(404,),
     leads={"life": "/met/0/person/address"})  # fmt: skip
def list_encounters(bearer: Bearer, address: str, asked: NearAsked) -> NearFound:
    """Who may have met somebody."""
    key = read(bearer, "life", address)
    start = number(begun(bearer, asked, asked.cursor))
    found, near = others_near(bearer.casebook, key, start, asked.limit)
    return NearFound(
        len(near),
        tuple(
            Met(
                person(bearer, one.key),
                one.place,
                one.certain,
                between(one.earliest, one.latest),
                (*one.own, *one.theirs),
            )
            for one in found
        ),
        following(bearer, asked, near, start, start + asked.limit),
    )


@act("GET", "/api/lives/{address}/evidence", "Which files bear on a life.", gives=FilesFound,
     refusals=(404,))  # fmt: skip
def list_evidence(bearer: Bearer, address: str) -> FilesFound:
    """The files that bear on somebody."""
    key, lives = read(bearer, "life", address), bearer.casebook.lives
    merged = lives.of(key)
    keys = merged.keys(key)
    own = [one.statement for one in merged.statements if one.subject in keys]
    members = [each for one in keys for each in lives.resolution.members(one)]
    return FilesFound(tuple(_file(one) for one in exhibits(bearer.casebook, members, own)))


def _file(one: Exhibit) -> File:
    file = one.evidence
    return File(
        one.id,
        file.sha256,
        file.bytes,
        file.type,
        file.added,
        file.note,
        tuple(stamp.time for stamp in one.stamps.values()),
        sum(not made.result for made in one.derivations),
    )


ACTS: Final = (explain, list_encounters, list_evidence)
