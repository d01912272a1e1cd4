"""The entries of an index for what a batch enters: how its statements will be found.

They need nothing of the store. Where there are many, and a second core, a
process of its own makes them beside the records.
"""

from __future__ import annotations

import pickle
from array import array
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.errors import CasebookError
from estelik.forked import forked, second_core
from estelik.index import tables
from estelik.index.postings import Postings
from estelik.records.stored import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from estelik.index.spool import Spool

#: From how many statements on a process of its own is worth its beginning.
_WORTH: Final = 20_000
#: How many rows are handed on at once.
_PIECE: Final = 20_000


class Named(NamedTuple):
    """The ids of new records of one kind in a compartment, each with the words that it stands for."""

    compartment: str
    kind: str
    ids: Sequence[tuple[str, tuple[str, ...]]]


class Entries(NamedTuple):
    """Rows of one table (``name``, ``statement``, ``posting``) of a compartment's index, in order."""

    table: str
    compartment: str
    rows: list[Any]


class Making:
    """Entries as they are made, here or in a process of its own."""

    def __init__(self, every: Iterator[Entries], pipe: Connection | None = None) -> None:
        self._every = every
        self._pipe = pipe

    def ready(self) -> Iterator[Entries]:
        """Those that are there; made here they are made now, all of them."""
        while self._pipe is None or self._pipe.poll():
            found = next(self._every, None)
            if found is None:
                return
            yield found

    def rest(self) -> Iterator[Entries]:
        """All that are left."""
        return self._every


@contextmanager
def made(
    spool: Spool,
    chosen: Mapping[str, array[int]],
    first: Mapping[str, int],
    origins: Mapping[int, tuple[str, str]],
    named: Sequence[Named],
) -> Iterator[Making]:
    """The entries for the ``chosen`` statements (numbers in the spool) of each compartment and for what is
    ``named``, piece by piece.

    ``first``: the ``seq`` that the first of them gets; ``origins``: the ids of the testimony and
    the provenance by number in the spool's ``provenances``.
    """
    every = _every(spool, chosen, first, origins, named)
    count = sum(map(len, chosen.values()))
    if count < _WORTH or not second_core():
        yield Making(every)
        return
    with forked(lambda pipe: _send(pipe, every)) as pipe:
        yield Making(_received(pipe), pipe)


def _every(
    spool: Spool,
    chosen: Mapping[str, array[int]],
    first: Mapping[str, int],
    origins: Mapping[int, tuple[str, str]],
    named: Sequence[Named],
) -> Iterator[Entries]:
    for compartment, kind, ids in named:
        names = tables.names_of(kind, [words for _, words in ids])
        rows = sorted((*name, id_) for name, (id_, _) in zip(names, ids, strict=True))
        del names
        yield from _pieces("name", compartment, iter(rows))
        del rows
    for one, numbers in chosen.items():
        yield from _pieces("statement", one, _statements(spool, numbers, first[one]))
        lists = _postings(spool, one, numbers, first[one], origins)
        yield from _pieces("posting", one, iter(tables.posting_rows(lists.all(), first[one])))


def _pieces(table: str, compartment: str, rows: Iterator[Any]) -> Iterator[Entries]:
    while piece := list(islice(rows, _PIECE)):
        yield Entries(table, compartment, piece)


def _send(pipe: Connection, every: Iterator[Entries]) -> None:
    # Whoever receives may be busy: what is made waits for him, not the making.
    with ThreadPoolExecutor(1) as sender:
        for found in every:
            sender.submit(pipe.send_bytes, pickle.dumps(tuple(found), pickle.HIGHEST_PROTOCOL))
    pipe.send(None)


def _received(pipe: Connection) -> Iterator[Entries]:
    found: Any
    try:
        while (found := pipe.recv()) is not None:
            yield Entries(*found)
    except EOFError:
        raise CasebookError(
            "The import was cut short: this computer may have too little memory.",
            do="Close other programs and try again, or import one sheet after the other.",
        ) from None


def _statements(spool: Spool, numbers: Sequence[int], first: int) -> Iterator[tuple[int, int, int, str]]:
    """The rows of ``index_said``, by key; the numbers that they are made of are kept in arrays."""
    keys, proofs = array("q"), array("q")
    labels = iter(spool.statements[number] for number in numbers)
    while piece := [(label,) for label in islice(labels, _PIECE)]:
        for key, proof in tables.names_of(STATEMENT, piece):
            keys.append(key)
            proofs.append(proof)
    for index in sorted(range(len(numbers)), key=keys.__getitem__):
        yield keys[index], proofs[index], first + index, spool.digest(numbers[index]).hex()


def _postings(
    spool: Spool, compartment: str, numbers: array[int], first: int, origins: Mapping[int, tuple[str, str]]
) -> Postings:
    lists = Postings()
    about: defaultdict[int, list[int]] = defaultdict(list)
    told: defaultdict[int, list[int]] = defaultdict(list)
    at: set[int] = set()
    width = len(spool.subjects)
    for seq, number in enumerate(numbers, first):
        subject, place = spool.subject[number], spool.place[number]
        about[subject].append(seq)
        told[spool.provenance[number]].append(seq)
        if place:
            at.add(place * width + subject)
    rare = spool.references.keys() | spool.counts | spool.corrects.keys()
    of = {number: seq for seq, number in enumerate(numbers, first) if number in rare}
    for number in spool.references.keys() & of.keys():
        lists.refer(of[number], spool.references[number])
    for number in spool.counts & of.keys():
        lists.count(of[number], origins[spool.provenance[number]][0])
    for number in spool.corrects.keys() & of.keys():
        lists.correct(of[number], spool.corrects[number])
    labels = [label for _, label, _ in spool.subjects]
    where = [name for name, _, _ in spool.subjects]
    words = list(spool.places)
    for subject, seqs in about.items():
        lists.about(labels[subject], seqs)
    for origin, seqs in told.items():
        lists.told_in(origins[origin][0], seqs)
    for subject, origin, day in spool.dates:
        if where[subject] == compartment and origin in origins:
            lists.date(origins[origin][0], day)
    for number in at:
        lists.at(words[number // width], labels[number % width])
    return lists
