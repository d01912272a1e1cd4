"""Features: people as columns that any engine compares: readings of names, days, and hashes of what is exact.

One row a name: who has several names has several rows.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

import numpy as np

from estelik.identity.reading import Reading, joined, reading
from estelik.names.name import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estelik.identity.profile import Profile
    from estelik.names.name import Name
    from estelik.names.part import Part

#: From so many people on all cores are at work.
_MANY: Final = 4000
_CHUNK: Final = 10_000
#: Of places, relatives and documents so many of each are looked at.
MOST: Final = 3
_SEXES: Final = {"f": 1, "m": 2}
_NONE: Final = Reading("", "", "")
_DOUBTFUL: Final = frozenset(("in", "ин", "ын", "ina", "ина", "ына"))
#: So many ways to leave a letter out are looked at.
NEARLY: Final = 28
#: Letters of a skeleton at its beginning or its end.
_EDGE: Final = 3
#: Of less than so many letters in all, one less leaves too little.
_LONG: Final = 9
#: How many hashes of each kind a row has.
_WIDTHS: Final = (MOST, MOST, MOST, 3, 3, 3, 2, 2, 2, NEARLY, 2)
#: What is not known of a birth.
UNKNOWN: Final = -1


class Columns(NamedTuple):
    """A column a field, a row a name.

    ``person``: the number of the profile; ``given``, ``father``, ``surname``: readings, "" where there is
    none, of which ``*_bones`` are the skeletons and ``*_finer`` the consonants; ``sex``: 0 unknown, 1 female,
    2 male; ``first``, ``last``: the days of birth as ordinals, ``UNKNOWN`` where nothing is known;
    ``places``, ``relatives``, ``documents``: hashes, 0 for none (n x ``MOST``). Hashes of skeletons, too:
    ``words`` (n x 3), their first letters (``begins``) and last ones (``ends``), the given name ``together``
    with either other (n x 2), in no order, so of their first and last letters (``together_begins``,
    ``together_ends``); ``nearly``: ``together``, and where they are long without any one of the letters
    (n x ``NEARLY``); ``whole``: all as one word (n x 2).
    """

    person: Any
    given: list[str]
    given_bones: list[str]
    given_finer: list[str]
    father: list[str]
    father_bones: list[str]
    father_finer: list[str]
    surname: list[str]
    surname_bones: list[str]
    surname_finer: list[str]
    sex: Any
    first: Any
    last: Any
    places: Any
    relatives: Any
    documents: Any
    words: Any
    begins: Any
    ends: Any
    together: Any
    together_begins: Any
    together_ends: Any
    nearly: Any
    whole: Any


class Roles(NamedTuple):
    """What of a name is whose: given, the father's or what may be, the family's."""

    given: Reading
    father: Reading
    surname: Reading


def roles(name: Name) -> Roles:
    """The readings of a name's parts by what they probably are."""
    parts = [part for part in name.parts if part.role not in ("honorific", "clan")]
    given = _given(parts)
    fathers = [one for one in parts if one is not given and one.role in ("patronym", "father")]
    families = [one for one in parts if one is not given and one.role == "surname"]
    for one in parts:
        if one is not given and one.role == "any":
            (families if fathers else fathers).append(one)

    def read(part: Part | None) -> Reading:
        if part is None or part.initial:
            return _NONE
        # What ends so may be a given name as it is.
        whole = part.marker.casefold() in _DOUBTFUL
        return reading(name.script, part.text if whole else part.root or part.text)

    return Roles(read(given), read(fathers[0] if fathers else None), read(families[0] if families else None))


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
    found: list[tuple[Any, ...]] = []
    cores = os.cpu_count() or 1
    if len(profiles) < _MANY or cores == 1:
        found.append(_some(profiles, 0, len(profiles)))
        progress(len(profiles))
    else:
        _SHARED.append(profiles)
        try:
            # What is in memory is shared, not sent.
            with multiprocessing.get_context("fork").Pool(cores, initializer=gc.disable) as pool:
                for some in pool.imap(_chunk, starts):
                    found.append(some)
                    progress(min(len(profiles), len(found) * _CHUNK))
        finally:
            _SHARED.clear()
    return Columns(*map(_joined, zip(*found, strict=True)))


_SHARED: Final[list[Sequence[Profile]]] = []


def _chunk(start: int) -> tuple[Any, ...]:
    (profiles,) = _SHARED
    return _some(profiles, start, min(start + _CHUNK, len(profiles)))


def _joined(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], list):
        return [one for part in parts for one in part]
    return np.concatenate(parts)


def _some(profiles: Sequence[Profile], start: int, stop: int) -> tuple[Any, ...]:
    rows = [row for number in range(start, stop) for row in _rows(number, profiles[number])]
    if not rows:
        rows_ = [(0, *("",) * 9, 0, 0, 0, *((0,) * width for width in _WIDTHS))]
        return tuple(column[:0] for column in _arrays(rows_))
    return _arrays(rows)


def _arrays(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    by = list(zip(*rows, strict=True))
    return (
        np.array(by[0], np.int64),
        *(list(column) for column in by[1:10]),
        np.array(by[10], np.int8),
        np.array(by[11], np.int64),
        np.array(by[12], np.int64),
        *(
            np.array(column, np.uint64).reshape(len(rows), width)
            for column, width in zip(by[13:], _WIDTHS, strict=True)
        ),
    )


def _rows(number: int, profile: Profile) -> Iterator[tuple[Any, ...]]:
    first, last = profile.born
    # Of an open interval one end says too little.
    days = (first.toordinal(), last.toordinal()) if first and last else (UNKNOWN, UNKNOWN)
    rest = (
        _SEXES.get(profile.sex, 0),
        *days,
        _hashes(profile.places),
        _hashes(_of_kin(relation, name) for relation, name in profile.relatives),
        # What a paper is called says less than its number.
        _hashes(number for _, number in profile.documents),
    )
    seen: set[Roles] = set()
    for text in profile.names:
        found = roles(parse(text))
        if found not in seen and (found.given.sounds or found.father.sounds or found.surname.sounds):
            seen.add(found)
            yield (
                number,
                *found.given,
                *found.father,
                *found.surname,
                *rest,
                *_prints(found.given.skeleton, found.father.skeleton, found.surname.skeleton),
            )


def _prints(given: str, father: str, surname: str) -> tuple[tuple[int, ...], ...]:
    """The hashes of skeletons, as ``Columns`` has them from ``words`` on."""
    words = given, father, surname
    begins = tuple(word[:_EDGE] if len(word) >= _EDGE else "" for word in words)
    ends = tuple(word[-_EDGE:] if len(word) >= _EDGE else "" for word in words)
    couples = [(given, other) for other in dict.fromkeys((father, surname)) if given and other]
    near = {_couple(*couple): None for couple in couples}
    for one, other in couples:
        if len(one) + len(other) < _LONG:
            continue
        near.update((_couple(one[:at] + one[at + 1 :], other), None) for at in range(len(one)))
        near.update((_couple(one, other[:at] + other[at + 1 :]), None) for at in range(len(other)))
    nearly = tuple(near)[:NEARLY]
    whole = joined(given, father) or given, joined(given, surname)
    return (
        _all(words),
        _all(begins),
        _all(ends),
        tuple(_couple(given, other) for other in words[1:]),
        tuple(_couple(begins[0], other) for other in begins[1:]),
        tuple(_couple(ends[0], other) for other in ends[1:]),
        (*nearly, *(0,) * (NEARLY - len(nearly))),
        _all(whole),
    )


def _all(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(crc32(word.encode()) + 1 if word else 0 for word in words)


def _couple(one: str, other: str) -> int:
    """Two words in any order."""
    if not one or not other:
        return 0
    return crc32((f"{one} {other}" if one < other else f"{other} {one}").encode()) + 1


def _of_kin(relation: str, name: str) -> str:
    found = roles(parse(name))
    return f"{relation}\x1f{found.given.skeleton}" if found.given.skeleton else ""


def _hashes(texts: Iterable[str]) -> tuple[int, ...]:
    found = [crc32(one.encode()) + 1 for one in dict.fromkeys(texts) if one][:MOST]
    return (*found, *(0,) * (MOST - len(found)))
