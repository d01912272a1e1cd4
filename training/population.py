"""Population: invented persons as several lists have them, and which rows are one person's.

    python -m training.population 1000 --seed 1

prints the rows as CSV. Three rows in ten are of somebody who has a row already. Of these a letter is wrong in
35 of 100 given names and 35 of 100 fathers' or families' names (not in Chinese, which nobody types letter by
letter), and 25 of 100 births and 10 of 100 places are others. Of all rows 25 in 100 have no birth, 30 no
father's name, 30 no place.
Nobody here is anybody: given name, father, family, birth and place are drawn apart.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from bisect import bisect
from datetime import date
from functools import cache
from itertools import accumulate
from multiprocessing import Pool
from random import Random
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from training import forms, listed
from training.forms import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.listed import Language, Sex

Part = Literal["train", "held"]

#: Rows of somebody who has one already.
DUPLICATES: Final = 0.3
SEX_MISSING: Final = 0.1
BORN_MISSING: Final = 0.25
BORN_WRONG: Final = 0.25
#: Of the births that are told, those of which only the year is.
BORN_YEAR: Final = 0.25
FATHER_MISSING: Final = 0.3
PLACE_MISSING: Final = 0.3
MISTYPED: Final = 0.35
#: Who is there again, at another place since.
MOVED: Final = 0.1
SEX_WRONG: Final = 0.01
#: The order of the words is another.
SWAPPED: Final = 0.04
#: Names that are put together of two, as many are, beside those of the lists.
COMPOUND: Final = 0.5
PLACES: Final = 2000
FIRST_YEAR: Final = 1935
LAST_YEAR: Final = 2005
#: A Kazakh family's name is the father's own, or else that of one before him. A Uyghur's is the father's.
OF_FATHER: Final = 0.65

_KINDS: Final[dict[Language, dict[str, int]]] = {
    "kk": {
        "kk-Cyrl": 26,
        "ru-Cyrl": 26,
        "passport": 14,
        "en": 10,
        "kk-Latn-2021": 3,
        "kk-Latn-2018": 2,
        "kk-Arab": 4,
        "zh-Hani": 12,
        "zh-Latn": 3,
    },
    "ug": {"ug-Arab": 30, "ug-Latn": 15, "ug-Cyrl": 3, "ru-Cyrl": 5, "en": 12, "zh-Hani": 28, "zh-Latn": 7},
}
#: As ``forms`` has them: g given, p patronym, f the father's name as it is, s surname.
_TOLD: Final[dict[Language, dict[str, int]]] = {
    "kk": {"gp": 35, "gf": 20, "sgp": 45},
    "ug": {"gf": 85, "gp": 15},
}
_NOT_TOLD: Final = {"gs": 60, "sg": 40}
#: Second halves of names.
_ENDS: Final[dict[tuple[Language, Sex], tuple[str, ...]]] = {
    ("kk", "m"): ("бек", "бай", "жан", "хан", "ғали", "болат", "мұрат", "тай", "назар", "берген", "тұр"),
    ("kk", "f"): ("гүл", "жан", "күл", "ай", "бике", "сұлу", "зада", "гүлім", "нұр"),
    ("ug", "m"): ("jan", "beg", "axun", "niyaz", "din", "tursun", "ghazi", "xan"),
    ("ug", "f"): ("gül", "xan", "nisa", "jan", "ay", "buwi", "qiz"),
}
_SHORT: Final = 8
_LETTERS: Final = "аеиоунктрлсмбдй"
_LATIN: Final = "aeiounktrlsmbdy"
_ARABIC: Final = "ائىونكترلسمبدي"


class Row(NamedTuple):
    """A person as a list has her.

    ``person`` is the truth; ``born`` the first and last day that she may have been born on, as ordinals, or
    None; ``place`` a key or ""; ``given``, ``father``, ``surname`` are the names that the writer meant, ""
    where none is told.
    """

    person: int
    name: str
    sex: str
    born: tuple[int, int] | None
    place: str
    kind: str
    language: str
    given: str
    father: str
    surname: str


def population(count: int, seed: int, part: Part = "held", processes: int = 2) -> list[Row]:
    """About ``count`` rows (within a hundredth where there are many), in an order that says nothing.

    The names that are put together of two are other ones in each part.
    """
    persons = round(count * (1 - DUPLICATES))
    size = max(1, min(20_000, -(-persons // processes)))
    jobs = [(start, min(size, persons - start), seed, part) for start in range(0, persons, size)]
    if len(jobs) == 1:
        rows = _some(jobs[0])
    else:
        with Pool(processes) as pool:
            rows = [row for some in pool.imap(_some, jobs) for row in some]
    Random(seed).shuffle(rows)
    return rows


def _some(job: tuple[int, int, int, Part]) -> list[Row]:
    start, count, seed, part = job
    rng = Random(f"{seed} {start}")
    return [row for number in range(start, start + count) for row in _rows(number, part, rng)]


def _rows(number: int, part: Part, rng: Random) -> Iterator[Row]:
    language: Language = rng.choice(listed.LANGUAGES)
    sex: Sex = rng.choice(listed.SEXES)
    given, father = drawn(language, sex, part, rng), drawn(language, "m", part, rng)
    own = language == "ug" or rng.random() < OF_FATHER
    names = Names(language, sex, given, father, father if own else drawn(language, "m", part, rng))
    born = date(FIRST_YEAR, 1, 1).toordinal() + rng.randrange(
        date(LAST_YEAR, 12, 31).toordinal() - date(FIRST_YEAR, 1, 1).toordinal()
    )
    place = rng.choices(range(PLACES), cum_weights=_places())[0]
    yield _row(number, names, born, place, rng, again=False)
    while rng.random() < DUPLICATES:
        yield _row(number, names, born, place, rng, again=True)


@cache
def _places() -> list[float]:
    return list(accumulate(1 / (rank + 10) for rank in range(PLACES)))


@cache
def _kinds(language: Language) -> tuple[tuple[str, ...], list[int]]:
    return tuple(_KINDS[language]), list(accumulate(_KINDS[language].values()))


def _row(number: int, names: Names, born: int, place: int, rng: Random, *, again: bool) -> Row:
    kinds, often = _kinds(names.language)
    kind = kinds[bisect(often, rng.random() * often[-1])]
    told = rng.random() >= FATHER_MISSING
    layouts = _TOLD[names.language] if told else _NOT_TOLD
    if kind.startswith("zh"):
        layouts = {"gf": 1} if told or names.language == "ug" else {"gs": 1}
    layout = rng.choices(tuple(layouts), tuple(layouts.values()))[0]
    written = forms.taken(names, kind, layout, rng)
    words = list(written.words)
    if again and kind != "zh-Hani":
        words = [mistyped(word, rng) if rng.random() < MISTYPED else word for word in words]
    if again and rng.random() < MOVED:
        place = rng.choices(range(PLACES), cum_weights=_places())[0]
    sex = names.sex if not again or rng.random() >= SEX_WRONG else "m" if names.sex == "f" else "f"
    text = forms.joined(words, kind, rng, swapped=rng.random() < SWAPPED)
    return Row(
        number,
        text,
        "" if rng.random() < SEX_MISSING else sex,
        None if rng.random() < BORN_MISSING else _born(born, rng, wrong=again and rng.random() < BORN_WRONG),
        "" if rng.random() < PLACE_MISSING else f"place {place}",
        kind,
        names.language,
        names.given,
        names.father if "p" in layout or "f" in layout else "",
        names.surname if "s" in layout else "",
    )


def _born(day: int, rng: Random, *, wrong: bool) -> tuple[int, int]:
    when = date.fromordinal(day)
    if wrong:
        when = _wrong(when, rng)
    if rng.random() < BORN_YEAR:
        return date(when.year, 1, 1).toordinal(), date(when.year, 12, 31).toordinal()
    return when.toordinal(), when.toordinal()


def _wrong(when: date, rng: Random) -> date:
    """Another day: the year one or two off, day or month wrong, one for the other, or all of it."""
    sort = rng.random()
    if sort < 0.35:
        return when.replace(year=when.year + rng.choice((-2, -1, 1, 2)), day=min(when.day, 28))
    if sort < 0.55:
        return when.replace(day=rng.randrange(1, 29))
    if sort < 0.7:
        return when.replace(month=rng.randrange(1, 13), day=min(when.day, 28))
    if sort < 0.8:
        return when.replace(month=min(when.day, 12), day=when.month)
    return date.fromordinal(
        rng.randrange(date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal())
    )


def mistyped(word: str, rng: Random) -> str:
    """``word`` with a letter left out, typed twice, exchanged with the next, or another in its place."""
    if len(word) < 3:
        return word
    place = rng.randrange(1, len(word) - 1)
    sort = rng.randrange(4)
    if sort == 0:
        return word[:place] + word[place + 1 :]
    if sort == 1:
        return word[:place] + word[place] + word[place:]
    if sort == 2:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    letters = _LATIN if word[place] < "\u0400" else _LETTERS if word[place] < "\u0600" else _ARABIC
    return word[:place] + rng.choice(letters) + word[place + 1 :]


def drawn(language: Language, sex: Sex, part: Part, rng: Random) -> str:
    """A name: of the lists, common ones more often, or put together of two."""
    if rng.random() < COMPOUND:
        return rng.choice(compounds(language, sex, part))
    names, often = _listed(language, sex)
    return names[bisect(often, rng.random() * often[-1])]


@cache
def _listed(language: Language, sex: Sex) -> tuple[tuple[str, ...], list[int]]:
    found = listed.given(language, sex)
    return found.names, list(accumulate(found.weights))


@cache
def compounds(language: Language, sex: Sex, part: Part) -> Sequence[str]:
    """Names put together of the first half of one and the second half of another, those of one part."""
    ends = _ENDS[language, sex]
    names = listed.given(language, sex).names
    firsts = {name for name in names if len(name) <= _SHORT and not name.lower().endswith(ends)}
    firsts |= {
        name[: -len(end)]
        for name in names
        for end in ends
        if name.lower().endswith(end) and len(name) > len(end) + 2
    }
    found = {first + end for first in firsts for end in ends}
    return sorted(
        name for name in found if (hashlib.sha256(name.encode()).digest()[0] < 64) == (part == "train")
    )


def main() -> None:
    """Prints a population as CSV."""
    parser = argparse.ArgumentParser(description="Invented persons as several lists have them.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=("train", "held"), default="held")
    asked = parser.parse_args()
    out = csv.writer(sys.stdout)
    out.writerow(Row._fields)
    for row in population(asked.count, asked.seed, asked.part):
        born = "/".join(date.fromordinal(day).isoformat() for day in row.born) if row.born else ""
        out.writerow(row._replace(born=born))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
