"""Journey: what went along in a travel casebook, and that it came back, or never will."""

from __future__ import annotations

from typing import Final

import msgspec

#: The kind of stored record that all of these are; ``what`` tells them apart.
JOURNEY: Final = "journey"
_WHAT: Final = "what"


class Departure(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="departure"):
    """A travel casebook that was made: the first root key of its own office (``casebook``, hexadecimal), when
    (ISO, in UTC) and on which ``device``, ``until`` which day it is expected back (ISO), and the ids of the
    ``records`` of this compartment that went along. One for each compartment, which lies in it: nobody learns
    of what he may not read that it travels."""

    casebook: str
    made: str
    device: str
    until: str = ""
    records: tuple[str, ...] = ()


class Homecoming(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="homecoming"):
    """What was added in a travel casebook was entered: when, on which device."""

    casebook: str
    made: str
    device: str


class Strike(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="strike"):
    """A journey that is not waited for any more, since its travel casebook was never made or will not come
    back: when that was said, on which device, and the ``reason``."""

    casebook: str
    made: str
    device: str
    reason: str


decode: Final = msgspec.json.Decoder(Departure | Homecoming | Strike).decode
encode: Final = msgspec.json.Encoder().encode
