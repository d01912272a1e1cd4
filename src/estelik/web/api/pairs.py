"""Pairs: people who may be one, what speaks for it and against, and decisions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from estelik.daily import pairs
from estelik.daily.judging import record, weigh, withdrawal
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown
from estelik.web.api import problem
from estelik.web.api.act import act
from estelik.web.api.names import Why
from estelik.web.api.shape import Address, Cursor, Person, Reason, begun, cursor, number, person, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.daily.judging import Weighed
    from estelik.identity.candidate import Candidate
    from estelik.identity.evidence import Evidence
    from estelik.web.bearers import Bearer

_BETWEEN: Final = "\x1e"


class PairsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the pairs that wait."""

    limit: Annotated[int, Meta(ge=1, le=20)] = 10
    cursor: Cursor = ""


class Piece(msgspec.Struct, frozen=True):
    """A piece of evidence: its kind, by how much it multiplies the odds, what it is about."""

    kind: str
    factor: float
    about: str


class Pair(msgspec.Struct, frozen=True):
    """Two people who may be one. ``address``: of the pair; ``names``: why their names fit; ``speaks_for`` and
    ``against``: what else there is."""

    address: Address
    one: Person
    other: Person
    score: float
    names: tuple[Why, ...]
    speaks_for: tuple[Piece, ...]
    against: tuple[Piece, ...]


class PairsFound(msgspec.Struct, frozen=True):
    """A page of those that wait, the likeliest first. ``whole``: whether everybody was looked at; where not,
    ask again in a while. ``next``: the cursor of the page after this one, empty after the last."""

    whole: bool
    count: int
    pairs: tuple[Pair, ...]
    next: str


class Decided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision on a pair, and why. ``anyway``: also where it would make a life that cannot be true."""

    decision: Literal["same", "different", "unsure"]
    reason: Reason
    anyway: bool = False


class Decision(msgspec.Struct, frozen=True):
    """A decision that is recorded; ``address``: by which it can be taken back."""

    address: Address
    decision: str


class TakenBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a decision is taken back. It stays on record."""

    reason: Reason


@act("GET", "/api/pairs", "Pairs of people who may be one and wait to be judged.", takes=PairsAsked,
     gives=PairsFound, refusals=(404,), leads={"decide": "/pairs/0/address"})  # fmt: skip
def list_pairs(bearer: Bearer, asked: PairsAsked) -> PairsFound:
    """The pairs that wait, a page of them."""
    start = number(begun(bearer, asked, asked.cursor))
    waiting, end = _waiting(bearer).pairs, start + asked.limit
    return PairsFound(
        bearer.watch.look().whole,
        len(waiting),
        tuple(_pair(bearer, one) for one in waiting[start:end]),
        cursor(bearer, asked, str(end)) if end < len(waiting) else "",
    )


@act("POST", "/api/pairs/{address}/decision", "Judge whether two are one.", takes=Decided, gives=Decision,
     status=201, refusals=(404, 409, 422), leads={"take_back": "/address"})  # fmt: skip
def decide(bearer: Bearer, address: str, asked: Decided) -> Decision:
    """Records a decision on a pair."""
    one, _, other = read(bearer, "pair", address).partition(_BETWEEN)
    candidate = _waiting(bearer).of.get((one, other))
    if candidate is None:
        raise NotFoundError(
            "This pair was judged meanwhile, or what it rested on has changed.",
            safe="Nothing was recorded.",
            do="Ask for the pairs that wait.",
        )
    both = shown(candidate.one), shown(candidate.other)
    weighed = weigh(bearer.casebook, asked.decision, both, asked.reason)
    if weighed.contradicts and not asked.anyway:
        raise _contradicts(weighed)
    record(bearer.casebook, weighed)
    return Decision(bearer.addresses.of("judgement", weighed.judgement.id), asked.decision)


@act("POST", "/api/decisions/{address}/withdrawal", "Take a decision back.", takes=TakenBack, gives=Decision,
     status=201, refusals=(404, 409, 422))  # fmt: skip
def take_back(bearer: Bearer, address: str, asked: TakenBack) -> Decision:
    """Takes a decision back that was made with this token."""
    id_, casebook = read(bearer, "judgement", address), bearer.casebook
    with casebook.entering():
        there = casebook.judgements()
        if any(one.withdraws == id_ for one in there):
            raise NotFoundError("This decision was taken back before.", safe="Nothing was recorded.")
        made = withdrawal(casebook, id_, asked.reason)
        casebook.add_judgement(made)
    return Decision(bearer.addresses.of("judgement", made.id), "withdrawn")


def _waiting(bearer: Bearer) -> pairs.Waiting:
    return pairs.waiting(bearer.casebook, bearer.watch.look().pairs)


def _pair(bearer: Bearer, one: Candidate) -> Pair:
    laid = pairs.laid(bearer.casebook, one)
    return Pair(
        bearer.addresses.of("pair", _BETWEEN.join(one.pair)),
        person(bearer, one.one),
        person(bearer, one.other),
        one.score,
        tuple(Why(why.kind, why.left, why.right) for why in laid.names),
        _pieces(laid.speaks_for),
        _pieces(laid.against),
    )


def _pieces(found: Iterable[Evidence]) -> tuple[Piece, ...]:
    return tuple(Piece(one.kind, one.factor, one.about) for one in found)


def _contradicts(weighed: Weighed) -> problem.RefusedError:
    words = problem.said(
        409,
        "This would make a life that cannot be true as told, or go against another decision.",
        safe="Nothing was recorded.",
        do="Look at the statements; where it is so all the same, send it with `anyway`.",
    )
    return problem.RefusedError(
        msgspec.structs.replace(words, contradictions=tuple(map(tuple, weighed.trial.conflicts)))
    )


ACTS: Final = (list_pairs, decide, take_back)
