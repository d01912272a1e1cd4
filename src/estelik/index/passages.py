"""Passages: where in a casebook words stand, by the full text of each compartment.

What is not filed yet is little, and looked at as it is. Of many records that
fit those are read that FTS5 puts first; in which order they are then shown
depends on their own words alone, so that it is the same whatever else is
recorded, filed or out of sight.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.index import filing, fulltext, group
from estelik.index.inquiry import LEVELS, inquiry
from estelik.index.prose import prose
from estelik.index.reader import Reader
from estelik.index.tokens import edition, tokens, words
from estelik.records import evidence, stored
from estelik.records.evidence import EVIDENCE, Accession, Evidence
from estelik.records.stored import JUDGEMENT, STATEMENT, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from estelik.identity.resolution import Resolution
    from estelik.index.inquiry import Inquiry
    from estelik.index.lives import Shown
    from estelik.index.prose import Piece
    from estelik.records import Judgement, Statement
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: Up to so many records that are not filed are looked through as they are.
_FEW: Final = 60
#: So many records that fit are read, and put in order.
_READ: Final = 100
#: How soon a word that comes again counts no more, and the length of a text that is neither long nor short,
#: in words (k1 and b of Okapi BM25 as is usual).
_SATURATED: Final = 1.2
_LENGTH: Final = 0.75
_MIDDLE: Final = 30


class Passage(NamedTuple):
    """Words of a record in which stands what was asked for.

    ``kind`` of the record and its ``id`` (a statement's own); ``subject``: the
    key of whom a statement is about, or a label that fits, else ""; ``told``:
    when it was told, a decision made, a file added; ``field``, ``text`` and its
    ``language`` (a tag, ""); ``spans``: from which letter to which what was
    asked for stands there.
    """

    kind: str
    id: str
    subject: str
    told: str
    source: str
    when: str
    field: str
    text: str
    language: str
    spans: tuple[tuple[int, int], ...]
    corrected: bool = False


class _Record(NamedTuple):
    """A record that may be shown: its place in the order of entry, and what is said of it."""

    order: tuple[str, int]
    pieces: list[Piece]
    id: str
    subject: str = ""
    told: str = ""
    source: str = ""
    when: str = ""
    language: str = ""


class _Late(NamedTuple):
    """Of records that are not filed the ``seq`` and the words of their texts; whether any others are."""

    texts: list[tuple[int, list[list[str]]]]
    filed: bool


class _Hit(NamedTuple):
    """A record that fits, the piece of it that fits best, and how much it is about what was asked for."""

    kind: str
    record: _Record
    piece: Piece
    weight: float

    def passage(self, wanted: Inquiry, level: int) -> Passage:
        """What is shown of it."""
        record, (field, text) = self.record, self.piece
        return Passage(
            self.kind, record.id, record.subject, record.told, record.source, record.when, field, text,
            record.language, tuple(wanted.spans(list(tokens(text)), level)),
        )  # fmt: skip


class Passages:
    """The words of one casebook. ``shown`` leaves out statements that are kept out of sight, ``judgements``
    are those that are not, ``hidden`` the ids of all records that are."""

    def __init__(
        self,
        store: Store,
        shown: Shown,
        resolution: Resolution,
        judgements: Callable[[], list[Judgement]],
        hidden: Callable[[], Collection[str]],
    ) -> None:
        self._store = store
        self._shown = shown
        self._resolution = resolution
        self._judgements = judgements
        self._hidden = hidden

    def file(self, progress: Callable[[int], None] = lambda _: None, *, few: int = _FEW) -> int:
        """Brings the full texts up to what is recorded where more than ``few`` records wait; how many were
        filed."""
        with self._store.read() as connection:
            behind = any(filing.behind(connection, one, few) for one in self._store.schemas.values())
        return filing.file(self._store, progress) if behind else 0

    def find(self, asked: str, count: int) -> list[Passage]:
        """The records in which all these words stand, ``count`` at most: those first that have them whole,
        then those in which other words begin so, then other endings, then other writings."""
        self.file()
        wanted = inquiry(asked)
        found: dict[tuple[str, ...], Passage] = {}
        seen: set[tuple[str, int]] = set()
        before = ""
        with self._store.read() as connection:
            late = {name: self._late(connection, schema) for name, schema in self._store.schemas.items()}
            for level in LEVELS if wanted else ():
                match = wanted.match(level)
                if len(found) >= count or match == before:
                    continue
                before = match
                hits = [
                    hit
                    for name in self._store.schemas
                    for hit in self._in(connection, name, late[name], wanted, level, seen, max(_READ, count))
                ]
                for hit in sorted(hits, key=lambda one: (-one.weight, one.record.order)):
                    # What was entered on two computers is seen once.
                    piece, record = hit.piece, hit.record
                    key = hit.kind, record.id, record.subject, piece.field, piece.text
                    if key not in found and len(found) < count:
                        found[key] = hit.passage(wanted, level)
            return self._corrected(connection, list(found.values()))

    def _late(self, connection: Connection, schema: str) -> _Late:
        """What is not filed of a compartment, and whether anything is."""
        filed = fulltext.reach(connection, schema, edition()) is not None
        if filing.up_to_date(connection, schema):
            return _Late([], filed)
        return _Late(filing.fresh(connection, schema, _FEW + 1).texts, filed)

    def _in(
        self,
        connection: Connection,
        name: str,
        late: _Late,
        wanted: Inquiry,
        level: int,
        seen: set[tuple[str, int]],
        most: int,
    ) -> list[_Hit]:
        """What fits in one compartment and was not seen at an earlier level."""
        out: list[_Hit] = []
        pages: Iterable[list[int]] = [
            [seq for seq, each in late.texts if all(wanted.counts(each, level))],
        ]
        if late.filed:
            schema = self._store.schemas[name]
            pages = chain(pages, fulltext.matching(connection, schema, wanted.match(level), _READ))
        for page in pages:
            fresh = [seq for seq in page if (name, seq) not in seen]
            seen.update((name, seq) for seq in fresh)
            for kind, record in self._records(connection, name, fresh) if fresh else ():
                texts = [words(one.text) for one in record.pieces]
                each = [wanted.counts([text], level) for text in texts]
                weight = _weight(map(sum, zip(*each, strict=True)), sum(map(len, texts)))
                best = max(range(len(each)), key=lambda at: (sum(map(bool, each[at])), -at))
                out.append(_Hit(kind, record, record.pieces[best], weight))
            if len(out) >= most:
                break
        return out

    def _records(self, connection: Connection, name: str, seqs: list[int]) -> Iterator[tuple[str, _Record]]:
        """Those of the records at these ``seq`` that may be seen, each with its kind."""
        schema = self._store.schemas[name]
        rows = connection.execute(
            f"SELECT seq, kind, id, batch, place, CAST(body AS BLOB) FROM {schema}.record "
            f"WHERE seq IN ({', '.join('?' * len(seqs))}) ORDER BY seq",
            tuple(seqs),
        ).all()
        told = [seq for seq, kind, *_ in rows if kind == STATEMENT]
        said = {seq: one for seq, _, one in Reader(connection, self._store.schemas).read_at(name, told)}
        shown = {id(one) for one in self._shown(list(said.values()), connection)}
        judged = {one.id for one in self._judgements()} if any(row[1] == JUDGEMENT for row in rows) else set()
        for seq, kind, id_, batch, place, body in rows:
            pieces, order, found = prose(kind, body), (batch, place), None
            if kind == STATEMENT and id(said[seq]) in shown:
                one = said[seq]
                key = self._resolution.key(one)
                found = _Record(
                    order, pieces, one.statement, key, one.told, one.source, one.when, one.language
                )
            elif kind == SUBJECT:
                found = self._label(connection, name, order, pieces)
            elif kind == JUDGEMENT:
                made = stored.decode_judgement(body)
                if made.id in judged:
                    found = _Record(order, pieces, made.id, told=made.made)
            elif kind == EVIDENCE:
                found = self._file(id_, order, pieces, evidence.decode(body))
            if found is not None:
                yield kind, found

    def _label(
        self, connection: Connection, name: str, order: tuple[str, int], pieces: list[Piece]
    ) -> _Record | None:
        """A label, where anything that is told under it may be seen."""
        label = pieces[0].text
        told: list[Statement] = group.about(
            connection, {name: self._store.schemas[name], **self._store.schemas}, [label]
        )
        return _Record(order, pieces, label, label) if any(self._shown(told, connection)) else None

    def _file(
        self, id_: str, order: tuple[str, int], pieces: list[Piece], found: evidence.Record
    ) -> _Record | None:
        """A file, or how it came."""
        of = found.evidence if isinstance(found, Accession) else id_
        if not isinstance(found, Evidence | Accession) or {of, id_} & set(self._hidden()):
            return None
        return _Record(order, pieces, of, told=found.added)

    def _corrected(self, connection: Connection, found: list[Passage]) -> list[Passage]:
        ids = [one.id for one in found if one.kind == STATEMENT]
        past = group.corrected(connection, self._store.schemas, ids) if ids else set[str]()
        return [
            one._replace(corrected=True) if one.kind == STATEMENT and one.id in past else one for one in found
        ]


def _weight(counts: Iterable[int], length: int) -> float:
    """How much a record of so many words is about what was asked for: Okapi BM25, with all words as rare."""
    long = _SATURATED * (1 - _LENGTH + _LENGTH * length / _MIDDLE)
    return round(sum(count / (count + long) for count in counts), 6)
