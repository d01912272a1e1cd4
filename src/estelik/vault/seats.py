"""The seats of a computer, as it keeps them: made, handed what their members hold, and taken away.

The office file names the seats; the roll says what each member holds. What is
to be done follows from the two, so that whoever opens the casebook next does
what a power cut has left (``docs/decisions/0029-seats.md``).
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import CasebookError, MembershipError, NotFoundError
from estelik.ids import new_id
from estelik.vault import keys, office, roll, seat
from estelik.vault.authorship import Author
from estelik.vault.device import id_of, signer
from estelik.vault.keeping import keep
from estelik.vault.keys import KEY_SIZE, NEXT, SOURCES_KEY, alone, sync_folder
from estelik.vault.rekeying import rekey
from estelik.vault.roll import Enrolment, Membership
from estelik.vault.seat import ROOT_KEY, SEAT_KEY, SEATS, Held, place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from estelik.vault.keys import Cost, Keyring
    from estelik.vault.office import Office
    from estelik.vault.roll import Signed, Statement
    from estelik.vault.standing import Member
    from estelik.vault.vault import Vault

#: How many seats there may be on one computer.
MOST: Final = 99


class Listed(NamedTuple):
    """A seat of this computer: its number, its member, what she holds of what this computer holds."""

    number: int
    member: Member
    compartments: tuple[str, ...]


class Seats:
    """The seats of one computer; ``keyring``: the keys of the computer."""

    def __init__(self, vault: Vault, keyring: Keyring) -> None:
        self._vault = vault
        self._store = vault.store
        self._folder = vault.store.folder
        self._registrar = vault.registrar
        self._keyring = keyring

    def every(self) -> list[Listed]:
        """The seats, by number."""
        said = self._registrar.standing
        return [
            Listed(one.number, said.members[one.member], self._wanted(one))
            for one in self._registrar.office.seats
            if said.of_device(id_of(one.key)) is not None
        ]

    def owed(self) -> list[str]:
        """The compartments whose files are still to get another key: somebody had theirs who must not have it
        any more."""
        seats = self._registrar.office.seats
        lost = {name for one in seats for name in set(one.keys) - set(self._wanted(one))}
        begun = {name for name in self._store.held if name + NEXT in self._keyring}
        return [name for name in self._store.held if name in lost | begun]

    def add(
        self,
        name: str,
        passphrase: bytes,
        compartments: Collection[str] = (),
        *,
        cost: Cost = keys.STANDARD,
    ) -> Listed:
        """Makes a seat for the member of that name or id, or for a new one who holds these ``compartments``.

        Raises ``MembershipError``; nothing is written then.
        """
        member, said = self._checked(name, compartments)
        root, seed = self._registrar.office.root, secrets.token_bytes(KEY_SIZE)
        folder, half = self._folder / SEATS, self._folder / SEATS / f".{secrets.token_hex(8)}"
        with _on_disk():
            folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder)
        with _on_disk(), alone(folder):
            self._sweep()
            taken = {*seat.numbers(self._folder), *(one.number for one in self._registrar.office.seats)}
            number = next((free for free in range(1, MOST + 1) if free not in taken), 0)
            if not number:
                raise MembershipError("There are as many seats as there can be.", do="Take one away first.")
            try:
                half.mkdir(mode=0o700)
                keys.create(half, passphrase, (), cost, given={SEAT_KEY: seed, ROOT_KEY: root})
                half.rename(place(self._folder, number))
            finally:
                shutil.rmtree(half, ignore_errors=True)
            sync_folder(folder)
            public = signer(seed, root).device.key
            own = self._registrar.signer
            by, now = own.device.key, int(time.time())
            made: list[Statement] = [*said, Enrolment(root, by, now, member, public, "")]
            self._registrar.learn(
                [roll.signed(one, own.key) for one in made],
                lambda there: _with(there, office.Seat(number, public, member)),
            )
        try:
            self.settle()
        except CasebookError:
            # It may be about a file whose key somebody else must not have any more: that is tried again.
            if not (place(self._folder, number) / seat.HELD).is_file():
                raise
        return next(one for one in self.every() if one.number == number)

    def _checked(self, name: str, compartments: Collection[str]) -> tuple[str, list[Statement]]:
        """The member's id, and what has to be said of her first. Raises ``MembershipError``."""
        registrar = self._registrar
        own = registrar.own()
        if not own.coordinator:
            raise MembershipError("Only a coordinator can make a seat.", do="Ask a coordinator.")
        if not compartments:
            member = registrar.member(name)
            if not member.compartments <= own.compartments:
                raise MembershipError(
                    "She holds a compartment that you do not hold.", do="Ask a coordinator who holds it."
                )
            return member.id, []
        if not frozenset(compartments) <= own.compartments:
            raise MembershipError(
                "You cannot give a compartment that you do not hold.", do="Ask a coordinator who holds it."
            )
        if not name.strip() or not name.isprintable():
            raise MembershipError("A member cannot have this name.")
        if any(one.present and one.name == name for one in registrar.standing.members.values()):
            raise MembershipError(
                "There is a member of that name already.",
                do="Make a seat for her without naming compartments, or choose another name.",
            )
        root, by, id_ = registrar.office.root, registrar.signer.device.key, new_id()
        order = tuple(sorted(compartments))
        return id_, [Membership(root, by, int(time.time()), id_, 1, name, order, coordinator=False)]

    def remove(self, number: int) -> None:
        """Takes a seat away: what was entered there stays, and nothing newer opens with what was copied from
        it. Raises ``NotFoundError`` and ``MembershipError``."""
        found = next((one for one in self._registrar.office.seats if one.number == number), None)
        if found is None:
            raise NotFoundError("There is no seat of this number.", do="See: estelik seat list")
        if self._registrar.standing.of_device(id_of(found.key)) is not None:
            self._vault.withdraw(id_of(found.key))
        self.settle()

    def settle(self) -> None:
        """Brings the seats in line with the roll: hands each the keys of what its member holds now; takes
        away those that are none any more; gives another key to each file of which somebody had the key who
        must not have it any more."""
        if not (self._folder / SEATS).is_dir():
            return
        with _on_disk(), alone(self._folder / SEATS):
            self._keyring.refresh(self._folder)
            self._sweep()
            self._settle()
            self._sign()

    def _sign(self) -> None:
        """From now on what is entered by the computer itself is signed too: else it could be anybody's."""
        registrar = self._registrar
        device = registrar.standing.devices.get(registrar.device)
        if device is not None:
            self._store.author = Author(registrar.signer, device.member)

    def _settle(self) -> None:
        store, registrar, said = self._store, self._registrar, self._registrar.standing
        seats = registrar.office.seats
        gone = [one for one in seats if said.of_device(id_of(one.key)) is None]
        lost = self.owed()
        for one in gone:
            _remove(place(self._folder, one.number))
        if any(set(self._wanted(one)) - set(one.keys) for one in seats):
            # Noted before they are handed out: what may have been copied is known also after a cut. So is who
            # knows the present epochs.
            self._note({one.number: (*one.keys, *self._wanted(one)) for one in seats})
            keep(store, self._vault.shelf, registrar.signer, said)
        trouble: CasebookError | None = None
        for name in lost:
            try:
                rekey(store, self._keyring, name, self._hand)
            except CasebookError as error:
                trouble = error
        self._hand()
        if trouble is not None:
            # What somebody had the key of stays noted: it is tried again at the next opening.
            raise trouble
        if gone or any(set(one.keys) - set(self._wanted(one)) for one in seats):
            here = {one.number: self._wanted(one) for one in seats if one not in gone}
            self._note(here, drop={one.number for one in gone})

    def _hand(self) -> None:
        """Writes what each seat holds, where that is not what was written last."""
        registrar = self._registrar
        there, said, own = registrar.office, registrar.standing, registrar.signer
        for one in there.seats:
            if said.of_device(id_of(one.key)) is None:
                continue
            held = Held(
                seat.FORMAT, one.key, own.device.key, there.root, self._keys(one), _ordered(there.roll)
            )
            path = place(self._folder, one.number) / seat.HELD
            if not path.parent.is_dir() or _mark(held, _read(path)) == one.handed:
                continue
            for half in path.parent.glob(f".{seat.HELD}.*"):
                half.unlink(missing_ok=True)
            data = seat.packed(held, own)
            keys.write_atomically(path, data)
            mark = _mark(held, data)
            registrar.change(lambda now, one=one, mark=mark: _handed(now, one.number, mark))  # type: ignore[misc]

    def _wanted(self, one: office.Seat) -> tuple[str, ...]:
        """The compartments that a seat is to hold now."""
        said = self._registrar.standing
        member = said.of_device(id_of(one.key))
        held = frozenset[str]() if member is None else member.compartments
        return tuple(name for name in self._store.held if name in held)

    def _keys(self, one: office.Seat) -> dict[str, bytes]:
        wanted = self._wanted(one)
        names = [*wanted, *(name + NEXT for name in wanted), *[SOURCES_KEY] * ("source" in wanted)]
        return {name: self._keyring[name] for name in names if name in self._keyring}

    def _note(self, names: Mapping[int, Collection[str]], drop: Collection[int] = ()) -> None:
        def noted(there: Office) -> Office:
            seats = tuple(
                msgspec.structs.replace(one, keys=tuple(sorted(set(names.get(one.number, one.keys)))))
                for one in there.seats
                if one.number not in drop
            )
            return msgspec.structs.replace(there, seats=seats)

        self._registrar.change(noted)

    def _sweep(self) -> None:
        """Takes away what somebody was stopped at while making or removing it: nothing was ever handed to
        it, or its number is in no list."""
        listed = {one.number for one in self._registrar.office.seats}
        for path in (self._folder / SEATS).iterdir():
            if path.name.startswith("."):
                shutil.rmtree(path, ignore_errors=True)
        for number in seat.numbers(self._folder):
            folder = place(self._folder, number)
            if number not in listed and not (folder / seat.HELD).exists():
                _remove(folder)


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise CasebookError(
            "The folder of the seats cannot be written.",
            safe="What was entered is safe.",
            do="Check who may write to it, and whether the disk is full; then open the casebook again.",
        ) from None


def _remove(folder: Path) -> None:
    """Takes the folder of a seat away, what opens anything first."""
    for name in (seat.HELD, keys.KEY_FILE):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _mark(held: Held, data: bytes) -> bytes:
    """What shows that a file is the one in which this was handed to a seat."""
    return hashlib.sha256(seat.digest(held) + hashlib.sha256(data).digest()).digest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""


def _with(there: Office, made: office.Seat) -> Office:
    seats = sorted((*there.seats, made), key=lambda one: one.number)
    return msgspec.structs.replace(there, seats=tuple(seats))


def _handed(there: Office, number: int, mark: bytes) -> Office:
    seats = tuple(
        msgspec.structs.replace(one, handed=mark) if one.number == number else one for one in there.seats
    )
    return msgspec.structs.replace(there, seats=seats)


def _ordered(statements: tuple[Signed, ...]) -> tuple[Signed, ...]:
    return tuple(sorted(statements, key=lambda one: one.digest))
