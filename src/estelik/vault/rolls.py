"""Rolls on carriers: taken in, written, and taken away where a later one stands for them."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from estelik.errors import SealError
from estelik.ids import new_id
from estelik.vault import admission, office, roll
from estelik.vault.carriers.failures import (
    MissingError,
    NameRefusedError,
    ThereAlreadyError,
    TooLargeError,
)
from estelik.vault.device import recipient_of
from estelik.vault.envelope import LARGEST
from estelik.vault.links import Trouble
from estelik.vault.registrar import waiting
from estelik.vault.standing import standing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.registrar import Registrar
    from estelik.vault.roll import Signed


class Rolls:
    """The files of the roll; ``shelf``: the sealed files of this computer."""

    def __init__(self, registrar: Registrar, shelf: Carrier) -> None:
        self._registrar = registrar
        self._shelf = shelf

    def fetch(self, carrier: Carrier) -> list[str]:
        """Takes in what the rolls on a carrier say; the names of those that do not open."""
        now = self._registrar.office
        known = {one.name for one in now.rolls}
        closed, opened = [], 0
        for name in sorted(carrier.names("roll")):
            if name in known:
                opened += 1
                continue
            try:
                data = carrier.read("roll", name, LARGEST)
                root, statements = roll.opened(data, self._registrar.roll_identities)
            except (SealError, MissingError, NameRefusedError, TooLargeError):
                closed.append(name)
                continue
            if not now.root and self._is_ours(root, statements):
                self._registrar.belong(root)
                now = self._registrar.office
            if root != now.root:
                closed.append(name)
                continue
            opened += 1
            self._registrar.learn(statements)
            with suppress(ThereAlreadyError):
                self._shelf.write("roll", name, data)
            there = roll.gathered(one for one in statements if roll.read(one, root) is not None)
            self._registrar.note(
                office.RollFile(name, roll.fingerprint(there), hashlib.sha256(data).digest())
            )
        if not now.root:
            raise waiting()
        # Files for those who belonged to the office before are taken away by whoever comes next.
        return closed if not opened else []

    def _is_ours(self, root: bytes, statements: list[Signed]) -> bool:
        """Whether it is the office that this computer waits for, and this computer is admitted to it."""
        now = self._registrar.office
        if not admission.same_words(admission.office_words(root), now.words):
            return False
        device = self._registrar.device
        return standing(roll.gathered(statements), root).of_device(device) is not None

    def known(self) -> dict[str, bytes]:
        """All files of rolls that were taken in or handed on, with their SHA-256."""
        return {one.name: one.digest for one in self._registrar.office.rolls}

    def troubles(self, carrier: Carrier, *, wanted: bool) -> list[Trouble]:
        """What is wrong with the rolls on a carrier, or on the shelf: every one that is known must be as it
        was; ``wanted``: one must be there that opens."""
        known, found, sound = self.known(), list[Trouble](), False
        for name in sorted(carrier.names("roll")):
            try:
                data = carrier.read("roll", name, LARGEST)
            except (MissingError, NameRefusedError):
                continue
            except TooLargeError:
                data = b""
            if name not in known:
                # Another computer's, that was not taken in yet; or anybody's.
                sound = sound or self._opens(data)
            elif hashlib.sha256(data).digest() == known[name]:
                sound = True
            else:
                found.append(Trouble("damaged", "roll", name))
        if wanted and not sound and not found:
            # Where this computer has a copy of one, that one: it can be put there.
            names = list(self._current()) or [one.name for one in self._present()]
            found += [Trouble("missing", "roll", name) for name in names[:1]]
        return found

    def differing(self, carrier: Carrier, told: Sequence[Trouble]) -> tuple[Trouble, ...]:
        """The rolls on a carrier that are not as they were handed on, but for those ``told`` already. They
        are small, and without one shares open nothing: not only whether they are there is looked at."""
        known = {(one.kind, one.name) for one in told}
        return tuple(
            one._replace(what="differs")
            for one in self.troubles(carrier, wanted=False)
            if (one.kind, one.name) not in known
        )

    def _opens(self, data: bytes) -> bool:
        try:
            root, _ = roll.opened(data, self._registrar.roll_identities)
        except SealError:
            return False
        return root == self._registrar.office.root

    def _current(self) -> dict[str, bytes]:
        """The files of the present roll that lie on the shelf as they were made, with their SHA-256."""
        return {one.name: one.digest for one in self._present() if self._is_whole(one)}

    def _present(self) -> list[office.RollFile]:
        """The files that hold what the roll says now."""
        now = self._registrar.office
        mark = roll.fingerprint(roll.gathered(now.roll))
        return [one for one in now.rolls if one.fingerprint == mark]

    def _is_whole(self, one: office.RollFile) -> bool:
        try:
            data = self._shelf.read("roll", one.name, LARGEST)
        except (MissingError, TooLargeError):
            return False
        return hashlib.sha256(data).digest() == one.digest

    def file(self) -> dict[str, bytes]:
        """The files of the present roll, with their SHA-256; one is written where there is none yet."""
        from pyrage.x25519 import Recipient

        now, said, by = self._registrar.office, self._registrar.standing, self._registrar.signer
        current = self._current()
        if not current:
            # Not their recipients of the moment: two computers that have both renewed theirs, and know only
            # the former one of each other, would never hear of each other again.
            recipients = [recipient_of(one.key) for one in said.present()]
            recipients.append(Recipient.from_str(said.recovery))
            name = new_id()
            data = roll.packed(now.roll, now.root, by.device.key, by.key, recipients)
            self._shelf.write("roll", name, data)
            digest = hashlib.sha256(data).digest()
            mark = roll.fingerprint(roll.gathered(now.roll))
            self._registrar.note(office.RollFile(name, mark, digest))
            current = {name: digest}
        for one in now.rolls:
            if one.name not in current:
                self._shelf.remove("roll", one.name)
        return current

    def superseded(self, carrier: Carrier, current: Collection[str]) -> None:
        """Takes the files of former rolls off a carrier."""
        there = carrier.names("roll")
        for one in self._registrar.office.rolls:
            if one.name in there and one.name not in current:
                carrier.remove("roll", one.name)
