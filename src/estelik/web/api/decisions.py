"""Decisions on what was told: set aside, verified, graded, questions allowed; and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from estelik.chronology.timeline import label as label_of
from estelik.daily import grading, judging, verifying
from estelik.daily.history import history
from estelik.views.registry import Filter
from estelik.web.api.act import act
from estelik.web.api.pairs import Decision
from estelik.web.api.shape import Address, Reason, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.daily.history import Decided
    from estelik.records import Judgement
    from estelik.web.bearers import Bearer

_Label = Annotated[str, Meta(min_length=1, max_length=500)]


class Because(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why; of a verification: against what it was held."""

    reason: Reason


class Graded(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a statement is known, and why that is said now; what is left out stays as it was. ``grade``: of the
    source A to F, of what it says 1 to 6; ``via``: through whom she has it, the nearest first, empty: from
    nobody."""

    reason: Reason
    grade: Annotated[str, Meta(pattern="^[A-F][1-6]$")] | None = None
    role: Literal["perceived", "told", "inferred", "document", "coerced"] | None = None
    via: Annotated[str, Meta(max_length=2000)] | None = None


class GradeEntered(msgspec.Struct, frozen=True):
    """The statement (its id) that stands in the place of the one that was graded, which is kept."""

    statement: str
    address: Address


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That one source may be asked about an event (by its label), and why."""

    event: _Label
    source: _Label
    reason: Reason


class Past(msgspec.Struct, frozen=True):
    """A decision: on which statement (its id) or event, when (a day), by whom (empty: not known), why; and
    why it was taken back (empty: it holds)."""

    address: Address
    decision: str
    statement: str
    event: str
    made: str
    by: str
    reason: str
    back: str


class DecisionsFound(msgspec.Struct, frozen=True):
    """What was decided on a life, in order of entry."""

    decisions: tuple[Past, ...]


class Unverified(msgspec.Struct, frozen=True):
    """A statement (its id) that nobody graded or verified, and the states that are certain by it alone."""

    statement: str
    address: Address
    states: tuple[str, ...]


class VerificationFound(msgspec.Struct, frozen=True):
    """What is to be verified of a life. ``whole``: whether everybody was looked at; where not, ask again in a
    while."""

    whole: bool
    due: tuple[Unverified, ...]


@act("POST", "/api/statements/{address}/set-aside", "Set a statement aside.", takes=Because, gives=Decision,
     status=201, refusals=(404, 409, 422), leads={"take_back": "/address"})  # fmt: skip
def set_aside(bearer: Bearer, address: str, asked: Because) -> Decision:
    """Sets a statement aside: kept and shown, no longer reasoned with."""
    return _made(bearer, judging.set_aside(bearer.casebook, read(bearer, "statement", address), asked.reason))


@act("POST", "/api/statements/{address}/verification", "Say that a statement says what was told.",
     takes=Because, gives=Decision, status=201, refusals=(404, 409, 422),
     leads={"take_back": "/address"})  # fmt: skip
def verify(bearer: Bearer, address: str, asked: Because) -> Decision:
    """Says against what a statement was held."""
    return _made(bearer, verifying.verify(bearer.casebook, read(bearer, "statement", address), asked.reason))


@act("POST", "/api/statements/{address}/grade", "Say how a statement is known, and what it is worth.",
     takes=Graded, gives=GradeEntered, status=201, refusals=(403, 404, 409, 422),
     leads={"grade": "/address"})  # fmt: skip
def grade(bearer: Bearer, address: str, asked: Graded) -> GradeEntered:
    """Enters a statement once more, with another grade or chain."""
    needs_sources(bearer)
    id_ = read(bearer, "statement", address)
    made = grading.grade(
        bearer.casebook, id_, asked.reason, letters=asked.grade, role=asked.role, via=asked.via
    )
    return GradeEntered(made, bearer.addresses.of("statement", made))


@act("POST", "/api/lives/{address}/allowance", "Allow that a source is asked about an event.", takes=Allowed,
     gives=Decision, status=201, refusals=(403, 404, 409, 422), leads={"take_back": "/address"})  # fmt: skip
def allow(bearer: Bearer, address: str, asked: Allowed) -> Decision:
    """Allows a question that is held back."""
    needs_sources(bearer)
    label = label_of(read(bearer, "life", address))
    return _made(bearer, judging.allow(bearer.casebook, label, asked.event, asked.source, asked.reason))


@act("GET", "/api/lives/{address}/decisions", "What was decided on a life.", gives=DecisionsFound,
     refusals=(404,), leads={"take_back": "/decisions/0/address"})  # fmt: skip
def list_decisions(bearer: Bearer, address: str) -> DecisionsFound:
    """What was decided on a life."""
    key, lives = read(bearer, "life", address), bearer.casebook.lives
    merged = lives.of(key)
    own = [one for one in merged.statements if one.subject in merged.keys(key)]
    keys = [each for one in merged.keys(key) for each in lives.resolution.members(one)]
    labels = {label_of(one) for one in keys}
    found = history(bearer.casebook, [one.statement for one in own], labels=labels, keys=keys)
    return DecisionsFound(tuple(_past(bearer, one) for one in found))


@act("GET", "/api/lives/{address}/verification", "Which statements of a life are to be verified.",
     gives=VerificationFound, refusals=(404,), leads={"verify": "/due/0/address"})  # fmt: skip
def list_unverified(bearer: Bearer, address: str) -> VerificationFound:
    """What is to be verified of a life."""
    key, whole = read(bearer, "life", address), bearer.watch.look().whole
    entry = next((one for one in bearer.watch.listing.of(Filter(kind="")).found if one.key == key), None)
    due = () if entry is None else verifying.due(bearer.casebook, entry)
    return VerificationFound(
        whole,
        tuple(
            Unverified(
                one.statement.statement,
                bearer.addresses.of("statement", one.statement.statement),
                one.states,
            )
            for one in due
        ),
    )


def _made(bearer: Bearer, made: Judgement) -> Decision:
    return Decision(bearer.addresses.of("judgement", made.id), made.decision)


def _past(bearer: Bearer, one: Decided) -> Past:
    made, back = one.judgement, one.back
    return Past(
        bearer.addresses.of("judgement", made.id),
        made.decision,
        made.statement,
        made.event,
        made.made,
        one.by,
        made.reason,
        "" if back is None else back.reason,
    )


ACTS: Final = (set_aside, verify, grade, allow, list_decisions, list_unverified)
