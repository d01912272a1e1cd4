"""Releases: drafted, looked through, mended, let stand by two, approved, withdrawn; and what left.

To publish one stays a command: it writes a folder to a place that somebody chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import checking, examining, releasing, taking
from estelik.daily.taking import Taken
from estelik.identity.verdict import shown
from estelik.language.direction import plain
from estelik.language.reader import reader
from estelik.protection.wording import tell
from estelik.records.consent import Audience, Purpose
from estelik.records.label import composed
from estelik.web.api.act import act
from estelik.web.api.shape import Address, Cursor, Reason, begun, following, number, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.daily.checking import Checked, Piece
    from estelik.records.release import Release as Kept
    from estelik.web.bearers import Bearer

_Labels = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=500)], ...], Meta(max_length=2000)]
_Finding = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", description="As it was told.")]
_Text = Annotated[str, Meta(max_length=4000)]


class ReleaseDrafted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a release is to be called, for whom, what for, and about whom (labels; none: all who may be
    shown)."""

    title: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
    people: _Labels = ()
    audience: Audience = "public"
    purpose: Purpose = "publication"


class Release(msgspec.Struct, frozen=True):
    """A release, and how far it has come: whether it was approved once, when it was published (ISO, UTC), and
    whether it was withdrawn. ``id``: for `estelik release publish`."""

    address: Address
    id: str
    title: str
    audience: str
    purpose: str
    approved: bool
    published: tuple[str, ...]
    withdrawn: bool


class ReleasesFound(msgspec.Struct, frozen=True):
    """All releases, in order of entry."""

    releases: tuple[Release, ...]


class Less(msgspec.Struct, frozen=True):
    """A statement (its id) that says less: the cell of a column is ``to``; without a column it is left
    out."""

    statement: str
    column: str
    to: str


class FindingSeen(msgspec.Struct, frozen=True):
    """What would give somebody away: what it rests on, what would mend it, how many members let it stand (it
    takes two)."""

    finding: str
    says: str
    statements: tuple[str, ...]
    mends: tuple[Less, ...]
    let_by: int


class ReleaseChecked(msgspec.Struct, frozen=True):
    """What would leave today, and what was found in it. ``whole``: whether it was looked through; where not,
    ask again in a while: the rest says nothing then. ``approved``: as it is today."""

    release: Release
    whole: bool
    lives: int = 0
    statements: int = 0
    withheld: int = 0
    open: int = 0
    approved: bool = False
    findings: tuple[FindingSeen, ...] = ()


class FindingMended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that the release is to say less for, and why."""

    finding: _Finding
    reason: Reason


class CellChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement (its id) that is to say less: in a column, whose cell is ``to`` then; without one it is
    left out."""

    statement: Annotated[str, Meta(min_length=1, max_length=500)]
    reason: Reason
    column: Annotated[str, Meta(max_length=50)] = ""
    to: _Text = ""


class Lessened(msgspec.Struct, frozen=True):
    """What says less now."""

    changed: tuple[Less, ...]


class LetBy(msgspec.Struct, frozen=True):
    """How many members let a finding stand now: it takes two."""

    let_by: int


class Approved(msgspec.Struct, frozen=True):
    """What was approved: what is like this can be published."""

    lives: int
    statements: int


class ReleaseWithdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a release is withdrawn, or what is in it about these people (labels)."""

    reason: Reason
    people: _Labels = ()


class StillOut(msgspec.Struct, frozen=True):
    """When it left before (ISO, UTC): who took it then still has it."""

    left: tuple[str, ...]


class TakenAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """About whom (labels; none: about all), and which page."""

    people: _Labels = ()
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor = ""


class TakenFound(msgspec.Struct, frozen=True):
    """A page of what left, in order; ``next``: the cursor of the page after this one, empty after the
    last."""

    taken: tuple[Taken, ...]
    next: str


_LEADS: Final = (
    "check_release", "mend_release", "change_release", "let_stand", "approve_release", "withdraw_release",
)  # fmt: skip


@act("GET", "/api/releases", "All releases.", gives=ReleasesFound, refusals=(403,),
     leads=dict.fromkeys(_LEADS, "/releases/0/address"))  # fmt: skip
def list_releases(bearer: Bearer) -> ReleasesFound:
    """All releases."""
    needs_sources(bearer)
    return ReleasesFound(tuple(_release(bearer, one) for one in releasing.every_release(bearer.casebook)))


@act("POST", "/api/releases", "Draft a release.", takes=ReleaseDrafted, gives=Release, status=201,
     refusals=(403, 404, 409, 422), leads=dict.fromkeys(_LEADS, "/address"))  # fmt: skip
def draft_release(bearer: Bearer, asked: ReleaseDrafted) -> Release:
    """Drafts a release."""
    needs_sources(bearer)
    people = tuple(dict.fromkeys(map(composed, asked.people)))
    made = releasing.draft(bearer.casebook, asked.title, people, asked.audience, asked.purpose)
    return _release(bearer, releasing.found_release(bearer.casebook, made.id))


@act("GET", "/api/releases/{address}", "What of a release would leave today, and what was found in it.",
     gives=ReleaseChecked, refusals=(403, 404, 409, 422))  # fmt: skip
def check_release(bearer: Bearer, address: str) -> ReleaseChecked:
    """Looks a release through, beside all else."""
    found = _found(bearer, address)
    checked = checking.looked(bearer.casebook, bearer.errands, found)
    if checked is None:
        return ReleaseChecked(_release(bearer, found), whole=False)
    yes = examining.rulings(bearer.casebook, found)
    pieces = tuple(_finding(checked, one, len(yes.get(one.found.print, ()))) for one in checked.pieces)
    return ReleaseChecked(
        _release(bearer, found),
        whole=True,
        lives=len(set(checked.projection.lives.values())),
        statements=len(checked.projection.statements),
        withheld=len(checked.projection.withheld),
        open=sum(one.let_by < examining.TWO for one in pieces),
        approved=bool(found.approvals) and found.approvals[-1].print == checked.print,
        findings=pieces,
    )


@act("POST", "/api/releases/{address}/mend", "Let a release say less, as a finding asks for.",
     takes=FindingMended, gives=Lessened, status=201, refusals=(403, 404, 409, 422))  # fmt: skip
def mend_release(bearer: Bearer, address: str, asked: FindingMended) -> Lessened:
    """Mends a finding."""
    id_ = _found(bearer, address).draft.id
    less = examining.mend(bearer.casebook, id_, [asked.finding], asked.reason)
    return Lessened(tuple(Less(*one) for one in less))


@act("POST", "/api/releases/{address}/change", "Let a statement say less in a release.", takes=CellChanged,
     gives=Lessened, status=201, refusals=(403, 404, 409, 422))  # fmt: skip
def change_release(bearer: Bearer, address: str, asked: CellChanged) -> Lessened:
    """Changes a cell, or leaves a row out."""
    id_ = _found(bearer, address).draft.id
    examining.change(bearer.casebook, id_, asked.statement, asked.reason, asked.column, asked.to)
    return Lessened((Less(asked.statement, asked.column, asked.to),))


@act("POST", "/api/releases/{address}/let", "Let a finding stand: it takes two members.", takes=FindingMended,
     gives=LetBy, status=201, refusals=(404, 409, 422), fresh=True)  # fmt: skip
def let_stand(bearer: Bearer, address: str, asked: FindingMended) -> LetBy:
    """Lets a finding stand, signed with this token."""
    id_ = _found(bearer, address).draft.id
    return LetBy(len(examining.let(bearer.casebook, id_, asked.finding, asked.reason)))


@act("POST", "/api/releases/{address}/approval", "Approve a release as it is today.", gives=Approved,
     status=201, refusals=(404, 409, 422), fresh=True)  # fmt: skip
def approve_release(bearer: Bearer, address: str) -> Approved:
    """Approves a release."""
    projection = examining.approve(bearer.casebook, _found(bearer, address).draft.id)
    return Approved(len(set(projection.lives.values())), len(projection.statements))


@act("POST", "/api/releases/{address}/withdrawal", "Withdraw a release, or what is in it about somebody.",
     takes=ReleaseWithdrawn, gives=StillOut, status=201, refusals=(404, 409, 422), fresh=True)  # fmt: skip
def withdraw_release(bearer: Bearer, address: str, asked: ReleaseWithdrawn) -> StillOut:
    """Withdraws a release: the next build does not have it."""
    id_ = _found(bearer, address).draft.id
    people = tuple(dict.fromkeys(map(composed, asked.people)))
    out = releasing.withdraw(bearer.casebook, id_, people, asked.reason)
    return StillOut(tuple(one.made for one in out))


@act("POST", "/api/taken", "What left: who took it, what for, and who let it out.", takes=TakenAsked,
     gives=TakenFound, refusals=(403, 404))  # fmt: skip
def list_taken(bearer: Bearer, asked: TakenAsked) -> TakenFound:
    """What left."""
    needs_sources(bearer)
    start = number(begun(bearer, asked, asked.cursor))
    found, end = taking.taken(bearer.casebook, tuple(map(composed, asked.people))), start + asked.limit
    return TakenFound(tuple(found[start:end]), following(bearer, asked, found, start, end))


def _found(bearer: Bearer, address: str) -> Kept:
    """A release that was not withdrawn. Raises ``NotFoundError`` or ``ReleaseError``."""
    needs_sources(bearer)
    return releasing.opened(bearer.casebook, read(bearer, "release", address))


def _release(bearer: Bearer, one: Kept) -> Release:
    draft = one.draft
    return Release(
        bearer.addresses.of("release", draft.id),
        draft.id,
        draft.title,
        draft.audience,
        draft.purpose,
        bool(one.approvals),
        tuple(each.made for each in one.publications),
        one.withdrawn,
    )


def _finding(checked: Checked, piece: Piece, let_by: int) -> FindingSeen:
    found = piece.found
    says = tell(reader("en"), found.finding, place=checked.placed.called, person=shown)
    mends = tuple(Less(*one) for one in piece.proposed)
    return FindingSeen(found.print, plain(says), found.statements, mends, let_by)


ACTS: Final = (
    list_releases, draft_release, check_release, mend_release, change_release, let_stand, approve_release,
    withdraw_release, list_taken,
)  # fmt: skip
