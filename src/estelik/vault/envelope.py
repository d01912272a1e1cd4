"""Envelopes: something signed by a device, padded and encrypted with age.

What leaves the machine goes in one. age says nothing about who wrote a file,
so the signature lies inside; its size would tell how much is in it, so it is
padded (Padmé, Nikitin et al. 2019, "Reducing metadata leakage from encrypted
files").
"""

from __future__ import annotations

import hashlib
from random import SystemRandom
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import SealError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from pyrage.x25519 import Identity, Recipient

#: What a reader takes in at most, in bytes: no file of a carrier may exhaust the machine.
LARGEST: Final = 64 * 1024 * 1024
_SIGNATURE: Final = 64
_length = Struct(">Q")
_START: Final = _length.size + _SIGNATURE
#: How an age file begins, and the one kind of recipient that ours have.
_AGE: Final = b"age-encryption.org/v1\n"
_STANZA: Final = b"-> X25519 "
_HEADER: Final = 64 * 1024


class Envelope(NamedTuple):
    """An opened envelope: what was in it, and a signature that is still to be checked."""

    payload: bytes
    signed: bytes
    signature: bytes

    def check(self, signer: Ed25519PublicKey) -> None:
        """Raises ``SealError`` where ``signer`` has not signed this."""
        from cryptography.exceptions import InvalidSignature

        try:
            signer.verify(self.signature, self.signed)
        except InvalidSignature:
            raise SealError("A sealed file is not signed by the device that it names.") from None


def closed(payload: bytes, purpose: str, signer: Ed25519PrivateKey, recipients: Sequence[Recipient]) -> bytes:
    """``payload`` as a file. ``purpose`` is part of what is signed: nothing passes for another kind."""
    import pyrage

    plain = _length.pack(len(payload)) + signer.sign(_signed(payload, purpose)) + payload
    sealed: bytes = pyrage.encrypt(plain + bytes(padded(len(plain)) - len(plain)), list(recipients))
    return sealed


def crowd(recipients: Sequence[Recipient]) -> list[Recipient]:
    """The recipients among others that nobody has the key of, as many as the next power of two and at least
    four: a carrier sees how many there are of a file, and need not know how large the office is."""
    from pyrage.x25519 import Identity

    count = max(4, 1 << (len(recipients) - 1).bit_length())
    strangers = [Identity.generate().to_public() for _ in range(count - len(recipients))]
    together = [*recipients, *strangers]
    SystemRandom().shuffle(together)
    return together


def opened(data: bytes, purpose: str, identities: Sequence[Identity]) -> Envelope:
    """What is in a file. Raises ``SealError`` where it is damaged, or for nobody of ``identities``.

    Refused unread: files that are too large, and files for a passphrase.
    """
    import pyrage

    if len(data) > LARGEST or not is_ours(data):
        raise _damaged()
    try:
        plain: bytes = pyrage.decrypt(data, list(identities))
    except (pyrage.DecryptError, OSError, ValueError):
        raise _damaged() from None
    if len(plain) < _START:
        raise _damaged()
    end = _START + _length.unpack_from(plain)[0]
    if len(plain) != padded(end) or any(plain[end:]):
        raise _damaged()
    payload = plain[_START:end]
    return Envelope(payload, _signed(payload, purpose), plain[_length.size : _START])


def is_ours(data: bytes) -> bool:
    """Whether a file begins as ours do: age, for X25519 recipients, and never for a passphrase, whose work
    factor somebody else has chosen."""
    header = data[:_HEADER]
    return header.startswith(_AGE + _STANZA) and b"\n-> scrypt " not in header


def padded(size: int) -> int:
    """The size that ``size`` bytes are padded to: at most 12% more."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    low = exponent - exponent.bit_length()
    mask = (1 << low) - 1 if low > 0 else 0
    return (size + mask) & ~mask


def _signed(payload: bytes, purpose: str) -> bytes:
    return f"estelik {purpose} 1\0".encode() + hashlib.sha256(payload).digest()


def _damaged() -> SealError:
    return SealError("A sealed file is damaged, or not of this office.")
