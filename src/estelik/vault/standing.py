"""Standing: what follows from a roll. Who belongs to the office, and up to where each one's word counts.

A pure function of the set of statements. Grants count where whoever signed
them may grant them; withdrawals win. Two who withdraw each other are both
withdrawn, until the root says otherwise
(``docs/decisions/0009-who-may-say-who-belongs.md``).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.vault import roll
from estelik.vault.device import id_of
from estelik.vault.roll import Authority, Enrolment, Membership, Renewal, Statement, Token, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.roll import Signed


class Member(NamedTuple):
    """Somebody of the office: her id and name, the compartments that she holds, whether she is a coordinator,
    and whether she still belongs to it."""

    id: str
    name: str
    compartments: frozenset[str]
    coordinator: bool
    present: bool


class Computer(NamedTuple):
    """A device: its id, its public key, the id of its member, its recipients (the last one is the present
    one), when it was enrolled (seconds since 1970), and whether it still belongs to the office.

    A seat, her place on a computer that several use, is one too; it has no recipient. So is what a program
    of hers signs with: then ``token`` says what it may open, and until when."""

    id: str
    key: bytes
    member: str
    recipients: tuple[str, ...]
    since: int
    present: bool
    token: Token | None = None

    @property
    def seat(self) -> bool:
        """Whether it is a seat, or a program's: it signs what is entered there, and nothing is sent to it."""
        return not self.recipients


class Standing(NamedTuple):
    """Who is what. ``root`` and ``recovery``: the office's present root key and recovery recipient;
    ``number``: how often they were set; ``cuts``: heads of chains of devices that lost a right, up to which
    they are accepted, by device; ``statements``: those that count, by digest; ``signed``: all of the roll."""

    root: bytes
    recovery: str
    number: int
    members: Mapping[str, Member]
    devices: Mapping[str, Computer]
    cuts: Mapping[str, frozenset[bytes]]
    statements: Mapping[bytes, Statement]
    signed: Mapping[bytes, Signed]

    def holders(self, compartment: str) -> list[Computer]:
        """The computers that may read what is entered in a compartment from now on, by id."""
        return [one for one in self.present() if compartment in self.members[one.member].compartments]

    def present(self) -> list[Computer]:
        """All computers that belong to the office, by id."""
        return [one for _, one in sorted(self.devices.items()) if one.present and not one.seat]

    def seats(self, compartment: str) -> frozenset[str]:
        """The ids of the seats at which a compartment may be read from now on."""
        return frozenset(
            one.id
            for one in self.devices.values()
            if one.present
            and one.seat
            # A program has no key at rest: what it opens is lent to it.
            and one.token is None
            and compartment in self.members[one.member].compartments
        )

    def limit(self, device: str, compartment: str) -> frozenset[bytes] | None:
        """The heads up to which a device's chain in a compartment is accepted; None: all of it is."""
        computer = self.devices.get(device)
        # At a seat nothing is sealed: that is for the computer to do.
        if computer is None or computer.seat:
            return frozenset()
        if computer.present and compartment in self.members[computer.member].compartments:
            return None
        return self.cuts.get(device, frozenset())

    def of_device(self, device: str) -> Member | None:
        """The member whose device it is, where both belong to the office."""
        computer = self.devices.get(device)
        return None if computer is None or not computer.present else self.members[computer.member]


class _Read(NamedTuple):
    digest: bytes
    says: Statement
    by: str


def standing(statements: Mapping[bytes, Signed], office: bytes) -> Standing:
    """What follows from these statements for the office whose first root key is ``office``."""
    every = [
        _Read(digest, says, id_of(says.by))
        for digest, one in sorted(statements.items())
        if (says := roll.read(one, office)) is not None
    ]
    # Between what surely counts and what may count lie those who withdraw each other.
    most = _Grants(every, office, [])
    while True:
        least = _Grants(every, office, most.withdrawals)
        again = _Grants(every, office, least.withdrawals)
        if again.counts.keys() == most.counts.keys():
            break
        most = again
    return _said(least, most.withdrawals, statements)


class _Grants:
    """What counts where these withdrawals do: a rank at a time, each from what the ranks above it say."""

    def __init__(self, every: list[_Read], office: bytes, against: list[_Read]) -> None:
        self._every = every
        self._against: dict[str, list[frozenset[bytes]]] = {}
        for one in against:
            assert isinstance(one.says, Withdrawal)  # noqa: S101 (none else is among them)
            self._against.setdefault(one.says.who, []).append(frozenset(one.says.kept))
        self.counts: dict[bytes, _Read] = {}
        self.authorities = self._succession(office)
        self._rooted: set[bytes] = set()
        self._root()
        self.memberships: dict[str, _Membership] = {}
        self._claims: dict[str, list[tuple[Membership, frozenset[str] | None]]] = {}
        self.enrolments: dict[str, Enrolment | Token] = {}
        self._coordinators()
        self._enrol()
        self._members()
        self._enrol()
        self._tokens()
        self.withdrawals = self._withdrawals()
        self._renewals()

    def _succession(self, office: bytes) -> list[Authority]:
        """The root keys one after another; of two with one number, the lower digest."""
        found: list[Authority] = []
        by = office
        while True:
            number = len(found) + 1
            following = [
                one
                for one in self._every
                if isinstance(one.says, Authority) and one.says.number == number and one.says.by == by
            ]
            if not following or (number == 1 and following[0].says.by != office):
                return found
            says = following[0].says
            assert isinstance(says, Authority)  # noqa: S101 (chosen above)
            found.append(says)
            self.counts[following[0].digest] = following[0]
            by = says.root

    def _root(self) -> None:
        """Which statements of a root count: of one that was followed, those that its successor kept."""
        for number, authority in enumerate(self.authorities):
            following = self.authorities[number + 1 :]
            for one in self._every:
                if one.says.by == authority.root and (not following or one.digest in following[0].kept):
                    self._rooted.add(one.digest)

    def _computer(self, one: _Read) -> Enrolment | None:
        """The enrolment of the computer that a statement was signed on. What a seat signs counts for nothing
        here: it is there for what is entered."""
        found = self.enrolments.get(one.by)
        return found if isinstance(found, Enrolment) and found.recipient else None

    def _void(self, one: _Read) -> bool:
        """Whether a device's statement no longer counts, since it or its member was withdrawn."""
        enrolment = self.enrolments.get(one.by)
        kept = self._against.get(one.by, []) + (
            self._against.get(enrolment.member, []) if enrolment is not None else []
        )
        return any(one.digest not in digests for digests in kept)

    def _coordinators(self) -> None:
        """Members of whom the root itself has said what they are."""
        for one in self._every:
            if isinstance(one.says, Membership) and one.digest in self._rooted:
                self._claim(one, one.says, None)

    def _members(self) -> None:
        """Members as coordinators say: nobody gives, or takes away, what he does not hold."""
        claims = []
        for one in self._every:
            if not isinstance(one.says, Membership) or one.digest in self._rooted or one.says.coordinator:
                continue
            signer = self._coordinator(one)
            there = self.memberships.get(one.says.member)
            if signer is not None and (there is None or not there.coordinator):
                claims.append((one, one.says, signer))
        for one, says, signer in claims:
            self._claim(one, says, signer)

    def _claim(self, one: _Read, says: Membership, scope: frozenset[str] | None) -> None:
        """Takes in what is said of a member by somebody who may speak of the compartments in ``scope``
        (None: of all)."""
        self.counts[one.digest] = one
        claims = self._claims.setdefault(says.member, [])
        claims.append((says, scope))
        claims.sort(key=lambda claim: claim[0].number)
        self.memberships[says.member] = _membership(claims)

    def _enrol(self) -> None:
        """Devices, until no further one is enrolled by those that are."""
        while True:
            before = len(self.enrolments)
            for one in self._every:
                says = one.says
                if not isinstance(says, Enrolment) or says.member not in self.memberships:
                    continue
                device = id_of(says.key)
                if one.digest in self.counts or not self._may_enrol(one, says):
                    continue
                # One device is one member's: whoever was enrolled first is not enrolled as another's.
                if device in self.enrolments and self.enrolments[device].member != says.member:
                    continue
                self.counts[one.digest] = one
                self.enrolments.setdefault(device, says)
            if len(self.enrolments) == before:
                return

    def _tokens(self) -> None:
        """Programs, last: no computer becomes one. Of two statements about one device, the less of both."""
        for one in self._every:
            says = one.says
            if not isinstance(says, Token) or says.member not in self.memberships:
                continue
            there = self.enrolments.get(id_of(says.key), says)
            if isinstance(there, Token) and there.member == says.member and self._may_enrol(one, says):
                self.counts[one.digest] = one
                self.enrolments[id_of(says.key)] = _less(there, says)

    def _may_enrol(self, one: _Read, says: Enrolment | Token) -> bool:
        if one.digest in self._rooted:
            return True
        own = self._computer(one)
        if own is None or self._void(one):
            return False
        if own.member == says.member:
            return True
        signer = self._coordinator(one)
        return signer is not None and self.memberships[says.member].compartments <= signer

    def _coordinator(self, one: _Read) -> frozenset[str] | None:
        """The compartments of the coordinator on whose device a statement was signed; None where it counts
        for nothing."""
        enrolment = self._computer(one)
        if enrolment is None or self._void(one):
            return None
        member = self.memberships[enrolment.member]
        return member.compartments if member.coordinator else None

    def _withdrawals(self) -> list[_Read]:
        out = []
        for one in self._every:
            if not isinstance(one.says, Withdrawal):
                continue
            target = self.enrolments.get(one.says.who)
            whose = one.says.who if target is None else target.member
            own = self._computer(one)
            if (
                one.digest in self._rooted
                or self._coordinator(one) is not None
                or (own is not None and own.member == whose and not self._void(one))
            ):
                self.counts[one.digest] = one
                out.append(one)
        return out

    def _renewals(self) -> None:
        for one in self._every:
            if isinstance(one.says, Renewal) and self._computer(one) is not None and not self._void(one):
                self.counts[one.digest] = one


def _less(one: Token, other: Token) -> Token:
    both = tuple(sorted(set(one.compartments) & set(other.compartments)))
    return msgspec.structs.replace(one, compartments=both, until=min(one.until, other.until))


class _Membership(NamedTuple):
    name: str
    compartments: frozenset[str]
    coordinator: bool
    last: frozenset[bytes]


def _membership(claims: list[tuple[Membership, frozenset[str] | None]]) -> _Membership:
    """What claims of ascending numbers come to; of two with one number, the less of both."""
    held: frozenset[str] = frozenset()
    for _, group in groupby(claims, key=lambda claim: claim[0].number):
        after = [
            said if scope is None else held - scope | said & scope
            for says, scope in group
            for said in (frozenset(says.compartments),)
        ]
        held = frozenset.intersection(*after)
    number = claims[-1][0].number
    latest = min(
        (says for says, _ in claims if says.number == number), key=lambda says: (says.name, says.made)
    )
    every = [says for says, _ in claims if says.number == number]
    last = frozenset(head for says, _ in claims for head in says.last)
    return _Membership(latest.name, held, all(says.coordinator for says in every), last)


def _said(grants: _Grants, withdrawals: list[_Read], signed: Mapping[bytes, Signed]) -> Standing:
    """Grants that surely count, withdrawals that may."""
    gone: dict[str, set[bytes]] = {}
    for one in withdrawals:
        assert isinstance(one.says, Withdrawal)  # noqa: S101 (none else is among them)
        gone.setdefault(one.says.who, set()).update(one.says.last)
    renewed: dict[str, list[tuple[int, str]]] = {}
    for one in grants.counts.values():
        if isinstance(one.says, Renewal):
            renewed.setdefault(one.by, []).append((one.says.number, one.says.recipient))
    members = {
        id_: Member(id_, one.name, one.compartments, one.coordinator, id_ not in gone)
        for id_, one in sorted(grants.memberships.items())
    }
    devices, cuts = {}, {}
    for device, says in sorted(grants.enrolments.items()):
        later = [text for _, text in sorted(renewed.get(device, []))]
        recipients = (says.recipient, *later) if says.recipient else ()
        present = device not in gone and members[says.member].present
        token = says if isinstance(says, Token) else None
        devices[device] = Computer(device, says.key, says.member, recipients, says.made, present, token)
        last = (
            gone.get(device, set()) | gone.get(says.member, set()) | set(grants.memberships[says.member].last)
        )
        if last:
            cuts[device] = frozenset(last)
    authorities = grants.authorities
    return Standing(
        authorities[-1].root if authorities else b"",
        authorities[-1].recovery if authorities else "",
        len(authorities),
        members,
        devices,
        cuts,
        {digest: one.says for digest, one in grants.counts.items()},
        signed,
    )


def vouching(said: Standing, device: str) -> list[Signed]:
    """The statements that make a device one of the office: its own, and those about whoever signed them."""
    wanted, out = (
        [device],
        dict.fromkeys(digest for digest, one in said.statements.items() if isinstance(one, Authority)),
    )
    done: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in done:
            continue
        done.add(name)
        computer = said.devices.get(name)
        for digest, one in said.statements.items():
            if (isinstance(one, Enrolment) and id_of(one.key) == name) or (
                isinstance(one, Membership) and computer is not None and one.member == computer.member
            ):
                out[digest] = None
                wanted.append(id_of(one.by))
    return [said.signed[digest] for digest in out]
