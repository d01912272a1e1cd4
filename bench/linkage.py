"""Linkage: which of a million rows are one person's, beside Splink's own comparison of names.

    python -m bench linkage

Rows of the part ``held`` of ``training.population``: other names, put together of two, than those that
blocking and weights were learned on. The ceiling of the population is printed first. ``LINKAGE=N`` takes
another number of rows.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from training.blocking import profiles

from bench.measure import scaled, verdict
from estelik.identity import features, linkage
from estelik.identity.clusters import clusters
from estelik.identity.linkage_duckdb import database, duckdb_engine
from training import ceiling, population

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.population import Row

_SEED: Final = 2026
#: From which probability on a pair is taken for one person's: set beforehand, not by what is measured.
_CHOSEN: Final = 0.5
#: Splink's own comparison has so many rows at most.
_SPLINK: Final = 200_000
#: At what a pair is taken for one person's where clusters are made by the machine.
_SURE: Final = 0.99


def main() -> None:
    """Measures, and prints a table."""
    rows = population.population(int(os.environ.get("LINKAGE", "0")) or scaled(1_000_000, 2000), _SEED)
    true = ceiling.true_pairs(rows)
    count = len({row.person for row in rows})
    print(f"{len(rows):,} rows of {count:,} people, {len(true):,} pairs of rows of one")
    best = ceiling.ceiling(rows)
    print(f"ceiling: F1 {best.f1:.3f}, precision {best.precision:.3f}, recall {best.recall:.3f}")
    people = np.array([row.person for row in rows])
    profiles_ = profiles(rows)
    times, work = [time.perf_counter()], sum(os.times()[:4])

    def engine(parts: Iterable[linkage.Part], settings: dict[str, Any], least: float) -> linkage.Scored:
        times.append(time.perf_counter())
        scored = duckdb_engine(parts, settings, least)
        times.append(time.perf_counter())
        return scored

    with _Memory() as memory:
        columns = features.columns(profiles_)
        times.append(time.perf_counter())
        found = linkage.linked(columns, len(rows), engine, linkage.LEAST)
        times.append(time.perf_counter())
    took, work = times[-1] - times[0], sum(os.times()[:4]) - work
    print(f"Estelik: {took:.0f} s, {work:.0f} s of a core")
    print(f"  {memory.peak / 2**20:,.0f} MiB with the rows and all processes")
    for what, begin, end in zip(("reading", "keys", "Splink", "second look"), times, times[1:], strict=False):
        print(f"  {what}: {end - begin:.0f} s")
    print(f"{verdict(took < 180)}: under 3 minutes; {verdict(memory.peak < 4 * 2**30)}: within 4 GiB")
    _figures([(one.one, one.other, one.probability) for one in found], people, len(true))
    recall = blocking_recall(columns, true)
    print(f"blocking recall {recall:.3f}; {verdict(recall >= 0.95)}: at least .95")
    if len(rows) > _SPLINK:
        return
    if not find_spec("anyascii"):
        print("Splink's own comparison of names takes `pip install anyascii`: not measured")
        return
    start = time.perf_counter()
    others = _splink(rows)
    print(f"Splink's own comparison of names, exact words as keys: {time.perf_counter() - start:.0f} s")
    _figures(others, people, len(true))


class _Memory:
    """The most memory that this process and its children have at a time, in bytes; what they share is
    counted once."""

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._done.wait(0.5):
            own = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
            self.peak = max(self.peak, sum(map(_held, own)))


def _held(process: int | None) -> int:
    """The memory of a process, of what it shares with others its part."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))


def blocking_recall(columns: features.Columns, true: Any) -> float:
    """The part of the true pairs that share a key."""
    from training.blocking import found

    from estelik.identity import blocking

    rules = blocking.learned()
    hit = np.zeros(len(true), bool)
    for rule in rules.rules:
        hit |= found(columns, rule, true, rules.bound)[0]
    return float(hit.mean())


def _figures(pairs: Sequence[tuple[int, int, float]], people: Any, true: int) -> None:
    if not pairs:
        print("  nothing was found")
        return
    one, other = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    probability = np.array([pair[2] for pair in pairs])
    same = people[one] == people[other]
    order = np.argsort(-probability, kind="stable")
    hits, count = np.cumsum(same[order]), np.arange(len(order)) + 1
    f1 = 2 * hits / (count + true)
    at = int(f1.argmax())
    print(
        f"  best pair F1 {f1[at]:.3f} (precision {hits[at] / count[at]:.3f}, recall {hits[at] / true:.3f}) "
        f"from probability {probability[order][at]:.2f} on"
    )
    for limit in (_CHOSEN, 0.9, _SURE, 0.999):
        sure = probability >= limit
        if sure.any():
            precision, recall = same[sure].mean(), same[sure].sum() / true
            found = _cluster_precision(one[sure], other[sure], people)
            measure = 2 * precision * recall / (precision + recall)
            print(
                f"  from {limit}: pair F1 {measure:.3f}, precision {precision:.4f}, recall {recall:.3f}; "
                f"precision of pairs within clusters {found:.4f}"
            )
            if limit == _CHOSEN:
                print(f"  {verdict(measure >= 0.92)}: pair F1 at least .92")
            if limit == _SURE:
                print(f"  {verdict(found >= 0.998)}: precision within clusters at least .998")


def _cluster_precision(one: Any, other: Any, people: Any) -> float:
    """Of the pairs of rows that come to be in one cluster, the part that is one person's."""
    groups = clusters((f"{a:09}", f"{b:09}") for a, b in zip(one.tolist(), other.tolist(), strict=True))
    right = every = 0
    for members in set(groups.values()):
        own = people[[int(member) for member in members]]
        counts = np.unique(own, return_counts=True)[1]
        right += int((counts * (counts - 1) // 2).sum())
        every += len(own) * (len(own) - 1) // 2
    return right / max(every, 1)


def _splink(rows: Sequence[Row]) -> list[tuple[int, int, float]]:
    """What Splink makes of the names in Latin letters, by its own comparisons and exact words as keys."""
    import splink.comparison_library as cl
    from anyascii import anyascii  # type: ignore[import-not-found, unused-ignore]
    from splink import Linker, SettingsCreator, block_on

    words = [anyascii(row.name).lower().replace("-", " ").split() for row in rows]
    days = [row.born and row.born[0] for row in rows]
    table = {
        "unique_id": list(range(len(rows))),
        "first": [one[0] if one else None for one in words],
        "last": [one[-1] if len(one) > 1 else None for one in words],
        "born": [_iso(day) for day in days],
        "place": [row.place or None for row in rows],
    }
    model = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first"),
            cl.NameComparison("last"),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.ExactMatch("place").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first", "last"),
            block_on("first", "born"),
            block_on("last", "born"),
            block_on("first", "place"),
            block_on("last", "place"),
        ],
    )
    with database() as api:
        linker = Linker(api.register(table), model)
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("first", "last"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("born", "place"))
        pairs: Any = linker.inference.predict(threshold_match_probability=0.01)
        found = pairs.as_pyarrow_table()
    names = ("unique_id_l", "unique_id_r", "match_probability")
    return list(zip(*(found[name].to_pylist() for name in names), strict=True))


def _iso(day: int | None) -> str | None:
    from datetime import date

    return date.fromordinal(day).isoformat() if day else None


if __name__ == "__main__":
    main()
