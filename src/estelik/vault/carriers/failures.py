"""What can go wrong with a carrier: one small tree.

No message holds an address, a host, a user, a password or a key: whoever
shows it adds the name that the group gave to the carrier.
"""

from __future__ import annotations

from typing import ClassVar

from estelik.errors import EstelikError


class CarrierError(EstelikError):
    """Something about a carrier that a person can act on; each kind has its three sentences."""

    _what: ClassVar[str] = "The carrier did not do what it was asked."
    _safe: ClassVar[str] = "The files on it are as they were."
    _do: ClassVar[str] = "Try again, or use another carrier."

    def __init__(self, what: str = "", *, safe: str = "", do: str = "") -> None:
        super().__init__(what or self._what, safe=safe or self._safe, do=do or self._do)


class AddressError(CarrierError):
    """An address, or what was given along with it, cannot be followed."""

    _what = "This is not the address of a carrier."
    _safe = "Nothing was opened."
    _do = (
        "Give a folder, file:///folder, s3://bucket/prefix, webdavs://host/path, sftp://user@host/path or "
        "postgresql://user@host/database."
    )


class NameRefusedError(CarrierError):
    """A kind or a name that no sealed file has: it was not looked for."""

    _what = "A sealed file was asked for by a name that none can have."
    _safe = "Nothing was looked for."
    _do = "Leave out the record or page that gave this name, and check where it comes from."


class UnreachableError(CarrierError):
    """The carrier is not there: unplugged, unmounted, switched off, or its root is gone."""

    _what = "The carrier is not there."
    _do = "Plug it in, or check the connection and the address, and try again."


class ElsewhereError(CarrierError):
    """The server sends us on to another address, as the network of a hotel does too."""

    _what = "The server says that the files are at another address."
    _do = "Find out which, and give that address if you trust it."


class TransferError(CarrierError):
    """The carrier was there and stopped in the middle.

    After a write that ends so the file may be there, whole; it is never there in part.
    """

    _what = "The connection to the carrier broke off."
    _safe = "A file that was being written is there whole or not at all; all others are as they were."
    _do = "Try again: files that have arrived whole are not sent again."


class RefusedError(CarrierError):
    """The carrier does not let us in, or not do this."""

    _what = "The carrier refuses access."
    _do = "Check the user, the password or key, and what they are allowed to do there."


class UnknownHostError(RefusedError):
    """The server's key is not among the known ones: it may be somebody else's server."""

    _what = "The server showed a key that is not among the known host keys."
    _safe = "No password was sent to it."
    _do = "Ask whoever runs the server for its key, by another way, and add it to the known hosts."


class ReadOnlyError(CarrierError):
    """The carrier cannot be written to at all."""

    _what = "The carrier is read-only."
    _do = "Take away its write protection, or use another carrier."


class FullError(CarrierError):
    """The carrier, or our share of it, is full."""

    _what = "The carrier is full."
    _do = "Make room on it, or use another carrier."


class MissingError(CarrierError):
    """There is no complete file of this kind and name."""

    _what = "A sealed file is not on this carrier."
    _do = "Look for it on the other carriers."


class ThereAlreadyError(CarrierError):
    """There is a file of this kind and name; it was not touched."""

    _what = "A sealed file of this name is on the carrier already."
    _safe = "It was not replaced."
    _do = "Compare it with the one that was to be written."


class TooLargeError(CarrierError):
    """A file is larger than the caller or the carrier takes."""

    _what = "A file on the carrier is larger than any that belongs there."
    _safe = "It was not read."
    _do = "Leave it out, and find out who put it there."


class UnsuitableError(CarrierError):
    """The carrier cannot promise that a file is never replaced."""

    _what = "This carrier would let one file replace another."
    _safe = "No sealed file was written to it."
    _do = "Use another carrier, or a newer server."
