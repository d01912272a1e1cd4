"""The roll: who belongs to an office, as a set of signed statements that only grows.

Each statement stands for itself: who signed it, and what it says. Two rolls
are merged by taking both; what follows from a roll (``vault.standing``)
depends on the set alone, never on the order in which it came together. On a
carrier a roll is a file with the whole set, for all who belong to the office.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from estelik.errors import SealError
from estelik.vault import envelope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

FORMAT: Final = 1
_PURPOSE: Final = "roll"
_KEY: Final = 32
_DIGEST: Final = 32
_SIGNED: Final = b"estelik statement 1\0"


class Authority(msgspec.Struct, frozen=True, array_like=True, tag="authority"):
    """The office's root key from now on, and its recovery key.

    Number 1 is signed by the root itself, each later one by the root before it.
    ``kept``: the digests of those statements of the root before that still count.
    """

    office: bytes
    by: bytes
    made: int
    number: int
    root: bytes
    recovery: str
    kept: tuple[bytes, ...] = ()


class Membership(msgspec.Struct, frozen=True, array_like=True, tag="membership"):
    """A member: her id, her name, the compartments that she holds, whether she is a coordinator.

    The statement with the highest ``number`` counts. ``last``: the heads of
    her chains in compartments that she no longer holds: what follows them is
    not accepted.
    """

    office: bytes
    by: bytes
    made: int
    member: str
    number: int
    name: str
    compartments: tuple[str, ...]
    coordinator: bool
    last: tuple[bytes, ...] = ()


class Enrolment(msgspec.Struct, frozen=True, array_like=True, tag="enrolment"):
    """A device of a member: its public key, and the age recipient that it began with; "": a seat, which
    signs what is entered there and gets nothing."""

    office: bytes
    by: bytes
    made: int
    member: str
    key: bytes
    recipient: str


class Token(msgspec.Struct, frozen=True, array_like=True, tag="token"):
    """A device of a member that a program has: its public key, what it is called, the compartments that it
    may open of those that she holds, and its end (seconds since 1970). It signs what is entered with it, and
    gets nothing."""

    office: bytes
    by: bytes
    made: int
    member: str
    key: bytes
    name: str
    compartments: tuple[str, ...]
    until: int

    @property
    def recipient(self) -> str:
        """As a seat, it has none."""
        return ""


class Renewal(msgspec.Struct, frozen=True, array_like=True, tag="renewal"):
    """A device's next recipient, signed by the device; the highest ``number`` counts."""

    office: bytes
    by: bytes
    made: int
    number: int
    recipient: str


class Withdrawal(msgspec.Struct, frozen=True, array_like=True, tag="withdrawal"):
    """A device, or a member with all her devices, no longer belongs to the office.

    ``who``: the id of the one or the other. ``last``: the heads of the chains
    that are accepted up to there, and random numbers beside them, so that
    nobody can count chains that he cannot read. ``kept``: the digests of those
    statements of who is withdrawn that still count.
    """

    office: bytes
    by: bytes
    made: int
    who: str
    last: tuple[bytes, ...]
    kept: tuple[bytes, ...]


Statement: TypeAlias = Authority | Membership | Enrolment | Token | Renewal | Withdrawal


class Signed(msgspec.Struct, frozen=True, array_like=True):
    """A statement as bytes, and its signature (Ed25519, by the key that it names)."""

    said: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """What names it: the SHA-256 of its bytes."""
        return hashlib.sha256(self.said).digest()


class _File(msgspec.Struct, frozen=True, array_like=True):
    format: int
    office: bytes
    by: bytes
    statements: tuple[Signed, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Statement).decode
_decode_file = msgspec.msgpack.Decoder(_File).decode


def signed(statement: Statement, key: Ed25519PrivateKey) -> Signed:
    """The statement, signed with the private key of ``statement.by``."""
    said = _encode(statement)
    return Signed(said, key.sign(_SIGNED + hashlib.sha256(said).digest()))


def gathered(statements: Iterable[Signed]) -> dict[bytes, Signed]:
    """The statements by their digests."""
    return {one.digest: one for one in statements}


def fingerprint(statements: Mapping[bytes, Signed]) -> bytes:
    """What two rolls have in common only where they hold the same statements."""
    return hashlib.sha256(b"".join(sorted(statements))).digest()


def read(one: Signed, office: bytes) -> Statement | None:
    """What a statement says; None where it is not of this office, or not signed by whom it names."""
    return _read(one.said, one.signature, office)


@cache
def _read(said: bytes, signature: bytes, office: bytes) -> Statement | None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        statement: Statement = _decode(said)
        Ed25519PublicKey.from_public_bytes(statement.by).verify(
            signature, _SIGNED + hashlib.sha256(said).digest()
        )
    except (InvalidSignature, ValueError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    # One way to write each statement: nobody makes a second one of the same words and signature.
    if statement.office != office or _encode(statement) != said or not _sound(statement):
        return None
    return statement


def _sound(statement: Statement) -> bool:
    """Whether every field has the size and form that belongs there."""
    digests: tuple[bytes, ...] = ()
    recipient = ""
    if isinstance(statement, Authority):
        digests, recipient = statement.kept, statement.recovery
    elif isinstance(statement, Enrolment | Renewal):
        recipient = statement.recipient
    elif isinstance(statement, Membership):
        digests = statement.last
    elif isinstance(statement, Token):
        return len(statement.key) == _KEY and statement.until > 0
    else:
        digests = statement.last + statement.kept
    return all(len(one) == _DIGEST for one in digests) and (not recipient or _is_recipient(recipient))


def _is_recipient(text: str) -> bool:
    from pyrage import RecipientError
    from pyrage.x25519 import Recipient

    try:
        Recipient.from_str(text)
    except (RecipientError, ValueError):
        return False
    return True


def packed(
    statements: Sequence[Signed],
    office: bytes,
    by: bytes,
    key: Ed25519PrivateKey,
    recipients: Sequence[Recipient],
) -> bytes:
    """The roll as a file, signed with the ``key`` of the device ``by``."""
    content = _File(FORMAT, office, by, tuple(sorted(statements, key=lambda one: one.digest)))
    return envelope.closed(_encode(content), _PURPOSE, key, envelope.crowd(recipients))


def opened(data: bytes, identities: Sequence[Identity]) -> tuple[bytes, list[Signed]]:
    """The office that the file of a roll is of (its first root key), and its statements.

    Raises ``SealError`` where it is damaged, or for none of these identities.
    Who signed the file does not matter: each statement is signed by itself.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = envelope.opened(data, _PURPOSE, identities)
    wrong = SealError("What is in a sealed file is no roll, or one of a newer version of Estelik.")
    try:
        content = _decode_file(found.payload)
        found.check(Ed25519PublicKey.from_public_bytes(content.by))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise wrong from None
    if content.format != FORMAT or len(content.office) != _KEY:
        raise wrong
    return content.office, list(content.statements)
