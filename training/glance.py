"""Glance: learns which pairs of very many rows are not worth a second look.

    python -m training.glance --seed 7 --seed 8 --check 12

On populations of the part ``train`` (``estelik.identity.appraisal.ROWS`` rows each), of the pairs that
Splink finds worth it. Comes after ``training.blocking``; writes ``glance.npz`` in ``src/estelik/identity``,
and tells of one more population how many pairs are kept from which odds on, and how many of those that are
one person's are lost. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
from typing import Any, Final

import numpy as np

from estelik.identity import appraisal, features, proposing
from training import origin, population
from training.blocking import FOLDER, profiles
from training.forest import arrays

_SEED: Final = 20261123
_TREES: Final = 60
_DEPTH: Final = 5


def pairs(seed: int) -> tuple[Any, Any]:
    """What there is to be seen of the pairs of a population, and whether each is one person's."""
    rows = population.population(appraisal.ROWS, seed, "train")
    columns = features.columns(profiles(rows))
    people = np.array([row.person for row in rows])[columns.person]
    one, other = proposing.proposed(columns, appraisal.WORTH)
    return proposing.glances(proposing.sieve_of(columns), one, other), people[one] == people[other]


def main() -> None:
    """Learns, writes, and tells what comes of it."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    parser = argparse.ArgumentParser(description="Learns which pairs are worth more than a glance.")
    parser.add_argument("--seed", type=int, action="append", required=True)
    parser.add_argument("--check", type=int, required=True)
    asked = parser.parse_args()
    found = [pairs(seed) for seed in asked.seed]
    trees = HistGradientBoostingClassifier(
        max_iter=_TREES, max_depth=_DEPTH, learning_rate=0.15, l2_regularization=1.0, min_samples_leaf=100,
        early_stopping=False, random_state=_SEED,
    )  # fmt: skip
    trees.fit(np.concatenate([numbers for numbers, _ in found]), np.concatenate([same for _, same in found]))
    np.savez(FOLDER / "glance.npz", **arrays(trees, 0.5))
    seeds = " ".join(f"--seed {seed}" for seed in asked.seed)
    origin.told(
        FOLDER, "glance", ["glance.npz"],
        command=f"python -m training.glance {seeds} --check {asked.check}",
        data=origin.INVENTED,
        seed=_SEED,
    )  # fmt: skip
    numbers, same = pairs(asked.check)
    odds = trees.decision_function(numbers)
    for least in range(-6, 1):
        kept = odds >= least
        print(f"from {least}: {kept.mean():.3f} of the pairs, {(same & ~kept).sum() / same.sum():.4f} lost")


if __name__ == "__main__":
    main()
