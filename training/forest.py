"""Forest: learns to weigh what two names have in common, and writes the trees into the package.

    python -m training.forest --pairs FILE... [--part FILE:N]

``--pairs``: CSV files with the columns ``person_a``, ``name_a``, ``name_b`` and
``same``; of a file given as ``FILE:0`` or ``FILE:1`` only one half of the people
is learned from, so that the other half can measure what came of it
(``half``). Needs scikit-learn, which nothing else here does.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from estelik.names import comparison, engine
from estelik.names.bank import Bank, room
from estelik.names.name import parse
from estelik.names.weights import weights
from training import origin
from training.map import OUT, write

_SEED: Final = 20261122
_TREES: Final = 300
_DEPTH: Final = 4


def half(person: str) -> int:
    """Which half of the people somebody belongs to."""
    return hashlib.sha1(person.encode(), usedforsecurity=False).digest()[0] & 1


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a file, or of one half of it."""
    path, _, part = file.partition(":")
    with Path(path).open(encoding="utf-8", newline="") as lines:
        every = list(csv.DictReader(lines))
    return [row for row in every if not part or half(row["person_a"]) == int(part)]


def numbers(given: list[dict[str, str]]) -> Any:
    """``matching.features`` of each row."""
    quick = engine.compiled()
    bank = Bank(weights(), quick)
    number = {
        name: bank.add(parse(name))
        for name in dict.fromkeys(r[c] for r in given for c in ("name_a", "name_b"))
    }
    names, words = bank.both()
    left, right = (
        np.array([number[row[column]] for row in given], np.int64) for column in ("name_a", "name_b")
    )
    return comparison.features(quick, names, words, left, right, room())


def main() -> int:
    """Learns, writes, and says how many trees there are."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    asked = argparse.ArgumentParser(prog="python -m training.forest", description=__doc__)
    asked.add_argument("--pairs", action="append", required=True)
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    files = [rows(file) for file in given.pairs]
    table = np.concatenate([numbers(part) for part in files])
    same = np.array([int(row["same"]) for part in files for row in part])
    # Each file counts as much as another, however long it is.
    weight = np.concatenate([np.full(len(part), len(same) / len(files) / len(part)) for part in files])
    trees = HistGradientBoostingClassifier(
        max_iter=_TREES, max_depth=_DEPTH, learning_rate=0.06, l2_regularization=1.0, min_samples_leaf=30,
        max_features=0.3,
        random_state=_SEED,
    )  # fmt: skip
    # Whoever is guessed is nobody that was learned of.
    people = np.unique([row["person_a"] for part in files for row in part], return_inverse=True)[1]
    guessed = cross_val_predict(
        trees, table, same, groups=people, cv=GroupKFold(5), method="predict_proba",
        params={"sample_weight": weight},
    )[:, 1]  # fmt: skip
    limit = _limit(guessed, same, weight)
    trees.fit(table, same, sample_weight=weight)
    made = write(given.out, "forest", arrays(trees, limit))
    origin.told(
        given.out, "forest", made,
        command=" ".join(("python -m training.forest", *(f"--pairs {_name(one)}" for one in given.pairs))),
        data=origin.PAIRS,
        pairs=len(same),
        seed=_SEED,
        sources=origin.digests({Path(one.partition(":")[0]) for one in given.pairs}),
    )  # fmt: skip
    print(f"{len(same):,} pairs, {_TREES} trees; taken for the same from {limit:.3f} on", file=sys.stderr)
    return 0


def _name(given: str) -> str:
    """A file and its half, without the folder."""
    path, colon, part = given.partition(":")
    return f"{Path(path).name}{colon}{part}"


def _limit(guessed: Any, same: Any, weight: Any) -> float:
    """From which probability on the harmonic mean of precision and recall is best."""
    order = np.argsort(-guessed)
    hits = np.cumsum(weight[order] * same[order])
    found = np.cumsum(weight[order])
    measure = 2 * hits / (found + (weight * same).sum())
    return float(guessed[order[measure.argmax()]])


def arrays(trees: Any, limit: float) -> dict[str, Any]:
    """The trees as ``names.forest`` has them; ``limit``: the probability that is one half there."""
    roots: list[int] = []
    nodes: list[tuple[int, int, int, int]] = []
    limits: list[float] = []
    for (tree,) in trees._predictors:  # noqa: SLF001 (no other way to its trees)
        start = len(nodes)
        roots.append(start)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            nodes.append(
                (
                    -1 if leaf else int(node["feature_idx"]),
                    0 if leaf else start + int(node["left"]),
                    0 if leaf else start + int(node["right"]),
                    int(node["missing_go_to_left"]),
                )
            )
            limits.append(float(node["value"] if leaf else node["num_threshold"]))
    # Moved so that one half is where two names are taken for the same.
    base = float(trees._baseline_prediction.ravel()[0]) - float(np.log(limit / (1 - limit)))  # noqa: SLF001
    return {
        "roots": np.array(roots, np.int32),
        "nodes": np.array(nodes, np.int32),
        "limits": np.array(limits, np.float64),
        "base": np.array([base]),
    }


if __name__ == "__main__":
    sys.exit(main())
