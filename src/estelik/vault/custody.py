"""Custody: the office's offline secret, and its shares.

One secret of 32 bytes stands above all keys of an office. It is kept on no
computer: it is shared out by SLIP-39, and any ``threshold`` of the shares bring
it back. The office's signing root and its recovery key are derived from it
(HKDF, RFC 5869).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from estelik.errors import CustodyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity

SIZE: Final = 32
#: How much work lies between a share and the secret (SLIP-39, iteration exponent): the secret is
#: random, so that no guessing has to be slowed down.
_EXPONENT: Final = 0
_MOST: Final = 16


def new_secret() -> bytes:
    """A random secret."""
    return secrets.token_bytes(SIZE)


def split(secret: bytes, threshold: int, shares: int) -> tuple[str, ...]:
    """The secret as ``shares`` lines of words, any ``threshold`` of which bring it back.

    Raises ``CustodyError`` where that cannot be: 2 <= threshold <= shares <= 16.
    """
    from shamir_mnemonic import generate_mnemonics

    if not 2 <= threshold <= shares <= _MOST:
        raise CustodyError(
            "A secret cannot be shared out like this.",
            safe="",
            do="Choose 2 to 16 shares, and how many of them are needed: at least 2.",
        )
    (group,) = generate_mnemonics(1, [(threshold, shares)], secret, iteration_exponent=_EXPONENT)
    return tuple(group)


def needed(share: str) -> int:
    """How many shares bring the secret back, as one of them says. Raises ``CustodyError`` for no share."""
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share

    try:
        threshold: int = Share.from_mnemonic(" ".join(share.lower().split())).member_threshold
    except (MnemonicError, ValueError):
        raise CustodyError(
            "This is not a share.", safe="Nothing was changed.", do="Check each of its words."
        ) from None
    return threshold


def join(shares: Sequence[str]) -> bytes:
    """The secret that these shares bring back.

    Raises ``CustodyError`` when a share was mistyped, when they are too few,
    or of different secrets.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    wanted = CustodyError(
        "These shares do not bring back a secret.",
        safe="Nothing was changed.",
        do="Check each word, that the shares are of one custody, and that there are enough of them.",
    )
    given = list(dict.fromkeys(" ".join(share.lower().split()) for share in shares))
    if not given:
        raise wanted
    enough = needed(given[0])
    first, more = given[:enough], given[enough:]
    try:
        # The library takes exactly as many as are needed: each one more is tried in the place of the first.
        found: set[bytes] = {combine_mnemonics(first)}
        found.update(combine_mnemonics([*first[1:], share]) for share in more)
    except (MnemonicError, ValueError):
        raise wanted from None
    if len(found) != 1:
        raise wanted
    (secret,) = found
    if len(secret) != SIZE:
        raise CustodyError("These shares are not of an office.", safe="Nothing was changed.")
    return secret


def root(secret: bytes) -> Ed25519PrivateKey:
    """The key that signs for the office (Ed25519, RFC 8032)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_derived(secret, b"estelik office 1 root"))


def recovery(secret: bytes) -> Identity:
    """The key that opens every key table of the office (age, X25519)."""
    from bech32 import bech32_encode, convertbits
    from pyrage.x25519 import Identity

    words = convertbits(_derived(secret, b"estelik office 1 recovery"), 8, 5)
    assert words is not None  # noqa: S101 (eight bits can always be put in groups of five)
    return Identity.from_str(bech32_encode("age-secret-key-", words).upper())


def shared_key(secret: bytes, purpose: str) -> bytes:
    """A key that every device of the office has for the same purpose, 32 bytes."""
    return _derived(secret, f"estelik office 1 {purpose}".encode())


def _derived(secret: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, purpose).derive(secret)
