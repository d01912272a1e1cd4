"""Checking: a release as its editors look at it: what would leave, what was found, what is decided of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.daily import errands, examining
from estelik.daily.releasing import by_whom, check_reason, enter, opened
from estelik.errors import ReleaseError
from estelik.protection.examination import Examined
from estelik.protection.gate import Projection
from estelik.protection.mending import Rougher
from estelik.protection.placed import Placed
from estelik.protection.release import drafted, seal
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from estelik.casebook import Casebook
    from estelik.daily.errands import Errands
    from estelik.records.release import Release


class Piece(msgspec.Struct, frozen=True):
    """A finding with the statements that it rests on, as they would leave, and what would mend it."""

    found: Examined
    statements: tuple[Statement, ...]
    proposed: tuple[Rougher, ...]


class Checked(msgspec.Struct):
    """A release as it was looked at: what would leave (``projection``, and its ``print``), what was found,
    where places lie, and in which state of the casebook (``mark``) that holds."""

    mark: object
    projection: Projection
    print: str
    pieces: tuple[Piece, ...]
    placed: Placed

    def piece(self, print_: str) -> Piece | None:
        """The finding with this fingerprint."""
        return next((one for one in self.pieces if one.found.print == print_), None)


def check(casebook: Casebook, id_: str, act: Callable[[], object] = lambda: None) -> Checked:
    """Does something (``act``) to a release, and looks at it then. Raises what the act raises."""
    act()
    mark = errands.mark(casebook)
    found = opened(casebook, id_)
    looked, placed = examining.examined(casebook, found)
    told = {each.statement: each for each in drafted(found, looked.material, casebook.statement_key)}
    pieces = tuple(
        Piece(
            one,
            tuple(told[each] for each in one.statements if each in told),
            examining.proposed(casebook, found, looked, placed, (one,)),
        )
        for one in looked.findings()
    )
    return Checked(mark, looked.projection, seal(looked.projection), pieces, placed)


def let(casebook: Casebook, id_: str, checked: Checked, print_: str, reason: str) -> None:
    """Lets a finding of what was just looked at stand, signed by this member.

    Raises ``ReleaseError`` where something was entered since, or this member let it stand before.
    """
    from estelik.records.release import Ruling

    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        piece = checked.piece(print_)
        if piece is None or checked.mark != errands.mark(casebook):
            raise ReleaseError(
                "Something was entered or withdrawn since it was looked through.",
                do="Look at the release again.",
            )
        own = casebook.vault.registrar.own().id
        if own in examining.rulings(casebook, found).get(print_, ()):
            raise ReleaseError(
                "You let this stand before.",
                do="Ask a second member to look at it, at her own seat or computer.",
            )
        enter(casebook, Ruling(*by_whom(casebook), id_, print_, reason))
        # A yes changes nothing of what was looked at.
        checked.mark = errands.mark(casebook)


def columns(piece: Piece) -> Mapping[str, tuple[str, ...]]:
    """By statement (its id) the columns that can be made to say less."""
    from estelik.protection.release import ROUGHER

    return {
        one.statement: tuple(sorted(name for name in ROUGHER if getattr(one, name)))
        for one in piece.statements
    }


def errand(found: Release) -> str:
    """What the errand is called in which a release is looked through."""
    return f"release {found.draft.id}"


def begin(
    casebook: Casebook, under_way: Errands, found: Release, act: Callable[[], object] = lambda: None
) -> None:
    """Does something to a release and looks it through, beside the day's work."""
    under_way.begin(errand(found), lambda: check(casebook, found.draft.id, act))


def looked(casebook: Casebook, under_way: Errands, found: Release) -> Checked | None:
    """The release as it was looked at, where that still holds; None while it is being looked at. Raises what
    kept it from that."""
    name = errand(found)
    there = under_way.of(name)
    if there is not None and not there.done:
        return None
    if there is not None and there.error is not None:
        under_way.drop(name)
        raise there.error
    if there is None or there.value is None or there.value.mark != errands.mark(casebook):
        begin(casebook, under_way, found)
        return None
    checked: Checked = there.value
    return checked
