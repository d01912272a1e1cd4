"""Risks: who can be reached by reprisals, and when somebody has to look again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import risking
from estelik.index import consents
from estelik.records import risk as records
from estelik.records.label import composed
from estelik.web.api.act import act
from estelik.web.api.shape import Address, Cursor, Day, Reason, begun, cursor, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

_Label = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
_Short = Annotated[str, Meta(max_length=4000)]


class RisksAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the risks, in order of entry."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor = ""


class RiskSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """On whose account (a label), what it is, by which day to look again; who can be reached (labels), what
    happened or could, where, and when (EDTF)."""

    about: _Label
    kind: records.Kind
    review: Day
    reached: Annotated[tuple[_Label, ...], Meta(max_length=50)] = ()
    words: _Short = ""
    place: _Short = ""
    day: _Short = ""


class RiskReviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was found when somebody looked again: that it is over, or by which day to look next."""

    reason: Reason
    over: bool = False
    review: Day | None = None


class Risk(msgspec.Struct, frozen=True):
    """A risk; ``review``: by which day to look again (empty: it is over)."""

    address: Address
    about: str
    kind: records.Kind
    reached: tuple[str, ...]
    words: str
    place: str
    day: str
    over: bool
    review: str


class RisksFound(msgspec.Struct, frozen=True):
    """A page of the risks; ``next``: the cursor of the page after this one, empty after the last."""

    risks: tuple[Risk, ...]
    next: str


@act("GET", "/api/risks", "Who can be reached by reprisals.", takes=RisksAsked, gives=RisksFound,
     refusals=(403, 404), leads={"review_risk": "/risks/0/address"})  # fmt: skip
def list_risks(bearer: Bearer, asked: RisksAsked) -> RisksFound:
    """A page of the risks."""
    needs_sources(bearer)
    last = begun(bearer, asked, asked.cursor)
    found = _standing(bearer)
    start = next((place for place, one in enumerate(found, 1) if one.risk.id == last), 0) if last else 0
    page = found[start : start + asked.limit]
    more = len(found) > start + len(page)
    return RisksFound(
        tuple(_risk(bearer, one) for one in page),
        cursor(bearer, asked, page[-1].risk.id) if more else "",
    )


@act("POST", "/api/risks", "Record who can be reached by reprisals.", takes=RiskSeen, gives=Risk, status=201,
     refusals=(403, 404, 409, 422), leads={"review_risk": "/address"})  # fmt: skip
def add_risk(bearer: Bearer, asked: RiskSeen) -> Risk:
    """Records a risk."""
    needs_sources(bearer)
    about, casebook = composed(asked.about.strip()), bearer.casebook
    reached = tuple(composed(one.strip()) for one in asked.reached)
    place = composed(asked.place.strip())
    made = records.Risk("", asked.kind, about, asked.review, reached, asked.words, place, asked.day)

    def there() -> bool:
        return any(about in (one.about, *one.chain) for one in casebook.stream())

    one = risking.add(casebook, made, there=there)
    return _risk(bearer, records.Standing(one))


@act("POST", "/api/risks/{address}/review", "Say what was found when a risk was looked at again.",
     takes=RiskReviewed, gives=Risk, status=201, refusals=(403, 404, 409, 422))  # fmt: skip
def review_risk(bearer: Bearer, address: str, asked: RiskReviewed) -> Risk:
    """Notes that somebody looked again."""
    needs_sources(bearer)
    id_ = read(bearer, "risk", address)
    risking.review(bearer.casebook, id_, asked.reason, over=asked.over, following=asked.review or "")
    return next(_risk(bearer, one) for one in _standing(bearer) if one.risk.id == id_)


def _standing(bearer: Bearer) -> tuple[records.Standing, ...]:
    casebook = bearer.casebook
    return records.standing(consents.risks(casebook.vault.store, casebook.out_of_sight()))


def _risk(bearer: Bearer, one: records.Standing) -> Risk:
    found = one.risk
    return Risk(
        bearer.addresses.of("risk", found.id),
        found.about,
        found.kind,
        found.reached,
        found.words,
        found.place,
        found.day,
        one.over,
        one.review,
    )


ACTS: Final = (list_risks, add_risk, review_risk)
