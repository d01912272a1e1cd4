"""Pairs of names, of one person or of two: ``python -m training.pairs --split held --count 20000 --seed 1``.

To each pair of one person three of two: a sibling's, that of somebody whose name
is nearly the same or begins or ends alike, that of a namesake by the given name; all in the same two kinds of
writing. CSV with the columns of ``COLUMNS``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from training import forms, listed, persons, slips, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.forms import Form, Names
    from training.persons import Person
    from training.split import Split, Unseen

_TRIES: Final = 50
#: The three others to a person: of each row the first who is found.
_SIBLING: Final = ("sibling", persons.sibling)
_NAMESAKE: Final = ("namesake", persons.namesake)
_OTHERS: Final = (
    (_SIBLING, _NAMESAKE),
    (("near", persons.mistaken), ("akin", persons.akin), _SIBLING, _NAMESAKE),
    (_NAMESAKE, _SIBLING),
)


class Pair(NamedTuple):
    """Two names; ``same``: of one person.

    ``subset``: the language, and what is new to a matcher that saw ``train``; ``kind``: how the
    two are related (``same``, or where one gives an initial or no more than a given name
    ``part``; ``sibling``, ``near``, ``akin``, ``namesake``); ``kind_a`` and ``kind_b`` as in ``forms``.
    """

    person_a: str
    person_b: str
    name_a: str
    script_a: str
    name_b: str
    script_b: str
    same: int
    subset: str
    kind: str
    kind_a: str
    kind_b: str


COLUMNS: Final = Pair._fields


def make(part: Split, count: int, seed: int) -> Iterator[Pair]:
    """``count`` pairs of a part, the same for the same seed.

    Of ``dev`` and ``held`` half show a name that ``train`` never does, half a new combination.
    """
    rng = Random(f"{part} {seed}")
    news: tuple[Unseen, ...] = ("",) if part == "train" else ("combination", "name")
    made = 0
    while made < count:
        person = persons.draw(rng.choice(listed.LANGUAGES), part, rng.choice(news), rng)
        for pair in _of(person, rng):
            if made < count:
                yield pair
                made += 1


def _of(person: Person, rng: Random) -> Iterator[Pair]:
    both = _two(person, rng)
    if both is None:
        return
    first, second = both
    label = "same" if first.whole and second.whole else "part"
    yield _pair(person, person.names, first, second, label)
    for kinds in _OTHERS:
        for kind, find in kinds:
            other = find(person, rng)
            if other and (pair := _apart(person, other, (first, second), kind, rng)):
                yield pair
                break


def _two(person: Person, rng: Random) -> tuple[Form, Form] | None:
    """Two forms of a person that somebody could know for the same, of two kinds."""
    for _ in range(_TRIES):
        first, second = rng.sample(person.forms, 2)
        short = not first.whole or not second.whole
        if (short or set(first.roots) & set(second.roots)) and first.text != second.text:
            return first, second
    return None


def _apart(person: Person, other: Names, like: tuple[Form, Form], kind: str, rng: Random) -> Pair | None:
    """A pair of two persons in the kinds of another; both names in whole, and not the same."""
    for _ in range(_TRIES):
        first = forms.write(person.names, like[0].kind, rng, slips.WHOLE)
        second = forms.write(other, like[1].kind, rng, slips.WHOLE)
        # One under the grandfather's name and one under the father's share no more than strangers.
        close = other.father != person.father or set(first.roots) & set(second.roots)
        if first.text != second.text and close:
            return _pair(person, other, first, second, kind)
    return None


def _pair(person: Person, other: Names, first: Form, second: Form, kind: str) -> Pair:
    subset = "_".join((person.language, person.unseen or "seen"))
    codes = (person.names.code, other.code)
    same = int(codes[0] == codes[1])
    return Pair(
        *codes,
        first.text,
        first.script,
        second.text,
        second.script,
        same,
        subset,
        kind,
        first.kind,
        second.kind,
    )


def main(arguments: list[str] | None = None) -> int:
    """Prints the pairs."""
    parser = argparse.ArgumentParser(prog="python -m training.pairs", description=__doc__)
    parser.add_argument("--split", choices=split.SPLITS, required=True)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    write = csv.writer(sys.stdout, lineterminator="\n").writerow
    write(COLUMNS)
    for pair in make(chosen.split, chosen.count, chosen.seed):
        write(pair)
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # the bytes are the same everywhere
    sys.exit(main())
