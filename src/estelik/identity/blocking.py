"""Blocking: which people are compared at all: those who share a key.

A key is a conjunction of what two must have in common, as a number. Which conjunctions there are was learned
on invented persons (``training/blocking.py``); a key that more than ``bound`` rows share is none.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

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
#: Letters of a skeleton at its beginning or its end.
_EDGE: Final = 3
#: So many letters may be left out of a skeleton, one at a time, where both words have ``_LONG`` together.
_LETTERS: Final = 9
_LONG: Final = 9
#: Keys are counted in so many heaps (as a power of two).
_HEAPS: Final = 24
#: Rows at a time.
_ROWS: Final = 100_000


class Learned(msgspec.Struct, frozen=True):
    """``rules``: conjunctions of ``PARTS``; ``bound``: the most rows that may share a key; ``origin``."""

    rules: tuple[tuple[str, ...], ...]
    bound: int
    origin: str = ""


@cache
def learned() -> Learned:
    """The package's own."""
    return msgspec.json.decode((files("estelik.identity") / "blocking.json").read_bytes(), type=Learned)


class Prints:
    """The words of some columns as hashes of their skeletons, 0 for none: of all of it (n), its first and its
    last letters (n), and all of it with one letter left out or none (n x m); how long it is (n)."""

    def __init__(self, columns: Columns) -> None:
        bones = [one.skeleton for one in columns.words]
        self.cells = columns.cells
        self.whole = _hashed(bones)
        self.begins = _hashed([one[:_EDGE] if len(one) >= _EDGE else "" for one in bones])
        self.ends = _hashed([one[-_EDGE:] if len(one) >= _EDGE else "" for one in bones])
        self.length = np.array([len(one) for one in bones])
        less = [
            [one[:at] + one[at + 1 :] if at < len(one) else "" for one in bones] for at in range(_LETTERS)
        ]
        self.less = np.stack([self.whole, *map(_hashed, less)], 1)
        self.ones = Ones(bones)


def keyed(columns: Columns, rules: Sequence[Sequence[str]], bound: int) -> tuple[Any, Any]:
    """The keys that two rows or more have, those of each rule in order, and whose they are."""
    prints = Prints(columns)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = list(threads.map(lambda rule: _of_rule(columns, prints, rule, bound), enumerate(rules)))
    values = np.concatenate([np.zeros(0, np.uint64), *(one for one, _ in found)])
    return values, np.concatenate([np.zeros(0, np.int32), *(one for _, one in found)])


def _of_rule(
    columns: Columns, prints: Prints, rule: tuple[int, Sequence[str]], bound: int
) -> tuple[Any, Any]:
    number, names = rule
    size = len(columns.given)
    values, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    for start in range(0, size, _ROWS):
        some = columns.part(start, min(start + _ROWS, size))
        row, keys_ = _both([PARTS[name](some, prints) for name in names], number)
        values.append(keys_)
        rows.append((row + start).astype(np.int32))
    value, row = np.concatenate(values), np.concatenate(rows)
    # Most keys are one row's. Those that others have, too, lie in a heap with others.
    heap = (value >> np.uint64(64 - _HEAPS)).astype(np.uint32)
    several = np.bincount(heap, minlength=1 << _HEAPS)[heap] > 1
    value, row = value[several], row[several]
    order = np.argsort(value)
    value, row = value[order], row[order]
    begin = np.flatnonzero(np.append(True, value[1:] != value[:-1])) if len(value) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(begin, len(value)))
    few = np.repeat((sizes > 1) & (sizes <= bound), sizes)
    return value[few], row[few]


def keys(columns: Columns, rules: Sequence[Sequence[str]], bound: int) -> tuple[Any, Any]:
    """The keys of each row: where those of each row begin (n + 1), and the keys."""
    values, rows = keyed(columns, rules, bound)
    starts = np.zeros(len(columns.given) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(columns.given)), out=starts[1:])
    return starts, values[np.argsort(rows, kind="stable")]


def _hashed(texts: Sequence[str]) -> Any:
    return np.array([crc32(one.encode()) + 1 if one else 0 for one in texts], np.uint64)


def _both(parts: Sequence[Any], number: int) -> tuple[Any, Any]:
    """Each way to have one of each part, as a number, once, and whose it is."""
    out = np.full((len(parts[0]), 1), (number + 1) * 0x9E3779B97F4A7C15 % (1 << 64), np.uint64)
    for part in parts:
        mixed = _stirred(out[:, :, None] ^ (part[:, None, :] * _MIX))
        out = np.where((out[:, :, None] != 0) & (part[:, None, :] != 0), mixed, 0).reshape(len(part), -1)
    out.sort(axis=1)
    fresh = out != 0
    fresh[:, 1:] &= out[:, 1:] != out[:, :-1]
    row, column = np.nonzero(fresh)
    return row, out[row, column]


def _stirred(numbers: Any) -> Any:
    numbers = (numbers ^ (numbers >> _SHIFT)) * _STIR
    return numbers ^ (numbers >> _SHIFT)


def _couple(one: Any, other: Any) -> Any:
    """Two hashes in any order."""
    # Stirred first: sums of small numbers are soon the same.
    return np.where((one != 0) & (other != 0), _stirred(one * _MIX) + _stirred(other * _MIX), 0)


def _couples(columns: Columns, of: Any) -> Any:
    """The given name with the father's, and with the family's (n x 2)."""
    return np.stack([_couple(of[columns.given], of[one]) for one in (columns.father, columns.surname)], 1)


def _nearly(columns: Columns, prints: Prints) -> Any:
    """As ``_couples``, of whole skeletons, and where they are long without any one letter of either."""
    out = []
    for kin in (columns.father, columns.surname):
        out.append(_couple(prints.whole[columns.given], prints.whole[kin])[:, None])
        long = (prints.length[columns.given] + prints.length[kin] >= _LONG)[:, None]
        for one, other in ((columns.given, kin), (kin, columns.given)):
            out.append(np.where(long, _couple(prints.less[one, 1:], prints.whole[other][:, None]), 0))
    return np.concatenate(out, axis=1)


def _wholes(columns: Columns, prints: Prints) -> Any:
    """All as one word: the given name with the father's and with the family's, or alone."""
    ones = prints.ones
    father, surname = (ones.joined(columns.given, kin) for kin in (columns.father, columns.surname))
    return np.stack((np.where(father != 0, father, ones.alone[columns.given]), surname), 1)


class Ones:
    """Skeletons as hashes that can be put together: ``alone``, by words, 0 for none."""

    def __init__(self, bones: Sequence[str]) -> None:
        letters = np.frombuffer("".join(bones).encode("utf-32-le"), np.uint32).astype(np.uint64)
        sizes = np.array([len(one) for one in bones])
        ends = np.cumsum(sizes)
        known = sizes > 0
        self._first, self._last = (np.zeros(len(bones), np.uint64) for _ in range(2))
        self._first[known], self._last[known] = letters[(ends - sizes)[known]], letters[ends[known] - 1]
        powers = np.full(int(sizes.max(initial=0)) + 1, _MIX)
        powers[0] = 1
        self._powers = np.cumprod(powers)
        self._sizes = sizes
        # Each letter by the power of how many stand behind it.
        place = np.repeat(ends, sizes) - np.arange(len(letters)) - 1
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(_stirred(letters) * self._powers[place])))
        self.alone = sums[ends] - sums[ends - sizes]

    def joined(self, one: Any, other: Any) -> Any:
        """Words with others behind them, as ``reading.joined`` has them; 0 where there are not both."""
        size = self._sizes[other]
        # Of the same letter twice one stays.
        twice = self._last[one] == self._first[other]
        first = np.where(twice, _stirred(self._first[other]) * self._powers[np.maximum(size - 1, 0)], 0)
        out = self.alone[one] * self._powers[size - twice] + self.alone[other] - first
        return np.where((self._sizes[one] > 0) & (size > 0), out, 0)


def as_one(columns: Columns) -> tuple[Any, Any]:
    """By words their skeletons, and by rows those of the given name and the father's as one word: hashes, 0
    for none."""
    ones = Ones([one.skeleton for one in columns.words])
    return ones.alone, ones.joined(columns.given, columns.father)


def _cells(columns: Columns, prints: Prints) -> Any:
    """A cell of the given name with one of the father's or the family's, in any order."""
    given = prints.cells[columns.given]
    kin = (columns.father, np.where(columns.surname == columns.father, 0, columns.surname))
    return np.concatenate(
        [_couple(given[:, :, None], prints.cells[one][:, None, :]).reshape(len(given), -1) for one in kin],
        axis=1,
    )


def _words(columns: Columns, of: Any) -> Any:
    """Of the given name, the father's, the family's."""
    every = [of[one] for one in (columns.given, columns.father, columns.surname)]
    return np.stack(every, 1).reshape(len(columns.given), -1)


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
PARTS: Final[dict[str, Callable[[Columns, Prints], Any]]] = {
    "document": lambda columns, _: columns.documents,
    "together": lambda columns, prints: _couples(columns, prints.whole),
    "nearly": _nearly,
    "whole": _wholes,
    "cells": _cells,
    "cell": lambda columns, prints: prints.cells[columns.given],
    "any cell": lambda columns, prints: _words(columns, prints.cells),
    "nearest": lambda columns, prints: prints.cells[columns.given][:, :1],
    "any nearest": lambda columns, prints: _words(columns, prints.cells[:, :1]),
    "word": lambda columns, prints: _words(columns, prints.whole),
    "given": lambda columns, prints: prints.whole[columns.given][:, None],
    "begins": lambda columns, prints: _words(columns, prints.begins),
    "ends": lambda columns, prints: _words(columns, prints.ends),
    "together begins": lambda columns, prints: _couples(columns, prints.begins),
    "together ends": lambda columns, prints: _couples(columns, prints.ends),
    "day": lambda columns, _: _day(columns),
    "years": lambda columns, _: _years(columns),
    "place": lambda columns, _: columns.places,
    "sex": lambda columns, _: _sex(columns),
    "relative": lambda columns, _: columns.relatives,
}
