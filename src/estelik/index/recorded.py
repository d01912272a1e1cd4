"""Recorded: all that is recorded, as whoever has opened it may see it.

Without what is kept out of sight, and each thing once that was entered twice.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from estelik.index.cycles import without_cycles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from estelik.identity.candidate import Candidate
    from estelik.index.decisions import Decisions
    from estelik.index.lives import Lives
    from estelik.index.namesakes import Namesakes
    from estelik.index.passages import Passages
    from estelik.index.within import Readable
    from estelik.records import Judgement, Statement
    from estelik.records.consent import Consents
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store
    from estelik.vault.vault import Vault


class Recorded:
    """What is recorded in an open store."""

    _store: Store

    @property
    def vault(self) -> Vault:
        """What was entered, sealed and carried out of the office."""
        raise AttributeError

    @cached_property
    def decisions(self) -> Decisions:
        """What was erased, and what is kept out of sight or from being erased."""
        from estelik.index.decisions import Decisions

        return Decisions(self.vault)

    def _hidden(self, connection: Connection | None = None) -> frozenset[str]:
        return self.decisions.hidden() if self._store.any_disposition(connection) else frozenset()

    def _shown(self, statements: Iterable[Statement], connection: Connection) -> Iterable[Statement]:
        """These statements without what is kept out of sight, each once."""
        from estelik.index import doubles

        hidden = self._hidden(connection)
        shown = (one for one in statements if one.statement not in hidden)
        return doubles.without(connection, self._store.schemas, shown)

    def stream(self) -> Iterator[Statement]:
        """All statements in order of entry, one by one. Nobody can write until it is at its end."""
        from estelik.index import reader

        with self._store.read() as connection:
            yield from self._shown(reader.every(connection, self._store.schemas), connection)

    def statements(self, subjects: Collection[str] | None = None) -> list[Statement]:
        """All statements in order of entry, or those about the subjects with these labels."""
        if subjects is None:
            with without_cycles():
                return list(self.stream())
        return self._about_in(self._store, subjects)

    @cached_property
    def lives(self) -> Lives:
        """What is recorded, by who is who."""
        from estelik.index.lives import Lives

        return Lives(self._store, self._shown, self._hidden, self.judgements, self.statements)

    def offered(self, pair: Candidate) -> Candidate | None:
        """A pair with what speaks for and against it in the one compartment where a judgement on it would
        lie: all that a reason may have without being asked for; None where that does not know both."""
        from estelik.identity.verdict import shown
        from estelik.index import judged, proposals
        from estelik.index.lives import Lives
        from estelik.index.within import Within

        subjects = [self.lives.named(shown(one)) for one in (pair.one, pair.other)]
        with self._store.read() as connection:
            where = judged.home(connection, self._store.schemas, subjects)
        there = Within(self._store, where)
        lives = Lives(there, self._shown, self._hidden, lambda: self._judged_in(there), list)
        return proposals.weighed(pair, lives, lambda labels: self._about_in(there, labels))

    def _judged_in(self, there: Readable) -> list[Judgement]:
        from estelik.index import reader

        hidden, without = self._hidden(), self.out_of_sight()
        with there.read() as connection:
            found = reader.judgements(connection, there.schemas, without)
        return self.decisions.judged(found, hidden) if hidden else found

    def _about_in(self, there: Readable, subjects: Collection[str]) -> list[Statement]:
        from estelik.index import group

        with there.read() as connection:
            return list(self._shown(group.about(connection, there.schemas, subjects), connection))

    def namesakes(self) -> Namesakes:
        """All names in the casebook, to be looked through."""
        from estelik.index.namesakes import Namesakes

        hiding = bool(self._hidden())
        return Namesakes(self._store, self._shown, self.lives.resolution, hiding=hiding)

    def passages(self) -> Passages:
        """All that was told in words, to be looked through."""
        from estelik.index.passages import Passages

        resolution = self.lives.resolution
        return Passages(self._store, self._shown, resolution, self.judgements, self.decisions.hidden_records)

    def candidates(self) -> list[Candidate]:
        """Pairs of subjects who may be one person, by their names and all else that is recorded, and those
        that linkage found."""
        from estelik.index.proposals import linked, proposals

        found = proposals(self.namesakes().alike(), self.lives, self.statements)
        return [*found, *linked(self._store, self.lives, self.statements)]

    def keep_linked(self, pairs: Sequence[Candidate]) -> int:
        """Keeps what linkage found for ``candidates``, instead of what it did before; how many pairs."""
        from estelik.index import linked

        return linked.keep(self._store, pairs)

    def group(self, subject: str) -> list[Statement]:
        """The statements of every life linked with ``subject``'s (``Lives.recorded``)."""
        return self.lives.recorded(subject)

    def subjects(self) -> list[str]:
        """The labels of all subjects, in order of entry, each once."""
        from estelik.index import reader

        with self._store.read() as connection:
            found = reader.subjects(connection, self._store.schemas)
        if self._store.any_disposition():
            there = {one.about for one in self.stream()}
            found = [one for one in found if one in there]
        return found

    def judgements(self) -> list[Judgement]:
        """All judgements, in order of entry."""
        return self._judged_in(self._store)

    def consents(self) -> Consents:
        """What was said of consent and done about it, as far as this member can open it."""
        from estelik.index import consents

        return consents.consents(self._store, self.out_of_sight())

    def out_of_sight(self) -> set[str]:
        """The ids of records that are kept out of sight, also where no statement is among them."""
        return self.decisions.hidden_records() if self._store.any_disposition() else set()
