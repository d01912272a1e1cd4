"""Deciding: what a member decided in this session: shown, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.daily import apart
from estelik.daily.judging import take_back
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown
from estelik.language import statements
from estelik.web.page import spoken_by

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.web.session import Session

#: Decisions that are listed.
_LAST: Final = 6


def undo(session: Session, address: str) -> None:
    """Takes back the decision of this session that has this address. Raises ``NotFoundError`` or
    ``UsageError``."""
    id_ = session.addresses.read("judgement", address)
    if id_ is None or id_ not in session.made:
        raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
    take_back(session.casebook, id_, "Undone in the review.")
    session.made.remove(id_)


def last(session: Session, kinds: Collection[str]) -> list[dict[str, object]]:
    """The last decisions of these kinds on statements, made in this session, the newest first."""
    spoken = spoken_by(session)
    made = {one.id: one for one in session.casebook.lives.judgements() if one.id in session.made}
    decisions = [made[id_] for id_ in reversed(session.made) if id_ in made and made[id_].decision in kinds]
    told = apart.told(session.casebook, {one.statement for one in decisions[:_LAST]})
    return [
        {
            "address": session.addresses.of("judgement", one.id),
            "about": shown(told[one.statement].subject),
            "says": statements.says(spoken, told[one.statement]),
            "verified": one.decision == "verified",
            "reason": one.reason,
        }
        for one in decisions[:_LAST]
        if one.statement in told
    ]
