"""Features: people as columns that any engine compares: words of names, days, and hashes of what is exact.

One row a name: who has several names has several rows.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

import numpy as np

from estelik.identity.cells import cells
from estelik.identity.lexicon import NONE, Lexicon, Word, word
from estelik.names.name import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from estelik.identity.profile import Profile
    from estelik.names.name import Name
    from estelik.names.part import Part

#: From so many people on all cores are at work.
_MANY: Final = 4000
_CHUNK: Final = 20_000
#: Of places, relatives and documents so many of each are looked at.
MOST: Final = 3
_NO_HASH: Final = (0,) * MOST
_SEXES: Final = {"f": 1, "m": 2}
_DOUBTFUL: Final = frozenset(("in", "ин", "ын", "ina", "ина", "ына"))
#: What is not known of a birth.
UNKNOWN: Final = -1
#: The columns that have several numbers a row.
_WIDE: Final = 3


class Columns(NamedTuple):
    """A column a field, a row a name.

    ``person``: the number of the profile; ``given``, ``father``, ``surname``: the numbers of ``words``, 0
    where there is none; ``sex``: 0 unknown, 1 female, 2 male; ``first``, ``last``: the days of birth as
    ordinals, ``UNKNOWN`` where nothing is known; ``places``, ``relatives``, ``documents``: hashes, 0 for none
    (n x ``MOST``). By words: ``words`` themselves, and their ``cells`` (``cells.cells``).
    """

    person: Any
    given: Any
    father: Any
    surname: Any
    sex: Any
    first: Any
    last: Any
    places: Any
    relatives: Any
    documents: Any
    words: Sequence[Word]
    cells: Any

    def part(self, start: int, stop: int) -> Columns:
        """The rows from ``start`` to ``stop``."""
        some = [one[start:stop] for one in self[:10]]
        return Columns._make([*some, self.words, self.cells])


class Roles(NamedTuple):
    """Which word of a name is whose: given, the father's or what may be, the family's."""

    given: Word
    father: Word
    surname: Word


def roles(name: Name) -> Roles:
    """The words of a name's parts by what they probably are."""
    parts = [part for part in name.parts if part.role not in ("honorific", "clan")]
    given = _given(parts)
    father: Part | None = None
    family: Part | None = None
    for one in parts:
        if one is given:
            continue
        if one.role in ("patronym", "father"):
            father = father or one
        elif one.role == "surname":
            family = family or one
    for one in parts:
        if one is not given and one.role == "any":
            if father:
                family = family or one
            else:
                father = one

    def read(part: Part | None) -> Word:
        if part is None or part.initial:
            return NONE
        # What ends so may be a given name as it is.
        whole = part.marker.casefold() in _DOUBTFUL
        return word(name.script, part.text if whole else part.root or part.text)

    return Roles(read(given), read(father), read(family))


def _given(parts: Sequence[Part]) -> Part | None:
    for one in parts:
        if one.role == "given":
            return one
    free = [one for one in parts if one.role == "any"]
    if not free:
        # Named as a family is, and nothing else: then it is what he is called.
        return parts[0] if len(parts) == 1 or (parts and parts[0].role == "surname") else None
    # Where a father's name stands last, the family's comes first.
    return free[-1] if parts[-1].role == "patronym" and len(free) > 1 else free[0]


def columns(profiles: Sequence[Profile], progress: Callable[[int], object] = lambda _: None) -> Columns:
    """The features of ``profiles``; ``progress`` is told how many are ready."""
    starts = range(0, len(profiles), _CHUNK)
    lexicon = Lexicon()
    found: list[tuple[Any, ...]] = []
    cores = os.cpu_count() or 1

    def take(some: tuple[list[tuple[str, ...]], tuple[Any, ...]]) -> None:
        words, arrays = some
        number = np.array([lexicon.number(Word._make(one)) for one in zip(*words, strict=True)], np.int64)
        found.append((arrays[0], *(number[one] for one in arrays[1:4]), *arrays[4:]))
        progress(min(len(profiles), len(found) * _CHUNK))

    if len(profiles) < _MANY or cores == 1:
        take(_some(profiles, 0, len(profiles)))
    else:
        _SHARED.append(profiles)
        try:
            # What is in memory is shared, not sent.
            with multiprocessing.get_context("fork").Pool(cores, initializer=gc.disable) as pool:
                for some in pool.imap(_chunk, starts):
                    take(some)
        finally:
            _SHARED.clear()
    words = lexicon.words
    near = cells(words)
    return Columns._make([*map(np.concatenate, zip(*found, strict=True)), words, near])


_SHARED: Final[list[Sequence[Profile]]] = []


def _chunk(start: int) -> tuple[list[tuple[str, ...]], tuple[Any, ...]]:
    (profiles,) = _SHARED
    return _some(profiles, start, min(start + _CHUNK, len(profiles)))


def _some(
    profiles: Sequence[Profile], start: int, stop: int
) -> tuple[list[tuple[str, ...]], tuple[Any, ...]]:
    """The words of some profiles, a column a field, and their columns with the numbers of these words."""
    lexicon = Lexicon()
    rows = [row for number in range(start, stop) for row in _rows(number, profiles[number], lexicon)]
    none = (0,) * MOST
    by = list(zip(*rows, strict=True)) if rows else list(zip((*(0,) * 7, *(none,) * _WIDE), strict=True))
    kinds = (*(np.int64,) * 4, np.int8, np.int64, np.int64)
    arrays = (
        *(np.array(column, kind) for column, kind in zip(by, kinds, strict=False)),
        *(np.array(column, np.uint64).reshape(-1, MOST) for column in by[-_WIDE:]),
    )
    # Columns of texts are handed from one process to another sooner than words.
    return list(zip(*lexicon.words, strict=True)), arrays if rows else tuple(one[:0] for one in arrays)


def _rows(number: int, profile: Profile, lexicon: Lexicon) -> Iterator[tuple[Any, ...]]:
    first, last = profile.born
    # Of an open interval one end says too little.
    days = (first.toordinal(), last.toordinal()) if first and last else (UNKNOWN, UNKNOWN)
    rest = (
        _SEXES.get(profile.sex, 0),
        *days,
        _hashes(profile.places),
        _hashes([_of_kin(relation, name) for relation, name in profile.relatives]),
        # What a paper is called says less than its number.
        _hashes([number for _, number in profile.documents]),
    )
    seen: set[Roles] = set()
    for text in profile.names:
        found = roles(parse(text))
        if found not in seen and found != (NONE, NONE, NONE):
            seen.add(found)
            yield number, *map(lexicon.number, found), *rest


def _of_kin(relation: str, name: str) -> str:
    found = roles(parse(name))
    return f"{relation}\x1f{found.given.skeleton}" if found.given.skeleton else ""


def _hashes(texts: Collection[str]) -> tuple[int, ...]:
    if not texts:
        return _NO_HASH
    found = [crc32(one.encode()) + 1 for one in dict.fromkeys(texts) if one][:MOST]
    return (*found, *_NO_HASH[len(found) :])
