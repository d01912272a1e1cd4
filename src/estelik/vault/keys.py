"""Keys: a passphrase unwraps the master key, the master key all others.

The key file is JSON beside the encrypted files. Argon2id (RFC 9106) makes a
key from the passphrase, once; it opens the master key, and the master key
opens one random 32-byte key for each compartment and the key for the ids of
rows that came without one. Everything is sealed with ChaCha20-Poly1305
(RFC 8439) over a context that names what it is, so that no entry can stand in
for another. Nothing in the file depends on what the casebook holds.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import CasebookError, PassphraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

FORMAT: Final = 1
KEY_FILE: Final = "keys.json"
KEY_SIZE: Final = 32
#: What the name of a key has behind it that is about to take the place of the one without
#: (``vault.rekeying``): of the two, that one counts which opens the file.
NEXT: Final = ".next"
#: The name of the key that all who hold the sources have beside theirs.
SOURCES_KEY: Final = "statement-ids"
_NONCE_SIZE = 12
_LARGEST_FILE = 64 * 1024
_CONTEXT = "estelik key file"


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess at the passphrase costs: memory in KiB, passes over it, lanes."""

    memory: int = 256 * 1024
    passes: int = 3
    lanes: int = 2


#: What a new casebook costs to open: about 0.5 s and 256 MiB on a small laptop.
STANDARD: Final = Cost()
#: A header that asks for more is not ours: it would only exhaust the machine.
_CEILING = Cost(memory=1024 * 1024, passes=16, lanes=16)


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nonce: bytes
    sealed: bytes


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    kdf: str
    cost: Cost
    salt: bytes
    master: _Sealed
    keys: dict[str, _Sealed]


class _Version(msgspec.Struct):
    format: int


class Keyring:
    """The keys that an unlocked casebook holds, by name; it never shows them."""

    __slots__ = ("_keys", "_master", "_seen", "edition")
    #: Whether these are the keys of a seat (``vault.seat``), and not of the computer.
    seated = False

    def __init__(self, keys: dict[str, bytes], master: bytes = b"") -> None:
        self._keys = keys
        self._master = master
        #: The key file as it was read last.
        self._seen: object = None
        #: Another number when keys came, went or were replaced.
        self.edition = 0

    def __repr__(self) -> str:
        return "Keyring(...)"

    def __reduce__(self) -> str:
        raise TypeError("keys are not written out")

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    def __getitem__(self, name: str) -> bytes:
        """The 32 bytes of key ``name``; KeyError when this member does not hold it."""
        return self._keys[name]

    def packed(self) -> tuple[list[str], bytes]:
        """The names of all keys, and the keys behind the master key, one after the other: for the key holder
        of this computer and nobody else."""
        return list(self._keys), self._master + b"".join(self._keys.values())

    @classmethod
    def unpacked(cls, names: Sequence[str], data: bytes) -> Keyring:
        """What ``packed`` gave. Raises ``ValueError`` where it is not of that form."""
        if len(data) != KEY_SIZE * (len(names) + 1):
            raise ValueError("not a key for each name")
        master, *keys = (data[start : start + KEY_SIZE] for start in range(0, len(data), KEY_SIZE))
        return cls(dict(zip(names, keys, strict=True)), master)

    def refresh(self, folder: Path) -> None:
        """Takes over what another process has put in the place of keys that are held here."""
        if not self._master:
            return
        with contextlib.suppress(OSError, CasebookError):
            found = (folder / KEY_FILE).stat()
            now = found.st_ino, found.st_mtime_ns, found.st_size
            if now != self._seen:
                sealed = _read(folder / KEY_FILE).keys
                wanted = {name: one for name, one in sealed.items() if name.removesuffix(NEXT) in self._keys}
                fresh = {name: _open(self._master, one, _key_context(name)) for name, one in wanted.items()}
                kept = {name: key for name, key in self._keys.items() if not name.endswith(NEXT)}
                self._take(kept | fresh)
                self._seen = now

    def _take(self, keys: dict[str, bytes]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.edition += 1

    def change(self, folder: Path, *, put: Mapping[str, bytes] = {}, drop: Collection[str] = ()) -> None:
        """Adds and replaces keys, and forgets others, here and in the key file of ``folder``.

        Raises ``CasebookError`` where the key file is not of this keyring.
        """
        with alone(folder):
            self._change(folder, put, drop)

    def settle(self, folder: Path, name: str, key: bytes, make: Callable[[], None]) -> None:
        """Adds a key once ``make`` has made what it is for; where another process has done so before, takes
        its key over, and makes nothing."""
        with alone(folder):
            file = _read(folder / KEY_FILE)
            if name in file.keys:
                key = _open(self._master, file.keys[name], _key_context(name))
                self._take({**self._keys, name: key})
                return
            make()
            self._change(folder, {name: key}, ())

    def _change(self, folder: Path, put: Mapping[str, bytes], drop: Collection[str]) -> None:
        path = folder / KEY_FILE
        _sweep(folder)
        file = _read(path)
        _open(self._master, next(iter(file.keys.values())), _key_context(next(iter(file.keys))))
        sealed = file.keys | {name: _seal(self._master, key, _key_context(name)) for name, key in put.items()}
        kept = {name: one for name, one in sealed.items() if name not in drop}
        write_atomically(path, _encoded(msgspec.structs.replace(file, keys=kept)))
        both = {**self._keys, **put}
        self._take({name: key for name, key in both.items() if name not in drop})


def create(
    folder: Path,
    passphrase: bytes,
    names: Sequence[str],
    cost: Cost = STANDARD,
    *,
    given: Mapping[str, bytes] | None = None,
) -> Keyring:
    """Makes new keys, adds those that are ``given``, and writes the key file, atomically and never over
    another."""
    path = folder / KEY_FILE
    if path.exists():
        raise CasebookError("There is a casebook in this folder already.", do="Choose another folder.")
    keys = {name: secrets.token_bytes(KEY_SIZE) for name in names} | dict(given or {})
    file, master = _sealed(passphrase, keys, cost)
    write_atomically(path, _encoded(file))
    return Keyring(keys, master)


def _sealed(passphrase: bytes, keys: Mapping[str, bytes], cost: Cost) -> tuple[_KeyFile, bytes]:
    """A new key file with these keys, and its master key."""
    salt = secrets.token_bytes(16)
    master = secrets.token_bytes(KEY_SIZE)
    file = _KeyFile(
        format=FORMAT,
        kdf="argon2id",
        cost=cost,
        salt=salt,
        master=_seal(_derive(passphrase, salt, cost), master, _master_context(cost, salt)),
        keys={name: _seal(master, key, _key_context(name)) for name, key in keys.items()},
    )
    return file, master


def _sweep(folder: Path) -> None:
    """Takes away what was left by one who was stopped while writing: it may hold a key that was dropped
    since, or open with a passphrase that was."""
    for half in folder.glob(f".{KEY_FILE}.*"):
        half.unlink(missing_ok=True)


def unlock(folder: Path, passphrase: bytes) -> Keyring:
    """The keys of the casebook in ``folder``.

    Raises ``PassphraseError`` when the passphrase does not open it (or the
    sealed keys were changed: the two cannot be told apart), ``CasebookError``
    when there is no key file, or it is damaged or of a newer version.
    """
    file = _read(folder / KEY_FILE)
    derived = _derive(passphrase, file.salt, file.cost)
    master = _open(derived, file.master, _master_context(file.cost, file.salt))
    keys = {name: _open(master, sealed, _key_context(name)) for name, sealed in file.keys.items()}
    return Keyring(keys, master)


def change_passphrase(folder: Path, old: bytes, new: bytes, cost: Cost = STANDARD) -> None:
    """Puts the passphrase ``new`` in the place of ``old``: another salt, another master key, the same keys.
    Raises as ``unlock`` does; the old one opens the file then."""
    with alone(folder):
        ring = unlock(folder, old)
        _sweep(folder)
        keys = {name: ring[name] for name in _read(folder / KEY_FILE).keys}
        write_atomically(folder / KEY_FILE, _encoded(_sealed(new, keys, cost)[0]))


def names(folder: Path) -> frozenset[str]:
    """The names of the keys that the key file of ``folder`` holds now. Raises ``CasebookError``."""
    return frozenset(_read(folder / KEY_FILE).keys)


def write_atomically(path: Path, data: bytes) -> None:
    """Writes ``data`` so that after a crash the file is there whole or not at all. Raises ``CasebookError``
    where the disk does not take it: the file is as it was then."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise _unwritten(error) from None
        raise
    sync_folder(path.parent)


def _unwritten(error: OSError) -> CasebookError:
    """What is said where a small file of the casebook cannot be written."""
    safe = "What was entered before is as it was."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CasebookError("The disk is full.", safe=safe, do="Make room and try again.")
    return CasebookError(
        "A file of this casebook cannot be written.",
        safe=safe,
        do="Check who may write to the folder, and whether the disk is read-only or fails; then try again.",
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Whoever else changes a small file of this casebook waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Some network drives know no locks; there is no better way on them.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Makes sure that the names in ``folder`` outlast a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _encoded(file: _KeyFile) -> bytes:
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def _read(path: Path) -> _KeyFile:
    damaged = CasebookError(
        "The key file of this casebook is damaged.",
        safe="Nothing was written.",
        do="Put back keys.json from a copy of the casebook.",
    )
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise CasebookError(
            "There is no casebook in this folder.", do="Check the folder, or make a casebook with init."
        ) from None
    except OSError:
        raise CasebookError(
            "The key file of this casebook cannot be read.", do="Check who may read the folder."
        ) from None
    if len(data) > _LARGEST_FILE:
        raise damaged
    try:
        version = msgspec.json.decode(data, type=_Version).format
        if version > FORMAT:
            raise newer_version()
        file_ = msgspec.json.decode(data, type=_KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise damaged from None
    cost = file_.cost
    if file_.format != FORMAT or file_.kdf != "argon2id" or not 8 <= len(file_.salt) <= 64:
        raise damaged
    if not (
        8 * cost.lanes <= cost.memory <= _CEILING.memory
        and 1 <= cost.passes <= _CEILING.passes
        and 1 <= cost.lanes <= _CEILING.lanes
    ):
        raise damaged
    return file_


def newer_version() -> CasebookError:
    """What is said of a casebook that a newer Estelik made."""
    return CasebookError(
        "This casebook was made by a newer version of Estelik.",
        safe="Nothing was written.",
        do="Open it with that version, or a later one.",
    )


def older_version() -> CasebookError:
    """What is said of a casebook that an Estelik made that was never released."""
    return CasebookError(
        "This casebook was made by a version of Estelik from before the first release.",
        safe="Nothing was written.",
        do="Export it with that version, and import the sheet into a new casebook.",
    )


def _derive(passphrase: bytes, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(passphrase, salt, cost.passes, cost.memory, cost.lanes, KEY_SIZE, Type.ID)


def _master_context(cost: Cost, salt: bytes) -> bytes:
    return b"|".join((f"{_CONTEXT} {FORMAT}|master".encode(), msgspec.json.encode(cost), salt))


def _key_context(name: str) -> bytes:
    return f"{_CONTEXT} {FORMAT}|key|{name}".encode()


def _seal(key: bytes, secret: bytes, context: bytes) -> _Sealed:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(_NONCE_SIZE)
    return _Sealed(nonce, ChaCha20Poly1305(key).encrypt(nonce, secret, context))


def _open(key: bytes, sealed: _Sealed, context: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        secret = ChaCha20Poly1305(key).decrypt(sealed.nonce, sealed.sealed, context)
        if len(secret) == KEY_SIZE:
            return secret
    except (InvalidTag, ValueError):
        pass
    raise PassphraseError(
        "The passphrase does not open this casebook.",
        safe="Nothing was written.",
        do="Check the passphrase and the folder.",
    )
