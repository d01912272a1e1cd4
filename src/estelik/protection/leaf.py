"""Leaves: what pages, data sets and files that leave are made of, and nothing else.

Text is ``Cleared``, numbers are ``Count``, words of the interface (with cleared leaves in them) and drawings
are ``Phrase``. Whatever is worked out of them by plain means (``+``, ``strip``, a slice) is plain text again,
and ``finalize`` of the templates and ``encode`` of the data refuse it: what has not been through the gate
cannot leave by forgetting. Only the modules that project (``protection.gate``, ``publication.entry``) make
leaves; a test holds them to that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cleared(str):
    """Text that may leave, as it stands; it is escaped where it is set."""

    __slots__ = ()


class Count(int):
    """A number that may leave."""

    __slots__ = ()


class Phrase(str):
    """Words of the interface in which every value is a leaf, or a drawing of such values: markup, set as it
    stands."""

    __slots__ = ()

    def __html__(self) -> str:
        """Markup already."""
        return str.__str__(self)


class UnclearedError(TypeError):
    """Something was to leave that has not been through the gate: a fault of the program, never of whoever
    uses it. It says of which type, never what."""

    def __init__(self, value: object) -> None:
        super().__init__(f"a {type(value).__name__} is no leaf that left the gate")


def finalize(value: object) -> object:
    """What a template may set: Jinja calls this with the value of every expression."""
    if isinstance(value, Cleared | Count | Phrase):
        return value
    raise UnclearedError(value)


def encode(value: object) -> bytes:
    """JSON of frozen structs, lists and mappings whose every value is a leaf, True, False or None.

    The names of fields are the program's own words, the keys of a mapping have to be leaves.
    """
    return msgspec.json.encode(_plain(value))


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Cleared | Phrase):
        return str.__str__(value)
    if isinstance(value, Count):
        return int(value)
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return _mapping(value)
    raise UnclearedError(value)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    for key in value:
        if not isinstance(key, Cleared):
            raise UnclearedError(key)
    return {str.__str__(key): _plain(one) for key, one in value.items()}
