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
from estelik.identity.commonness import Commonness, in_order
from estelik.identity.company import Pairs
from estelik.identity.glance import Glance
from estelik.identity.linkage_settings import counted, settings, weighed
from estelik.identity.proposing import proposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from estelik.identity.features import Columns
    from estelik.identity.profile import Profile

#: Of so many people one is there twice, as far as anybody knows beforehand.
_TWICE: Final = 2.0
_BIT: Final = float(np.log(2))
#: Pairs that an engine is handed at a time.
_PAIRS: Final = 250_000
#: From so many rows on some pairs are not looked at twice.
_MANY: Final = 2 * appraisal.ROWS
#: Odds (natural logarithm) at a glance with which no second look is worth it.
_HOPELESS: Final = -5.3
#: The number of a cell has so many bits at most.
_BITS: Final = 16
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


class Part(NamedTuple):
    """Pairs of rows (numbers) to be compared, and a table of these rows."""

    rows: pa.Table
    one: Any
    other: Any


#: Compares pairs by settings, part by part; tells those that have this weight at least.
Engine = Callable[["Iterable[Part]", dict[str, Any], float], Scored]


class Table:
    """What engines are handed of some columns: a row a name, with all that is compared."""

    def __init__(self, columns: Columns) -> None:
        import pyarrow as pa

        self._columns = columns
        words = columns.words
        self._texts = {
            "": pa.array([one.sounds or None for one in words]),
            "_bones": pa.array([one.skeleton or None for one in words]),
            "_finer": pa.array([one.consonants or None for one in words]),
            "_letters": pa.array([one or None for one in in_order([one.skeleton for one in words])]),
        }
        self._alone, self._whole = blocking.as_one(columns)
        common = Commonness(columns)
        self._counted = counted(weighed().weights)
        #: How common what a row has is: which of some numbers, and the numbers.
        self._common = {
            name: np.unique(common.of(name), return_inverse=True)
            for name in dict.fromkeys(column for column, _ in self._counted.values())
        }

    def part(self, one: Any, other: Any) -> Part:
        """Some pairs, and their rows."""
        rows = np.unique(np.concatenate((one, other)))
        return Part(self.rows(rows), one, other)

    def rows(self, rows: Any) -> pa.Table:
        """The rows with these numbers."""
        import pyarrow as pa

        columns = self._columns
        sex, first, last = columns.sex[rows], columns.first[rows], columns.last[rows]
        out: dict[str, Any] = {
            "row": pa.array(rows),
            "person": pa.array(columns.person[rows]),
            "sex": pa.array(sex.astype(np.int64), mask=sex == 0),
            "first": pa.array(first, mask=first == features.UNKNOWN),
            "last": pa.array(last, mask=last == features.UNKNOWN),
        }
        for name in ("given", "father", "surname"):
            word = getattr(columns, name)[rows]
            for kind, of in self._texts.items():
                out[f"{name}{kind}"] = of.take(pa.array(word))
            for at in range(NEAREST):
                cell = columns.cells[word, at].astype(np.int64)
                out[f"{name}_cell{at + 1}"] = pa.array(cell, mask=cell == 0)
        for name, hashes in (("alone", self._alone[columns.given[rows]]), ("whole", self._whole[rows])):
            out[name] = _signed(hashes)
        for name in ("place", "relative", "document"):
            hashes = getattr(columns, f"{name}s")[rows]
            for at in range(features.MOST):
                out[f"{name}{at + 1}"] = _signed(hashes[:, at])
        for name, (column, share) in self._counted.items():
            numbers, which = self._common[column]
            # Splink asks for the column itself, too.
            out[name] = pa.array(which[rows])
            out[f"tf_{name}"] = pa.array(numbers[which[rows]] * share)
        return pa.table(out)


def _signed(hashes: Any) -> Any:
    """Engines have signed numbers; 0 is none."""
    import pyarrow as pa

    return pa.array(hashes.view(np.int64), mask=hashes == 0)


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
    own = by_people(columns, *weighed_pairs(columns, engine, _odds(least)))
    pairs = company.borne_out(own, people, _odds(least))
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
    people = int(columns.person.max(initial=0)) + 1
    codes = np.minimum(one, other) * people + np.maximum(one, other)
    order = np.argsort(codes)
    codes, odds = codes[order], odds[order]
    begins = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.zeros(0, np.int64)
    codes, odds = codes[begins], np.maximum.reduceat(odds, begins) if len(codes) else odds
    return Pairs(codes // people, codes % people, odds)


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
    more = max(0.0, float(np.log(rows / appraisal.ROWS)))
    worth = prior + appraisal.WORTH + more
    # Of so many pairs only those that are not hopeless are looked at twice.
    glance = Glance(max(least, worth) - prior, _HOPELESS + more) if rows > _MANY else None
    one, other = proposed(columns, min(least, worth) - prior, glance)
    # Of rows that are called alike a part has fewer than of any.
    near = columns.cells[:, 0].astype(np.int64)
    alike = np.argsort((near[columns.given] << _BITS | near[columns.father])[one], kind="stable")
    one, other = one[alike], other[alike]
    table = Table(columns)
    parts = (
        table.part(one[start : start + _PAIRS], other[start : start + _PAIRS])
        for start in range(0, len(one), _PAIRS)
    )
    found = engine(parts, settings(rate(rows), weighed().weights), min(least, worth) / _BIT)
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
    api: Any, put: Callable[[pa.Table], Any], part: Part, settings_: dict[str, Any], least: float
) -> Scored:
    """The pairs of a part that have a weight of ``least``, on one of Splink's databases.

    ``put`` makes of a table what the database takes.
    """
    import pyarrow as pa
    from splink import Linker

    frequencies = [name for name in part.rows.column_names if name.startswith("tf_")]
    people = api.register(put(part.rows.drop_columns(frequencies)))
    # What it says of its progress is for those who build models.
    linker = Linker(people, settings_, log_level=logging.ERROR, validate_settings=False)
    for name in frequencies:
        # Given so they are taken as they are, not counted anew.
        column = name.removeprefix("tf_")
        first = np.unique(part.rows[column].to_numpy(), return_index=True)[1]
        found = part.rows.select([column, name]).take(pa.array(first))
        linker.table_management.register_term_frequency_lookup(api.register(put(found)), column)
    pairs = pa.table(
        {"match_key": pa.repeat("0", len(part.one)), "join_key_l": part.one, "join_key_r": part.other}
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register(put(pairs)))
    predicted: Any = linker.inference.predict(threshold_match_weight=least)
    told = predicted.as_pyarrow_table()
    one, other, weight = (told[name].to_numpy() for name in ("row_l", "row_r", "match_weight"))
    return Scored(one, other, weight.copy())


def together(found: Sequence[Scored]) -> Scored:
    """What is told of all parts."""
    none = Scored(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    return Scored._make(map(np.concatenate, zip(none, *found, strict=True)))
