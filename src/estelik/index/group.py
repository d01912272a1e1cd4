"""Groups: all statements that must be seen together to reason about one life.

Lives are linked by what ``chronology.lives`` links them by: an event of one
ordered against an event of another, or one telling that both speak in and from
whose day somebody counts (or whose day is given in several ways, since every
one of them bounds all that was told in it). A group may be larger than what
has to be solved together; it is never smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from estelik.index import tables
from estelik.index.intake import referred
from estelik.index.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Connection

    from estelik.records import Statement
    from estelik.records.stored import StoredStatement

_SEQS = (tables.SUBJECT, tables.REFERENCE, tables.CORRECTION)


class _Walk:
    """What was reached of one group, and what is still to be followed."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.statements: set[str] = set()
        self.tellings: set[str] = set()
        self.terms: set[str] = set()
        self.own: set[str] = set()

    def subject(self, label: str) -> None:
        """Follow all statements about ``label``, and all that refer to it."""
        if label not in self.subjects:
            self.subjects.add(label)
            self.terms |= {tables.SUBJECT + label, tables.REFERENCE + label}

    def statement(self, record: StoredStatement, statement: Statement) -> None:
        """Follow what ``statement`` hangs together with."""
        # Somebody unnamed has no other statement: nothing else is known to be about the same person.
        if not statement.about.startswith("?"):
            self.subject(statement.about)
        for label in referred(statement):
            self.subject(label)
        self.statements.add(statement.statement)
        self.terms.add(tables.CORRECTION + statement.statement)
        if statement.corrects and statement.corrects not in self.statements:
            self.own.add(statement.corrects)
        if record.testimony not in self.tellings:
            self.tellings.add(record.testimony)
            self.terms |= {tables.COUNTS + record.testimony, tables.TOLD + record.testimony}


def group(connection: Connection, schemas: Mapping[str, str], subject: str) -> list[Statement]:
    """The statements of every life linked with ``subject``'s, in order of entry.

    ``subject`` is a label, or for one unnamed the key of the life
    (``Statement.subject``). Empty when there is no statement about it.
    """
    label, _, own = subject.partition("\x1f")
    reader = Reader(connection, schemas)
    walk = _Walk()
    seqs: dict[str, set[int]] = {}
    if own:
        _add_own(connection, schemas, {own}, seqs)
    else:
        for name, schema in schemas.items():
            seqs[name] = _seqs(connection, schema, {tables.SUBJECT + label})
    while True:
        for record, statement in reader.read(seqs):
            walk.statement(record, statement)
        if not walk.terms and not walk.own:
            return reader.in_order()
        seqs = _follow(connection, schemas, walk)


def about(connection: Connection, schemas: Mapping[str, str], subjects: Iterable[str]) -> list[Statement]:
    """The statements about the subjects with these labels, in order of entry."""
    terms = {tables.SUBJECT + label for label in subjects}
    reader = Reader(connection, schemas)
    reader.read({name: _seqs(connection, schema, terms) for name, schema in schemas.items()})
    return reader.in_order()


def _follow(connection: Connection, schemas: Mapping[str, str], walk: _Walk) -> dict[str, set[int]]:
    """Where the statements are that the walk leads to next."""
    terms, walk.terms = walk.terms, set()
    seqs: dict[str, set[int]] = {name: set() for name in schemas}
    linking: set[str] = set()
    dates: dict[str, set[str]] = {}
    for name, schema in schemas.items():
        for term, found in tables.postings(connection, schema, terms):
            field, word = term[0], term[1:]
            if field in _SEQS:
                seqs[name].update(cast("list[int]", found))
            elif field == tables.COUNTS:
                linking.add(word)
            else:
                dates.setdefault(word, set()).update(cast("list[str]", found))
    linking.update(word for word, days in dates.items() if len(days) > 1)
    if linking:
        told = {tables.TELLING + word for word in linking}
        for name, schema in schemas.items():
            seqs[name] |= _seqs(connection, schema, told)
    own, walk.own = walk.own, set()
    _add_own(connection, schemas, own, seqs)
    walk.statements |= own
    return seqs


def _add_own(
    connection: Connection, schemas: Mapping[str, str], labels: set[str], seqs: dict[str, set[int]]
) -> None:
    if not labels:
        return
    for name, schema in schemas.items():
        found = tables.statements(connection, schema, labels)
        seqs.setdefault(name, set()).update(seq for seq, _ in found.values())


def _seqs(connection: Connection, schema: str, terms: Iterable[str]) -> set[int]:
    out: set[int] = set()
    for _, found in tables.postings(connection, schema, set(terms)):
        out.update(cast("list[int]", found))
    return out


def at_places(connection: Connection, schemas: Mapping[str, str], places: Iterable[str]) -> list[str]:
    """The labels of the subjects with statements at any of these places, sorted."""
    terms = {tables.PLACE + place for place in places}
    labels: set[str] = set()
    for schema in schemas.values():
        for _, found in tables.postings(connection, schema, terms):
            labels.update(cast("list[str]", found))
    return sorted(labels)
