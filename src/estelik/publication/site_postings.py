"""Postings: the entries that have a word, as numbers, written short."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def written(ascending: Sequence[int]) -> str:
    """Numbers by how far each is from the one before, in base 36, between dots."""
    return ".".join(_base36(one - before) for before, one in pairwise((0, *ascending)))


def _base36(number: int) -> str:
    out = ""
    while number >= len(_DIGITS):
        number, rest = divmod(number, len(_DIGITS))
        out = _DIGITS[rest] + out
    return _DIGITS[number] + out
