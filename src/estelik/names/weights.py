"""Weights: what the map has learned, as it lies in the package.

Made by ``python -m training.map`` (its origin is in ``map/origin.json``). The
files are mapped into memory: what is not asked for is not read.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

import numpy as np

from estelik.names.scripts import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int32]

#: How likely a letter stands for any other, is left out or added, against what was learned.
_ANY: Final = 0.003
_DROPPED: Final = 1e-3
_ADDED: Final = 1e-3


class Table(NamedTuple):
    """How units of one script and Latin chunks go together.

    ``units``: their numbers, ascending (u); ``order``: the place of each in all that follows, what is common
    first (u); ``joint``: probability of each chunk that any unit goes with, with each unit, and with one that
    is not known, which is 0 (n x u + 1); ``narrow``: the row of each chunk there, or -1 (c); ``longest``: its
    longest chunk; ``added``: that a chunk comes out of nothing (c); ``own``, ``latin``: of each by itself (u,
    c); ``best``: the chunk that fits each unit best (u), ``score``: the logarithm of how likely both are.
    """

    units: Ints
    order: Ints
    joint: Floats
    narrow: NDArray[np.int16]
    longest: int
    added: Floats
    own: Floats
    latin: Floats
    best: Ints
    score: Floats
    begins: Floats


class Weights:
    """All of it; parts are loaded when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _array(self, name: str) -> NDArray[Any]:
        found: NDArray[Any] = np.load(self._folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        return found

    @cached_property
    def keys(self) -> Ints:
        """The numbers of the n-grams, ascending."""
        return np.asarray(self._array("vectors.keys"))

    @cached_property
    def rows(self) -> NDArray[np.int8]:
        """The n-grams' vectors, to be multiplied by ``scales``."""
        return np.asarray(self._array("vectors.rows"))

    @cached_property
    def scales(self) -> Floats:
        """What a row is multiplied by."""
        return np.asarray(self._array("vectors.scales"))

    @cached_property
    def cells(self) -> Floats:
        """The middles of the cells that words are filed in by their vectors (n x axes)."""
        return np.asarray(self._array("vectors.cells")).astype(np.float32)

    @cached_property
    def edition(self) -> int:
        """A number that is another one where words would be filed otherwise."""
        parts = ("vectors.cells", "vectors.scales", "vectors.keys", "characters.points")
        return crc32(b"".join((self._folder / f"{part}.npy").read_bytes() for part in parts))

    @cached_property
    def chunks(self) -> Ints:
        """The numbers of the Latin chunks, ascending; number n here is chunk n + 1."""
        return np.asarray(self._array("tables.chunks"))

    @cached_property
    def chunk_letters(self) -> tuple[bytes, ...]:
        """The letters of each chunk, the one of no letter first."""
        return (b"", *bytes(self._array("tables.letters")).split(b"\n"))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """One for each script, in the order of ``KINDS``."""
        length = np.array([len(one) for one in self.chunk_letters])
        return tuple(self._table(script, length) for script in KINDS)

    def _table(self, script: str, length: NDArray[np.int64]) -> Table:
        units = np.asarray(self._array(f"tables.{script}.units"))
        rows = self._array(f"tables.{script}.rows")
        joint = np.zeros((len(units), len(length)), np.float32)
        joint[rows[:, 0], rows[:, 1]] = self._array(f"tables.{script}.shares")
        latin = joint.sum(axis=0)
        # What is common lies together, where the processor has it at hand.
        common = np.argsort(-joint.sum(axis=1), kind="stable")
        order = np.empty(len(units), np.int32)
        order[common] = np.arange(len(units))
        joint = joint[common]
        own = joint.sum(axis=1)
        best = joint.argmax(axis=1).astype(np.int32)
        score = np.log(joint.max(axis=1) + 1e-30).astype(np.float32)
        first = np.array([one[0] - ord("a") if one else -1 for one in self.chunk_letters])
        begins = np.stack([joint[:, first == letter].sum(axis=1) for letter in range(26)], axis=1)
        # Nothing is impossible: what was never seen is as rare as both by chance.
        single = np.flatnonzero(length == 1)
        least = _ANY * own[:, None] * latin[None, single]
        joint[:, single] = np.maximum(joint[:, single], least)
        joint[:, 0] = np.maximum(joint[:, 0], _DROPPED * own)
        added = np.where(length == 1, _ADDED * np.maximum(latin, 1e-6), 0).astype(np.float32)
        spoken = np.where(length == 0, 0, np.maximum(latin, np.where(length == 1, 1e-6, 0)))
        kept = np.flatnonzero(latin > 0)
        kept = np.union1d(kept, np.append(single, 0))
        kept = kept[np.argsort(-latin[kept], kind="stable")]
        narrow = np.full(len(length), -1, np.int16)
        narrow[kept] = np.arange(len(kept))
        return Table(
            units,
            order,
            np.ascontiguousarray(np.pad(joint[:, kept], ((0, 1), (0, 0))).T),
            narrow,
            int(length[kept].max()),
            added,
            (own / own.sum()).astype(np.float32),
            (spoken / spoken.sum()).astype(np.float32),
            best,
            score,
            begins / np.maximum(own[:, None], 1e-30),
        )

    @cached_property
    def characters(self) -> dict[str, int]:
        """Where each Chinese character stands in the lists below."""
        return {chr(point): place for place, point in enumerate(self._array("characters.points").tolist())}

    @cached_property
    def simplified(self) -> list[str]:
        """The simplified form of each character."""
        return [chr(point) for point in self._array("characters.simplified").tolist()]

    @cached_property
    def syllable(self) -> list[int]:
        """The number of the syllable that each is read as."""
        return list(self._array("characters.syllable").tolist())

    @cached_property
    def syllables(self) -> list[str]:
        """The syllables, by number."""
        return bytes(self._array("characters.syllables")).decode("ascii").split("\n")

    @cached_property
    def romanised(self) -> list[str]:
        """How each character is romanised: Cantonese, Korean, and as a surname, between tabs."""
        return bytes(self._array("characters.romanised")).decode("ascii").split("\n")

    @cached_property
    def forest(self) -> dict[str, NDArray[Any]]:
        """The trees that weigh what two names have in common (``forest``)."""
        return {
            part: np.asarray(self._array(f"forest.{part}")) for part in ("roots", "nodes", "limits", "base")
        }


@cache
def weights() -> Weights:
    """The package's own."""
    with as_file(files("estelik.names") / "map") as folder:
        return Weights(Path(folder))
