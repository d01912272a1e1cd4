"""Ceiling: how well anybody could tell which rows of a population are one person's.

Every pair of rows is judged by one who reads each name as it was meant, whatever the script and the slips,
and knows how often everything in the population is wrong, missing or common: by the odds that follow (Neyman
and Pearson 1933). What is as probable of two as of one nobody can tell.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from training import population
from training.population import OF_FATHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.population import Row

#: Two random rows, so often.
_RANDOM: Final = 400_000
_YEAR: Final = 365


class Ceiling(NamedTuple):
    """The best harmonic mean of precision and recall over pairs, and both there."""

    f1: float
    precision: float
    recall: float


def true_pairs(rows: Sequence[Row]) -> Any:
    """The pairs of rows (numbers, the lower one first) that are one person's (n x 2)."""
    by = defaultdict[int, list[int]](list)
    for number, row in enumerate(rows):
        by[row.person].append(number)
    pairs = [pair for own in by.values() for pair in itertools.combinations(own, 2)]
    return np.array(pairs, np.int64).reshape(-1, 2)


def ceiling(rows: Sequence[Row]) -> Ceiling:
    """The ceiling of a population."""
    import duckdb

    true = true_pairs(rows)
    people = _codes([row.person for row in rows])
    given = _codes([(row.language, row.given) for row in rows])
    father, surname = _shared([row.father for row in rows], [row.surname for row in rows])
    place = _codes([row.place or None for row in rows])
    first = np.array([row.born[0] if row.born else 0 for row in rows])
    last = np.array([row.born[1] if row.born else 0 for row in rows])
    uyghur = np.array([row.language == "ug" for row in rows])
    con = duckdb.connect(config={"temp_directory": ""})
    con.execute("set enable_progress_bar = false")
    table = {"row": np.arange(len(rows)), "given": given, "father": father, "surname": surname}
    table |= {"place": place, "first": first, "last": last}
    con.register("people", {name: np.asarray(column) for name, column in table.items()})
    # Whom nothing more joins is never judged the same among many. Who has no name of a kind shares none.
    pairs = con.execute("""
        select l.row as one, r.row as other from people l join people r on l.given = r.given and l.row < r.row
        where (l.father >= 0 and l.father in (r.father, r.surname))
           or (l.surname >= 0 and l.surname in (r.father, r.surname))
           or (l.place >= 0 and l.place = r.place)
           or (l.first > 0 and r.first > 0 and l.first <= r.last and r.first <= l.last)
    """).fetchnumpy()
    one, other = np.asarray(pairs["one"]), np.asarray(pairs["other"])
    odds = np.log(len(true) / (len(rows) ** 2 / 2)) - np.log(np.bincount(given)[given[one]] / len(rows))
    odds += _kin(father, surname, uyghur, one, other)
    chance = np.random.default_rng(1).integers(0, len(rows), (_RANDOM, 2))
    own = _births(first, last, true[:, 0], true[:, 1])
    others = _births(first, last, chance[:, 0], chance[:, 1])
    size = max(own.max(), others.max()) + 1
    births = np.log((np.bincount(own, minlength=size) + 0.5) / len(own))
    births -= np.log((np.bincount(others, minlength=size) + 0.5) / len(others))
    odds += births[_births(first, last, one, other)]
    odds += _place(place, true, one, other)
    same = people[one] == people[other]
    order = np.argsort(-odds, kind="stable")
    hits = np.cumsum(same[order])
    count = np.arange(len(order)) + 1
    f1 = 2 * hits / (count + len(true))
    best = int(f1.argmax())
    return Ceiling(float(f1[best]), float(hits[best] / count[best]), float(hits[best] / len(true)))


def _codes(values: Sequence[Any]) -> Any:
    """Numbers for values, -1 for None."""
    known: dict[Any, int] = {}
    return np.array([-1 if one is None else known.setdefault(one, len(known)) for one in values], np.int64)


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[Any, Any]:
    codes = _codes([name or None for name in (*one, *other)])
    return codes[: len(one)], codes[len(one) :]


def _kin(father: Any, surname: Any, uyghur: Any, one: Any, other: Any) -> Any:
    """The logarithm of how much likelier it is of one person what is told of fathers and families."""
    told = np.concatenate((father[father >= 0], surname[surname >= 0]))
    often = np.bincount(told) / len(told)
    fathers = (father[one] >= 0) & (father[other] >= 0)
    families = (surname[one] >= 0) & (surname[other] >= 0)
    out = np.zeros(len(one))
    with np.errstate(divide="ignore"):
        out += np.where(
            fathers, np.where(father[one] == father[other], -np.log(often[father[one]]), -np.inf), 0
        )
        both = np.where(
            surname[one] == surname[other],
            np.where(
                fathers & (surname[one] == father[one]),
                -np.log(OF_FATHER),
                -np.log(often[surname[one]]) - np.where(fathers, np.log(1 - OF_FATHER), 0),
            ),
            -np.inf,
        )
        out += np.where(families, both, 0)
        own = np.where(uyghur[one], 1.0, OF_FATHER)
        for left, right in ((father[one], surname[other]), (surname[one], father[other])):
            across = ~fathers & ~families & (left >= 0) & (right >= 0)
            equal = left == right
            out += np.where(across, np.log(np.where(equal, own / often[left], 0) + 1 - own), 0)
    return out


def _births(first: Any, last: Any, one: Any, other: Any) -> Any:
    """What two births have in common, as a number."""
    known = (first[one] > 0) & (first[other] > 0)
    exact = (first[one] == last[one]).astype(int) + (first[other] == last[other])
    overlap = (first[one] <= last[other]) & (first[other] <= last[one])
    apart = np.abs((first[one] + last[one]) - (first[other] + last[other])) / 2
    years = np.minimum(np.round(apart / (_YEAR + 0.2425)), 4).astype(int)
    whole = np.abs(apart - years * (_YEAR + 0.2425)) < 3
    month = apart < 30
    kind = 2 + exact + 3 * (overlap + 2 * (years + 5 * (whole + 2 * month)))
    return np.where(known, kind, 0)


def _place(place: Any, true: Any, one: Any, other: Any) -> Any:
    often = np.bincount(place[place >= 0]) / (place >= 0).sum()
    left, right = place[true[:, 0]], place[true[:, 1]]
    kept = (left == right)[(left >= 0) & (right >= 0)].mean()
    known = (place[one] >= 0) & (place[other] >= 0)
    equal = np.log(kept / often[place[one]] + 1 - kept)
    return np.where(known, np.where(place[one] == place[other], equal, np.log(max(1 - kept, 1e-6))), 0)


def main() -> None:
    """Prints the ceilings of some sizes."""
    for count in (10_000, 100_000):
        print(count, ceiling(population.population(count, 1)))


if __name__ == "__main__":
    main()
