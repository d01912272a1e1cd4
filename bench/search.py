"""Search: whether a name in one script finds somebody among a million in another, and how fast.

    NAMES=FOLDER [KEPT=FOLDER] python -m bench search

``NAMES``: a folder with ``pairs_dev.csv`` (pairs of names of real people, with the columns of `python -m
training.pairs`), the lists ``yente_*.csv`` and ``wikidata-tokens``. A casebook is made of every Latin name in
these and of words of theirs put together anew, and asked for the names in other scripts of those people that
nothing was tuned on; found is who is among the first that are given. ``KEPT``: the casebook is made in this
folder and stays there; where it is there already it is asked as it is. Cold is a new process whose key is
derived and whose modules are loaded, the files out of the page cache as far as the system lets go of them.
rapidfuzz on anyascii (where both are installed) looks through the same names.
"""

from __future__ import annotations

import csv
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from training.forest import half

from bench.measure import scaled, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.casebook import Casebook

PEOPLE: Final = 1_000_000
#: How many of a kind are asked for, of these how many of the peer, and how often a new process is begun.
_ASKED: Final = 300
_PEER: Final = 8
_COLD: Final = 20
_FOUND: Final = 100
_FIRST: Final = 10
_DEPTHS: Final = (1, 10, 100)
_BARS: Final = {"Cyrl": 0.97, "Arab": 0.82, "Han": 0.75}
_SPACE: Final = re.compile(r"[\s,]+")


class Query(NamedTuple):
    """A name in another script than its person's others, which script, and of which kind."""

    name: str
    person: str
    script: str
    subset: str


def main() -> None:
    """Measures, and prints tables."""
    given = os.environ.get("NAMES")
    if not given:
        print("Say where the names are: NAMES=FOLDER python -m bench search")
        return
    # As for every user after the first call: Python has kept what it compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = Path(given)
    rows = list(_rows(folder / "pairs_dev.csv"))
    bearing = defaultdict[str, set[str]](set)
    for row in rows:
        bearing[row["person_b"]].add(_one_line(row["name_b"]))
    names = _names(folder, {name for found in bearing.values() for name in found}, scaled(PEOPLE, 2000))
    queries = _queries(rows)
    with tempfile.TemporaryDirectory() as made:
        case = Path(os.environ.get("KEPT", made)) / "case"
        if not case.exists():
            _fill(case, names)
        _measure(case, queries, bearing)
    if "KEPT" not in os.environ:
        _peer(names, queries, bearing)


def _fill(case: Path, names: list[str]) -> None:
    from estelik.casebook import Casebook
    from estelik.records import Statement
    from estelik.vault.keys import Cost

    with Casebook.create(case, b"x", cost=Cost(8, 1, 1)) as casebook:
        casebook.add_statements(
            Statement(f"s{number}", name, "list", "office", "2020", event="birth", when="1960")
            for number, name in enumerate(names)
        )
        before, start = _size(case), time.perf_counter()
        casebook.namesakes().place()
        took = time.perf_counter() - start
        print(
            f"  {len(names):,} names placed in {took:,.0f} s, {len(names) / took:,.0f}/s;"
            f" {(_size(case) - before) / 2**20:,.0f} MiB beside {before / 2**20:,.0f} MiB of records"
        )


def _measure(case: Path, queries: list[Query], bearing: dict[str, set[str]]) -> None:
    from estelik.casebook import Casebook

    with Casebook.open(case, b"x") as casebook:
        casebook.namesakes().place()
        _warm(casebook, queries, bearing)
    _cold(case, queries)


def _warm(casebook: Casebook, queries: list[Query], bearing: dict[str, set[str]]) -> None:
    namesakes = casebook.namesakes()
    for query in queries[:20]:
        namesakes.search(query.name, _FIRST)
    places, took, busy = [], [], []
    for query in queries:
        start, core = time.perf_counter(), time.thread_time()
        hits = namesakes.search(query.name, _FIRST)
        took.append(time.perf_counter() - start)
        busy.append(time.thread_time() - core)
        # Deeper, beside the time that counts.
        place = _place([one.key for one in hits], bearing[query.person])
        if place is None:
            place = _place([one.key for one in namesakes.search(query.name, _FOUND)], bearing[query.person])
        places.append(place)
    _recall(queries, places)
    _times("warm", took, 0.025)
    _times("warm, of a core", busy, 0.025)
    compared = []
    for query in queries[:: max(1, len(queries) // 40)]:
        start = time.perf_counter()
        namesakes.find(query.name, _FIRST)
        compared.append(time.perf_counter() - start)
    _times("with the ten compared, and why", compared)


def _recall(queries: list[Query], places: list[int | None]) -> None:
    print("| | asked | recall@1 | @10 | @100 | must hold |")
    print("|---|---|---|---|---|---|")
    subsets = sorted({one.subset for one in queries})
    kinds = [
        *(("Cyrl", {"cyrl_centralasia", "cyrl_native", "cyrl_transcribed"}),),
        *(("Arab", {"arab_native", "arab_transcribed"}), ("Han", {"han_transcribed"})),
        *((subset, {subset}) for subset in subsets),
    ]
    for kind, parts in kinds:
        found = [place for query, place in zip(queries, places, strict=True) if query.subset in parts]
        if found:
            shares = [sum(one is not None and one < most for one in found) / len(found) for most in _DEPTHS]
            bar = f"{_BARS[kind]} at 10: {verdict(shares[1] >= _BARS[kind])}" if kind in _BARS else ""
            print(f"| {kind} | {len(found):,} | {' | '.join(f'{one:.3f}' for one in shares)} | {bar} |")


def _times(what: str, took: list[float], bar: float = 0) -> None:
    ordered = sorted(took)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    held = f"   {verdict(high < bar)}: under {bar * 1000:.0f} ms" if bar else ""
    print(f"  {what}: p50 {statistics.median(took) * 1000:,.1f} ms, p95 {high * 1000:,.1f} ms{held}")


def _cold(case: Path, queries: list[Query]) -> None:
    """Each of some names asked for in a process of its own."""
    code = (
        "import sys, time; from pathlib import Path; from estelik.casebook import Casebook\n"
        "import estelik.index.lives, estelik.index.namesakes\n"
        "casebook = Casebook.open(Path(sys.argv[1]), b'x')\n"
        "start = time.perf_counter(), time.process_time()\n"
        "casebook.namesakes().search(sys.argv[2], 10)\n"
        "print(time.perf_counter() - start[0], time.process_time() - start[1])"
    )
    took, busy = [], []
    for query in random.Random(5).sample(queries, min(_COLD, len(queries))):
        for file in case.glob("*.db"):
            _let_go(file)
        done = subprocess.run(
            [sys.executable, "-c", code, str(case), query.name], check=True, capture_output=True, text=True
        )
        seconds, core = map(float, done.stdout.split())
        took.append(seconds)
        busy.append(core)
    _times("cold", took, 0.15)
    _times("cold, of a core", busy, 0.15)


def _let_go(file: Path) -> None:
    """Asks the system to drop a file from its page cache."""
    number = os.open(file, os.O_RDONLY)
    os.fsync(number)
    os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(number)


def _peer(names: list[str], queries: list[Query], bearing: dict[str, set[str]]) -> None:
    if not (find_spec("rapidfuzz") and find_spec("anyascii")):
        print("  rapidfuzz and anyascii are not installed: not measured")
        return
    from anyascii import anyascii  # type: ignore[import-not-found, unused-ignore]
    from rapidfuzz import fuzz, process  # type: ignore[import-not-found, unused-ignore]

    plain = [anyascii(name).lower() for name in names]
    of = defaultdict[str, list[Query]](list)
    for query in queries:
        of[query.subset].append(query)
    asked = list(chain.from_iterable(found[:_PEER] for found in of.values()))
    places, took = [], []
    for query in asked:
        start = time.perf_counter()
        found = process.extract(
            anyascii(query.name).lower(), plain, scorer=fuzz.token_sort_ratio, limit=_FOUND
        )
        took.append(time.perf_counter() - start)
        places.append(_place([names[number] for _, _, number in found], bearing[query.person]))
    print("  rapidfuzz on anyascii, all names looked through")
    _recall(asked, places)
    _times("  its time", took)


def _place(found: list[str], wanted: set[str]) -> int | None:
    return next((place for place, name in enumerate(found) if name in wanted), None)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _queries(rows: list[dict[str, str]]) -> list[Query]:
    of = defaultdict[str, dict[Query, None]](dict)
    for row in rows:
        if row["same"] == "1" and half(row["person_a"]) == 1:
            query = Query(row["name_a"], row["person_a"], row["script_a"], row["subset"])
            of[query.subset][query] = None
    draw = random.Random(3)
    chosen = []
    for subset in sorted(of):
        found = list(of[subset])
        draw.shuffle(found)
        chosen += found[: scaled(_ASKED, 5)]
    draw.shuffle(chosen)
    return chosen


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _names(folder: Path, real: set[str], count: int) -> list[str]:
    """``count`` Latin names: the real ones, and their words and Wikidata's put together anew."""
    lists = ("yente_negatives_global.csv", "yente_positives_un_treated.csv")
    others = {
        _one_line(row["full_name"])
        for file in lists
        for row in _rows(folder / file)
        if _latin(row["full_name"])
    }
    draw = random.Random(7)
    whole = [*sorted(real), *sorted(others - real - {""})]
    firsts, lasts = [], []
    for name in whole:
        words = [word for word in _SPACE.split(name) if len(word) > 1 and not any(map(str.isdigit, word))]
        if len(words) > 1:
            firsts.append(words[0])
            lasts.append(words[-1])
    tokens = set()
    for file in (folder / "wikidata-tokens").glob("wd_*_80.tsv"):
        with file.open(encoding="utf-8") as lines:
            tokens |= {line.split("\t")[0] for line in lines}
    words = sorted(token.capitalize() for token in tokens if token.isascii() and token.isalpha())
    known = dict.fromkeys(whole)
    while len(known) < count:
        kind = draw.random()
        first = draw.choice(words if kind >= 0.75 else firsts)
        last = draw.choice(words if 0.5 <= kind < 0.75 else lasts)
        known[f"{first} {last}"] = None
    return list(known)[: max(count, len(real))]


def _latin(name: str) -> bool:
    return all(ord(letter) < 0x250 for letter in name)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.db"))


if __name__ == "__main__":
    main()
