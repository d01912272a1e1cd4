"""Lives: what is recorded, by who is who: the statements of each cluster as those of one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import NotFoundError, UsageError
from estelik.identity.merging import Merged, merge
from estelik.identity.resolution import resolve
from estelik.identity.verdict import key, split_name
from estelik.index import group, judged
from estelik.index.kept import Kept
from estelik.records import Named, Statement, stored
from estelik.records.stored import SUBJECT
from estelik.vault import generation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from estelik.identity.resolution import Resolution
    from estelik.identity.verdict import Verdict
    from estelik.index.within import Readable
    from estelik.places.where import Where
    from estelik.records import Judgement
    from estelik.vault.connection import Connection

    #: Leaves out of statements what is kept out of sight.
    Shown = Callable[[Iterable[Statement], Connection], Iterable[Statement]]


class _Known(NamedTuple):
    """What was read of judgements in one state of the records and of what is hidden."""

    state: object
    judgements: list[Judgement]
    verdicts: list[Verdict]
    resolution: Resolution


class Lives:
    """The lives of one casebook. ``judgements``: reads all; ``every``: all statements."""

    def __init__(
        self,
        store: Readable,
        shown: Shown,
        hidden: Callable[[], frozenset[str]],
        judgements: Callable[[], list[Judgement]],
        every: Callable[[], list[Statement]],
    ) -> None:
        self._store = store
        self._shown = shown
        self._hidden = hidden
        self._judgements = judgements
        self._every = every
        self._last: _Known | None = None
        self._places = Kept(SUBJECT, "place")
        #: What was read of places, and in which state of the records.
        self._about_places: tuple[object, list[Statement]] | None = None
        self._where: tuple[object, Where] | None = None

    @property
    def state(self) -> object:
        """In which state the records and what is hidden of them are: another one where anything changed."""
        return self._read().state

    @property
    def resolution(self) -> Resolution:
        """Who is who, as far as this member can open it."""
        return self._read().resolution

    def verdicts(self) -> list[Verdict]:
        """What is judged of who is who and holds, in order of entry."""
        return self._read().verdicts

    def judgements(self) -> list[Judgement]:
        """All judgements, in order of entry, as they lie in the casebook."""
        return self._read().judgements

    def recorded(self, subject: str) -> list[Statement]:
        """The statements of every life linked with ``subject``'s, in order of entry, as they were entered.

        All that is needed to reason about it: the labels that were judged to be
        the same subject, the lives whose events are ordered against its
        events, directly or through others, those that hang on the day of a
        telling they share, and all corrections. Raises ``NotFoundError`` when
        there is no statement about ``subject`` (a label, or ``Statement.subject``
        for someone unnamed).
        """
        return self._recorded(subject, self._read().resolution)

    def _recorded(self, subject: str, known: Resolution) -> list[Statement]:
        with self._store.read() as connection:
            found = group.group(connection, self._store.schemas, subject, known)
            shown = list(self._shown(found, connection))
        if not any(subject in (one.about, one.subject, known.key(one)) for one in shown):
            raise NotFoundError(
                "Nothing is recorded about this subject.", safe="", do="Check how the label is written."
            )
        return shown

    def among(self, subjects: Iterable[str]) -> Merged:
        """What ``recorded`` has of each of these subjects (labels) together, by lives; nothing of those of
        whom nothing is recorded. Many at once are read faster than one by one."""
        known = self._read()
        with self._store.read() as connection:
            found = group.groups(connection, self._store.schemas, subjects, known.resolution)
            shown = list(self._shown(found, connection))
        return self.merged(shown)

    def of(self, subject: str) -> Merged:
        """What ``recorded`` has, by lives. Raises ``NotFoundError``."""
        return self.merged(self.recorded(subject))

    def all(self) -> Merged:
        """All that is recorded, by lives."""
        return self.merged(self._every())

    def merged(self, statements: list[Statement]) -> Merged:
        """Statements by lives; all of each cluster have to be among them."""
        known = self._read()
        return merge(statements, known.judgements, known.resolution)

    def supposing(self, verdict: Verdict) -> tuple[Merged, Merged]:
        """The lives that a verdict is on as they are, and as they would be with it."""
        known = self._read()
        would = resolve([*known.verdicts, verdict])
        statements = self._recorded(verdict.one, would)
        apart = merge(statements, known.judgements, known.resolution)
        return apart, merge(statements, known.judgements, would)

    def named(self, words: str) -> Named:
        """The subject that these words of a member stand for, as a judgement names it before it is entered.

        A label; for somebody unnamed the label alone where there is one such
        person, or ``?label (id of the statement)``; for somebody who was split
        off the name that ``split`` gave. Raises ``NotFoundError`` or ``UsageError``.
        """
        for (label, telling), name in self._read().resolution.splits.items():
            if name == words:
                return Named(label, testimony=telling)
        found = self._about(words)
        own = ""
        if not found and words.startswith("?") and words.endswith(")"):
            label, _, own = words[:-1].rpartition(" (")
            found = [one for one in self._about(label) if one.statement == own]
        if not found:
            raise NotFoundError(
                "Nothing is recorded about this subject.", do="Check how the label is written."
            )
        if not words.startswith("?"):
            return Named(words)
        if len(found) > 1:
            raise UsageError(
                "Several people are entered under this label, each of whom may be somebody else.",
                do="Say who is meant by the id of the statement: '?label (id)'.",
            )
        return Named(found[0].about, statement=found[0].statement)

    def telling(self, label: str, words: str) -> Named:
        """What is told under a label in a testimony (its label, or the id of a statement told in it), as a
        ``split`` names it. Raises ``NotFoundError`` or ``UsageError``."""
        told = [one for one in self._about(label) if not one.about.startswith("?")]
        tellings = {one.telling for one in told if words in (one.testimony, one.statement)}
        if not tellings:
            raise NotFoundError(
                "Nothing was told under this label in this testimony.",
                do="Give the testimony's label, or the id of a statement told in it; somebody unnamed is a "
                "life of its own already.",
            )
        telling = tellings.pop()
        splits = self._read().resolution.splits
        if (label, telling) in splits:
            raise UsageError("This was split off before.")
        if all(one.telling == telling or (label, one.telling) in splits for one in told):
            raise UsageError("Nothing else is told under this label: there is nothing to split it from.")
        if self._about(split_name(label, telling)):
            raise UsageError(
                "Somebody else is entered under the name that this life would have, the label with the "
                "telling in brackets.",
                do="Give that one another label in the sheet, as a correction; then split.",
            )
        return Named(label, testimony=telling)

    def kinds(self, named: Named) -> set[str]:
        """What a subject is called in its statements: person, place, organisation, group."""
        return {one.about_kind for one in self._about(named.label)}

    def whose(self, words: str) -> frozenset[str]:
        """The subjects (keys) that have one life with the one that these words stand for (as for ``named``),
        that one among them; of unnamed people who share a label each one's."""
        splits = self.resolution.splits.values()
        told = [] if words in splits else self._about(words)
        keys = {self.resolution.key(one) for one in told} - set(splits)
        if not keys:
            try:
                keys = {key(self.named(words))}
            except NotFoundError:
                # Nobody speaks of it any more, or only a file does.
                keys = {words}
        return frozenset(one for found in keys for one in self.resolution.members(found))

    def told_of(self, keys: Collection[str]) -> list[Statement]:
        """The statements about these subjects (keys), in order of entry."""
        labels = {one.split("\x1f")[0] for one in keys}
        labels |= {label for (label, _), name in self.resolution.splits.items() if name in keys}
        with self._store.read() as connection:
            found = group.about(connection, self._store.schemas, labels)
            return [one for one in self._shown(found, connection) if self.resolution.key(one) in keys]

    def naming(self, labels: Collection[str]) -> list[Statement]:
        """The statements that name one of these labels as somebody's relative, in order of entry."""
        with self._store.read() as connection:
            found = group.naming(connection, self._store.schemas, labels)
            return list(self._shown(found, connection))

    def _about(self, label: str) -> list[Statement]:
        with self._store.read() as connection:
            found = group.about(connection, self._store.schemas, [label])
            return list(self._shown(found, connection))

    def group(self, subject: str) -> list[Statement]:
        """The statements of ``of``."""
        return list(self.of(subject).statements)

    def groups(self, subjects: Collection[str]) -> Sequence[Statement]:
        """The statements of ``among``."""
        return self.among(subjects).statements

    def at_places(self, places: Collection[str]) -> list[str]:
        """The labels of the subjects with statements at any of these places, sorted."""
        hidden = self._hidden()
        with self._store.read() as connection:
            schemas = self._store.schemas
            found = set(group.at_places(connection, schemas, places))
            if not hidden:
                return sorted(found)
            # Only of whom something is out of sight it has to be looked at what is left.
            doubted = {one.about for one in group.owned(connection, schemas, hidden) if one.place in places}
            told = group.about(connection, schemas, doubted) if doubted else ()
            left = {one.about for one in self._shown(told, connection) if one.place in places}
            return sorted(found - doubted | left)

    def place_labels(self) -> list[str]:
        """The labels of all places where something happened, sorted."""
        hidden = self._hidden()
        with self._store.read() as connection:
            schemas = self._store.schemas
            found = group.place_labels(connection, schemas)
            doubted = {one.place for one in group.owned(connection, schemas, hidden)} if hidden else ()
        return [one for one in found if one not in doubted or self.at_places([one])]

    def where(self) -> Where:
        """What labels of places stand for; kept until something else is recorded."""
        # Late: it loads the gazetteer.
        from estelik.places.where import Where

        state, kept = self._read().state, self._where
        if kept is None or kept[0] != state:
            kept = self._where = state, Where(self.about_places(), self.place_labels)
        return kept[1]

    def told_under(self) -> Callable[[str], set[str]]:
        """Under which labels a life (its key) is spoken of, by who is who now."""
        resolution = self.resolution
        under = {name: label for (label, _), name in resolution.splits.items()}

        def labels(key: str) -> set[str]:
            found = (one.partition("\x1f")[0] for one in resolution.members(key))
            return {under.get(one, one) for one in found}

        return labels

    def about_places(self) -> list[Statement]:
        """All statements about places, by lives, in order of entry; the other labels of a place that were
        judged to be the same are names of it."""
        state, kept = self._read().state, self._about_places
        if kept is not None and kept[0] == state:
            return kept[1]
        with self._store.read() as connection:
            rows = self._places.rows(connection, self._store.schemas)
            places = dict.fromkeys(stored.decode_subject(one.body).label for one in rows)
            found = group.about(connection, self._store.schemas, places)
            shown = list(self._shown(found, connection))
        merged = self.merged(shown)
        names = [
            Statement("", place, about_kind="place", fact="name", value=label)
            for place, labels in merged.others.items()
            for label in labels
        ]
        told = [*merged.statements, *names]
        self._about_places = state, told
        return told

    def _read(self) -> _Known:
        hidden = self._hidden()
        with self._store.read() as connection:
            state = generation.state(connection, self._store.schemas), hidden
            if self._last is not None and self._last.state == state:
                return self._last
        judgements = self._judgements()
        with self._store.read() as connection:
            found = judged.verdicts(connection, self._store.schemas, judgements)
        self._last = _Known(state, judgements, found, resolve(found))
        return self._last
