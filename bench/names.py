"""Names: how often two are rightly taken for one person's, by script, and how fast, beside others.

    NAMES=FILE GENERATED=FILE python -m bench names

``NAMES``: pairs of names of real people with the columns of `python -m training.pairs`; only the half of the
people that nothing was tuned on is measured. ``GENERATED``: invented Kazakh and Uyghur pairs that were never
trained on (`python -m training.pairs --split held`). Peers (`pip install rapidfuzz anyascii jellyfish
nomenklatura`) are measured where they are installed, each at the threshold that is best for it on the other
half, for each script.
"""

from __future__ import annotations

import csv
import os
import resource
import time
from collections import defaultdict
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from training.forest import half

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Matcher = Callable[[list[tuple[str, str]]], Any]

#: The recall at which precision is reported too.
_RECALL: Final = 0.9


class Pairs(NamedTuple):
    """Pairs of names, whether they are one person's, and of which kind each is."""

    names: list[tuple[str, str]]
    same: Any
    kinds: list[str]


def main() -> None:
    """Measures, and prints tables."""
    names, generated = os.environ.get("NAMES"), os.environ.get("GENERATED")
    if not names or not generated:
        print("Say where the pairs are: NAMES=FILE GENERATED=FILE python -m bench names")
        return
    tuned = _read(Path(names), lambda row: half(row["person_a"]) == 0, _script)
    kept = _read(Path(names), lambda row: half(row["person_a"]) == 1, _script)
    matchers = {"Estelik": _estelik, **_peers()}
    _estelik(kept.names[:10])
    for name, matcher in matchers.items():
        start = time.perf_counter()
        scores = matcher(kept.names)
        took = time.perf_counter() - start
        print(f"{name}: {len(kept.names) / took:,.0f} pairs/s")
        _table(scores, kept, _own if name == "Estelik" else _best(matcher(tuned.names), tuned))
    held = _read(Path(generated), lambda _: True, _writings)
    for name in ("Estelik", "rapidfuzz on anyascii"):
        if name in matchers:
            scores = matchers[name](held.names)
            print(f"{name}, invented Kazakh and Uyghur names")
            _table(scores, held, _own if name == "Estelik" else _best(scores, held))
    print(
        "Estelik, Kazakh, Russian and Latin spellings of invented Kazakhs, against their brothers and sisters"
    )
    kin = _read(Path(generated), _kin, _writings)
    _table(_estelik(kin.names), kin, _own)
    every = kept.names + tuned.names
    _many("each ten times", every * 10)
    # Who resembles somebody stands near him: of each name ten pairs, some of them alike and some not.
    ones, others = zip(*every, strict=True)
    near = (zip(ones, others[shift:] + others[:shift], strict=True) for shift in range(10))
    _many("all of them different", list(dict.fromkeys(chain(*near))))


def _many(what: str, pairs: list[tuple[str, str]]) -> None:
    """Says how fast so many pairs are scored, on the clock and by the processors' time."""
    before, start = _worked(), time.perf_counter()
    _estelik(pairs)
    took, worked = time.perf_counter() - start, _worked() - before
    count = f"{len(pairs):,} pairs of {len(set(chain(*pairs))):,} names, {what}"
    print(f"{count}: {len(pairs) / took:,.0f} pairs/s, {len(pairs) / worked:,.0f} per second of a core")


def _worked() -> float:
    """Seconds that this process and those it waited for worked."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _estelik(pairs: list[tuple[str, str]]) -> Any:
    from estelik.names.comparison import Scorer
    from estelik.names.engine import compiled

    return Scorer(compiled()).scores(pairs)


def _peers() -> dict[str, Matcher]:
    out: dict[str, Matcher] = {}
    if find_spec("rapidfuzz") and find_spec("anyascii"):
        from anyascii import anyascii  # type: ignore[import-not-found, unused-ignore]
        from rapidfuzz import fuzz  # type: ignore[import-not-found, unused-ignore]

        out["rapidfuzz on anyascii"] = lambda pairs: np.array(
            [fuzz.token_sort_ratio(anyascii(one).lower(), anyascii(other).lower()) for one, other in pairs]
        )
        if find_spec("jellyfish"):
            import jellyfish  # type: ignore[import-not-found, unused-ignore]

            def sound(name: str) -> str:
                return " ".join(jellyfish.metaphone(word) for word in anyascii(name).split())

            out["metaphone (jellyfish)"] = lambda pairs: np.array(
                [fuzz.token_sort_ratio(sound(one), sound(other)) for one, other in pairs]
            )
        if find_spec("splink") and find_spec("duckdb"):

            def plain(name: str) -> str:
                return " ".join(sorted(anyascii(name).lower().split()))

            out["NameComparison (Splink) on anyascii"] = lambda pairs: _splink(
                [(plain(one), plain(other)) for one, other in pairs]
            )
    if find_spec("nomenklatura"):
        out["logic-v2 (nomenklatura)"] = _logic
    return out


def _splink(pairs: list[tuple[str, str]]) -> Any:
    """The level of Splink's own comparison of names that each pair comes to, the closest the highest."""
    import duckdb
    import pyarrow as pa
    import splink.comparison_library as library

    comparison: Any = library.NameComparison("name").get_comparison("duckdb")
    levels = comparison.as_dict()["comparison_levels"]
    conditions = [level["sql_condition"] for level in levels if not level.get("is_null_level")][:-1]
    cases = " ".join(f"when {one} then {len(conditions) - place}" for place, one in enumerate(conditions))
    left, right = zip(*pairs, strict=True)
    given = pa.table({"number": range(len(pairs)), "name_l": left, "name_r": right})
    with duckdb.connect() as connection:
        connection.register("given", given)
        found = connection.execute(f"select case {cases} else 0 end from given order by number")  # noqa: S608 (our own words)
        return np.array([level for (level,) in found.fetchall()], float)


def _logic(pairs: list[tuple[str, str]]) -> Any:
    from followthemoney import model  # type: ignore[import-not-found, unused-ignore]
    from nomenklatura.matching import LogicV2, ScoringConfig  # type: ignore[import-not-found, unused-ignore]

    config = LogicV2.default_config() if hasattr(LogicV2, "default_config") else ScoringConfig.defaults()

    def person(number: int, name: str) -> Any:
        # Names are remembered by id there: each needs its own.
        found = model.make_entity("Person")
        found.id = f"n{number}"
        found.add("name", name)
        return found

    return np.array(
        [
            LogicV2.compare(person(2 * number, one), person(2 * number + 1, other), config).score
            for number, (one, other) in enumerate(pairs)
        ]
    )


def _read(
    file: Path, wanted: Callable[[dict[str, str]], bool], kind: Callable[[dict[str, str]], str]
) -> Pairs:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if wanted(row)]
    return Pairs(
        [(row["name_a"], row["name_b"]) for row in rows],
        np.array([int(row["same"]) for row in rows]),
        [kind(row) for row in rows],
    )


def _kin(row: dict[str, str]) -> bool:
    written = {row["kind_a"], row["kind_b"]}
    return (
        row["subset"].startswith("kk")
        and row["kind"] in ("same", "sibling")
        and written <= {*("kk-Cyrl", "ru-Cyrl", "kk-Latn-2018", "kk-Latn-2021", "passport", "en")}
    )


def _script(row: dict[str, str]) -> str:
    return row["script_a"]


def _writings(row: dict[str, str]) -> str:
    return " ".join(sorted((row["kind_a"], row["kind_b"])))


def _own(_kind: str) -> float:
    """Estelik says itself from where on two names are the same."""
    return 0.5


def _best(scores: Any, pairs: Pairs) -> Callable[[str], float]:
    """For each kind of pair the threshold at which the harmonic mean of precision and recall is best."""
    kinds = np.array(pairs.kinds)
    limits = {"all": _limit(scores, pairs.same)}
    limits |= {kind: _limit(scores[kinds == kind], pairs.same[kinds == kind]) for kind in set(pairs.kinds)}
    return limits.__getitem__


def _limit(scores: Any, same: Any) -> float:
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(same[order])
    return float(scores[order[(2 * hits / (np.arange(len(same)) + 1 + same.sum())).argmax()]])


def _measures(scores: Any, same: Any, limit: float) -> tuple[float, float, float, float]:
    found = scores >= limit
    hits = (found & (same == 1)).sum()
    precision, recall = hits / max(found.sum(), 1), hits / max(same.sum(), 1)
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(same[order])
    # Equal scores are taken together or not at all.
    ends = np.append(scores[order][1:] != scores[order][:-1], True)
    enough = ends & (right >= _RECALL * same.sum())
    at = (right / (np.arange(len(same)) + 1))[enough].max()
    return 2 * hits / (found.sum() + same.sum()), precision, recall, at


def _table(scores: Any, pairs: Pairs, limit: Callable[[str], float]) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for number, kind in enumerate(pairs.kinds):
        groups[kind].append(number)
    rows: Iterable[tuple[str, Any]] = [("all", range(len(pairs.kinds))), *sorted(groups.items())]
    print("| | pairs | same | F1 | precision | recall | precision at recall 0.9 |")
    print("|---|---|---|---|---|---|---|")
    for kind, numbers in rows:
        chosen = np.array(list(numbers))
        same = pairs.same[chosen]
        if 0 < same.sum() < len(same):
            figures = " | ".join(f"{one:.3f}" for one in _measures(scores[chosen], same, limit(kind)))
            print(f"| {kind} | {len(chosen):,} | {int(same.sum()):,} | {figures} |")


if __name__ == "__main__":
    main()
