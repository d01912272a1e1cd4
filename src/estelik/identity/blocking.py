"""Blocking: which people are compared at all: those who share a key.

A key is a conjunction of what two must have in common, as a number. Which conjunctions there are was learned
on invented persons (``training/blocking.py``); a key that more than ``bound`` rows share is none.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from estelik.identity.features import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.identity.features import Columns

#: Births so many years apart may be one person's.
_YEARS: Final = 3
#: A birth that may have been in more years than these says nothing.
_WIDE: Final = 3
_YEAR: Final = 365.2425
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_STIR: Final = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(29)


class Learned(msgspec.Struct, frozen=True):
    """``rules``: conjunctions of ``PARTS``; ``bound``: the most rows that may share a key; ``origin``."""

    rules: tuple[tuple[str, ...], ...]
    bound: int
    origin: str = ""


@cache
def learned() -> Learned:
    """The package's own."""
    return msgspec.json.decode((files("estelik.identity") / "blocking.json").read_bytes(), type=Learned)


def keys(columns: Columns, rules: Sequence[Sequence[str]], bound: int) -> tuple[Any, Any]:
    """The keys of each row: where those of each row begin (n + 1), and the keys."""
    size = len(columns.given)
    parts = {name: PARTS[name](columns) for name in dict.fromkeys(name for rule in rules for name in rule)}
    rows, found = [], []
    for number, rule in enumerate(rules):
        made = _both([parts[name] for name in rule], number)
        row, column = np.nonzero(made)
        values = made[row, column]
        few = _few(values, bound)
        rows.append(row[few])
        found.append(values[few])
    row, every = np.concatenate(rows), np.concatenate(found)
    order = np.argsort(row, kind="stable")
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=size), out=starts[1:])
    # Engines have signed numbers.
    return starts, every[order].view(np.int64)


def _both(parts: Sequence[Any], number: int) -> Any:
    """Each way to have one of each part, as a number; 0 where there is none."""
    out = np.full((len(parts[0]), 1), (number + 1) * 0x9E3779B97F4A7C15 % (1 << 64), np.uint64)
    for part in parts:
        mixed = _stirred(out[:, :, None] ^ (part[:, None, :] * _MIX))
        out = np.where((out[:, :, None] != 0) & (part[:, None, :] != 0), mixed, 0).reshape(len(part), -1)
    return out


def _stirred(numbers: Any) -> Any:
    numbers = (numbers ^ (numbers >> _SHIFT)) * _STIR
    return numbers ^ (numbers >> _SHIFT)


def _few(values: Any, bound: int) -> Any:
    """Where a value is that two rows share at least, and ``bound`` at most."""
    if not len(values):
        return np.zeros(0, bool)
    order = np.argsort(values)
    ordered = values[order]
    begin = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    sizes = np.diff(np.append(begin, len(values)))
    out = np.empty(len(values), bool)
    out[order] = np.repeat((sizes > 1) & (sizes <= bound), sizes)
    return out


def _years(columns: Columns) -> Any:
    """Years of birth in stretches that overlap."""
    known = (columns.first != UNKNOWN) & (columns.last - columns.first <= _WIDE * _YEAR)
    year = ((columns.first + columns.last) / 2 / _YEAR).astype(np.int64)
    out = np.stack([year // _YEARS * 2 + 2, (year + _YEARS // 2 + 1) // _YEARS * 2 + 3], 1).astype(np.uint64)
    return np.where(known[:, None], out, 0)


def _sex(columns: Columns) -> Any:
    """Who is of unknown sex may be of either."""
    sexes = np.array([[1, 2], [1, 0], [2, 0]], np.uint64)
    out: Any = sexes[columns.sex]
    return out


def _day(columns: Columns) -> Any:
    exact = (columns.first == columns.last) & (columns.first != UNKNOWN)
    return np.where(exact, columns.first, 0).astype(np.uint64)[:, None]


#: What two people may have in common: one or more numbers of each row, 0 for none.
PARTS: Final[dict[str, Callable[[Columns], Any]]] = {
    "document": lambda columns: columns.documents,
    "together": lambda columns: columns.together,
    "nearly": lambda columns: columns.nearly,
    "whole": lambda columns: columns.whole,
    "word": lambda columns: columns.words,
    "given": lambda columns: columns.words[:, :1],
    "begins": lambda columns: columns.begins,
    "ends": lambda columns: columns.ends,
    "together begins": lambda columns: columns.together_begins,
    "together ends": lambda columns: columns.together_ends,
    "day": _day,
    "years": _years,
    "place": lambda columns: columns.places,
    "sex": _sex,
    "relative": lambda columns: columns.relatives,
}
