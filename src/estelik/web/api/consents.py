"""Consents: what people allow, how each stands today, new ones and withdrawals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import allowances
from estelik.daily.granting import known
from estelik.daily.today import today
from estelik.exchange import consents as sheet
from estelik.protection.voice import standing
from estelik.records import consent as records
from estelik.web.api.act import act
from estelik.web.api.shape import Address, Cursor, Day, Reason, begun, cursor, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

#: The columns of the sheet of consents; one of them is a word of Python's.
if TYPE_CHECKING:

    class Row(msgspec.Struct):
        """A row of the sheet of consents."""

else:
    Row = msgspec.defstruct(
        "ConsentRow",
        [(f"{one}_", str, "") for one in sheet.COLUMNS],
        frozen=True,
        forbid_unknown_fields=True,
        omit_defaults=True,
        rename=lambda name: name.rstrip("_"),
        namespace={
            "__doc__": "A row of the sheet of consents, by its columns (docs/howto/record-consent.md)."
        },
    )
Stands = Annotated[str, Meta(description="How it stands today: holds, refused, withdrawn, ended, waits ...")]


class ConsentsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the consents, in order of entry."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor = ""


class Given(msgspec.Struct, frozen=True):
    """A consent or refusal of ``giver``: for which ``scope`` (a testimony, a person, all), to whom, for what,
    as whom, with which media, under which condition, from when to when, and how it stands today."""

    address: Address
    giver: str
    scope: records.Scope
    of: str
    answer: records.Answer
    audiences: tuple[records.Audience, ...]
    purposes: tuple[records.Purpose, ...]
    identity: records.Identity
    media: tuple[records.Medium, ...]
    including: tuple[str, ...]
    condition: str
    given: str
    first: str
    last: str
    stands: Stands


class ConsentsFound(msgspec.Struct, frozen=True):
    """A page of the consents; ``next``: the cursor of the page after this one, empty after the last."""

    consents: tuple[Given, ...]
    next: str


class ConsentRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows to be entered. ``check``: only say what would be."""

    rows: Annotated[tuple[Row, ...], Meta(min_length=1, max_length=500)]
    check: bool = False


class ConsentsEntered(msgspec.Struct, frozen=True):
    """The addresses of the consents that are new, and how many were there before."""

    consents: tuple[Address, ...]
    unchanged: int


class ConsentWithdrawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and since which day (otherwise: today), a consent no longer holds."""

    reason: Reason
    day: Day | None = None


class AboutConsent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and on which day (otherwise: today)."""

    reason: Reason
    day: Day | None = None


class Checked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether repeating what is public already is safe, how that was found out, and on which day (otherwise:
    today)."""

    safe: bool
    reason: Reason
    day: Day | None = None


class Stood(msgspec.Struct, frozen=True):
    """How a consent stands now."""

    address: Address
    stands: Stands


@act("GET", "/api/consents", "What people allow, and how each consent stands today.", takes=ConsentsAsked,
     gives=ConsentsFound, refusals=(403, 404),
     leads=dict.fromkeys(("withdraw_consent", "meet_consent", "check_consent"),
                         "/consents/0/address"))  # fmt: skip
def list_consents(bearer: Bearer, asked: ConsentsAsked) -> ConsentsFound:
    """A page of the consents."""
    needs_sources(bearer)
    last = begun(bearer, asked, asked.cursor)
    found, on = bearer.casebook.consents(), today().toordinal()
    start = next((place for place, one in enumerate(found.given, 1) if one.id == last), 0) if last else 0
    page = found.given[start : start + asked.limit]
    more = len(found.given) > start + len(page)
    return ConsentsFound(
        tuple(
            Given(
                bearer.addresses.of("consent", one.id),
                one.giver,
                one.scope,
                # A telling without a label of its own has a key that only looks like one.
                "" if one.of.startswith("\x1f") else one.of,
                one.answer,
                one.audiences,
                one.purposes,
                one.identity,
                one.media,
                one.including,
                one.condition,
                one.given,
                one.first,
                one.last,
                standing(one, found, on),
            )
            for one in page
        ),
        cursor(bearer, asked, page[-1].id) if more else "",
    )


@act("POST", "/api/consents", "Enter rows of the sheet of consents, all or none.", takes=ConsentRows,
     gives=ConsentsEntered, refusals=(403, 409, 422), leads={"withdraw_consent": "/consents/0"})  # fmt: skip
def enter_consents(bearer: Bearer, asked: ConsentRows) -> ConsentsEntered:
    """Enters consents."""
    needs_sources(bearer)
    cells = list(enumerate((msgspec.to_builtins(one) for one in asked.rows), start=1))
    made, unchanged = allowances.enter(
        bearer.casebook, lambda there: sheet.entered(cells, there), known, dry_run=asked.check
    )
    return ConsentsEntered(tuple(bearer.addresses.of("consent", one) for one in made), unchanged)


@act("POST", "/api/consents/{address}/withdrawal", "Withdraw a consent.", takes=ConsentWithdrawn, gives=Stood,
     status=201, refusals=(403, 404, 422))  # fmt: skip
def withdraw_consent(bearer: Bearer, address: str, asked: ConsentWithdrawn) -> Stood:
    """Withdraws a consent: from that day on it is a refusal."""
    return _act(bearer, address, asked.day, asked.reason, records.Withdrawal)


@act("POST", "/api/consents/{address}/met", "Say that the condition of a consent is met.", takes=AboutConsent,
     gives=Stood, status=201, refusals=(403, 404, 422))  # fmt: skip
def meet_consent(bearer: Bearer, address: str, asked: AboutConsent) -> Stood:
    """Notes that a condition is met: she has to be asked again."""
    return _act(bearer, address, asked.day, asked.reason, records.Met)


@act("POST", "/api/consents/{address}/check", "Say whether repeating what is public already is safe.",
     takes=Checked, gives=Stood, status=201, refusals=(403, 404, 422))  # fmt: skip
def check_consent(bearer: Bearer, address: str, asked: Checked) -> Stood:
    """Notes whether repeating it could bring harm."""
    return _act(bearer, address, asked.day, asked.reason, records.ReprisalCheck, safe=asked.safe)


def _act(
    bearer: Bearer, address: str, day: str | None, reason: str, kind: type[records.Act], **more: bool
) -> Stood:
    needs_sources(bearer)
    id_, casebook = read(bearer, "consent", address), bearer.casebook
    allowances.act(casebook, id_, _day(day), reason, kind, **more)
    found = casebook.consents()
    one = next(one for one in found.given if one.id == id_)
    return Stood(address, standing(one, found, today().toordinal()))


def _day(text: str | None) -> date:
    from estelik.errors import UsageError

    try:
        return today() if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError("This is not a day.", do="Write it like 2026-11-22.") from None


ACTS: Final = (list_consents, enter_consents, withdraw_consent, meet_consent, check_consent)
