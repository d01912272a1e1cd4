"""The office as this device knows it: its root, its recovery key, its carriers.

One small file, ``office.sealed``, under a key of its own. Nothing of it goes
to a carrier. The offline secret lies in it only until it is shared out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import CasebookError, SealError
from estelik.vault import box
from estelik.vault.keys import alone, newer_version, older_version, write_atomically
from estelik.vault.roll import Signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE: Final = "office.sealed"
FORMAT: Final = 2
#: The name that the team's ledger has among the carriers.
LEDGER: Final = "ledger"
_CONTEXT: Final = b"estelik office file 2"
_BEFORE: Final = b"estelik office file 1"


class Custody(msgspec.Struct, frozen=True):
    """How the secret was shared out: ``needed`` of ``shares``, when (seconds since 1970), and which shares
    (counted from 1) their custodians have confirmed since, with the time."""

    needed: int
    shares: int
    made: int
    confirmed: dict[int, int] = {}


class Drilled(msgspec.Struct, frozen=True):
    """The last drill on this computer: when (seconds since 1970), how many records there were, how many came
    back, how many no carrier had, and whether all came back as they were."""

    made: int
    records: int
    restored: int
    lost: int
    identical: bool


class Place(msgspec.Struct, frozen=True):
    """A carrier: the name it goes by here, its address, what it needs beside it, when it was last synced
    with (0: never), the name of the mark that this device left on it ("": none yet), up to which record
    of each compartment every blob was there (compartment -> ``seq``), up to which point of its own all that
    came to it was taken in ("": not noted), and up to which record every blob had ever been there."""

    name: str
    address: str
    secret: dict[str, str] = {}
    synced: int = 0
    mark: str = ""
    blobs: dict[str, int] = {}
    point: str = ""
    handed: dict[str, int] = {}

    @property
    def ever(self) -> dict[str, int]:
        """Up to which record of each compartment every blob was there at some time: what lies before and is
        not there is gone."""
        return _farther(self.handed, self.blobs)

    def reaching(self, blobs: dict[str, int]) -> Place:
        """This place, with the blobs there as far as ``blobs`` says."""
        return msgspec.structs.replace(self, blobs=blobs, handed=_farther(self.ever, blobs))

    def __repr__(self) -> str:
        return f"Place({self.name!r}, ...)"


def _farther(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in one | other}


class RollFile(msgspec.Struct, frozen=True):
    """A file of the roll: its name, the fingerprint of the statements that it holds, its SHA-256."""

    name: str
    fingerprint: bytes
    digest: bytes


class Seat(msgspec.Struct, frozen=True):
    """A seat on this computer: its number, its public key, the id of its member; the names of the keys that
    may have been copied from it since they were made; what was last handed to it (``vault.seats``)."""

    number: int
    key: bytes
    member: str
    keys: tuple[str, ...] = ()
    handed: bytes = b""


class Office(msgspec.Struct, frozen=True):
    """``root``: the office's first root key, empty on a computer that waits to be admitted, ``words``: those
    of the office that it waits for; ``identities``: the age identities of this device, the present one last;
    ``roll``: the statements of the roll, ``rolls``: the files that it came in or went out with; ``renewed``:
    the epoch of each compartment at which this device has last renewed its identity; ``closed``: files of
    carriers that are for others; ``secret``: the offline secret, empty once it is shared
    out; ``ledger``: whether the carrier of that name is the team's ledger; ``seats``: those on this
    computer, by number; ``drilled``: the last drill."""

    format: int
    root: bytes
    identities: tuple[str, ...]
    words: str = ""
    roll: tuple[Signed, ...] = ()
    rolls: tuple[RollFile, ...] = ()
    renewed: dict[str, int] = {}
    closed: tuple[str, ...] = ()
    secret: bytes = b""
    custody: Custody | None = None
    carriers: tuple[Place, ...] = ()
    ledger: bool = False
    seats: tuple[Seat, ...] = ()
    drilled: Drilled | None = None

    def __repr__(self) -> str:
        return "Office(...)"

    def place(self, name: str) -> Place | None:
        """The carrier of that name."""
        return next((one for one in self.carriers if one.name == name), None)

    def with_place(self, place: Place) -> Office:
        """This office with ``place`` in place of the carrier of that name, or beside the others."""
        if self.place(place.name) is None:
            return msgspec.structs.replace(self, carriers=(*self.carriers, place))
        carriers = tuple(place if one.name == place.name else one for one in self.carriers)
        return msgspec.structs.replace(self, carriers=carriers)


def read(folder: Path, key: bytes) -> Office:
    """The office file of a casebook. Raises ``CasebookError`` where it is missing or damaged."""
    try:
        data = (folder / FILE).read_bytes()
        if _is_older(key, data):
            raise older_version()
        found = msgspec.json.decode(box.opened(key, data, _CONTEXT), type=Office)
    except OSError:
        raise CasebookError(
            "The file office.sealed of this casebook is missing or cannot be read.",
            do="Put it back from a copy of the casebook.",
        ) from None
    except (SealError, ValueError, msgspec.DecodeError):
        raise CasebookError(
            "The file office.sealed of this casebook is damaged.",
            do="Put it back from a copy of the casebook.",
        ) from None
    if found.format > FORMAT:
        raise newer_version()
    return found


def _is_older(key: bytes, data: bytes) -> bool:
    try:
        box.opened(key, data, _BEFORE)
    except SealError:
        return False
    return True


def change(folder: Path, key: bytes, changed: Callable[[Office], Office]) -> None:
    """Reads the office file, changes it and writes it; whoever else changes it waits."""
    with alone(folder):
        now = read(folder, key)
        for half in folder.glob(f".{FILE}.*"):
            # Left by one who was stopped while writing: it may hold a secret that was shared out since.
            half.unlink(missing_ok=True)
        write(folder, key, changed(now))


def write(folder: Path, key: bytes, office: Office) -> None:
    """Writes the office file, whole or not at all."""
    write_atomically(folder / FILE, box.closed(key, msgspec.json.encode(office), _CONTEXT))
