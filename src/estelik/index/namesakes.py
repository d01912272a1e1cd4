"""Namesakes: who in a casebook may bear a name, by the directory of each compartment.

What lies near the words of a name, or has their consonants, is gathered from
the lists of the directory; the closest of these are looked at whole. The names
that are not placed yet are few, and looked at too.
"""

from __future__ import annotations

from itertools import combinations
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from estelik.identity.namesakes import Alike, Found
from estelik.index import directory, group, placing, tables
from estelik.index.gathering import cells_of, gathered
from estelik.index.reader import Reader
from estelik.names.comparison import SAME, Scorer, compare_all
from estelik.names.engine import suited
from estelik.names.name import parse
from estelik.names.neighbours import neighbours
from estelik.names.slots import slots, written
from estelik.names.sought import Sought
from estelik.names.weights import weights
from estelik.vault import generation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from estelik.identity.resolution import Resolution
    from estelik.index.directory import Called, Reach
    from estelik.index.lives import Shown
    from estelik.index.placing import Fresh
    from estelik.records import Statement
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: Up to so many records that are not placed are looked through as they are.
_FEW: Final = 60
#: What comes less close than this has nothing to do with the name sought.
_FAR: Final = 0.3
#: What is worth comparing after an import.
_LIKE: Final = 0.5
#: A number that is stated oftener, or of more people, is none of anybody's: it stands where one is missing.
_STATED: Final = 200
_SHARED: Final = 8
#: How many names are looked at whole.
_LOOKED: Final = 15
#: And where most of these are one person's, or out of sight, so many.
_MOST_LOOKED: Final = 20_000


def _nobody() -> None:
    """Nobody has to go first."""


class Hit(NamedTuple):
    """Somebody (a key) with a ``name`` of theirs ("": found by the number of a document), and how close it
    comes."""

    key: str
    name: str
    closeness: float


class Namesakes:
    """The names of one casebook. ``shown`` leaves out what is kept out of sight, and ``hiding`` says whether
    anything is."""

    def __init__(self, store: Store, shown: Shown, resolution: Resolution, *, hiding: bool) -> None:
        self._store = store
        self._shown = shown
        self._resolution = resolution
        self._hiding = hiding
        self._cells = cells_of(store)
        self._split = frozenset(label for label, _ in resolution.splits)

    def place(self, progress: Callable[[int], None] = lambda _: None, *, few: int = _FEW) -> int:
        """Brings the directories up to what is recorded where more than ``few`` records wait; how many names
        were placed."""
        with self._store.read() as connection:
            behind = placing.behind(connection, self._store.schemas, few)
        return placing.place(self._store, progress) if behind else 0

    def find(self, query: str, count: int) -> list[Found]:
        """The people whose names fit ``query`` best, or with that number, each once; ``count`` at most. Those
        that were found are compared, and say why they fit."""
        hits = self.search(query, count)
        by_number = [Found(one.key, "", 1.0) for one in hits if not one.name]
        called = [one for one in hits if one.name]
        compared = zip(called, compare_all(query, [one.name for one in called]), strict=True)
        named = [Found(one.key, one.name, fits.score, fits.why) for one, fits in compared]
        return [*by_number, *sorted(named, key=lambda one: (-one.score, one.key))]

    def search(self, query: str, count: int) -> list[Hit]:
        """Those whose names come closest, or with that number, each once; ``count`` at most."""
        name = parse(query)
        sought = Sought(name) if name.parts else None
        found = self._search(sought, query, count, patient=False)
        if found is None:
            self.place()
            found = self._search(sought, query, count, patient=True)
        return found or []

    def _search(self, sought: Sought | None, query: str, count: int, *, patient: bool) -> list[Hit] | None:
        """``search`` in one state of the files; None where much waits to be placed, unless ``patient``."""
        best: dict[str, Hit] = {}
        with self._store.read() as connection:
            standing = placing.standing(connection, self._store.schemas.values())
            for compartment, schema in self._store.schemas.items():
                there, late = standing[schema].there, placing.NOTHING
                if not standing[schema].up_to_date:
                    late = placing.fresh(connection, schema, _FEW + 1)
                    if late.more and not patient:
                        return None
                for hit in self._in(connection, compartment, there, late, sought, query, count):
                    known = best.get(hit.key)
                    if known is None or (hit.closeness, not hit.name) > (known.closeness, not known.name):
                        best[hit.key] = hit
        return sorted(best.values(), key=lambda one: (bool(one.name), -one.closeness, one.key))[:count]

    def alike(self, pause: Callable[[], object] | None = None) -> Iterator[Alike]:
        """The pairs of people whose names may be one person's, and of those who have one number of a document
        (their score is 1, without names where these are unlike), each pair once.

        ``pause`` is called now and then, by whoever lets others go first: one core is used then, not all."""
        self.place(few=0)
        with self._store.read() as connection:
            placed = {
                schema: compartment
                for compartment, schema in self._store.schemas.items()
                if directory.reach(connection, schema, placing.edition()) is not None
            }
            names = [
                (compartment, one)
                for schema, compartment in placed.items()
                for one in directory.every(connection, schema)
            ]
        # Nobody who writes waits while they are compared.
        pause = pause or _nobody
        pairs = neighbours([one.words for _, one in names], pause)
        whose: dict[str, int] = {}
        owners = np.array([whose.setdefault(one.owner, len(whose)) for _, one in names], np.int64)
        pairs = pairs[owners[pairs[:, 0]] != owners[pairs[:, 1]]]
        scorer = Scorer(suited(len(pairs)))
        scores = scorer.scores_of([one.text for _, one in names], pairs, pause, alone=pause is not _nobody)
        likely = np.flatnonzero(scores >= SAME)
        best: dict[tuple[str, str], Alike] = {}
        with self._store.read() as connection:
            for (a, b), score in zip(pairs[likely].tolist(), scores[likely].tolist(), strict=True):
                called = names[a][1].text, names[b][1].text
                for one in self._whose(connection, *names[a]):
                    for other in self._whose(connection, *names[b]):
                        found = Alike(one, other, round(score, 4), called)
                        if one > other:
                            found = Alike(other, one, found.score, called[::-1])
                        known = best.get((found.one, found.other))
                        if one != other and (known is None or score > known.score):
                            best[found.one, found.other] = found
            for people in self._sharing(connection, placed):
                for one, other in combinations(people, 2):
                    known = best.get((one, other))
                    best[one, other] = Alike(one, other, 1.0, known.names if known else ("", ""))
        yield from best.values()

    def _sharing(self, connection: Connection, placed: Mapping[str, str]) -> Iterator[list[str]]:
        """The people (keys, in order) who have one number, each number once."""
        for stated in directory.shared(connection, placed, _STATED):
            people = {
                key
                for schema, seq, owner in stated
                for key in self._keys(connection, placed[schema], owner, seq)
            }
            if len(people) <= _SHARED:
                yield sorted(people)

    def entered(self, most: int) -> list[str] | None:
        """The labels and stated names that are recorded and not placed, each once; None where there are more
        than ``most``."""
        found: dict[str, None] = {}
        with self._store.read() as connection:
            for schema in self._store.schemas.values():
                if not placing.up_to_date(connection, schema):
                    fresh = placing.fresh(connection, schema, most + 1)
                    if fresh.more:
                        return None
                    found |= {one.owner: None for one in fresh.names}
        return list(found) if len(found) <= most else None

    def like(self, people: Iterable[str], count: int, seconds: float) -> list[Alike]:
        """Who may be the same as these people (keys that are labels): of each the likeliest, up to ``count``,
        if nobody has judged it yet. It ends after some ``seconds``."""
        end, best = monotonic() + seconds, dict[tuple[str, str], Alike]()
        for label in sorted(people):
            if monotonic() > end:
                break
            hits = [one for one in self.search(label, count + 1) if one.name and one.closeness >= _LIKE]
            others = [one for one in hits if not self._resolution.relation(label, one.key)]
            for hit, fits in zip(others, compare_all(label, [one.name for one in others]), strict=True):
                found = Alike(label, hit.key, fits.score, (label, hit.name))
                if fits.same and (hit.key, label) not in best:
                    best[label, hit.key] = found
        return sorted(best.values(), key=lambda one: (-one.score, one.one, one.other))

    def _whose(self, connection: Connection, compartment: str, one: Called) -> Iterable[str]:
        return self._keys(connection, compartment, one.owner, one.seq)

    def _in(
        self,
        connection: Connection,
        compartment: str,
        there: Reach | None,
        late: Fresh,
        sought: Sought | None,
        query: str,
        count: int,
    ) -> Iterable[Hit]:
        schema = self._store.schemas[compartment]
        if number := placing.plain(query):
            rows = [(seq, owner) for one, seq, owner in late.numbers if one == number]
            if there is not None:
                rows += directory.numbered(connection, schema, number)
            for seq, owner in rows:
                for key in self._keys(connection, compartment, owner, seq):
                    yield Hit(key, "", 1.0)
        if sought is None:
            return
        names = [one._replace(words=written(slots(parse(one.text), weights()))) for one in late.names]
        if there is not None and there.batch:
            names += self._nearest(connection, compartment, sought, count)
        names = [one for one in names if one.words]
        if not names:
            return
        close = sought.closeness([one.words for one in names], self._cells.vectors)
        order = np.argsort(-close, kind="stable")
        near = [(names[place], float(close[place])) for place in order.tolist() if close[place] >= _FAR]
        keys: set[str] = set()
        while near and len(keys) < count:
            # As many at once as are shown: each question costs.
            known = self._stated(connection, schema, [one.owner for one, _ in near[:count] if not one.seq])
            for one, closeness in near[:count]:
                if len(keys) >= count:
                    break
                for key in self._keys(connection, compartment, one.owner, one.seq, known):
                    keys.add(key)
                    yield Hit(key, one.text, round(closeness, 4))
            near = near[count:]

    def _nearest(self, connection: Connection, compartment: str, sought: Sought, count: int) -> list[Called]:
        """The names that are looked at whole: the nearest of those that are shown, of enough people."""
        schema, wanted = self._store.schemas[compartment], _LOOKED + 2 * count
        state, most = generation.state(connection, {compartment: schema}), wanted
        while True:
            numbers = gathered(connection, schema, state, self._cells, sought, most)
            called = directory.called(connection, schema, numbers)
            found = [called[one] for one in numbers if one in called]
            if self._hiding:
                # Whoever is out of sight takes nobody's place.
                found = [
                    one for one in found if list(self._keys(connection, compartment, one.owner, one.seq))
                ]
            # Nor does somebody with many names.
            while wanted < len(found) and len({one.owner for one in found[:wanted]}) < count:
                wanted *= 4
            enough = wanted <= len(found) and len({one.owner for one in found[:wanted]}) >= count
            if enough or len(numbers) < most or most > _MOST_LOOKED:
                return found[:wanted]
            most *= 4

    def _stated(self, connection: Connection, schema: str, labels: Iterable[str]) -> set[str]:
        """Those of these labels that something is said under: one may have outlived it."""
        terms = {tables.term(tables.SUBJECT, label): label for label in labels}
        return {terms[one] for one in tables.posted(connection, schema, terms)}

    def _keys(
        self,
        connection: Connection,
        compartment: str,
        owner: str,
        seq: int,
        known: Iterable[str] | None = None,
    ) -> Iterable[str]:
        """Whose a name or number is, by who is who; nobody's where all that says so is out of sight.
        ``known``: labels that something is said under, this one among them if so."""
        label, schemas = owner.partition("\x1f")[0], self._store.schemas
        if not self._hiding and label not in self._split:
            if known is None and not seq:
                known = self._stated(connection, schemas[compartment], [label])
            return [owner] if seq or label in (known or ()) else []
        told: Iterable[Statement]
        if seq:
            told = [one for _, one in Reader(connection, schemas).read({compartment: [seq]})]
        else:
            told = group.about(connection, {compartment: schemas[compartment], **schemas}, [label])
        return dict.fromkeys(self._resolution.key(one) for one in self._shown(told, connection))
