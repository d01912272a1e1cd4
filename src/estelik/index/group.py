"""Groups: all statements that must be seen together to reason about one life.

Lives are linked by what ``chronology.lives`` links them by: an event of one
ordered against an event of another, or one telling that both speak in and from
whose day somebody counts (or whose day is given in several ways, or with some
of its statements only, since it bounds all that was told in it); and labels that
were judged to be one subject are one life. A group may be larger than what
has to be solved together; it is never smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import json

from estelik.identity.resolution import Resolution
from estelik.index import reach, tables
from estelik.index.reader import Reader
from estelik.index.spool import referred
from estelik.records.stored import STATEMENT, TESTIMONY
from estelik.records.vocabulary import fact_kind_of
from estelik.vault.tables import KIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estelik.records import Statement
    from estelik.records.stored import StoredStatement
    from estelik.vault.connection import Connection


#: The field of somebody unnamed whose one statement was followed.
_OWN: Final = "own"
#: As the labels have it.
_PLAIN: Final = Resolution()


class _Walk:
    """What was reached of one group, and what is still to be followed.

    ``twins``: of each telling that was entered on several computers the ids
    that it has; the first of them speaks for all. ``who``: who is who.
    """

    def __init__(self, twins: Mapping[str, tuple[str, ...]], who: Resolution) -> None:
        self._twins = twins
        self._who = who
        #: Of whoever was split off: the label under which she was spoken of.
        self._under = {name: label for (label, _), name in who.splits.items()}
        self.reached: set[tuple[str, str]] = set()
        #: term -> (field, word)
        self.terms: dict[int, tuple[str, str]] = {}
        self.own: set[str] = set()
        #: Tellings of which a statement was reached that does not say when it was told.
        self.undated: set[str] = set()

    def follow(self, field: str, word: str) -> None:
        """Look at what ``word`` leads to in ``field``, once."""
        if (field, word) not in self.reached:
            self.reached.add((field, word))
            self.terms[tables.term(field, word)] = field, word

    def telling(self, field: str, word: str) -> None:
        """Look at what a telling leads to in ``field``, by each of its ids, once."""
        if (field, word) not in self.reached:
            self.reached.add((field, word))
            self.terms.update((tables.term(field, id_), (field, word)) for id_ in self.ids(word))

    def ids(self, telling: str) -> tuple[str, ...]:
        """All ids of a telling."""
        return self._twins.get(telling, (telling,))

    def subject(self, key: str) -> None:
        """Follow all statements about a subject and whoever is one with it, and all that refer to it."""
        for member in self._who.members(key):
            label, _, own = member.partition("\x1f")
            if not own:
                for one in self.labels(label):
                    self.follow(tables.SUBJECT, one)
                    self.follow(tables.REFERENCE, one)
            elif (_OWN, own) not in self.reached:
                self.reached.add((_OWN, own))
                self.own.add(own)

    def labels(self, label: str) -> tuple[str, ...]:
        """The labels under which somebody is spoken of who goes by this one."""
        return (label, self._under[label]) if label in self._under else (label,)

    def statement(self, record: StoredStatement, statement: Statement) -> None:
        """Follow what ``statement`` hangs together with."""
        # Somebody unnamed has no other statement, but where that was judged: nothing else is known to be
        # about the same person.
        key = self._who.key(statement)
        if not statement.about.startswith("?") or key in self._who.clusters:
            self.subject(key)
        for label in referred(statement):
            self.subject(label)
        self.follow(tables.CORRECTION, statement.statement)
        if statement.corrects:
            self.own.add(statement.corrects)
        telling = self.ids(record.testimony)[0]
        self.telling(tables.COUNTS, telling)
        if not statement.told and telling not in self.undated:
            self.undated.add(telling)
            # Once more, where a statement that does say it was reached before.
            self.reached.discard((tables.TOLD, telling))
        self.telling(tables.TOLD, telling)


def group(
    connection: Connection, schemas: Mapping[str, str], subject: str, who: Resolution = _PLAIN
) -> list[Statement]:
    """The statements of every life linked with ``subject``'s, in order of entry.

    ``subject`` is a label, or for one unnamed the key of the life
    (``Statement.subject``). Empty when there is no statement about it.
    """
    reader = Reader(connection, schemas)
    return reader.in_order() if walk(connection, schemas, reader, subject, who) else []


def walk(
    connection: Connection,
    schemas: Mapping[str, str],
    reader: Reader,
    subject: str,
    who: Resolution = _PLAIN,
) -> bool:
    """Lets ``reader``, which has read nothing, read the ``group`` of a subject; whether there is one."""
    label, _, own = subject.partition("\x1f")
    steps = _Walk(reach.twins(connection, schemas["source"]) if "source" in schemas else {}, who)
    seqs = _own(connection, schemas, {own}) if own else _about(connection, schemas, steps.labels(label))
    found = reader.read(seqs)
    if not any(subject in (statement.about, statement.subject, who.key(statement)) for _, statement in found):
        return False
    _read_on(connection, schemas, reader, steps, found)
    return True


def groups(
    connection: Connection, schemas: Mapping[str, str], subjects: Iterable[str], who: Resolution = _PLAIN
) -> list[Statement]:
    """The statements of every life linked with one of these subjects (labels; of an unnamed label: with
    anybody who has it), in order of entry."""
    reader = Reader(connection, schemas)
    steps = _Walk(reach.twins(connection, schemas["source"]) if "source" in schemas else {}, who)
    labels = {one for subject in subjects for one in steps.labels(subject)}
    _read_on(connection, schemas, reader, steps, reader.read(_about(connection, schemas, labels)))
    return reader.in_order()


def _read_on(
    connection: Connection,
    schemas: Mapping[str, str],
    reader: Reader,
    steps: _Walk,
    found: Iterable[tuple[StoredStatement, Statement]],
) -> None:
    """Lets ``reader`` read all that hangs together with what it has ``found``."""
    while True:
        for record, statement in found:
            steps.statement(record, statement)
        if not steps.terms and not steps.own:
            return
        found = reader.read(_follow(connection, schemas, steps))


def about(connection: Connection, schemas: Mapping[str, str], subjects: Iterable[str]) -> list[Statement]:
    """The statements about the subjects with these labels, in order of entry."""
    labels = set(subjects)
    reader = Reader(connection, schemas)
    reader.read(_about(connection, schemas, labels))
    return [statement for statement in reader.in_order() if statement.about in labels]


def naming(connection: Connection, schemas: Mapping[str, str], labels: Iterable[str]) -> list[Statement]:
    """The statements that name one of these labels as somebody's relative, in order of entry."""
    named = json.encode([*labels]).decode()
    reader = Reader(connection, schemas)
    reader.read(
        {
            name: list(
                connection.execute(
                    f"SELECT seq FROM {schema}.record WHERE {KIN} "
                    "AND body ->> '$.value' IN (SELECT value FROM json_each(?))",
                    (named,),
                ).scalars()
            )
            for name, schema in schemas.items()
        }
    )
    return [one for one in reader.in_order() if fact_kind_of(one.fact) == "relation"]


def referring(connection: Connection, schemas: Mapping[str, str], subjects: Iterable[str]) -> list[Statement]:
    """The statements that may name an event of one of these subjects, in order of entry."""
    labels = set(subjects)
    reader = Reader(connection, schemas)
    reader.read(_seqs(connection, schemas, {tables.term(tables.REFERENCE, label) for label in labels}))
    return [statement for statement in reader.in_order() if labels.intersection(referred(statement))]


def told_in(connection: Connection, schemas: Mapping[str, str], testimony: str) -> list[Statement]:
    """The statements of the testimony with this label, in order of entry."""
    reader = Reader(connection, schemas)
    name = tables.name(TESTIMONY, testimony)
    id_ = tables.names(connection, schemas["source"], {name}).get(name) if "source" in schemas else None
    if id_ is None:
        return []
    ids = reach.twins(connection, schemas["source"]).get(id_, (id_,))
    reader.read(_seqs(connection, schemas, {tables.term(tables.TELLING, one) for one in ids}))
    return [statement for statement in reader.in_order() if statement.testimony == testimony]


def told(connection: Connection, schemas: Mapping[str, str], tellings: Iterable[str]) -> dict[str, set[int]]:
    """Where the statements of these tellings (ids) lie: compartment -> ``seq``."""
    return _seqs(connection, schemas, {tables.term(tables.TELLING, one) for one in tellings})


def corrected(connection: Connection, schemas: Mapping[str, str], labels: Iterable[str]) -> set[str]:
    """Those of these statements (ids of their own) that another one corrects."""
    terms = {tables.term(tables.CORRECTION, label): label for label in labels}
    reader = Reader(connection, schemas)
    reader.read(_seqs(connection, schemas, set(terms)))
    return {statement.corrects for statement in reader.in_order()} & set(terms.values())


def owned(connection: Connection, schemas: Mapping[str, str], labels: Iterable[str]) -> list[Statement]:
    """The statements with these ids of their own, in order of entry."""
    wanted = set(labels)
    reader = Reader(connection, schemas)
    reader.read(_own(connection, schemas, wanted))
    return [statement for statement in reader.in_order() if statement.statement in wanted]


def at_places(connection: Connection, schemas: Mapping[str, str], places: Iterable[str]) -> list[str]:
    """The labels of the subjects with statements at any of these places, sorted."""
    terms = {tables.term(tables.PLACE, place) for place in places}
    labels: set[str] = set()
    for _, _, found in tables.posted_in(connection, schemas, terms):
        labels.update(found)
    return sorted(labels)


def place_labels(connection: Connection, schemas: Mapping[str, str]) -> list[str]:
    """The labels of all places where something happened, sorted."""
    terms = {tables.term(tables.PLACES, "")}
    found = tables.posted_in(connection, schemas, terms)
    return sorted({label for _, _, labels in found for label in labels})


def _follow(connection: Connection, schemas: Mapping[str, str], steps: _Walk) -> dict[str, set[int]]:
    """Where the statements are that the steps lead to next."""
    terms, steps.terms = steps.terms, {}
    seqs: dict[str, set[int]] = {name: set() for name in schemas}
    linking: set[str] = set()
    dates: dict[str, set[str]] = {}
    for name, term, found in tables.posted_in(connection, schemas, terms):
        field, word = terms[term]
        if field == tables.COUNTS:
            linking.add(word)
        elif field == tables.TOLD:
            dates.setdefault(word, set()).update(found)
        else:
            seqs[name].update(found)
    linking.update(word for word, days in dates.items() if len(days) > 1 or word in steps.undated)
    told = {
        tables.term(tables.TELLING, id_)
        for word in linking
        if ("", word) not in steps.reached
        for id_ in steps.ids(word)
    }
    steps.reached.update(("", word) for word in linking)
    more = [_seqs(connection, schemas, told)] if told else []
    if steps.own:
        more.append(_own(connection, schemas, steps.own))
        steps.own = set()
    for found_in in more:
        for name in schemas:
            seqs[name] |= found_in[name]
    return seqs


def _about(connection: Connection, schemas: Mapping[str, str], labels: Iterable[str]) -> dict[str, set[int]]:
    return _seqs(connection, schemas, {tables.term(tables.SUBJECT, label) for label in labels})


def _own(connection: Connection, schemas: Mapping[str, str], labels: set[str]) -> dict[str, set[int]]:
    names = {tables.name(STATEMENT, label) for label in labels}
    return {
        name: {seq for seq, _ in tables.statements(connection, schema, names).values()}
        for name, schema in schemas.items()
    }


def _seqs(connection: Connection, schemas: Mapping[str, str], terms: set[int]) -> dict[str, set[int]]:
    seqs: dict[str, set[int]] = {name: set() for name in schemas}
    for name, _, found in tables.posted_in(connection, schemas, terms):
        seqs[name].update(found)
    return seqs
