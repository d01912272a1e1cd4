"""The registrar: keeps the roll on this computer, and signs what its member may say."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import MembershipError
from estelik.ids import new_id
from estelik.vault import admission, custody, office, roll
from estelik.vault.device import id_of, identity_of, signer
from estelik.vault.keys import KEY_SIZE
from estelik.vault.ledger import Ledger
from estelik.vault.roll import Authority, Enrolment, Membership, Renewal, Statement, Withdrawal
from estelik.vault.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity

    from estelik.vault.admission import Request
    from estelik.vault.device import Signer
    from estelik.vault.keys import Keyring
    from estelik.vault.office import Office, RollFile
    from estelik.vault.roll import Signed
    from estelik.vault.standing import Computer, Member, Standing
    from estelik.vault.store import Store

#: The names of this module's keys in the keyring.
DEVICE_KEY = "device"
#: The key of the device that this computer is about to become.
_NEXT: Final = "device-next"
OFFICE_KEY = "office"
#: How many heads are named for each device at least: more than it has chains.
_CROWD = 8


class Registrar:
    """The roll of the office as this computer knows it, and what follows from it."""

    def __init__(self, folder: Path, store: Store, keyring: Keyring) -> None:
        self._folder = folder
        self._store = store
        self._keyring = keyring
        self._known: tuple[bytes, Standing] | None = None

    # What is known

    @property
    def office(self) -> Office:
        """What this device knows of its office."""
        return office.read(self._folder, self._keyring[OFFICE_KEY])

    def change(self, changed: Callable[[Office], Office]) -> None:
        """Changes the office file."""
        office.change(self._folder, self._keyring[OFFICE_KEY], changed)

    @property
    def signer(self) -> Signer:
        """This device, and its key."""
        return signer(self._keyring[DEVICE_KEY], self.office.root)

    @property
    def standing(self) -> Standing:
        """What follows from the roll."""
        now = self.office
        statements = roll.gathered(now.roll)
        mark = roll.fingerprint(statements)
        if self._known is None or self._known[0] != mark:
            self._known = mark, standing(statements, now.root)
        return self._known[1]

    @property
    def identities(self) -> list[Identity]:
        """The age identities of this device."""
        from pyrage.x25519 import Identity

        return [Identity.from_str(one) for one in self.office.identities]

    @property
    def roll_identities(self) -> list[Identity]:
        """The age identities that open files of the roll for this device."""
        return [identity_of(self._keyring[DEVICE_KEY])]

    @property
    def device(self) -> str:
        """The id of this device."""
        return self.signer.device.id

    def own(self) -> Member:
        """The member whose computer this is. Raises ``MembershipError`` where it belongs to no office."""
        now = self.office
        if not now.root:
            raise waiting()
        member = self.standing.of_device(self.device)
        if member is None:
            raise MembershipError(
                "This computer no longer belongs to the office.",
                safe="Nothing was changed; what is in the casebook stays there.",
                do="Ask a coordinator.",
            )
        return member

    # The beginning

    def found(self, secret: bytes, name: str, *, keep: bool) -> None:
        """Begins an office: its root, its first coordinator, this device."""
        from pyrage.x25519 import Identity

        root = custody.root(secret)
        public = root.public_key().public_bytes_raw()
        now, member, identity = int(time.time()), new_id(), Identity.generate()
        recovery = str(custody.recovery(secret).to_public())
        key = signer(self._keyring[DEVICE_KEY], public).device.key
        said: tuple[Statement, ...] = (
            Authority(public, public, now, 1, public, recovery),
            Membership(public, public, now, member, 1, name, tuple(self._store.held), coordinator=True),
            Enrolment(public, public, now, member, key, str(identity.to_public())),
        )
        self._write(
            office.Office(
                office.FORMAT,
                public,
                (str(identity),),
                roll=tuple(roll.signed(one, root) for one in said),
                secret=secret if keep else b"",
            )
        )

    def rejoin(self, secret: bytes, root: bytes, statements: Iterable[Signed]) -> None:
        """Begins again, as another device of the first coordinator who holds everything, by the secret of the
        office whose first root key is ``root``."""
        from pyrage.x25519 import Identity

        signing, identity = custody.root(secret), Identity.generate()
        by, now = signing.public_key().public_bytes_raw(), int(time.time())
        held = roll.gathered(statements)
        said: list[Statement] = []
        if not held:
            recovery = str(custody.recovery(secret).to_public())
            said.append(Authority(root, by, now, 1, by, recovery))
        every = tuple(self._store.held)
        able = [
            one.id
            for one in standing(held, root).members.values()
            if one.coordinator and one.present and one.compartments >= set(every)
        ]
        member = able[0] if able else new_id()
        if not able:
            said.append(Membership(root, by, now, member, 1, "", every, coordinator=True))
        key = signer(self._keyring[DEVICE_KEY], root).device.key
        said.append(Enrolment(root, by, now, member, key, str(identity.to_public())))
        new = (roll.signed(one, signing) for one in said)
        self._write(office.Office(office.FORMAT, root, (str(identity),), roll=(*held.values(), *new)))

    def ask(self, words: str) -> str:
        """Begins a computer that waits to be admitted to the office with these words; gives its request."""
        from pyrage.x25519 import Identity

        identity = Identity.generate()
        self._write(office.Office(office.FORMAT, b"", (str(identity),), words=words))
        return self.request()[0]

    def request(self) -> tuple[str, str]:
        """The request of a computer that waits to be admitted, as text, and its words."""
        key = signer(self._keyring[DEVICE_KEY], b"")
        recipient = str(self.identities[0].to_public())
        asked = admission.Request(key.device.key, recipient)
        return admission.written(asked, key.key), asked.words

    def _write(self, made: Office) -> None:
        office.write(self._folder, self._keyring[OFFICE_KEY], made)

    def belong(self, root: bytes) -> None:
        """Ends the waiting: this computer belongs to the office with this first root key."""
        self.change(lambda there: msgspec.structs.replace(there, root=root, words=""))

    # What is said

    def learn(
        self, statements: Iterable[Signed], noting: Callable[[Office], Office] = lambda there: there
    ) -> bool:
        """Takes statements into the roll, and with them, in one write, what ``noting`` changes: a power cut
        leaves both or none. Whether any statement was new."""
        now = self.office
        fresh = roll.gathered(one for one in statements if roll.read(one, now.root) is not None)
        if fresh.keys() <= roll.gathered(now.roll).keys():
            return False

        def merged(there: Office) -> Office:
            both = roll.gathered(there.roll) | fresh
            noted = noting(there)
            return msgspec.structs.replace(noted, roll=tuple(both[digest] for digest in sorted(both)))

        self.change(merged)
        return True

    def _say(
        self,
        *said: Callable[[bytes, bytes, int], Statement],
        by: Ed25519PrivateKey | None = None,
        noting: Callable[[Office], Office] = lambda there: there,
    ) -> None:
        key = self.signer.key if by is None else by
        public, root = key.public_key().public_bytes_raw(), self.office.root
        made = [roll.signed(one(root, public, int(time.time())), key) for one in said]
        self.learn(made, noting)

    def _coordinator(self) -> Member:
        own = self.own()
        if not own.coordinator:
            raise MembershipError(
                "Only a coordinator can do this.", safe="Nothing was changed.", do="Ask a coordinator."
            )
        return own

    def member(self, name: str) -> Member:
        """The present member of that name or id. Raises ``MembershipError``."""
        found = [one for one in self.standing.members.values() if one.present and name in (one.name, one.id)]
        if len(found) != 1:
            raise MembershipError(
                "There is no member of that name." if not found else "Several members have that name.",
                safe="Nothing was changed.",
                do="See: estelik member list"
                if not found
                else "Use the id that `estelik member list` shows.",
            )
        return found[0]

    def computer(self, name: str) -> Computer:
        """The present computer or seat whose id begins with ``name``. Raises ``MembershipError``."""
        devices = self.standing.devices.values()
        found = [one for one in devices if one.present and name and one.id.startswith(name)]
        if len(found) != 1:
            raise MembershipError(
                "There is no such device." if not found else "Several devices have an id that begins so.",
                safe="Nothing was changed.",
                do="See: estelik device list",
            )
        return found[0]

    def admit_member(
        self, request: Request, name: str, compartments: Collection[str], secret: bytes = b""
    ) -> Member:
        """Admits a new member with her first device; with the office's ``secret``, as a coordinator: then
        whoever belongs to the office may do so, where no coordinator is left."""
        own = self.own() if secret else self._coordinator()
        wanted = frozenset(compartments)
        if not secret and not wanted <= own.compartments:
            raise MembershipError(
                "You cannot give a compartment that you do not hold.",
                safe="Nobody was admitted.",
                do="Ask a coordinator who holds it.",
            )
        if not name.strip() or not name.isprintable():
            raise MembershipError("A member cannot have this name.", safe="Nobody was admitted.")
        if any(one.present and one.name == name for one in self.standing.members.values()):
            raise MembershipError(
                "There is a member of that name already.",
                safe="Nobody was admitted.",
                do="Choose another name, or admit the computer as hers: estelik device admit",
            )
        self._unknown(request)
        member = new_id()
        order = tuple(sorted(wanted))
        self._say(
            lambda root, by, now: Membership(root, by, now, member, 1, name, order, coordinator=bool(secret)),
            lambda root, by, now: Enrolment(root, by, now, member, request.key, request.recipient),
            by=self.root(secret) if secret else None,
        )
        return self.standing.members[member]

    def change_compartments(self, name: str, compartments: Collection[str]) -> Member:
        """Says anew what a member holds."""
        own, member = self._coordinator(), self.member(name)
        if member.coordinator:
            raise MembershipError(
                "What a coordinator holds is for the office's secret to say.",
                safe="Nothing was changed.",
                do="Ask the custodians for their shares.",
            )
        if not frozenset(compartments) ^ member.compartments <= own.compartments:
            raise MembershipError(
                "You cannot give or take away a compartment that you do not hold.",
                safe="Nothing was changed.",
                do="Ask a coordinator who holds it.",
            )
        numbers = [
            one.number
            for one in self.standing.statements.values()
            if isinstance(one, Membership) and one.member == member.id
        ]
        order = tuple(sorted(compartments))
        last = self._heads([one.id for one in self.standing.devices.values() if one.member == member.id])
        self._say(
            lambda root, by, now: Membership(
                root, by, now, member.id, max(numbers) + 1, member.name, order, coordinator=False, last=last
            )
        )
        return self.standing.members[member.id]

    def _heads(self, devices: Collection[str]) -> tuple[bytes, ...]:
        """The last entries of all chains of these devices, among random numbers: whoever reads the roll
        cannot tell how many chains there are."""
        heads = set()
        with self._store.read() as connection:
            for schema in self._store.schemas.values():
                lines = [one for one in Ledger(connection, schema).lines() if one.device in devices]
                followed = {one.previous for one in lines}
                heads |= {one.head for one in lines if one.head not in followed}
        size = _CROWD * max(1, len(devices))
        while size < len(heads):
            size *= 2
        strangers = [secrets.token_bytes(32) for _ in range(size - len(heads))]
        return tuple(sorted([*heads, *strangers]))

    def withdraw(self, who: str, *, distrusted_since: int = 0) -> None:
        """Says that a device, or a member with all her devices (an id), no longer belongs to the office."""
        own, said = self.own(), self.standing
        device = said.devices.get(who)
        member = said.members[who if device is None else device.member]
        if member.id != own.id:
            self._coordinator()
        left = [one for one in said.members.values() if one.coordinator and one.present and one.id != who]
        if not left:
            raise MembershipError(
                "The office would be without a coordinator.",
                safe="Nothing was changed.",
                do="Make somebody else a coordinator first: estelik member admit --coordinator",
            )
        devices = {one.id for one in said.devices.values() if who in (one.id, one.member)}
        kept = tuple(
            digest
            for digest, one in sorted(said.statements.items())
            if id_of(one.by) in devices and (not distrusted_since or one.made < distrusted_since)
        )
        last = self._heads(devices)
        self._say(lambda root, by, now: Withdrawal(root, by, now, who, last, kept))

    def renew(self, epochs: dict[str, int]) -> bool:
        """Gives this device a new recipient where an epoch has begun since the last time (``epochs``: the
        number of each compartment's present one); whether it did. One that came with a first present epoch is
        new too, where there were others before: their files may be for the recipient that it had."""
        from pyrage.x25519 import Identity

        now = self.office
        if all(now.renewed.get(name, 1) >= number for name, number in epochs.items()):
            if not epochs.keys() <= now.renewed.keys():
                self.change(lambda there: msgspec.structs.replace(there, renewed=epochs | there.renewed))
            return False
        identity = Identity.generate()
        number = len(self.standing.devices[self.device].recipients)

        def renewed(there: Office) -> Office:
            identities = (*there.identities, str(identity))
            return msgspec.structs.replace(there, identities=identities, renewed=there.renewed | epochs)

        self._say(
            lambda root, by, now: Renewal(root, by, now, number, str(identity.to_public())), noting=renewed
        )
        return True

    def burn(self) -> None:
        """Destroys the identities that this device had before its present one."""
        if len(self.office.identities) > 1:
            self.change(lambda there: msgspec.structs.replace(there, identities=there.identities[-1:]))

    def admit_device(self, request: Request, name: str = "") -> Member:
        """Admits another device of the member of that name, or of one's own."""
        own = self.own()
        member = self.member(name) if name else own
        if member.id != own.id:
            self._coordinator()
            if not member.compartments <= own.compartments:
                raise MembershipError(
                    "She holds a compartment that you do not hold.",
                    safe="Nothing was admitted.",
                    do="Ask a coordinator who holds it, or herself.",
                )
        self._unknown(request)
        self._say(lambda root, by, now: Enrolment(root, by, now, member.id, request.key, request.recipient))
        return member

    def _unknown(self, request: Request) -> None:
        if id_of(request.key) in self.standing.devices:
            raise MembershipError(
                "This computer was admitted before.",
                safe="Nothing was changed.",
                do="See: estelik device list",
            )

    def root(self, secret: bytes) -> Ed25519PrivateKey:
        """The root's key from the office's secret. Raises ``MembershipError`` where it is of another."""
        key = custody.root(secret)
        if key.public_key().public_bytes_raw() != self.standing.root:
            raise MembershipError(
                "These shares are not of this office, or not its present ones.", safe="Nothing was changed."
            )
        return key

    def succeed(self, secret: bytes, new: bytes) -> None:
        """Puts the root and the recovery key of the ``new`` secret in the place of those of ``secret``."""
        key, following = self.root(secret), custody.root(new).public_key().public_bytes_raw()
        said = self.standing
        kept = tuple(
            digest
            for digest, one in sorted(said.statements.items())
            if one.by == said.root and not isinstance(one, Authority)
        )
        recovery = str(custody.recovery(new).to_public())
        number = said.number + 1

        def kept_here(there: Office) -> Office:
            # The marks on carriers open for the old recovery key.
            carriers = tuple(msgspec.structs.replace(place, mark="") for place in there.carriers)
            return msgspec.structs.replace(there, secret=new, custody=None, carriers=carriers)

        # Said alone, and the power cut: nobody would have the new secret, and the old one opens nothing.
        self._say(
            lambda root, by, now: Authority(root, by, now, number, following, recovery, kept),
            by=key,
            noting=kept_here,
        )

    def begin_device(self) -> None:
        """Makes this computer another device of its member: the one it was is in use elsewhere, too."""
        from pyrage.x25519 import Identity

        own, identity = self.own(), Identity.generate()
        # Kept before it is spoken of: cut off in between, the next time goes on with the same device.
        if _NEXT not in self._keyring:
            self._keyring.change(self._folder, put={_NEXT: secrets.token_bytes(KEY_SIZE)})
        seed = self._keyring[_NEXT]
        key, recipient = signer(seed, self.office.root).device.key, str(identity.to_public())
        if id_of(key) not in self.standing.devices:
            self._say(
                lambda root, by, now: Enrolment(root, by, now, own.id, key, recipient),
                noting=lambda there: msgspec.structs.replace(
                    there, identities=(*there.identities, str(identity))
                ),
            )
        self._keyring.change(self._folder, put={DEVICE_KEY: seed}, drop=(_NEXT,))

    def is_used_elsewhere(self) -> bool:
        """Whether this device has by now a recipient whose identity is not here: a copy of this casebook has
        renewed it, and what others hand on is for that one."""
        from pyrage.x25519 import Identity

        own = {str(Identity.from_str(one).to_public()) for one in self.office.identities}
        return self.standing.devices[self.device].recipients[-1] not in own

    def note(self, file: RollFile) -> None:
        """Notes a file that the roll came in, or goes out with."""
        self.change(
            lambda there: msgspec.structs.replace(
                there, rolls=(*(one for one in there.rolls if one.name != file.name), file)
            )
        )

    def close(self, names: Collection[str]) -> None:
        """Notes files that are for others, so that they are not read again."""
        if not set(names) <= set(self.office.closed):
            self.change(
                lambda there: msgspec.structs.replace(there, closed=tuple(sorted({*there.closed, *names})))
            )

    def reopen(self) -> None:
        """Forgets which files are for others, and up to where carriers were looked at: there is a new key."""

        def forgotten(there: Office) -> Office:
            carriers = tuple(msgspec.structs.replace(place, point="") for place in there.carriers)
            return msgspec.structs.replace(there, closed=(), carriers=carriers)

        if self.office.closed:
            self.change(forgotten)


def waiting() -> MembershipError:
    """What is said on a computer that was not admitted yet."""
    return MembershipError(
        "This computer was not admitted to an office yet.",
        safe="Nothing was changed.",
        do="When a coordinator has admitted it and synced: estelik sync",
    )
