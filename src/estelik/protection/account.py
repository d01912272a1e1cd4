"""Accounts: why something may or may not be shown, and what would have to change, as plain data for those who
may know; what waits for somebody: renewals, checks, days that come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.protection.permission import Permission, Word
from estelik.protection.voice import REFUSED, standing
from estelik.records.consent import Met

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.protection.permission import Asked, Permissions
    from estelik.records import Statement
    from estelik.records.consent import Consent, Consents
    from estelik.records.risk import Standing as Risk

#: Why somebody is to be turned to: her condition is met; it waits for something; it ends soon; nobody looked
#: yet whether what is public already does harm; a risk is to be looked at again.
Need = Literal["ask again", "waits", "ends", "check", "risk"]


class Side(msgspec.Struct, frozen=True):
    """One who has to say yes: the ``teller``, or the ``person`` it is about; what her consents come to, and
    how each of those about this statement stands (id, standing), also where it is silent."""

    who: Literal["teller", "person"]
    label: str
    word: Word
    consents: tuple[tuple[str, str], ...]


class Account(msgspec.Struct, frozen=True):
    """Why a statement may be shown, or not."""

    statement: str
    permission: Permission
    sides: tuple[Side, ...]


class Due(msgspec.Struct, frozen=True):
    """Something that waits: whom it is about, which consent or risk (id), by which day ("": no day)."""

    need: Need
    who: str
    id: str
    day: str = ""


class Stricter(msgspec.Struct, frozen=True):
    """Consents (ids) of one person about one thing that do not say the same: the strictest counts."""

    who: str
    consents: tuple[str, ...]


def account(statement: Statement, consents: Consents, permissions: Permissions, asked: Asked) -> Account:
    """Why a statement may be shown to an audience, or not."""
    found = permissions.of(statement, asked)
    source, life = permissions.asked_of(statement)
    sides = [_side("teller", source, statement, consents, permissions, found.teller, asked)]
    if life and life != source:
        sides.append(_side("person", life, statement, consents, permissions, found.person, asked))
    return Account(statement.statement, found, tuple(sides))


def _side(
    who: Literal["teller", "person"],
    label: str,
    statement: Statement,
    consents: Consents,
    permissions: Permissions,
    word: Word,
    asked: Asked,
) -> Side:
    about = tuple(
        (one.id, standing(one, consents, asked.day))
        for one in consents.given
        if permissions.key(one.giver) == label
        and permissions.concerns(one.scope, one.of, statement)
        and asked.audience in one.audiences
        and asked.purpose in one.purposes
    )
    return Side(who, label, word, about)


def due(consents: Consents, risks: Sequence[Risk], today: date, days: int) -> list[Due]:
    """What waits for somebody: the next ``days`` count as now. The most pressing first."""
    until = date.fromordinal(min(today.toordinal() + days, date.max.toordinal())).isoformat()
    out: list[Due] = []
    for one in consents.given:
        now = standing(one, consents, today.toordinal())
        if now == "ask again":
            met = min(act.day for act in consents.acts if isinstance(act, Met) and act.consent == one.id)
            out.append(Due("ask again", one.giver, one.id, met))
        elif now == "unchecked":
            out.append(Due("check", one.giver, one.id))
        elif now == "holds" and one.last and one.last <= until:
            out.append(Due("ends", one.giver, one.id, one.last))
        elif now == "waits":
            out.append(Due("waits", one.giver, one.id))
    out += [Due("risk", one.risk.about, one.risk.id, one.review) for one in risks if "" < one.review <= until]
    order: list[Need] = ["ask again", "risk", "check", "ends", "waits"]
    return sorted(out, key=lambda one: (order.index(one.need), one.day, one.id))


def stricter(consents: Consents, today: date) -> list[Stricter]:
    """Consents of one person that overlap and do not say the same, today: a pair each."""
    day = today.toordinal()
    heard = [
        one
        for one in consents.given
        if standing(one, consents, day) in ("holds", "refused", "withdrawn", "waits", "ask again")
    ]
    return [
        Stricter(one.giver, (other.id, one.id))
        for at, one in enumerate(heard)
        for other in heard[:at]
        if _meet(one, other) and _said(one, consents, day) != _said(other, consents, day)
    ]


def _meet(one: Consent, other: Consent) -> bool:
    """Whether two consents speak of something in common."""
    return (
        one.giver == other.giver
        and bool(set(one.audiences) & set(other.audiences))
        and bool(set(one.purposes) & set(other.purposes))
        and (one.scope != other.scope or one.of == other.of)
    )


def _said(one: Consent, consents: Consents, day: int) -> tuple[object, ...]:
    if one.answer == "no" or one.condition or standing(one, consents, day) == "withdrawn":
        return (REFUSED,)
    return one.identity, set(one.media), set(one.including)
