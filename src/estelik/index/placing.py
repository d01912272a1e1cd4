"""Placing: what people are called, and the numbers of their documents, are entered in the directory.

After the records, never with them: an import waits for none of it. Piece by
piece, each in a transaction of its own; whoever is stopped on the way goes on
where the last one ended.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.identity import document
from estelik.index import directory, reach
from estelik.index.directory import Called
from estelik.records import stored
from estelik.records.stored import STATEMENT, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from estelik.names.slots import Slots
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: Another number where these rules change: what was placed by others is placed anew.
_RULES: Final = 2
#: How many records with names are placed in one transaction.
_PIECE: Final = 10_000
_CHUNK: Final = 500
_NAMED: Final = frozenset(("name", "document"))
#: A number of a document has so many digits at least.
_DIGITS: Final = 4


class Fresh(NamedTuple):
    """What records say: ``names``, ``numbers`` (plain) with their ``seq`` and owners, the statements that are
    ``waiting`` for their subject, the ``last`` record, and whether there is ``more``."""

    names: list[Called]
    numbers: list[tuple[str, int, str]]
    waiting: list[int]
    last: int
    more: bool


#: Where all is placed.
NOTHING: Final = Fresh([], [], [], 0, more=False)


def plain(number: str) -> str:
    """The number of a document however it is set out (``document.plain``); "" for what is none."""
    found = document.plain(number)
    return found if sum(map(str.isdigit, found)) >= _DIGITS else ""


def edition() -> int:
    """Of which edition a directory must be."""
    from estelik.names.weights import weights

    return weights().edition ^ _RULES


def fresh(connection: Connection, schema: str, most: int) -> Fresh:
    """What is not in the directory yet, from ``most`` records at most."""
    there = directory.reach(connection, schema, edition())
    start = there.seq if there else 0
    sql = (
        f"SELECT seq, kind, CAST(body AS BLOB) FROM {schema}.record WHERE seq > ? AND (kind = ? OR "
        "(kind = ? AND substr(body ->> '$.fact', 1, 4) IN ('name', 'docu'))) ORDER BY seq LIMIT ?"
    )
    rows = connection.execute(sql, (start, SUBJECT, STATEMENT, most)).all()
    before = directory.waiting(connection, schema) if there else []
    names: list[Called] = []
    told: list[tuple[int, stored.StoredStatement]] = []
    for start in range(0, len(before), _CHUNK):
        chunk = before[start : start + _CHUNK]
        found = connection.execute(
            f"SELECT seq, CAST(body AS BLOB) FROM {schema}.record WHERE kind = ? "
            f"AND seq IN ({', '.join('?' * len(chunk))})",
            (STATEMENT, *chunk),
        )
        told += [(seq, stored.decode_statement(body)) for seq, body in found]
    for seq, kind, body in rows:
        if kind == SUBJECT:
            subject = stored.decode_subject(body)
            if subject.kind == "person" and not subject.label.startswith("?"):
                names.append(Called(subject.label, "", subject.label, 0))
        else:
            told.append((seq, stored.decode_statement(body)))
    told = [(seq, one) for seq, one in told if one.fact.partition(":")[0] in _NAMED]
    subjects = _subjects(connection, schema, {one.subject for _, one in told})
    numbers, waiting = [], []
    for seq, one in told:
        if one.subject not in subjects:
            waiting.append(seq)
            continue
        subject = subjects[one.subject]
        if subject.kind != "person" or one.answer != "yes" or not one.value:
            continue
        owner = f"{subject.label}\x1f{one.statement}" if subject.label.startswith("?") else subject.label
        if one.fact.partition(":")[0] == "name":
            names.append(Called(one.value, "", owner, seq))
        elif number := plain(one.value):
            numbers.append((number, seq, owner))
    last = rows[-1][0] if len(rows) == most else reach.last(connection, schema)
    return Fresh(names, numbers, waiting, last, more=len(rows) == most)


def _subjects(connection: Connection, schema: str, ids: set[str]) -> dict[str, stored.Subject]:
    out: dict[str, stored.Subject] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        chunk = tuple(ordered[start : start + _CHUNK])
        rows = connection.execute(
            f"SELECT id, CAST(body AS BLOB) FROM {schema}.record WHERE kind = ? "
            f"AND id IN ({', '.join('?' * len(chunk))})",
            (SUBJECT, *chunk),
        )
        out.update((id_, stored.decode_subject(body)) for id_, body in rows)
    return out


def behind(connection: Connection, schemas: Mapping[str, str], few: int) -> bool:
    """Whether more than ``few`` records with names are not placed."""
    return any(
        not up_to_date(connection, schema) and fresh(connection, schema, few + 1).more
        for schema in schemas.values()
    )


def up_to_date(connection: Connection, schema: str) -> bool:
    """Whether there is nothing that is not placed."""
    return standing(connection, [schema])[schema].up_to_date


class Standing(NamedTuple):
    """How far a directory goes, and whether there is nothing that is not placed."""

    there: directory.Reach | None
    up_to_date: bool


def standing(connection: Connection, schemas: Iterable[str]) -> dict[str, Standing]:
    """How each of these directories stands."""
    found = directory.reaches(connection, schemas, edition())
    return {
        schema: Standing(there, there is not None and there.seq == last)
        for schema, (there, last) in found.items()
    }


def place(store: Store, progress: Callable[[int], None] = lambda _: None) -> int:
    """Places all that is not; how many names. ``progress`` hears how many are."""
    return reach.piecewise(store, _piece, progress)


def _piece(connection: Connection, schema: str) -> tuple[int, bool]:
    there = directory.reach(connection, schema, edition())
    found = fresh(connection, schema, _PIECE)
    if there is None:
        directory.create(connection, schema, edition())
        there = directory.Reach(edition(), 0, 0)
    if not (found.names or found.numbers or found.waiting) and found.last == there.seq:
        return 0, False
    batch = there.batch
    if found.names:
        batch += 1
        _enter(connection, schema, batch, found.names)
    rows = [(directory.number_key(number), seq, owner) for number, seq, owner in found.numbers]
    directory.add_numbers(connection, schema, rows)
    directory.reached(connection, schema, found.last, batch, found.waiting)
    if not found.more:
        directory.settle(connection, schema)
    return len(found.names), found.more


def _enter(connection: Connection, schema: str, batch: int, names: Sequence[Called]) -> None:
    # Late: opening a casebook asks how far the index goes, and needs no numbers for it.
    from estelik.names.name import parse
    from estelik.names.skeleton import skeleton
    from estelik.names.slots import slots, written
    from estelik.names.weights import weights

    first = directory.next_number(connection, schema)
    called: list[tuple[int, Called]] = []
    bearers: dict[int, list[int]] = defaultdict(list)
    words: dict[int, tuple[str, str]] = {}
    terms: dict[tuple[str, str], tuple[int, ...]] = {}
    for one in names:
        laid = slots(parse(one.text), weights())
        if not laid.alternatives[0]:
            # Who is only described has no namesakes.
            continue
        number = first + len(called)
        called.append((number, one._replace(words=written(laid))))
        mine: dict[int, None] = {}
        for form in _forms(laid):
            if form not in terms:
                bones = skeleton(*form, weights())
                term = directory.word_term(*form)
                words[term] = form
                terms[form] = (term, directory.skeleton_term(bones)) if bones else (term,)
            mine |= dict.fromkeys(terms[form])
        entry = directory.packed(number, len(laid.alternatives[0]))
        for term in mine:
            bearers[term].append(entry)
    old = directory.known(connection, schema, words.keys())
    cells = _filed([(term, word) for term, word in words.items() if term not in old])
    directory.add(connection, schema, batch, called, bearers, cells)


def _forms(laid: Slots) -> Iterable[tuple[str, str]]:
    """The words that a name is kept by; its short forms are asked for when it is looked for."""
    from estelik.names.matching import SHORT

    for alternative in laid.alternatives:
        for slot in alternative:
            for form in slot.forms:
                if form.kind != SHORT:
                    yield form.script, form.letters


def _filed(words: Iterable[tuple[int, tuple[str, str]]]) -> dict[int, bytes]:
    """Words by the cell that their vectors lie in."""
    import numpy as np

    from estelik.names.vectors import vectors
    from estelik.names.weights import weights

    words = list(words)
    found: Any = vectors([word for _, word in words], weights())
    known = np.flatnonzero(found.any(axis=1))
    found = found[known]
    out: dict[int, bytes] = {}
    if len(known):
        rows = np.zeros(len(known), directory.word_type(found.shape[1]))
        rows["term"] = np.array([term for term, _ in words], np.int64)[known]
        # Their length is 1: one scale for each, which need not be kept.
        rows["row"] = np.round(found * (127 / np.abs(found).max(axis=1, keepdims=True)))
        nearest = (found @ weights().cells.T).argmax(axis=1)
        order = np.argsort(nearest, kind="stable")
        starts = np.flatnonzero(np.diff(nearest[order], prepend=-1))
        for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
            out[int(nearest[order[start]])] = rows[order[start:stop]].tobytes()
    return out
