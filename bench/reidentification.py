"""Re-identification: how long a release is checked against all people that somebody could be.

200 entries of invented people, ten facts or so each, against 100,000: how many people each could be, which up
to three facts make them few, and the cheapest way to say less.
"""

from __future__ import annotations

import random
import time
from datetime import date
from statistics import median

from bench.measure import scaled, verdict
from estelik.protection.anonymity import anonymity
from estelik.protection.fact import Fact, ladder
from estelik.protection.population import Population
from estelik.protection.repair import repair

#: What must hold, in seconds.
_BAR = 10.0
_START, _END = date(2016, 6, 1).toordinal(), date(2019, 12, 31).toordinal()


def main() -> None:
    """Measures, and prints a table."""
    rng = random.Random(1)
    areas = _areas()
    people, entries = scaled(100_000, 500), scaled(200, 5)
    known = [fact for number in range(people) for fact in _life(rng, f"p{number}", areas)]
    own: dict[str, list[Fact]] = {}
    for fact in known:
        if int(fact.person[1:]) < entries:
            own.setdefault(fact.person, []).append(_released(fact, areas))
    start = time.perf_counter()
    population = Population([known], areas)
    laid = time.perf_counter()
    found = [anonymity(population, facts) for facts in own.values()]
    checked = time.perf_counter()
    mended = [
        repair(population, facts) for one, facts in zip(found, own.values(), strict=True) if one.combinations
    ]
    end = time.perf_counter()
    for one in mended:
        assert not one.left
    small = [len(one.combinations) for one in found if one.combinations]
    print(
        f"  {len(known):,} facts of {people:,} people, {sum(map(len, own.values())):,} of {len(own)} entries"
    )
    print(f"  laid out {laid - start:.1f} s, checked {checked - laid:.1f} s, repaired {end - checked:.1f} s")
    print(
        f"  {len(small)} entries with {median(small or [0]):.0f} small combinations (median), "
        f"{sum(one.cheapest for one in mended)} of {len(mended)} repairs proven the cheapest, "
        f"{median([len(one.steps) for one in mended] or [0]):.0f} steps"
    )
    print(f"  {verdict(end - start <= _BAR)}: {end - start:.1f} s, at most {_BAR:.0f} s")


def _areas() -> dict[str, tuple[str, ...]]:
    """A thousand villages in ninety counties of fifteen regions."""
    areas: dict[str, tuple[str, ...]] = {"country": ()}
    for number in range(1000):
        county, region = f"county {number % 90}", f"region {number % 90 % 15}"
        areas[f"village {number}"] = (county, region, "country")
        areas[county], areas[region] = (region, "country"), ("country",)
    return areas


def _skewed(rng: random.Random, count: int) -> int:
    return min(int(rng.expovariate(1) * count / 6), count - 1)


def _life(rng: random.Random, key: str, areas: dict[str, tuple[str, ...]]) -> list[Fact]:
    villages = [one for one in areas if one.startswith("village")]
    born = date(1940 + rng.randrange(62), 1, 1).toordinal() + rng.randrange(365)
    children = min(int(rng.expovariate(0.6)), 8)
    found = [
        Fact(key, "sex", value="f" if rng.random() < 0.3 else "m"),
        Fact(key, "ethnicity", value=f"e{_skewed(rng, 8)}"),
        Fact(key, "occupation", value=f"o{_skewed(rng, 40)}", occasion="o"),
        Fact(key, "birth", "when", first=born, last=born, occasion="birth"),
        Fact(key, "children", "number", first=children, last=children),
    ]
    for kind in ("arrest", "camp-entry")[: rng.choice((1, 2, 2))]:
        day, place = rng.randint(_START, _END), villages[_skewed(rng, 1000)]
        found.append(Fact(key, kind, "when", first=day, last=day, occasion=kind))
        found.append(Fact(key, kind, "place", place, occasion=kind))
    return found


def _released(fact: Fact, areas: dict[str, tuple[str, ...]]) -> Fact:
    """As an editor would first put it: the year of birth, the month of an arrest, the county."""
    rungs = ladder(fact, areas)
    if fact.aspect == "place" or fact.topic == "arrest":
        return rungs[1]
    return rungs[2] if fact.aspect == "when" else rungs[0]


if __name__ == "__main__":
    main()
