"""The format, read by a program that knows nothing of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest
from bech32 import bech32_encode, convertbits
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage.x25519 import Identity
from shamir_mnemonic import combine_mnemonics

VECTORS = json.loads((Path(__file__).parent / "vectors" / "office.json").read_text(encoding="utf-8"))
SECRET = bytes.fromhex(VECTORS["secret"])


def _derived(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"estelik office 1 {purpose}".encode()).derive(SECRET)


def _padded(size: int) -> int:
    exponent = size.bit_length() - 1
    unit = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // unit) * unit


def _opened(name: str, identity: str, file: str = "") -> Any:
    """What is in a signed file: its signature is checked, and its padding."""
    data = bytes.fromhex(file or VECTORS[name]["file"])
    plain = pyrage.decrypt(data, [Identity.from_str(identity)])
    (length,) = struct.unpack(">Q", plain[:8])
    payload = plain[72 : 72 + length]
    assert len(plain) == _padded(72 + length)
    assert not any(plain[72 + length :])
    signed = f"estelik {name} 1\0".encode() + hashlib.sha256(payload).digest()
    content = msgspec.msgpack.decode(payload)
    office, key, certificate = content[1]
    assert office.hex() == VECTORS["root"]
    Ed25519PublicKey.from_public_bytes(office).verify(certificate, b"estelik device 1\0" + key)
    Ed25519PublicKey.from_public_bytes(key).verify(plain[8:72], signed)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(office).verify(plain[8:72], signed)
    return content


def _records(ids: bytes, sizes: list[int], texts: bytes) -> list[tuple[str, bytes, str]]:
    """Each record's id, and its sealed text, or its digest where it was erased."""
    found = []
    for place, size in enumerate(sizes):
        name = base64.b32encode(ids[16 * place : 16 * place + 16]).decode().rstrip("=").lower()
        found.append((name, texts[: size or 32], "text" if size else "digest"))
        texts = texts[size or 32 :]
    assert texts == b""
    assert len(ids) == 16 * len(sizes)
    return found


def test_this_reader_does_without_the_program() -> None:
    """What it proves would be worth nothing otherwise."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert not any(
        line.lstrip().startswith(("import estelik", "from estelik")) for line in source.splitlines()
    )


def test_shares_lead_to_the_keys_of_the_office() -> None:
    """Two shares, the secret, the root, the recovery key, and a key that all devices share."""
    assert combine_mnemonics(VECTORS["shares"]) == SECRET
    root = Ed25519PrivateKey.from_private_bytes(_derived("root"))
    assert root.public_key().public_bytes_raw().hex() == VECTORS["root"]
    words = convertbits(_derived("recovery"), 8, 5)
    assert words is not None
    assert bech32_encode("age-secret-key-", words).upper() == VECTORS["recovery_identity"]
    recipient = Identity.from_str(VECTORS["recovery_identity"]).to_public()
    assert str(recipient) == VECTORS["recovery_recipient"]
    shared = VECTORS["shared_key"]
    assert _derived(shared["purpose"]).hex() == shared["key"]


def test_a_device_is_named_by_its_key_and_certified_by_the_root() -> None:
    """Ed25519 signatures are the same wherever they are made."""
    device = VECTORS["device"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(device["seed"])).public_key().public_bytes_raw()
    assert key.hex() == device["key"]
    name = base64.b32encode(hashlib.sha256(key).digest()[:16]).decode().rstrip("=").lower()
    assert name == device["id"]
    root = Ed25519PrivateKey.from_private_bytes(_derived("root"))
    assert root.sign(b"estelik device 1\0" + key).hex() == device["certificate"]


def test_records_and_the_entries_that_chain_them() -> None:
    """Each record is sealed with its key, for its place; each entry is bound to the one before."""
    chain, device = VECTORS["chain"], VECTORS["device"]["id"]
    compartment = chain["compartment"]
    entry = hashlib.sha256(
        b"estelik chain 1\0" + bytes.fromhex(VECTORS["root"]) + f"{device}\0{compartment}".encode()
    ).digest()
    assert entry.hex() == chain["start"]
    for number, (record, expected) in enumerate(zip(VECTORS["records"], chain["entries"], strict=True), 1):
        context = f"estelik record 1\0{compartment}\0{record['id']}".encode()
        cipher = ChaCha20Poly1305(bytes.fromhex(record["key"]))
        sealed = cipher.encrypt(bytes(12), bytes.fromhex(record["text"]), context)
        assert sealed.hex() == record["sealed"]
        assert hashlib.sha256(sealed).hexdigest() == record["digest"]
        before = f"estelik entry 1\0{device}\0{compartment}\0".encode() + struct.pack(">Q", number) + entry
        entry = hashlib.sha256(
            before + f"{record['id']}\0".encode() + bytes.fromhex(record["digest"])
        ).digest()
        assert entry.hex() == expected


def test_from_the_shares_to_a_record_through_every_file() -> None:
    """The recovery key opens the table, the table the page, the page the segment and its records."""
    of = VECTORS["segment"]
    for identity in (VECTORS["recovery_identity"], VECTORS["table"]["epoch_identity"]):
        made = _opened("table", identity)
        assert [made[0], *made[2:7]] == [1, "testimony", 1, 1, False, 1_600_000_000]
        ((segment, version, name, key),) = made[7]
        assert (segment, version, name, key.hex()) == (
            of["name"],
            1,
            VECTORS["page"]["name"],
            VECTORS["page"]["key"],
        )
    file = bytes.fromhex(VECTORS["page"]["file"])
    assert file[:12].hex() == VECTORS["page"]["nonce"]
    context = f"estelik page 1\0{VECTORS['page']['name']}".encode()
    page = msgspec.msgpack.decode(
        ChaCha20Poly1305(bytes.fromhex(VECTORS["page"]["key"])).decrypt(file[:12], file[12:], context)
    )
    assert page[:4] == [1, of["name"], hashlib.sha256(bytes.fromhex(of["file"])).digest(), 1]
    assert [key.hex() for key in page[5]] == [record["key"] for record in VECTORS["records"]]
    made = _opened("segment", page[4])
    assert [made[0], *made[2:5]] == [2, "testimony", 1, bytes.fromhex(VECTORS["chain"]["start"])]
    assert made[5:7] == [[["d" * 26, 7, bytes([4]) * 32]], 1_600_000_000]
    assert _records(*made[7:]) == [
        (record["id"], bytes.fromhex(record["sealed"]), "text") for record in VECTORS["records"]
    ]
    kind, _, _, body = msgspec.msgpack.decode(bytes.fromhex(VECTORS["records"][1]["text"]))
    assert (kind, json.loads(body)) == ("subject", {"label": "Ажар"})


def test_an_erased_record_leaves_its_digest_in_the_chain() -> None:
    """What is left of it in a segment is enough to check every entry, and opens nothing."""
    made = _opened("segment", VECTORS["segment"]["identity"], VECTORS["segment"]["erased"])
    first, second = VECTORS["records"]
    assert _records(*made[7:]) == [
        (first["id"], bytes.fromhex(first["digest"]), "digest"),
        (second["id"], bytes.fromhex(second["sealed"]), "text"),
    ]
