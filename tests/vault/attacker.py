"""Somebody who has every key that still exists, and tries each on every byte that ever stood anywhere.

Written from ``docs/format.md`` alone, with other libraries for the databases;
nothing of the program is used. Keys are looked for in whatever opens: in pages
of databases that are in use and in those that are free, in the office file, in
envelopes, tables, epochs, pages and records, until nothing more opens.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from typing import TYPE_CHECKING, Any

import msgspec
import pyrage
from argon2.low_level import Type, hash_secret_raw
from bech32 import bech32_encode, convertbits
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage.x25519 import Identity
from shamir_mnemonic import combine_mnemonics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]{58}")
_HEXADECIMAL = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_PAGE = 4096
_RESERVED = 80


class Attacker:
    """What somebody knows: files that stood on carriers, keys, and all that opened so far."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}
        self.identities: dict[str, Identity] = {}
        self.keys: set[bytes] = set()
        #: What was read: the text of every record, whole files of evidence, every page of every database.
        self.read: list[bytes] = []
        self._tried: set[tuple[str, str, str]] = set()
        self._opened: set[tuple[str, str]] = set()
        #: Sealed records of the segments that opened, with what each is bound to.
        self._sealed: dict[tuple[bytes, bytes], None] = {}
        self._done: set[tuple[bytes, bytes]] = set()

    # What he gets hold of

    def carrier(self, folder: Path) -> None:
        """Everything on a carrier; what he has already stays."""
        for path in folder.glob("estelik/*/*"):
            self.files[path.parent.name, path.name] = path.read_bytes()

    def shares(self, shares: Sequence[str]) -> None:
        """Enough shares: the recovery identity."""
        secret = combine_mnemonics(list(shares))
        derived = HKDF(SHA256(), 32, None, b"estelik office 1 recovery").derive(secret)
        words = convertbits(derived, 8, 5)
        assert words is not None
        self.learn(bech32_encode("age-secret-key-", words).upper().encode())

    def casebook(self, folder: Path, passphrase: bytes) -> None:
        """A computer with its passphrase: the office file, the shelf, every byte of every database."""
        file = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        cost, salt = file["cost"], base64.b64decode(file["salt"])
        derived = hash_secret_raw(
            passphrase, salt, cost["passes"], cost["memory"], cost["lanes"], 32, Type.ID, version=19
        )
        price = json.dumps(
            {part: cost[part] for part in ("memory", "passes", "lanes")}, separators=(",", ":")
        )
        context = b"estelik key file 1|master|" + price.encode() + b"|" + salt
        master = _unwrapped(derived, file["master"], context)
        keys = {
            name: _unwrapped(master, sealed, f"estelik key file 1|key|{name}".encode())
            for name, sealed in file["keys"].items()
        }
        office = (folder / "office.sealed").read_bytes()
        self.learn(
            ChaCha20Poly1305(keys["office"]).decrypt(office[:12], office[12:], b"estelik office file 2")
        )
        for path in folder.glob("*.db"):
            for page in _pages(path.read_bytes(), keys[path.stem]):
                self.learn(page)
                self.read.append(page)
        self.carrier(folder / "sealed")

    def learn(self, data: bytes) -> None:
        """Keys in anything that was read."""
        for text in _IDENTITY.findall(data):
            if text.decode() not in self.identities:
                self.identities[text.decode()] = Identity.from_str(text.decode())
        self.keys |= {bytes.fromhex(text.decode()) for text in _HEXADECIMAL.findall(data)}

    # What he does with it

    def everything(self) -> bytes:
        """All that can be read in the end."""
        while True:
            before = len(self.identities), len(self.keys), len(self._opened), len(self._done)
            for (kind, name), data in self.files.items():
                if (kind, name) not in self._opened:
                    self._page(name, data) if kind == "page" else self._age(kind, name, data)
            self._records()
            if before == (len(self.identities), len(self.keys), len(self._opened), len(self._done)):
                return b"\n".join(self.read)

    def _age(self, kind: str, name: str, data: bytes) -> None:
        for text, identity in list(self.identities.items()):
            if (kind, name, text) in self._tried:
                continue
            self._tried.add((kind, name, text))
            try:
                plain = pyrage.decrypt(data, [identity])
            except pyrage.DecryptError:
                continue
            self._opened.add((kind, name))
            self.learn(plain)
            if kind == "blob":
                self.read.append(plain)
                return
            (length,) = struct.unpack(">Q", plain[:8])
            content = msgspec.msgpack.decode(plain[72 : 72 + length])
            self.keys |= {one for one in _bytes(content) if len(one) == 32}
            if kind == "segment":
                self._segment(content)
            return

    def _segment(self, content: list[Any]) -> None:
        _, _, compartment, *_, ids, sizes, texts = content
        start = 0
        for place, size in enumerate(sizes):
            name = base64.b32encode(ids[16 * place : 16 * place + 16]).decode().rstrip("=").lower()
            if size:
                context = f"estelik record 1\0{compartment}\0{name}".encode()
                self._sealed[texts[start : start + size], context] = None
            start += size or 32

    def _page(self, name: str, data: bytes) -> None:
        for key in list(self.keys):
            attempt = "page", name, key.hex()
            if attempt in self._tried:
                continue
            self._tried.add(attempt)
            try:
                plain = ChaCha20Poly1305(key).decrypt(
                    data[:12], data[12:], f"estelik page 1\0{name}".encode()
                )
            except (InvalidTag, ValueError):
                continue
            self._opened.add(("page", name))
            self.learn(plain)
            self.keys |= {one for one in _bytes(msgspec.msgpack.decode(plain)) if len(one) == 32}
            return

    def _records(self) -> None:
        for sealed, context in self._sealed:
            if (sealed, context) in self._done:
                continue
            for key in list(self.keys):
                attempt = "record", hashlib.sha256(sealed).hexdigest(), key.hex()
                if attempt in self._tried:
                    continue
                self._tried.add(attempt)
                try:
                    text = ChaCha20Poly1305(key).decrypt(bytes(12), sealed, context)
                except (InvalidTag, ValueError):
                    continue
                self._done.add((sealed, context))
                self.learn(text)
                self.read.append(text)
                break

    @property
    def shut(self) -> int:
        """How many sealed records of the segments that opened did not open."""
        return len(self._sealed) - len(self._done)


def _bytes(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _bytes(one)
    elif isinstance(value, dict):
        yield from _bytes(list(value.values()))


def _unwrapped(key: bytes, sealed: dict[str, str], context: bytes) -> bytes:
    nonce, secret = (base64.b64decode(sealed[part]) for part in ("nonce", "sealed"))
    return ChaCha20Poly1305(key).decrypt(nonce, secret, context)


def _pages(data: bytes, key: bytes) -> Iterable[bytes]:
    """Every page of a database, those that are free included (SQLCipher 4: AES-256-CBC, with its vector and
    code at the end of each page)."""
    for start in range(0, len(data) - _PAGE + 1, _PAGE):
        page = data[start : start + _PAGE]
        sealed = page[16 if start == 0 else 0 : _PAGE - _RESERVED]
        vector = page[_PAGE - _RESERVED : _PAGE - _RESERVED + 16]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        yield decryptor.update(sealed) + decryptor.finalize()
