"""Appraisal: learns to take a second and closer look at pairs that may be one person's.

    python -m training.appraisal --seed 7 --seed 8 --company 9

On populations of the part ``train`` (``estelik.identity.appraisal.ROWS`` rows each), of the pairs that Splink
finds worth it; and on another one how much weighs what others say of a pair. Comes after
``training.blocking``; writes ``appraisal.npz`` and ``company.npz`` in ``src/estelik/identity``. Needs
scikit-learn.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.identity import appraisal, company, features, linkage
from estelik.identity.linkage_duckdb import duckdb_engine
from estelik.names.engine import compiled
from training import ceiling, origin, population
from training.blocking import FOLDER, profiles
from training.forest import arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.population import Row

_SEED: Final = 20261123
_TREES: Final = 250
_DEPTH: Final = 6


class Pairs(NamedTuple):
    """What there is to be weighed of each pair that is worth a look, whether it is one person's, and of how
    many pairs that is the question."""

    numbers: Any
    one: Any
    other: Any
    same: Any
    true: int


def pairs(rows: Sequence[Row]) -> Pairs:
    """The pairs of a population."""
    columns = features.columns(profiles(rows))
    kept: list[Any] = []

    def look(columns_: features.Columns, some: appraisal.Proposed) -> Any:
        people = np.array([row.person for row in rows])
        numbers = appraisal.Looks(columns_).numbers(some, compiled())
        kept.extend((numbers, some.one, some.other, people[some.one] == people[some.other]))
        return np.zeros(len(some.one))

    linkage.weighed_pairs(columns, duckdb_engine, np.inf, look)
    return Pairs._make([*kept, len(ceiling.true_pairs(rows))])


def learned(numbers: Any, same: Any) -> Any:
    """Trees that tell who is the same by these numbers."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(
        max_iter=_TREES, max_depth=_DEPTH, learning_rate=0.08, l2_regularization=1.0, min_samples_leaf=40,
        max_features=0.4, early_stopping=False, random_state=_SEED,
    )  # fmt: skip
    return trees.fit(numbers, same)


def main() -> None:
    """Learns, and writes."""
    parser = argparse.ArgumentParser(description="Learns to weigh pairs that may be one person's.")
    parser.add_argument("--seed", type=int, action="append", required=True)
    parser.add_argument("--company", type=int, required=True)
    asked = parser.parse_args()
    found = [pairs(population.population(appraisal.ROWS, seed, "train")) for seed in asked.seed]
    trees = learned(
        np.concatenate([one.numbers for one in found]), np.concatenate([one.same for one in found])
    )
    np.savez(FOLDER / "appraisal.npz", **arrays(trees, 0.5))
    print(f"{sum(len(one.same) for one in found):,} pairs")
    rows = population.population(appraisal.ROWS, asked.company, "train")
    other = pairs(rows)
    people = np.array([row.person for row in rows])
    odds = trees.decision_function(other.numbers)
    low, high = np.minimum(other.one, other.other), np.maximum(other.one, other.other)
    told, numbers = company.numbers_of(company.Pairs(low, high, odds), len(rows))
    again = learned(numbers, people[told.one] == people[told.other])
    np.savez(FOLDER / "company.npz", **arrays(again, 0.5))
    seeds = " ".join(f"--seed {seed}" for seed in asked.seed)
    origin.told(
        FOLDER, "appraisal", ["appraisal.npz", "company.npz"],
        command=f"python -m training.appraisal {seeds} --company {asked.company}",
        data=origin.INVENTED,
        seed=_SEED,
    )  # fmt: skip
    print(f"{len(told.one):,} pairs in company")


if __name__ == "__main__":
    main()
