"""A seat: a member's place on a computer that several use, as she finds it.

It is a folder with two files. ``keys.json``, under her passphrase, holds the
private key of the seat and the office's first root key, and says nothing of
who she is or what she holds. ``held.sealed``, for that key alone, holds the
keys of her compartments and the roll; only a computer of a coordinator writes
it, each time anew, and signs it (``vault.seats``).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import CasebookError, MembershipError, NotFoundError, PassphraseError, SealError
from estelik.vault import envelope, keys, roll
from estelik.vault.device import id_of, identity_of, recipient_of, signer
from estelik.vault.keys import KEY_SIZE, Keyring
from estelik.vault.roll import Signed
from estelik.vault.standing import standing

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.vault.device import Signer

FORMAT: Final = 1
#: The folder of the seats, within that of the casebook; each is called by its number.
SEATS: Final = "seats"
HELD: Final = "held.sealed"
#: The names of the keys in the key file of a seat: its own, and the office's first root key, which is public
#: and must not be exchanged.
SEAT_KEY: Final = "device"
ROOT_KEY: Final = "root"
_PURPOSE: Final = "seat"
_LARGEST: Final = 16 * 1024 * 1024


class Held(msgspec.Struct, frozen=True, array_like=True):
    """What a seat holds: its public key, that of the computer that hands this to it, the office's first root
    key, keys by name, the statements of the roll."""

    format: int
    seat: bytes
    by: bytes
    office: bytes
    keys: dict[str, bytes]
    roll: tuple[Signed, ...]

    def __repr__(self) -> str:
        return "Held(...)"


_encode: Final = msgspec.msgpack.Encoder(order="deterministic").encode
_decode: Final = msgspec.msgpack.Decoder(Held).decode


def digest(held: Held) -> bytes:
    """What two have in common only where they say the same."""
    return hashlib.sha256(_encode(held)).digest()


def packed(held: Held, by: Signer) -> bytes:
    """What a seat holds, as a file for that seat, signed by a computer."""
    return envelope.closed(_encode(held), _PURPOSE, by.key, [recipient_of(held.seat)])


def opened(data: bytes, seed: bytes, root: bytes) -> Held:
    """What the file of the seat whose private key is ``seed`` says. Raises ``SealError`` where it is damaged,
    for another seat, or not handed to it by a coordinator's computer."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    wrong = SealError("What this seat holds was not handed to it by a coordinator of this office.")
    found = envelope.opened(data, _PURPOSE, [identity_of(seed)])
    try:
        held = _decode(found.payload)
        found.check(Ed25519PublicKey.from_public_bytes(held.by))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise wrong from None
    if held.format > FORMAT:
        raise keys.newer_version()
    if held.office != root or held.seat != signer(seed, root).device.key:
        raise wrong
    if any(len(key) != KEY_SIZE for key in held.keys.values()):
        raise wrong
    said = standing(roll.gathered(held.roll), root)
    by, computer = said.of_device(id_of(held.by)), said.devices.get(id_of(held.by))
    if by is None or computer is None or computer.seat or not by.coordinator:
        raise wrong
    return held


class SeatKeyring(Keyring):
    """The keys that a seat holds, as long as it holds them."""

    __slots__ = ("_place", "_root", "held")
    seated = True

    def __init__(self, place: Path, seed: bytes, root: bytes) -> None:
        super().__init__({SEAT_KEY: seed})
        self._place = place
        self._root = root
        self.held: Held
        self.refresh(place)

    @property
    def path(self) -> Path:
        """The file of what was handed to the seat."""
        return self._place / HELD

    def refresh(self, folder: Path) -> None:  # noqa: ARG002 (a seat's keys lie in a folder of their own)
        """Takes over what was handed to the seat since. Raises ``MembershipError`` where it was taken away,
        and ``CasebookError`` where what it holds cannot be read."""
        path = self.path
        try:
            found = path.stat()
            now = found.st_ino, found.st_mtime_ns, found.st_size
            if now == self._seen:
                return
            if not path.is_file():
                raise _damaged()
            with path.open("rb") as file:
                data = file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise taken_away() from None
        except OSError:
            raise _damaged() from None
        if len(data) > _LARGEST:
            raise _damaged()
        seed = self[SEAT_KEY]
        try:
            held = opened(data, seed, self._root)
        except SealError:
            raise _damaged() from None
        said = standing(roll.gathered(held.roll), held.office)
        if said.of_device(id_of(held.seat)) is None:
            raise taken_away()
        self.held = held
        self._seen = now
        self._take({**held.keys, SEAT_KEY: seed})


def numbers(folder: Path) -> tuple[int, ...]:
    """The numbers of the seats of the casebook in ``folder``. Nothing else can be known without a key."""
    try:
        found = [path.name for path in (folder / SEATS).iterdir() if (path / keys.KEY_FILE).is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError:
        raise CasebookError(
            "The seats of this casebook cannot be read.", do="Check who may read the folder."
        ) from None
    return tuple(sorted(int(name) for name in found if _is_number(name)))


def place(folder: Path, number: int) -> Path:
    """The folder of the seat of that number."""
    return folder / SEATS / str(number)


def unlock(folder: Path, number: int, passphrase: bytes) -> SeatKeyring:
    """The keys of a seat. Raises ``NotFoundError`` where there is none of that number, ``PassphraseError``
    where the passphrase does not open it, ``MembershipError`` where it was taken away, ``CasebookError``
    where its files are damaged; nothing is written then."""
    own = _unlocked(folder, number, passphrase)
    if SEAT_KEY not in own or ROOT_KEY not in own:
        raise _damaged()
    return SeatKeyring(place(folder, number), own[SEAT_KEY], own[ROOT_KEY])


def change_passphrase(
    folder: Path, number: int, old: bytes, new: bytes, cost: keys.Cost = keys.STANDARD
) -> None:
    """Puts another passphrase in the place of that of a seat. Raises as ``unlock`` does."""
    _there(folder, number)
    try:
        keys.change_passphrase(place(folder, number), old, new, cost)
    except PassphraseError:
        raise _closed() from None


def _unlocked(folder: Path, number: int, passphrase: bytes) -> Keyring:
    _there(folder, number)
    try:
        return keys.unlock(place(folder, number), passphrase)
    except PassphraseError:
        raise _closed() from None
    except CasebookError as error:
        if error.what == keys.newer_version().what:
            raise
        raise _damaged() from None


def _there(folder: Path, number: int) -> None:
    if number not in numbers(folder):
        raise NotFoundError("There is no seat of this number.", do="Ask a coordinator: estelik seat list")


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 5 and str(int(name)) == name


def taken_away() -> MembershipError:
    """What is said at a seat that is none any more."""
    return MembershipError(
        "This seat was taken away.", safe="What was entered here stays.", do="Ask a coordinator."
    )


def _closed() -> PassphraseError:
    return PassphraseError(
        "The passphrase does not open this seat.", do="Check the passphrase and the number of the seat."
    )


def _damaged() -> CasebookError:
    return CasebookError(
        "The files of this seat are damaged.",
        safe="What was entered here is in the casebook, and safe.",
        do="Ask a coordinator to open the casebook; if that does not help, to take the seat away "
        "(estelik seat remove) and make another.",
    )
