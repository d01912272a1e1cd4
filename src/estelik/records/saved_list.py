"""Saved list: a list of lives that members come back to, by what it is of and not by who is on it."""

from __future__ import annotations

from typing import Final

import msgspec

#: The kind of stored record that both of these are; ``what`` tells them apart.
LIST: Final = "list"
_WHAT: Final = "what"


class SavedList(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="list"):
    """A filter of the registry with a ``name``: ``kind`` (of whom), ``state`` and whether ``surely``,
    ``place``, ``ethnicity``, the years ``since`` and ``until`` which they were taken (0: any), what is
    lacking (``lacks``), whether it ``contradicts`` itself. ``made`` (ISO, UTC) and ``device``: when
    and where."""

    id: str
    name: str
    made: str
    device: str
    kind: str = "person"
    state: str = ""
    surely: bool = False
    place: str = ""
    ethnicity: str = ""
    since: int = 0
    until: int = 0
    lacks: str = ""
    contradicts: bool = False


class TakenBack(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="taken-back"):
    """A ``list`` (its id) is a list no more."""

    id: str
    list: str
    made: str
    device: str


Record = SavedList | TakenBack
decode: Final = msgspec.json.Decoder(Record).decode
encode: Final = msgspec.json.Encoder().encode
