"""Linkage: which people may be one, among many, with how great a probability (Fellegi and Sunter 1969).

Splink does the work, on a database in memory. Nothing of it is written to a disk.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.identity import appraisal, blocking, company, features
from estelik.identity.appraisal import Proposed
from estelik.identity.cells import NEAREST
from estelik.identity.company import Pairs
from estelik.identity.linkage_settings import counted, settings, weighed
from estelik.identity.reading import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from estelik.identity.features import Columns
    from estelik.identity.profile import Profile

#: Of so many people one is there twice, as far as anybody knows beforehand.
_TWICE: Final = 2.0
_BIT: Final = float(np.log(2))
#: What is less probable is not told.
LEAST: Final = 0.05


class Linked(NamedTuple):
    """Two people by their numbers, how probable it is that they are one, the binary logarithm of the odds."""

    one: int
    other: int
    probability: float
    weight: float


class Scored(NamedTuple):
    """Pairs of rows (numbers), and the binary logarithms of the odds that each is one person's: arrays."""

    one: Any
    other: Any
    weight: Any


#: Compares the rows of a table by settings; tells the pairs with a key in common and this weight at least.
Engine = Callable[["pa.Table", dict[str, Any], float], Scored]


def table(columns: Columns) -> pa.Table:
    """What an engine is handed: a row a name, with all that is compared and the keys to find it by."""
    import pyarrow as pa

    size = len(columns.given)
    rules = blocking.learned()
    starts, keys = blocking.keys(columns, rules.rules, rules.bound)
    out: dict[str, Any] = {
        "row": pa.array(np.arange(size)),
        "person": pa.array(columns.person),
        "keys": pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(keys)),
        "sex": pa.array(columns.sex.astype(np.int64), mask=columns.sex == 0),
        "first": pa.array(columns.first, mask=columns.first == features.UNKNOWN),
        "last": pa.array(columns.last, mask=columns.last == features.UNKNOWN),
    }
    texts = {
        "": pa.array([one.sounds or None for one in columns.words]),
        "_bones": pa.array([one.skeleton or None for one in columns.words]),
        "_finer": pa.array([one.consonants or None for one in columns.words]),
        "_letters": pa.array(["".join(sorted(one.skeleton)) or None for one in columns.words]),
    }
    for name in ("given", "father", "surname"):
        word = getattr(columns, name)
        for kind, of in texts.items():
            out[f"{name}{kind}"] = of.take(pa.array(word))
        for at in range(NEAREST):
            cell = columns.cells[word, at].astype(np.int64)
            out[f"{name}_cell{at + 1}"] = pa.array(cell, mask=cell == 0)
    bones = [one.skeleton for one in columns.words]
    both = zip(columns.given.tolist(), columns.father.tolist(), strict=True)
    out["whole"] = pa.array([joined(bones[one], bones[other]) or None for one, other in both])
    for name in ("place", "relative", "document"):
        hashes = getattr(columns, f"{name}s").astype(np.int64)
        for at in range(features.MOST):
            out[f"{name}{at + 1}"] = pa.array(hashes[:, at], mask=hashes[:, at] == 0)
    frequencies: dict[str, Any] = {}
    for name, (column, share) in counted(weighed().weights).items():
        if column not in frequencies:
            frequencies[column] = _frequencies(column, columns)
        # Splink asks for the column itself, too.
        out[name] = out["row"]
        out[f"tf_{name}"] = pa.array(frequencies[column] * share)
    return pa.table(out)


def _frequencies(name: str, columns: Columns) -> Any:
    """How likely anybody else is at the level that ``name`` counts for."""
    if name == "place1":
        return _counted(columns.places[:, 0])
    skeletons = {
        one: number for number, one in enumerate(dict.fromkeys(one.skeleton for one in columns.words))
    }
    bones = np.array([skeletons[one.skeleton] for one in columns.words])
    if name == "exchanged":
        return _counted(bones[columns.given]) * _counted(bones[columns.father])
    if name == "kin_bones":
        return np.maximum(_counted(bones[columns.father]), _counted(bones[columns.surname]))
    role = columns.father if name == "both" else getattr(columns, name.removesuffix("_bones"))
    return _counted(bones[role])


def _counted(values: Any) -> Any:
    """How often each value is there, of all that are; 0 is none."""
    _, back, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.where(values != 0, counts[back] / max(1, int((values != 0).sum())), 0.0)


def rate(rows: int) -> float:
    """How likely two of so many rows are one person's, before anything is compared."""
    return min(0.5, 1 / (_TWICE * max(rows, 2)))


def link(
    profiles: Sequence[Profile],
    engine: Engine,
    *,
    least: float = LEAST,
    progress: Callable[[str, int], object] = lambda _what, _done: None,
) -> list[Linked]:
    """The pairs of ``profiles`` that are one person with a probability of ``least`` at least, best first.

    ``progress`` is told what is being done, and of how many it is done.
    """
    columns = features.columns(profiles, lambda done: progress("read", done))
    progress("compared", len(columns.given))
    return linked(columns, len(profiles), engine, least)


def linked(columns: Columns, people: int, engine: Engine, least: float) -> list[Linked]:
    """The pairs of as many ``people`` whose ``columns`` these are, as ``link`` has them."""
    if len(columns.given) < 2:
        return []
    pairs = company.borne_out(by_people(columns, *weighed_pairs(columns, engine, _odds(least))), people)
    likely = pairs.odds >= _odds(least)
    found = [
        Linked(one, other, 1 / (1 + math.exp(-odds)), odds / _BIT)
        for one, other, odds in zip(*(values[likely].tolist() for values in pairs), strict=True)
    ]
    return sorted(found, key=lambda one: (-one.weight, one.one, one.other))


def by_people(columns: Columns, pairs: Scored, odds: Any) -> Pairs:
    """Of each two people the pair of rows with the best odds."""
    one, other = columns.person[pairs.one], columns.person[pairs.other]
    apart = np.flatnonzero(one != other)
    one, other, odds = one[apart], other[apart], odds[apart]
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((-odds, high, low))
    low, high, odds = low[order], high[order], odds[order]
    fresh = np.ones(len(low), bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return Pairs(low[fresh], high[fresh], odds[fresh])


def weighed_pairs(
    columns: Columns,
    engine: Engine,
    least: float,
    appraised: Callable[[Columns, Proposed], Any] = appraisal.appraised,
) -> tuple[Scored, Any]:
    """The pairs of rows that are worth a look or have odds of ``least`` (natural logarithm), and the
    logarithms of their odds: Splink's, and on a second look what is ``appraised``."""
    rows = len(columns.given)
    prior = _odds(rate(rows))
    worth = prior + appraisal.WORTH + max(0.0, float(np.log(rows / appraisal.ROWS)))
    found = engine(table(columns), settings(rate(rows), weighed().weights), min(least, worth) / _BIT)
    odds, papers = found.weight * _BIT, _papers(columns, found.one, found.other)
    looked = odds - papers >= worth
    pairs = Proposed(found.one[looked], found.other[looked], (odds - papers)[looked] - prior, papers[looked])
    odds[looked] = appraised(columns, pairs) + prior - _odds(rate(appraisal.ROWS))
    return found, odds


def _papers(columns: Columns, one: Any, other: Any) -> Any:
    """What part relatives and documents have in the logarithms of the odds, as Splink counts them."""
    out = np.zeros(len(one))
    for name, hashes in (("relative", columns.relatives), ("document", columns.documents)):
        known = (hashes[one, 0] != 0) & (hashes[other, 0] != 0)
        left, right = hashes[one[known]], hashes[other[known]]
        same = ((left[:, :, None] == right[:, None, :]) & (left[:, :, None] != 0)).any(axis=(1, 2))
        levels = weighed().weights[name]
        agreed, differed = (np.log(levels[level][0] / levels[level][1]) for level in ("same", "other"))
        out[known] += np.where(same, agreed, differed)
    return out


def _odds(probability: float) -> float:
    """The natural logarithm of the odds."""
    return float(np.log(probability) - np.log1p(-probability)) if probability < 1 else np.inf


def scored(
    api: Any, put: Callable[[pa.Table], Any], table: pa.Table, settings_: dict[str, Any], least: float
) -> Scored:
    """The pairs of rows that share a key and have a weight of ``least``, on one of Splink's databases.

    ``put`` makes of a table what the database takes.
    """
    from splink import Linker

    frequencies = [name for name in table.column_names if name.startswith("tf_")]
    people = api.register(put(table.drop_columns(frequencies)))
    # What it says of its progress is for those who build models.
    linker = Linker(people, settings_, log_level=logging.ERROR, validate_settings=False)
    for name in frequencies:
        # Given so they are taken as they are, not counted anew.
        column = name.removeprefix("tf_")
        linker.table_management.register_term_frequency_lookup(
            api.register(put(table.select([column, name]))), column
        )
    found: Any = linker.inference.predict(threshold_match_weight=least)
    pairs = found.as_pyarrow_table()
    one, other, weight = (pairs[name].to_numpy() for name in ("row_l", "row_r", "match_weight"))
    return Scored(one, other, weight.copy())
