"""Belonging: who belongs to the office, with which computers and seats, and how somebody is admitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import MembershipError, UsageError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.casebook import Casebook
    from estelik.vault.admission import Request
    from estelik.vault.standing import Computer, Member, Standing
    from estelik.vault.vault import Withdrawn

#: What there is to look after; and what of it only the computer itself can.
PARTS: Final = ("members", "devices", "compartments", "seats", "copies", "custody", "log")
_OWN: Final = ("seats", "copies", "custody")
#: More letters than any request.
_LONGEST: Final = 10_000


class Belongs(NamedTuple):
    """A member, since when she belongs to the office (seconds since 1970; 0: not known), and her computers
    and seats that still do, the first first."""

    member: Member
    since: int
    devices: tuple[Computer, ...]

    @property
    def seats(self) -> int:
        """How many of them are seats."""
        return sum(one.seat for one in self.devices)

    @property
    def computers(self) -> int:
        """How many of them are computers of her own."""
        return len(self.devices) - self.seats


def coordinates(casebook: Casebook) -> bool:
    """Whether whoever opened this casebook is a coordinator."""
    try:
        return casebook.vault.registrar.own().coordinator
    except MembershipError:
        return False


def parts(casebook: Casebook) -> tuple[str, ...]:
    """What of the office whoever opened this casebook may look after: a coordinator all of it, but at a seat
    only what is to be looked at; anybody else the copies, on a computer of her own."""
    own = not casebook.vault.store.shared
    if not coordinates(casebook):
        return ("copies",) if own else ()
    return PARTS if own else tuple(one for one in PARTS if one not in _OWN)


def members(said: Standing) -> list[Belongs]:
    """All who belong to the office, by name, and then those who left."""
    from estelik.vault.roll import Membership

    since: dict[str, int] = {}
    for one in said.statements.values():
        if isinstance(one, Membership):
            since[one.member] = min(one.made, since.get(one.member, one.made))
    found = [Belongs(one, since.get(one.id, 0), devices(said, one.id)) for one in said.members.values()]
    return sorted(found, key=lambda one: (not one.member.present, one.member.name, one.member.id))


def devices(said: Standing, member: str) -> tuple[Computer, ...]:
    """The computers and seats of a member (an id) that belong to the office, the first first."""
    found = [one for one in said.devices.values() if one.present and one.member == member]
    return tuple(sorted(found, key=lambda one: (one.since, one.id)))


def requested(text: str, words: str) -> Request:
    """The request of a new computer, whose words were read aloud and typed. Raises ``UsageError``."""
    from estelik.vault.admission import read, same_words

    asked = read(text[:_LONGEST])
    if not same_words(words, asked.words):
        raise UsageError(
            "These are not the words of this request.",
            safe="Nobody was admitted.",
            do="Listen again. If they differ still, somebody has exchanged the request on its way.",
        )
    return asked


def withdraw(casebook: Casebook, who: str, *, distrusted_since: int = 0) -> Withdrawn:
    """Withdraws a member or a device (an id) from the office; new keys are made for all that was open to
    her."""
    with casebook.entering():
        return casebook.withdraw(who, distrusted_since=distrusted_since)


def hold(casebook: Casebook, name: str, compartments: Collection[str]) -> Member:
    """Says anew what a member (a name or id) holds. Raises ``MembershipError``."""
    made = casebook.vault.registrar.change_compartments(name, compartments)
    casebook.settle_seats()
    return made


def ordered(one: Member) -> list[str]:
    """A member's compartments, in the order in which they are always named."""
    return [name for name in COMPARTMENTS if name in one.compartments]
