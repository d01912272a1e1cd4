"""Appraisal: how probable it is that two rows are one person's, by a second and closer look.

Splink weighs each comparison by itself. Where it finds a pair worth a second look, trees (``names.forest``)
weigh what it said together with how well the words fit each other in the map of names, how common they are,
and how births, places and sexes go together. They were learned on invented persons whose truth is known
(``training/appraisal.py``); papers and relatives count as Splink has them.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

import numpy as np

from estelik.identity.features import UNKNOWN
from estelik.identity.fits import TELLS, Fits
from estelik.identity.lexicon import NONE, Word
from estelik.identity.trees import learned, weighed
from estelik.names.engine import suited
from estelik.names.scripts import KINDS

if TYPE_CHECKING:
    from types import SimpleNamespace

    from estelik.identity.features import Columns

#: Of so many rows the trees have learned.
ROWS: Final = 100_000
#: The least logarithm (natural) of how much likelier Splink finds a pair of one person than of two, for a
#: second look.
WORTH: Final = 3.5
#: How many numbers there are to be weighed of a pair.
NUMBERS: Final = 33
#: Pairs at a time.
_PAIRS: Final = 100_000
#: Longer names are cut off where they are compared as one word.
_LONGEST: Final = 60
_YEAR: Final = 365.2425
#: The first day of 1970 as an ordinal.
_EPOCH: Final = 719163
_NONE: Final = -0.5
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


class Proposed(NamedTuple):
    """Pairs of rows (numbers): the ``one`` and the ``other`` of each; ``ratio``: the logarithm (natural) of
    how much likelier Splink finds them of one person than of two, without ``papers``: the same by documents
    and relatives alone."""

    one: Any
    other: Any
    ratio: Any
    papers: Any


def appraised(columns: Columns, pairs: Proposed) -> Any:
    """The logarithm (natural) of the odds that each pair is one person's, among ``ROWS`` rows."""
    looks, run = Looks(columns), suited(len(pairs.one))
    looks.prepare(pairs, run)
    out, forest = np.zeros(len(pairs.one)), learned("appraisal.npz", NUMBERS)

    def look(start: int) -> None:
        some = Proposed(*(one[start : start + _PAIRS] for one in pairs))
        out[start : start + _PAIRS] = weighed(forest, looks.numbers(some, run))

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(look, range(0, len(out), _PAIRS)))
    return out + pairs.papers


class Looks:
    """What there is to look at in the rows of some columns, prepared once for many pairs."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._ready: tuple[Fits, _Ones] | None = None
        self._rows = max(1, len(columns.given))
        skeletons: dict[str, int] = {"": 0}
        bones = np.array([skeletons.setdefault(one.skeleton, len(skeletons)) for one in columns.words])
        kin = np.concatenate((columns.father, columns.surname))
        self._often = np.stack(
            [
                _shares(of, role, self._rows)
                for of in (bones, columns.cells[:, 0].astype(np.int64))
                for role in (columns.given, kin)
            ],
            1,
        )
        self._alone = (columns.father == 0) & (columns.surname == 0)
        spelled = np.array([crc32(one.letters.encode()) for one in columns.words], np.uint64)
        #: Rows by what they are called: where words fit equally well, who is asked first is nobody's choice.
        self._called = spelled[columns.given] * _MIX + spelled[columns.father]
        self._called = self._called * _MIX + spelled[columns.surname]
        self._script = np.array([KINDS.get(one.script, 0) for one in columns.words])
        self._size = np.array([len(one.skeleton) for one in columns.words])
        days = (np.maximum(columns.first, 1) - _EPOCH).astype("datetime64[D]")
        month = days.astype("datetime64[M]")
        self._month = month.astype(np.int64) % 12 + 1
        self._day = (days - month).astype(np.int64) + 1
        place = columns.places[:, 0]
        _, back, counts = np.unique(place, return_inverse=True, return_counts=True)
        self._place = np.where(place != 0, counts[back] / self._rows, 0.0)

    def prepare(self, pairs: Proposed, run: SimpleNamespace) -> None:
        """Makes of words what ``pairs`` need, once for all; ``numbers`` is then asked for no others."""
        self._ready = self._words_of(pairs, run)

    def _words_of(self, pairs: Proposed, run: SimpleNamespace) -> tuple[Fits, _Ones]:
        columns = self._columns
        asked = np.flatnonzero(self._alone[pairs.one] ^ self._alone[pairs.other])
        one, other = pairs.one[asked], pairs.other[asked]
        alone = self._alone[one]
        ones = _Ones(columns, np.where(alone, one, other), np.where(alone, other, one), run)
        rows = np.unique(np.concatenate((pairs.one, pairs.other)))
        words = np.unique([role[rows] for role in (columns.given, columns.father, columns.surname)])
        return Fits(columns.words, run, words.tolist()), ones

    def numbers(self, pairs: Proposed, run: SimpleNamespace) -> Any:
        """What there is to be weighed of each pair (n x numbers)."""
        ahead = self._called[pairs.one] <= self._called[pairs.other]
        one, other = np.where(ahead, pairs.one, pairs.other), np.where(ahead, pairs.other, pairs.one)
        pairs = pairs._replace(one=one, other=other)
        ready = self._ready or self._words_of(pairs, run)
        out = [pairs.ratio, *self._of_words(pairs, *ready), *self._of_births(pairs)]
        columns = self._columns
        left, right = columns.sex[one].astype(int), columns.sex[other].astype(int)
        out.append(np.where(left * right == 0, 0, np.where(left == right, 1, -1)))
        left, right = columns.places[one, 0], columns.places[other, 0]
        shared = (left != 0) & (left == right)
        # Who was in several places: one of them is enough.
        for more in range(1, columns.places.shape[1]):
            shared |= (columns.places[one, more] != 0) & (columns.places[one, more] == right)
            shared |= (columns.places[other, more] != 0) & (columns.places[other, more] == left)
        out.append(np.where((left == 0) | (right == 0), -1, shared))
        out.append(np.where(shared, self._place[one], 0))
        return np.stack([np.asarray(column, np.float64) for column in out], 1)

    def _of_words(self, pairs: Proposed, fits: Fits, ones_: _Ones) -> list[Any]:
        columns, one, other = self._columns, pairs.one, pairs.other
        rows, back = np.unique(np.concatenate((one, other)), return_inverse=True)
        left, right = back[: len(one)], back[len(one) :]
        roles = np.stack([role[rows] for role in (columns.given, columns.father, columns.surname)], 1)
        there: Any = roles != 0

        def fit(role: int, like: int) -> Any:
            both = there[left, role] & there[right, like]
            return fits.fits(roles[left, role], roles[right, like], where=both)

        straight = fit(0, 0)
        kin = np.stack([fit(1, 1), fit(1, 2), fit(2, 1), fit(2, 2)], 1)
        here, like = np.stack([fit(0, 1), fit(0, 2)], 1), np.stack([fit(1, 0), fit(2, 0)], 1)
        best, best_here, best_like = map(_best, (kin, here, like))
        at = np.arange(len(left))
        plain = _score(straight) + _score(kin[at, best])
        turned = _score(here[at, best_here]) + _score(like[at, best_like])
        crossed = turned > plain
        # Of two that stand crosswise the better one is told first, whoever is asked first.
        ahead = _score(here[at, best_here]) >= _score(like[at, best_like])
        places = {
            "straight": (np.zeros_like(best), np.zeros_like(best)),
            "kin": (1 + best // 2, 1 + best % 2),
            "here": (np.zeros_like(best), 1 + best_here),
            "like": (1 + best_like, np.zeros_like(best)),
        }
        found = {
            "straight": straight,
            "kin": kin[at, best],
            "here": here[at, best_here],
            "like": like[at, best_like],
        }
        out: list[Any] = []
        for ways in (("straight", "here", "like"), ("kin", "like", "here")):
            choice = np.where(crossed, np.where(ahead, 1, 2), 0)
            values = np.choose(choice[:, None], [found[way] for way in ways])
            roles_ = [np.choose(choice, [places[way][side] for way in ways]) for side in (0, 1)]
            out += list(values.T)
            ones = roles[left, roles_[0]], roles[right, roles_[1]]
            for kind in (0, 2):
                given, father = ([self._often[word, kind + of] for word in ones] for of in (0, 1))
                straight_ = given if ways[0] == "straight" else father
                shares = [
                    np.where(crossed, (a + b) / 2, c)
                    for a, b, c in zip(given, father, straight_, strict=True)
                ]
                out += [np.log(np.minimum(*shares) + 1e-7), np.log(np.maximum(*shares) + 1e-7)]
        out += list(self._as_one(pairs, ones_).T)
        out.append(
            np.where(crossed, 3, np.where(np.isnan(kin[at, best, 0]), -1, np.array([0, 1, 1, 2])[best]))
        )
        out += [kin[:, 0, 2], kin[:, 3, 2], np.minimum(plain, turned)]
        script = self._script[columns.given]
        out += [np.minimum(script[one], script[other]), np.maximum(script[one], script[other])]
        size = self._size[columns.given]
        return [*out, np.minimum(size[one], size[other])]

    def _as_one(self, pairs: Proposed, ones: _Ones) -> Any:
        """How well the only word of one fits all of the other as one word; NaN where not just one of two has
        a single word."""
        one, other = pairs.one, pairs.other
        out = np.full((len(one), TELLS), np.nan, np.float32)
        asked = np.flatnonzero(self._alone[one] ^ self._alone[other])
        if len(asked):
            one, other = one[asked], other[asked]
            alone = self._alone[one]
            out[asked] = ones.fits(np.where(alone, one, other), np.where(alone, other, one))
        return out

    def _of_births(self, pairs: Proposed) -> list[Any]:
        columns, one, other = self._columns, pairs.one, pairs.other
        first, last = columns.first, columns.last
        known = (first[one] != UNKNOWN) & (first[other] != UNKNOWN)
        exact = (first == last).astype(int)
        middle = (first + last) / 2
        apart = np.abs(middle[one] - middle[other])
        overlap = (first[one] <= last[other]) & (first[other] <= last[one])
        both = known & (exact[one] + exact[other] == 2)
        month, day = self._month, self._day
        slip = (
            ((month[one] == day[other]) & (day[one] == month[other]))
            + 2 * (month[one] == month[other])
            + 4 * (day[one] == day[other])
        )
        return [
            np.where(known, apart, np.nan),
            np.where(known, exact[one] + exact[other], -1),
            np.where(known, overlap, -1),
            np.where(known, np.abs(apart - np.round(apart / _YEAR) * _YEAR), np.nan),
            np.where(both, slip, -1),
        ]


class _Ones:
    """Rows ``alone``, which have a single word, and ``others`` as one word."""

    def __init__(self, columns: Columns, alone: Any, others: Any, run: SimpleNamespace) -> None:
        rows = np.unique(others)
        asked = np.unique(columns.given[alone])
        words = {columns.words[number]: place for place, number in enumerate(asked.tolist())}
        none = words.setdefault(NONE, len(words))
        self._given = columns.given
        self._single = np.full(len(columns.words), none, np.int64)
        self._single[asked] = np.arange(len(asked))
        self._whole = np.full(len(columns.given), none, np.int64)
        names = (role[rows].tolist() for role in (columns.given, columns.father, columns.surname))
        for row, *name in zip(rows.tolist(), *names, strict=True):
            own, father, surname = (columns.words[number] for number in name)
            kin = father if father.letters else surname
            if own.letters and kin.letters:
                both = Word(own.script, (own.letters + kin.letters)[:_LONGEST], "", "", "")
                self._whole[row] = words.setdefault(both, len(words))
        self._none = none
        self._fits = Fits(list(words), run)

    def fits(self, alone: Any, others: Any) -> Any:
        """How well the words of the first fit the second."""
        single, whole = self._single[self._given[alone]], self._whole[others]
        return self._fits.fits(single, whole, where=(single != self._none) & (whole != self._none))


def _shares(of: Any, role: Any, rows: int) -> Any:
    """By words what part of ``rows`` has a word of the same kind (``of``) in a role."""
    counts = np.bincount(of[role[role != 0]], minlength=int(of.max()) + 1)
    return np.where(of != 0, counts[of] / rows, 0.0)


def _score(fit: Any) -> Any:
    """How well words fit, all in all (n x tells -> n)."""
    found = fit[..., 0] + fit[..., 2]
    return np.where(np.isnan(found), _NONE, found)


def _best(fits: Any) -> Any:
    """Which of several fits is the best."""
    return _score(fits).argmax(axis=1)
