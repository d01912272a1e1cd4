"""Namesakes: who in a casebook may bear a name, and which two may be one person by theirs.

A name is looked for by the vectors of the map first (``names``), and what lies
near is compared. The vectors are made anew from the records each time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.names.bank import Bank
from estelik.names.comparison import SAME, Scorer, compare
from estelik.names.engine import PLAIN, compiled
from estelik.names.name import parse
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import SimpleNamespace

    from estelik.identity.resolution import Resolution
    from estelik.names.name import Name
    from estelik.names.reason import Reason
    from estelik.records import Statement

#: Up to so many names are compared without the compiler.
_FEW: Final = 60
#: How many of those that lie nearest are compared, by the whole name and by a word of it.
_NEAREST: Final = 60
#: And of each name for the pairs that may be one person.
_NEIGHBOURS: Final = 12
#: Names whose vectors lie farther apart than this are not compared for a pair.
_NEAR: Final = 0.3
_BLOCK: Final = 512
_NUMBER: Final = re.compile(r"[\s.\-/]+")
#: A number of a document has so many digits at least.
_DIGITS: Final = 4


class Found(NamedTuple):
    """Somebody (a key) with a ``name`` of theirs, how well it fits and why; "" and no reason where it is the
    number of a document that fits."""

    key: str
    name: str
    score: float
    why: tuple[Reason, ...] = ()


class Alike(NamedTuple):
    """Two people (keys) with the names that fit best, and how well."""

    one: str
    other: str
    score: float
    names: tuple[str, str]


class Known(NamedTuple):
    """What people are called, and the numbers of their documents: pairs of a key and a text, each once."""

    names: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]


def known(statements: Iterable[Statement], resolution: Resolution) -> Known:
    """The names and numbers of all people in ``statements``: labels, and what is stated and not denied."""
    names: dict[tuple[str, str], None] = {}
    numbers: dict[tuple[str, str], None] = {}
    for one in statements:
        if one.about_kind != "person":
            continue
        key = resolution.key(one)
        if not one.about.startswith("?"):
            names[key, one.about] = None
        if one.answer == "yes" and one.value:
            kind = one.fact.partition(":")[0]
            if kind == "name":
                names[key, one.value] = None
            elif kind == "document":
                numbers[key, _plain(one.value)] = None
    return Known(tuple(names), tuple(numbers))


class Namesakes:
    """All names of a casebook, ready to be looked through."""

    def __init__(self, found: Known) -> None:
        named = [(key, text, parse(text)) for key, text in found.names]
        # Who is only described has no namesakes.
        self._named = [(key, text, name) for key, text, name in named if name.parts]
        self._numbers = found.numbers
        self._engine: SimpleNamespace = PLAIN if len(self._named) <= _FEW else compiled()
        self._wholes, self._words, self._owners = _vectors([name for _, _, name in self._named], self._engine)

    def find(self, query: str, count: int) -> list[Found]:
        """The people whose names fit ``query`` best, or with that number, each once; ``count`` at most."""
        best: dict[str, Found] = {}
        name = parse(query)
        if name.parts and self._named:
            near = self._nearest(name)
            scores = Scorer(self._engine).scores([(query, self._named[number][1]) for number in near])
            for number, score in zip(near, scores.tolist(), strict=True):
                key, text, _ = self._named[number]
                if key not in best or score > best[key].score:
                    best[key] = Found(key, text, round(score, 4))
        ordered = sorted(best.values(), key=lambda one: (-one.score, one.key))[:count]
        named = [one._replace(why=compare(query, one.name).why) for one in ordered]
        numbered = dict.fromkeys(key for key, number in self._numbers if _same_number(number, query))
        return [
            *(Found(key, "", 1.0) for key in numbered),
            *(one for one in named if one.key not in numbered),
        ][:count]

    def _nearest(self, name: Name) -> list[int]:
        if len(self._named) <= _FEW:
            return list(range(len(self._named)))
        whole, words, _ = _vectors([name], PLAIN)
        found = set(_highest(self._wholes @ whole[0], _NEAREST).tolist())
        for word in words:
            found.update(self._owners[_highest(self._words @ word, _NEAREST)].tolist())
        return sorted(found)

    def alike(self) -> Iterator[Alike]:
        """The pairs of people whose names may be one person's, each pair once."""
        pairs = sorted(self._near_pairs())
        scores = Scorer(self._engine).scores([(self._named[a][1], self._named[b][1]) for a, b in pairs])
        best: dict[tuple[str, str], Alike] = {}
        for (a, b), score in zip(pairs, scores.tolist(), strict=True):
            (one, called, _), (other, named, _) = self._named[a], self._named[b]
            if score >= SAME and ((one, other) not in best or score > best[one, other].score):
                best[one, other] = Alike(one, other, round(score, 4), (called, named))
        yield from best.values()

    def _near_pairs(self) -> Iterator[tuple[int, int]]:
        keys = [key for key, _, _ in self._named]
        for start in range(0, len(keys), _BLOCK):
            near = self._wholes[start : start + _BLOCK] @ self._wholes.T
            for row, cosines in enumerate(near):
                number = start + row
                for other in _highest(cosines, _NEIGHBOURS + 1).tolist():
                    if cosines[other] >= _NEAR and keys[other] != keys[number]:
                        # In the order of their keys, so that a pair comes once.
                        yield (number, other) if keys[number] <= keys[other] else (other, number)


def _highest(values: Any, count: int) -> Any:
    """Where the highest of ``values`` stand."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(-values, count)[:count]


def _vectors(names: list[Name], engine: SimpleNamespace) -> tuple[Any, Any, Any]:
    """The vector of each name (n x axes), those of its words (w x axes), and whose word each is (w)."""
    bank = Bank(weights(), engine)
    for name in names:
        bank.add(name)
    laid, words = bank.names(), bank.words()
    rows, owners = [], []
    for number in range(len(names)):
        alternative = laid.alt_from[number]
        for slot in range(laid.slot_from[alternative], laid.slot_from[alternative + 1]):
            rows.append(int(laid.form_word[laid.form_from[slot]]))
            owners.append(number)
    vectors = words.vector[np.array(rows, np.int64)]
    wholes = np.zeros((len(names), vectors.shape[1]), np.float32)
    np.add.at(wholes, np.array(owners, np.int64), vectors)
    lengths = np.linalg.norm(wholes, axis=1, keepdims=True)
    return wholes / np.maximum(lengths, 1e-9), vectors, np.array(owners, np.int64)


def _plain(number: str) -> str:
    return _NUMBER.sub("", number).casefold()


def _same_number(number: str, query: str) -> bool:
    wanted = _plain(query)
    return number == wanted and sum(map(str.isdigit, wanted)) >= _DIGITS
