"""The entries of an index for what a batch enters: how its statements will be found.

They need nothing of the store. Where there are many, and a second core, a
process of its own makes them beside the records.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.errors import CasebookError
from estelik.index import tables
from estelik.index.postings import Postings
from estelik.records.stored import STATEMENT

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection

    from estelik.index.spool import Spool

#: From how many statements on a process of its own is worth its beginning.
_WORTH: Final = 20_000


class Entries(NamedTuple):
    """The rows of a compartment's ``index_statement`` and ``index_posting``, in order."""

    compartment: str
    statements: list[tuple[int, int, int, str]]
    postings: list[tuple[int, str]]


@contextmanager
def made(
    spool: Spool, chosen: Mapping[str, array[int]], first: Mapping[str, int], told_in: Mapping[int, str]
) -> Iterator[Iterator[Entries]]:
    """The entries for the ``chosen`` statements (numbers in the spool) of each compartment.

    ``first``: the ``seq`` that the first of them gets; ``told_in``: the testimony's id by number in the
    spool's ``provenances``.
    """
    every = (_entries(spool, one, numbers, first[one], told_in) for one, numbers in chosen.items())
    count = sum(map(len, chosen.values()))
    if count < _WORTH or len(os.sched_getaffinity(0)) < 2 or sys.platform != "linux":
        yield every
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    gc.freeze()
    try:
        child = context.Process(target=_send, args=(theirs, every), daemon=True)
        child.start()
        theirs.close()
        try:
            yield _received(ours, len(chosen))
        finally:
            child.kill()
            child.join()
            ours.close()
    finally:
        gc.unfreeze()


def _send(pipe: Connection, every: Iterator[Entries]) -> None:
    gc.disable()
    for found in every:
        pipe.send(tuple(found))


def _received(pipe: Connection, count: int) -> Iterator[Entries]:
    for _ in range(count):
        try:
            found: Any = pipe.recv()
        except EOFError:
            raise CasebookError(
                "The import was cut short: this computer may have too little memory.",
                do="Close other programs and try again, or import one sheet after the other.",
            ) from None
        yield Entries(*found)


def _entries(
    spool: Spool, compartment: str, numbers: array[int], first: int, told_in: Mapping[int, str]
) -> Entries:
    names = tables.names_of(STATEMENT, [(spool.statements[number],) for number in numbers])
    statements = [
        (key, proof, seq, spool.digest(number).hex())
        for seq, ((key, proof), number) in enumerate(zip(names, numbers, strict=True), first)
    ]
    statements.sort()
    lists = _postings(spool, compartment, numbers, first, told_in)
    return Entries(compartment, statements, tables.posting_rows(lists.all(), first))


def _postings(
    spool: Spool, compartment: str, numbers: array[int], first: int, told_in: Mapping[int, str]
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
        lists.count(of[number], told_in[spool.provenance[number]])
    for number in spool.corrects.keys() & of.keys():
        lists.correct(of[number], spool.corrects[number])
    labels = [label for _, label, _ in spool.subjects]
    where = [name for name, _, _ in spool.subjects]
    words = list(spool.places)
    for subject, seqs in about.items():
        lists.about(labels[subject], seqs)
    for origin, seqs in told.items():
        lists.told_in(told_in[origin], seqs)
    for subject, origin, day in spool.dates:
        if where[subject] == compartment and origin in told_in:
            lists.date(told_in[origin], day)
    for number in at:
        lists.at(words[number // width], labels[number % width])
    return lists
