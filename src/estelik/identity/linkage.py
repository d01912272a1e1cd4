"""Linkage: which people may be one, among many, with how great a probability (Fellegi and Sunter 1969).

Splink does the work, on a database in memory. Nothing of it is written to a disk.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.identity import blocking, features
from estelik.identity.linkage_settings import counted, settings, weighed
from estelik.identity.reading import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from estelik.identity.features import Columns
    from estelik.identity.profile import Profile

#: Of so many people one is there twice, as far as anybody knows beforehand.
_TWICE: Final = 2.0
#: What is less probable is not told.
LEAST: Final = 0.05


class Linked(NamedTuple):
    """Two people by their numbers, how probable it is that they are one, the binary logarithm of the odds."""

    one: int
    other: int
    probability: float
    weight: float


#: Compares the rows of a table by settings; tells the pairs that are as probable as is asked for at least.
Engine = Callable[["pa.Table", dict[str, Any], float], list[Linked]]


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
    for name in ("given", "father", "surname"):
        out[name] = pa.array([one or None for one in getattr(columns, name)])
        bones = getattr(columns, f"{name}_bones")
        out[f"{name}_bones"] = pa.array([one or None for one in bones])
        out[f"{name}_finer"] = pa.array([one or None for one in getattr(columns, f"{name}_finer")])
        out[f"{name}_letters"] = pa.array(["".join(sorted(one)) or None for one in bones])
    out["whole"] = pa.array(
        [
            joined(one, other) or None
            for one, other in zip(columns.given_bones, columns.father_bones, strict=True)
        ]
    )
    for name in ("place", "relative", "document"):
        hashes = getattr(columns, f"{name}s").astype(np.int64)
        for at in range(features.MOST):
            out[f"{name}{at + 1}"] = pa.array(hashes[:, at], mask=hashes[:, at] == 0)
    frequencies: dict[str, Any] = {}
    for name, (column, share) in counted(weighed().weights).items():
        if column not in frequencies:
            frequencies[column] = np.array(_frequencies(column, columns))
        # Splink asks for the column itself, too.
        out[name] = out["row"]
        out[f"tf_{name}"] = pa.array(frequencies[column] * share)
    return pa.table(out)


def _frequencies(name: str, columns: Columns) -> list[float]:
    """How likely anybody else is at the level that ``name`` counts for."""
    if name == "place1":
        return _counted(columns.places[:, 0].tolist())
    if name == "exchanged":
        both = zip(_counted(columns.given_bones), _counted(columns.father_bones), strict=True)
        return [one * other for one, other in both]
    if name == "kin_bones":
        own = _counted(columns.father_bones)
        return [max(one, other) for one, other in zip(own, _counted(columns.surname_bones), strict=True)]
    return _counted(columns.father_bones if name == "both" else getattr(columns, name))


def _counted(values: Sequence[Any]) -> list[float]:
    counts = Counter(value for value in values if value)
    every = max(1, counts.total())
    return [counts[value] / every if value else 0.0 for value in values]


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
    if len(columns.given) < 2:
        return []
    found = engine(table(columns), settings(rate(len(columns.given)), weighed().weights), least)
    best: dict[tuple[int, int], Linked] = {}
    for one in found:
        if one.one == one.other:
            continue
        linked = one if one.one < one.other else one._replace(one=one.other, other=one.one)
        pair = linked.one, linked.other
        if pair not in best or linked.weight > best[pair].weight:
            best[pair] = linked
    return sorted(best.values(), key=lambda one: (-one.weight, one.one, one.other))


def scored(
    api: Any, put: Callable[[pa.Table], Any], table: pa.Table, settings_: dict[str, Any], least: float
) -> list[Linked]:
    """The pairs of rows that share a key and are as probable as ``least``, on one of Splink's databases.

    ``put`` makes of a table what the database takes.
    """
    from splink import Linker

    frequencies = [name for name in table.column_names if name.startswith("tf_")]
    people = api.register(put(table.drop_columns(frequencies)))
    # What it says of its progress is for those who build models.
    linker = Linker(people, settings_, log_level=logging.ERROR)
    for name in frequencies:
        # Given so they are taken as they are, not counted anew.
        column = name.removeprefix("tf_")
        linker.table_management.register_term_frequency_lookup(
            api.register(put(table.select([column, name]))), column
        )
    found: Any = linker.inference.predict(threshold_match_probability=least)
    pairs = found.as_pyarrow_table()
    columns = ("person_l", "person_r", "match_probability", "match_weight")
    return [Linked(*row) for row in zip(*(pairs[name].to_pylist() for name in columns), strict=True)]
