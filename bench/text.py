"""Text: how fast words are found in what was told, how fast they are filed, and what that takes.

Statements with invented quotes of some twenty words in Russian, Kazakh and Uyghur letters, in Latin and in
Chinese ones, the words as frequent as in any language (Zipf), in a casebook whose names are placed already.
Of a core: the processor time of the thread that asks.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.measure import scaled, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook

STATEMENTS: Final = 100_000
_ASKED: Final = 100
_WORDS: Final = 20_000
_LETTERS: Final = (
    *("абвгдежзиклмнопрстуфхцчшыья", "абвгғдежзиклмнңоөпрстуұүқәыі", "ابپتجچخدرزسشغفقكگڭلمنھوۇۆۈېى"),
    "abcdefghiklmnopqrstuvxyz",
)


def main() -> None:
    """Measures, and prints."""
    from estelik.casebook import Casebook
    from estelik.records import Statement
    from estelik.vault.keys import Cost

    draw = random.Random(11)
    vocabularies = [_vocabulary(draw, letters) for letters in _LETTERS]
    vocabularies.append([chr(0x4E00 + number) for number in draw.sample(range(8000), 3000)])
    says = [_speaker(draw, words) for words in vocabularies]
    count = scaled(STATEMENTS, 500)
    with tempfile.TemporaryDirectory() as made:
        case = Path(made) / "case"
        with Casebook.create(case, b"x", cost=Cost(8, 1, 1)) as casebook:
            start = time.perf_counter()
            casebook.add_statements(
                Statement(
                    f"s{number}", f"Person {number // 8}", "list", "office", "2020", event="arrest",
                    when="2018", quote=says[number % len(says)](20), place=says[number % 4](1),
                )
                for number in range(count)
            )  # fmt: skip
            print(f"  {count:,} statements entered in {time.perf_counter() - start:,.1f} s")
            casebook.namesakes().place(few=0)
            before, start, busy = _size(case), time.perf_counter(), time.process_time()
            filed = casebook.passages().file(few=0)
            took, core = time.perf_counter() - start, time.process_time() - busy
            grown = _size(case) - before
            print(
                f"  {filed:,} records filed in {took:,.1f} s, {filed / took:,.0f}/s ({filed / core:,.0f}/s"
                f" of a core); {grown / filed:,.0f} bytes each beside {before / count:,.0f} of a record and"
                " its index"
            )
            _ask(casebook, draw, vocabularies)


def _ask(casebook: Casebook, draw: random.Random, vocabularies: list[list[str]]) -> None:
    asked: dict[str, Callable[[list[str]], str]] = {
        "a rare word": lambda words: words[draw.randrange(len(words) // 2, len(words))],
        "a common word": lambda words: words[draw.randrange(20)],
        "two words": lambda words: f"{words[draw.randrange(200)]} {words[draw.randrange(200)]}",
        "the beginning of a word": lambda words: words[draw.randrange(len(words))][:3],
    }
    passages = casebook.passages()
    print("| | p50 | p95 | p95 of a core | found (median, up to 10) |")
    print("|---|---|---|---|---|")
    for kind, choose in asked.items():
        took, busy, found = [], [], []
        for number in range(scaled(_ASKED, 10)):
            words = vocabularies[number % len(vocabularies)]
            query = choose(words) if len(words) > 3000 else "".join(draw.choices(words[:300], k=2))
            start, core = time.perf_counter(), time.thread_time()
            found.append(len(passages.find(query, 10)))
            took.append(time.perf_counter() - start)
            busy.append(time.thread_time() - core)
        print(
            f"| {kind} | {statistics.median(took) * 1000:,.1f} ms | {_high(took) * 1000:,.1f} ms "
            f"| {_high(busy) * 1000:,.1f} ms | {statistics.median(found):.0f} |"
        )
    start = time.perf_counter()
    wanted = vocabularies[0][100]
    hits = sum(wanted in one.quote for one in casebook.stream())
    print(f"  all statements read and looked through for one word ({hits:,} have it):", end=" ")
    whole = time.perf_counter() - start
    start = time.perf_counter()
    assert passages.find(wanted, 10)
    print(f"{whole:,.1f} s: {verdict(time.perf_counter() - start < whole)} that the index is faster")


def _vocabulary(draw: random.Random, letters: str) -> list[str]:
    """Words, the shorter ones first: those are the frequent ones."""
    found = {"".join(draw.choices(letters, k=draw.randint(2, 11))) for _ in range(_WORDS)}
    return sorted(found, key=lambda one: (len(one), one))


def _speaker(draw: random.Random, words: list[str]) -> Callable[[int], str]:
    weights = list(accumulate(1 / (number + 3) for number in range(len(words))))
    between = "" if len(words) == 3000 else " "
    return lambda count: between.join(draw.choices(words, cum_weights=weights, k=count))


def _high(took: list[float]) -> float:
    return sorted(took)[min(len(took) - 1, int(0.95 * len(took)))]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.db"))


if __name__ == "__main__":
    main()
