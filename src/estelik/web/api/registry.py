"""Registry: everybody, filtered by what was told, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from estelik.records.vocabulary import vocabulary
from estelik.views.registry import Filter, Lack
from estelik.web.api.act import act
from estelik.web.api.lives import State
from estelik.web.api.shape import Between, Cursor, Person, begun, between, cursor, person

if TYPE_CHECKING:
    from estelik.views.registry import Counts, Entry
    from estelik.web.bearers import Bearer

_Text = Annotated[str, Meta(max_length=500)]
_Year = Annotated[int, Meta(ge=0, le=9999, description="0: it does not matter.")]
_STATES: Final = ("", *vocabulary().states)
_State = Annotated[
    str,
    Meta(pattern=f"^({'|'.join(_STATES)})$", description="A state today; empty: it does not matter."),
]


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which lives a list is of; what is left out does not matter. ``surely``: only who is certainly in the
    state; ``since``, ``until``: years of being taken, as they are possible; ``apart``: only lives that cannot
    be true as told."""

    state: _State = ""
    surely: bool = False
    place: _Text = ""
    ethnicity: _Text = ""
    since: _Year = 0
    until: _Year = 0
    lacks: Lack | Literal[""] = ""
    apart: bool = False
    kind: Literal["person", "organisation", "place", "group"] = "person"


class RegistryAsked(Which, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page of a list; what is left out of what it is of does not matter. ``surely``: only who is certainly
    in the state; ``since``, ``until``: years of being taken, as they are possible; ``apart``: only lives that
    cannot be true as told."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Cursor = ""


class Line(msgspec.Struct, frozen=True):
    """A life: its states today, places and facts that were told, between which days she was first taken, what
    is lacking, whether all of it can be true."""

    person: Person
    kind: str
    states: tuple[State, ...]
    places: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    taken: Between | None
    lacks: tuple[str, ...]
    consistent: bool


class Count(msgspec.Struct, frozen=True):
    """How many have this."""

    value: str
    count: int


class StateCount(msgspec.Struct, frozen=True):
    """How many are in a state today, certainly and possibly."""

    state: str
    surely: int
    possibly: int


class Counted(msgspec.Struct, frozen=True):
    """How many of the whole list: by state today, by place, by ethnicity, by the year in which they were
    taken (empty: not told to the year)."""

    states: tuple[StateCount, ...]
    places: tuple[Count, ...]
    ethnicities: tuple[Count, ...]
    years: tuple[Count, ...]


class RegistryFound(msgspec.Struct, frozen=True):
    """A page of a list, by label. ``whole``: whether everybody was looked at; where not, ask again in a
    while. ``count``: how many are in the whole list; ``next``: the cursor of the page after this one, empty
    after the last."""

    whole: bool
    count: int
    lives: tuple[Line, ...]
    counts: Counted
    next: str


@act("POST", "/api/registry", "List lives by what was told of them, and count them.", takes=RegistryAsked,
     gives=RegistryFound, refusals=(404,),
     leads=dict.fromkeys(("life", "status"), "/lives/0/person/address"))  # fmt: skip
def list_lives(bearer: Bearer, asked: RegistryAsked) -> RegistryFound:
    """Those who fit, a page of them."""
    last = begun(bearer, asked, asked.cursor)
    overview = bearer.watch.look()
    found, counts, _ = bearer.watch.listing.of(wanted(asked))
    # After the last of the page before, wherever that is by now: nobody is left out who was there.
    every = sorted(found, key=lambda one: _place(one.key))
    rest = [one for one in every if not asked.cursor or _place(one.key) > _place(last)]
    page = rest[: asked.limit]
    return RegistryFound(
        overview.whole,
        len(found),
        tuple(_line(bearer, one) for one in page),
        _counted(counts),
        cursor(bearer, asked, page[-1].key) if len(rest) > len(page) else "",
    )


def wanted(asked: Which) -> Filter:
    """What a list is of, as the registry has it."""
    return Filter(
        asked.state, asked.surely, asked.place, asked.ethnicity, asked.since, asked.until, asked.lacks,
        asked.apart, asked.kind,
    )  # fmt: skip


def _place(key: str) -> tuple[str, str]:
    return key.casefold(), key


def _line(bearer: Bearer, one: Entry) -> Line:
    return Line(
        person(bearer, one.key),
        one.kind,
        tuple(State(state.state, state.place, state.certainty) for state in one.states),
        one.places,
        one.facts,
        None if one.taken is None else between(*one.taken),
        one.lacks,
        one.consistent,
    )


def _counted(counts: Counts) -> Counted:
    return Counted(
        tuple(StateCount(*one) for one in counts.states),
        tuple(Count(*one) for one in counts.places),
        tuple(Count(*one) for one in counts.ethnicities),
        tuple(Count("" if year is None else str(year), count) for year, count in counts.years),
    )


ACTS: Final = (list_lives,)
