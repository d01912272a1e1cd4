"""Testimonies: what one source tells, with what she says of each use; begun as drafts, and ended whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from estelik.daily import consenting, ending, lines, telling
from estelik.daily.telling import Telling, Terms, Use
from estelik.daily.today import today
from estelik.errors import UsageError
from estelik.ids import new_id
from estelik.records.consent import Identity
from estelik.records.label import composed
from estelik.web.api.act import act
from estelik.web.api.problem import RefusedError, said
from estelik.web.api.shape import Address, Day, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

_Label = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
_Tag = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", description="BCP 47.")]
_Stamp = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$",
        description="When, with the hours from UTC, like 2024-03-15T10:30+06:00.",
    ),
]
_Short = Annotated[str, Meta(max_length=4000)]


class Cells(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one line says, by the columns of the sheet, without those that are the same for the whole
    telling."""

    event: str = ""
    fact: str = ""
    value: str = ""
    answer: str = ""
    when: str = ""
    age: str = ""
    after: str = ""
    before: str = ""
    gap: str = ""
    place: str = ""
    by: str = ""
    role: str = ""
    via: str = ""
    quote: str = ""
    language: str = ""
    note: str = ""


class LineTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line: about whose life (empty: the first that the telling is about), what was typed, what it says."""

    cells: Cells
    about: Annotated[str, Meta(max_length=500)] = ""
    typed: str = ""


#: The uses of ``daily.consenting``, for the description.
_Use = Literal["care", "tracing", "un", "court", "research", "press", "public"]


class UseAllowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was said of one use: yes or no; as whom she may appear, and whether in her own words."""

    use: _Use
    answer: Literal["yes", "no"]
    identity: Identity = "none"
    words: bool = False


class TermsSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds for every use that was allowed: until which day, under which condition, and whom that is
    about."""

    until: _Short = ""
    condition: _Short = ""
    concerns: _Short = ""


class TestimonyTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What somebody tells. ``agreed``: when (ISO) she agreed to be recorded: without that nothing of it may
    be sent here; ``told``: on which day (otherwise: today); ``heard``: when (ISO) these lines were read back
    to her: what she allowed is entered with these alone, and not at all where others are added."""

    source: _Label
    about: _Label
    agreed: _Stamp
    language: _Tag
    told: Day | None = None
    interpreter: Annotated[str, Meta(max_length=500)] = ""
    lines: Annotated[tuple[LineTold, ...], Meta(max_length=500)] = ()
    heard: _Stamp | None = None
    uses: Annotated[tuple[UseAllowed, ...], Meta(max_length=7)] = ()
    terms: TermsSet = TermsSet()


class Draft(msgspec.Struct, frozen=True):
    """A telling that was begun and not ended: of whom, how many lines there are, whether the visitor is still
    there, and who began it."""

    address: Address
    testimony: str
    source: str
    about: str
    told: str
    lines: int
    present: bool
    member: str


class Drafts(msgspec.Struct, frozen=True):
    """The tellings that were begun and not ended, the first first."""

    drafts: tuple[Draft, ...]


class LinesTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines that are added to a draft."""

    lines: Annotated[tuple[LineTold, ...], Meta(min_length=1, max_length=500)]


class Ended(msgspec.Struct, frozen=True):
    """What came of a telling: its testimony's label, how many statements and consents were entered."""

    testimony: str
    statements: int
    consents: int


class Dropped(msgspec.Struct, frozen=True):
    """Nothing is left of a telling."""

    dropped: bool


@act("GET", "/api/drafts", "Tellings that were begun and not ended.", gives=Drafts, refusals=(403,))
def list_drafts(bearer: Bearer) -> Drafts:
    """What waits to be ended."""
    needs_sources(bearer)
    return Drafts(tuple(_draft(bearer, one) for one in ending.waiting(bearer.casebook)))


@act("POST", "/api/drafts", "Begin a telling. It is kept as a draft until it is ended.", takes=TestimonyTold,
     gives=Draft, status=201, refusals=(403, 422),
     leads=dict.fromkeys(("add_lines", "end_draft", "drop_draft"), "/address"))  # fmt: skip
def begin_draft(bearer: Bearer, asked: TestimonyTold) -> Draft:
    """Begins a telling."""
    needs_sources(bearer)
    return _draft(bearer, ending.begun(bearer.casebook, _telling(bearer, asked)))


@act("POST", "/api/drafts/{address}/lines", "Add lines to a draft.", takes=LinesTold, gives=Draft,
     refusals=(403, 404, 409, 422))  # fmt: skip
def add_lines(bearer: Bearer, address: str, asked: LinesTold) -> Draft:
    """Adds lines."""
    id_ = _own(bearer, address)
    after = ending.changed(bearer.casebook, id_, lambda now: _with(_gone(now), bearer, asked.lines))
    return _draft(bearer, after)


@act("POST", "/api/drafts/{address}/end", "End a telling: its statements and consents are entered.",
     gives=Ended, status=201, refusals=(403, 404, 409, 422))  # fmt: skip
def end_draft(bearer: Bearer, address: str) -> Ended:
    """Enters what was told."""
    id_ = _own(bearer, address)
    there = _gone(ending.found(bearer.casebook, id_))
    came = ending.end(bearer.casebook, id_, bearer.member)
    return Ended(there.testimony, came.statements, came.consents)


@act("POST", "/api/drafts/{address}/drop", "Leave nothing of a telling: she no longer agrees.", gives=Dropped,
     refusals=(403, 404, 409))  # fmt: skip
def drop_draft(bearer: Bearer, address: str) -> Dropped:
    """Leaves nothing."""
    id_ = _own(bearer, address)
    _gone(ending.found(bearer.casebook, id_))
    ending.dropped(bearer.casebook, id_)
    return Dropped(dropped=True)


def _own(bearer: Bearer, address: str) -> str:
    needs_sources(bearer)
    return read(bearer, "draft", address)


def _gone(now: Telling) -> Telling:
    """A telling whose visitor has left. Raises ``RefusedError``: what is told beside a member is hers."""
    if now.present or now.closing:
        raise RefusedError(
            said(
                409,
                "The visitor is still there, or the telling is just being ended.",
                safe="The draft is kept.",
                do="Wait until the member says that the visitor has left.",
            )
        )
    return now


def _draft(bearer: Bearer, one: Telling) -> Draft:
    address = bearer.addresses.of("draft", one.id)
    standing = len(one.standing)
    return Draft(
        address, one.testimony, one.source, one.about, one.told, standing, one.present, one.member
    )  # fmt: skip


def _telling(bearer: Bearer, asked: TestimonyTold) -> Telling:
    """A new telling of what was sent. Raises ``UsageError`` or ``SheetError``."""
    names = [composed(one.strip()) for one in (asked.source, asked.about, asked.interpreter)]
    if not all(lines.is_label(one or "-") for one in names):
        raise UsageError("A name is too long, or holds what cannot be seen.", do="Type it again.")
    source, about, interpreter = names
    id_, day = new_id(), today().isoformat() if asked.told is None else _day(asked.told)
    new = Telling(
        id_,
        f"{source}, {day}, {id_[:6]}",
        source,
        about,
        day,
        _minute(asked.agreed),
        (about,),
        asked.language,
        interpreter,
        bearer.member,
        heard="" if asked.heard is None else _minute(asked.heard),
        uses=tuple(Use(one.use, one.answer, one.identity, one.words) for one in asked.uses),
        terms=Terms(asked.terms.until, asked.terms.condition, asked.terms.concerns),
    )
    # Refused now and not when it is ended: she may not be there any more to be asked.
    consenting.given(new, bearer.member, frozenset(new.abouts), b"")
    whole = _with(new, bearer, asked.lines)
    return replace(whole, heard_lines=whole.versions) if whole.heard else whole


def _with(now: Telling, bearer: Bearer, told: tuple[LineTold, ...]) -> Telling:
    """A telling with more lines. Raises ``UsageError``."""
    first = now.abouts[0]
    for one in told:
        about = composed(one.about.strip()) or first
        if not lines.is_label(about):
            raise UsageError("A name is too long, or holds what cannot be seen.", do="Type it again.")
        cells = msgspec.to_builtins(one.cells)
        now = telling.keep(telling.turn(now, about), bearer.member, one.typed, cells, "")
    return replace(now, about=first) if told else now


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError("This is not a day.", do="Write it like 2026-11-22.") from None


def _minute(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat(timespec="minutes")
    except ValueError:
        raise UsageError("This is no time of a day.", do="Write it like 2024-03-15T10:30+06:00.") from None


ACTS: Final = (list_drafts, begin_draft, add_lines, end_draft, drop_draft)
