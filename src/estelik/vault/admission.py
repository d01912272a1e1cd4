"""Admission: how a new computer asks to belong to an office, and how both sides know each other.

The new computer writes a request: its public key and its age recipient,
nothing else. Whoever admits it hears the words of the request from the person
at that computer, and that person hears the words of the office: whoever
exchanged the one or the other on its way is found out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import Sentence, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_HEAD: Final = "estelik-request-1:"
_SIGNED: Final = b"estelik request 1\0"
#: Ten bits each: too many for somebody to look for a key of his own with the same words.
_WORDS: Final = 8


class Request(msgspec.Struct, frozen=True, array_like=True):
    """What a new computer asks with: its public key (Ed25519), its age recipient."""

    key: bytes
    recipient: str

    @property
    def words(self) -> str:
        """The words to be read aloud."""
        return words_of(_SIGNED + self.key + self.recipient.encode())


class _Sent(msgspec.Struct, frozen=True, array_like=True):
    key: bytes
    recipient: str
    signature: bytes


def written(request: Request, key: Ed25519PrivateKey) -> str:
    """The request as a line of text, signed with the private ``key`` of the new computer."""
    signature = key.sign(_SIGNED + request.key + request.recipient.encode())
    sent = msgspec.msgpack.encode(_Sent(request.key, request.recipient, signature))
    return _HEAD + base64.b64encode(sent).decode()


def read(text: str) -> Request:
    """The request in a text. Raises ``UsageError`` where it is none, or was changed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from pyrage import RecipientError
    from pyrage.x25519 import Recipient

    try:
        head, data = text.strip()[: len(_HEAD)], text.strip()[len(_HEAD) :]
        sent = msgspec.msgpack.decode(base64.b64decode(data, validate=True), type=_Sent)
        Recipient.from_str(sent.recipient)
        said = _SIGNED + sent.key + sent.recipient.encode()
        Ed25519PublicKey.from_public_bytes(sent.key).verify(sent.signature, said)
        if head == _HEAD:
            return Request(sent.key, sent.recipient)
    except (InvalidSignature, RecipientError, ValueError, binascii.Error, msgspec.DecodeError):
        pass
    raise UsageError(
        "This is not the request of a computer, or it was changed on its way.",
        safe="Nobody was admitted.",
        do="Ask for it again: estelik device join",
    )


def office_words(root: bytes) -> str:
    """The words of the office whose first root key is ``root``."""
    return words_of(b"estelik office 1\0" + root)


def words_of(data: bytes) -> str:
    """Eight words that stand for ``data``: 80 bits of its SHA-256, each ten of them a word of SLIP-39."""
    from shamir_mnemonic.wordlist import WORDLIST

    number = int.from_bytes(hashlib.sha256(data).digest()[:10], "big")
    places = (number >> shift & 1023 for shift in range(10 * (_WORDS - 1), -1, -10))
    return " ".join(WORDLIST[place] for place in places)


def checked_words(text: str) -> None:
    """Raises ``UsageError`` where these cannot be the words of an office."""
    from shamir_mnemonic.wordlist import WORDLIST

    said = text.lower().replace(",", " ").split()
    if len(said) != _WORDS or not set(said) <= set(WORDLIST):
        raise UsageError(
            "These are not the words of an office.",
            do=Sentence(
                "They are %(count)s words, which `estelik member list` shows to a coordinator.", count=_WORDS
            ),
        )


def same_words(one: str, other: str) -> bool:
    """Whether two people read the same words, however they wrote them down."""
    return one.lower().replace(",", " ").split() == other.lower().replace(",", " ").split()
