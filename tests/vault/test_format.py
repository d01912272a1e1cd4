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
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage.x25519 import Identity
from shamir_mnemonic import combine_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

VECTORS = json.loads((Path(__file__).parent / "vectors" / "office.json").read_text(encoding="utf-8"))
SECRET = bytes.fromhex(VECTORS["secret"])


def _derived(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"estelik office 1 {purpose}".encode()).derive(SECRET)


def _padded(size: int) -> int:
    exponent = size.bit_length() - 1
    unit = 1 << max(0, exponent - exponent.bit_length())
    return -(-size // unit) * unit


def _opened(name: str, identity: str, file: str = "", by: int = 0) -> Any:
    """What is in a signed file: its signature is checked, and its padding."""
    data = bytes.fromhex(file or VECTORS[name]["file"])
    plain = pyrage.decrypt(data, [Identity.from_str(identity)])
    (length,) = struct.unpack(">Q", plain[:8])
    payload = plain[72 : 72 + length]
    assert len(plain) == _padded(72 + length)
    assert not any(plain[72 + length :])
    signed = f"estelik {name} 1\0".encode() + hashlib.sha256(payload).digest()
    content = msgspec.msgpack.decode(payload)
    office, key = content[1] if not by else content[1:3]
    assert office.hex() == VECTORS["root"]
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


def test_a_device_is_named_by_its_key() -> None:
    """The first half of its hash, in letters."""
    device = VECTORS["device"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(device["seed"])).public_key().public_bytes_raw()
    assert key.hex() == device["key"]
    name = base64.b32encode(hashlib.sha256(key).digest()[:16]).decode().rstrip("=").lower()
    assert name == device["id"]


def test_a_device_reads_the_roll_with_its_own_key() -> None:
    """The recipient is its public key as X25519 writes it, the identity its private one."""
    device = VECTORS["device"]
    prime = 2**255 - 19
    y = int.from_bytes(bytes.fromhex(device["key"]), "little") % 2**255
    point = (1 + y) * pow(1 - y, -1, prime) % prime
    scalar = hashlib.sha512(bytes.fromhex(device["seed"])).digest()[:32]
    for head, data, expected in (
        ("age", point.to_bytes(32, "little"), "roll_recipient"),
        ("age-secret-key-", scalar, "roll_identity"),
    ):
        words = convertbits(data, 8, 5)
        assert words is not None
        assert bech32_encode(head, words).upper() == device[expected].upper()
    assert str(Identity.from_str(device["roll_identity"]).to_public()) == device["roll_recipient"]


def test_statements_of_the_roll_are_signed_by_whom_they_name() -> None:
    """Each by its own signature; the first root says who the first coordinator is, and she who comes next."""
    root, device = VECTORS["root"], VECTORS["device"]["key"]
    said = []
    for one in VECTORS["statements"]:
        data = bytes.fromhex(one["said"])
        digest = hashlib.sha256(data).digest()
        assert digest.hex() == one["digest"]
        content = msgspec.msgpack.decode(data)
        key = Ed25519PublicKey.from_public_bytes(content[2])
        key.verify(bytes.fromhex(one["signature"]), b"estelik statement 1\0" + digest)
        assert content[1].hex() == root
        said.append((content[0], content[2].hex()))
    assert said[:5] == [
        ("authority", root),
        ("membership", root),
        ("enrolment", root),
        ("membership", device),
        ("enrolment", device),
    ]
    assert [kind for kind, _ in said[5:]] == ["renewal", "membership", "withdrawal"]
    content = _opened("roll", VECTORS["device"]["roll_identity"], by=2)
    assert sorted(data for data, _ in content[3]) == sorted(
        bytes.fromhex(one["said"]) for one in VECTORS["statements"]
    )


def test_an_epoch_is_for_the_devices_that_hold_the_compartment_and_the_custodians() -> None:
    """Its identity opens the tables; a carrier sees no more recipients than a power of two."""
    for identity in (VECTORS["device"]["identity"], VECTORS["recovery_identity"]):
        made = _opened("epoch", identity)
        assert [made[0], *made[2:7]] == [
            1,
            "testimony",
            1,
            VECTORS["epoch"]["id"],
            1_600_000_000,
            VECTORS["table"]["epoch_identity"],
        ]
        assert made[7] == sorted([VECTORS["device"]["recipient"], VECTORS["recovery_recipient"]])
        assert made[8] == {"statement-ids": bytes.fromhex(VECTORS["shared_key"]["key"])}
        assert made[9] == VECTORS["device"]["id"]
    assert bytes.fromhex(VECTORS["epoch"]["file"]).count(b"\n-> X25519 ") == 4


def test_words_are_ten_bits_each_of_a_hash() -> None:
    """Those of a request and of an office, out of the list of SLIP-39."""
    request = VECTORS["request"]
    head, _, data = request["text"].partition(":")
    assert head == "estelik-request-1"
    key, recipient, signature = msgspec.msgpack.decode(base64.b64decode(data))
    said = b"estelik request 1\0" + key + recipient.encode()
    Ed25519PublicKey.from_public_bytes(key).verify(signature, said)
    root = bytes.fromhex(VECTORS["root"])
    for content, words in (
        (said, request["words"]),
        (b"estelik office 1\0" + root, VECTORS["office_words"]),
    ):
        bits = f"{int.from_bytes(hashlib.sha256(content).digest()[:10], 'big'):080b}"
        assert words.split() == [WORDLIST[int(bits[n : n + 10], 2)] for n in range(0, 80, 10)]


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
        vouched = [one["said"] for one in VECTORS["statements"][:3]]
        assert sorted(data.hex() for data, _ in made[8]) == sorted(vouched)
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


def test_a_page_from_which_a_key_was_taken_still_opens_every_other_record() -> None:
    """The next version under another key: empty where the record was erased, the same for the rest."""
    held = VECTORS["erased_page"]
    file, key = bytes.fromhex(held["file"]), bytes.fromhex(held["key"])
    context = f"estelik page 1\0{held['name']}".encode()
    content = msgspec.msgpack.decode(ChaCha20Poly1305(key).decrypt(file[:12], file[12:], context))
    before = bytes.fromhex(VECTORS["page"]["file"])
    with pytest.raises(InvalidTag):
        ChaCha20Poly1305(key).decrypt(
            before[:12], before[12:], f"estelik page 1\0{VECTORS['page']['name']}".encode()
        )
    assert content[:4] == [
        *(1, VECTORS["segment"]["name"]),
        *(hashlib.sha256(bytes.fromhex(VECTORS["segment"]["file"])).digest(), 2),
    ]
    assert [one.hex() for one in content[5]] == ["", VECTORS["records"][1]["key"]]


def test_an_erasure_is_signed_for_its_office_and_compartment() -> None:
    """By the device that it names; the signature holds in no other compartment."""
    held = VECTORS["disposition"]
    body = json.loads(held["body"])
    said = json.loads(body["said"])
    assert (said["what"], said["records"], said["device"]) == (
        *("erasure", held["erases"]),
        VECTORS["device"]["id"],
    )
    assert said.keys() == {"what", "decision", "device", "made", "reason", "records", "epoch", "root"}
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(VECTORS["device"]["key"]))

    def signed(compartment: str) -> bytes:
        office = bytes.fromhex(VECTORS["root"])
        digest = hashlib.sha256(body["said"].encode()).digest()
        return b"estelik disposition 1\0" + office + f"{compartment}\0".encode() + digest

    key.verify(base64.b64decode(body["signature"]), signed(held["compartment"]))
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(body["signature"]), signed("medical"))
