"""Blocking: learns which keys bring together the rows of one person, and how much each likeness weighs.

    python -m training.blocking 100000 --seed 7

On a population of the part ``train``. First come the cells that words are filed in (``training.cells``), then
rules, chosen by what they find for what they cost (the greedy set cover of Bilenko, Kamath and Mooney, ICDM
2006), then weights, which are counted. Writes ``cells.npy``, ``blocking.json`` and ``weights.json`` in
``src/estelik/identity``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from estelik.identity import blocking, cells, features, linkage, linkage_settings
from estelik.identity.profile import Profile
from estelik.names.vectors import vectors
from estelik.names.weights import weights as map_weights
from training import ceiling, origin, population
from training.cells import learned, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.population import Row

FOLDER: Final = Path(__file__).parent.parent / "src" / "estelik" / "identity"
#: The most rows that may share a key, of a million.
BOUND: Final = 100
#: A rule is taken while it finds this part of all, that no other did.
WORTH: Final = 0.0004
#: Pairs of one row a rule may cost for each pair that it finds anew, at the size it is learned at.
DEAR: Final = 1500.0
#: How many cells there are, and of how many words they are learned.
CELLS: Final = 4096
_SAMPLE: Final = 30_000
#: What a population of this generator does not have is weighed by hand.
BY_HAND: Final = {
    "relative": {"same": (0.5, 0.01), "other": (0.5, 0.99)},
    "document": {"same": (0.9, 1e-6), "other": (0.1, 1 - 1e-6)},
}
CANDIDATES: Final[tuple[tuple[str, ...], ...]] = (
    ("together",),
    ("whole",),
    ("cells",),
    ("cells", "sex"),
    ("cells", "years"),
    ("cells", "place"),
    ("cell", "day"),
    ("cell", "place"),
    ("cell", "years"),
    ("cell", "place", "years"),
    ("any cell", "day"),
    ("any cell", "place"),
    ("any cell", "years"),
    ("any cell", "years", "sex"),
    ("any cell", "place", "years"),
    ("nearest", "years"),
    ("any nearest", "day"),
    ("any nearest", "place"),
    ("any nearest", "years"),
    ("any nearest", "years", "sex"),
    ("nearly",),
    ("nearly", "sex"),
    ("nearly", "years"),
    ("nearly", "place"),
    ("word", "day"),
    ("word", "place"),
    ("word", "years"),
    ("together begins",),
    ("together ends",),
    ("together begins", "years"),
    ("together ends", "years"),
    ("together begins", "place"),
    ("together ends", "place"),
    ("day", "place"),
    ("day", "sex"),
    ("begins", "day"),
    ("ends", "day"),
    ("begins", "place"),
    ("ends", "place"),
    ("begins", "place", "years"),
    ("ends", "place", "years"),
    ("place", "years"),
    ("place", "years", "sex"),
)
#: What few generated rows have: names of one word, relatives, documents. Rules that are always there.
ALWAYS: Final = (("document",), ("relative", "word"), ("whole",))


def profiles(rows: Sequence[Row]) -> list[Profile]:
    """The rows as people to be compared."""
    return [
        Profile(
            str(number),
            (row.name,),
            row.sex,  # type: ignore[arg-type]
            (date.fromordinal(row.born[0]), date.fromordinal(row.born[1])) if row.born else (None, None),
            (row.place,) if row.place else (),
        )
        for number, row in enumerate(rows)
    ]


def found(columns: features.Columns, rule: Sequence[str], true: Any, bound: int) -> tuple[Any, int]:
    """Which of the true pairs share a key of a rule, and how many pairs do."""
    starts, keys = blocking.keys(columns, [rule], bound)
    counts = np.unique(keys, return_counts=True)[1]
    sizes = np.diff(starts)
    width = int(sizes.max(initial=1))
    wide = np.zeros((len(sizes), width), np.int64)
    wide[np.repeat(np.arange(len(sizes)), sizes), np.arange(len(keys)) - np.repeat(starts[:-1], sizes)] = keys
    one, other = wide[true[:, 0]], wide[true[:, 1]]
    hit = np.zeros(len(true), bool)
    for column in range(width):
        hit |= ((one[:, column, None] == other) & (one[:, column, None] != 0)).any(axis=1)
    return hit, int((counts * (counts - 1) // 2).sum())


def chosen(columns: features.Columns, true: Any, bound: int) -> list[tuple[str, ...]]:
    """The rules, the best first."""
    measured = {rule: found(columns, rule, true, bound) for rule in CANDIDATES}
    missing = np.ones(len(true), bool)
    for rule in ALWAYS:
        missing &= ~found(columns, rule, true, bound)[0]
    out: list[tuple[str, ...]] = list(ALWAYS)
    while True:
        worth = {
            rule: (int((hit & missing).sum()), cost)
            for rule, (hit, cost) in measured.items()
            if rule not in out
        }
        good = {
            rule: gain / (cost + 1)
            for rule, (gain, cost) in worth.items()
            if gain >= WORTH * len(true) and cost <= DEAR * gain
        }
        if not good:
            break
        best = max(good, key=good.__getitem__)
        out.append(best)
        missing &= ~measured[best][0]
        print(
            f"{' & '.join(best)}: {measured[best][1]:,} pairs, {1 - missing.mean():.4f} found so far",
            flush=True,
        )
    return out


def weights(columns: features.Columns, people: Sequence[int]) -> dict[str, dict[str, tuple[float, float]]]:
    """How often each level is there of one person and of two."""
    import pyarrow as pa
    from splink import Linker

    from estelik.identity.linkage_duckdb import database

    table = linkage.Table(columns).rows(np.arange(len(people)))
    table = table.set_column(table.schema.get_field_index("person"), "person", pa.array(people))
    with database() as api:
        linker = Linker(api.register(table), linkage_settings.settings(1 / len(people), None))
        linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
        linker.training.estimate_m_from_label_column("person")
        model = linker.misc.save_model_to_json()
    out = defaultdict[str, dict[str, tuple[float, float]]](dict)
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                same = max(float(level.get("m_probability") or 0), 1e-5)
                others = max(float(level.get("u_probability") or 0), 3e-7)
                out[name][level["label_for_charts"]] = float(f"{same:.4g}"), float(f"{others:.4g}")
    return {**out, **BY_HAND}


def middles(columns: features.Columns, seed: int) -> Any:
    """The middles of the cells, of words drawn at random."""
    draw = np.random.default_rng(seed)
    # Number 0 is no word.
    chosen = draw.permutation(len(columns.words) - 1)[:_SAMPLE] + 1
    words = [(one.script, one.letters) for one in (columns.words[number] for number in chosen.tolist())]
    found = vectors(words, map_weights())
    return packed(learned(found[found.any(axis=1)], draw, CELLS))


def main() -> None:
    """Learns all, and writes them."""
    parser = argparse.ArgumentParser(description="Learns blocking keys and weights on invented persons.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    rows = population.population(asked.count, asked.seed, "train")
    columns = features.columns(profiles(rows))
    np.save(FOLDER / "cells.npy", middles(columns, asked.seed))
    cells.middles.cache_clear()
    columns = columns._replace(cells=cells.cells(columns.words))
    command = f"python -m training.blocking {asked.count} --seed {asked.seed}"
    rules = chosen(columns, ceiling.true_pairs(rows), BOUND)
    _write("blocking.json", blocking.Learned(tuple(rules), BOUND, command))
    found_ = weights(columns, [row.person for row in rows])
    _write("weights.json", linkage_settings.Weighed(found_, command))
    files = ["cells.npy", "blocking.json", "weights.json"]
    origin.told(FOLDER, "blocking", files, command=command, data=origin.INVENTED, seed=asked.seed)


def _write(name: str, value: msgspec.Struct) -> None:
    text = json.dumps(msgspec.to_builtins(value), indent=1)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
