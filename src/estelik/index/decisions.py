"""Decisions on what is recorded: to erase it, to keep it out of sight, to keep it from being erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.index import linked, rebuild
from estelik.index.closure import closure
from estelik.records.stored import STATEMENT
from estelik.vault import generation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from estelik.index.closure import Closure, What
    from estelik.records import Judgement
    from estelik.vault.disposal import Decision
    from estelik.vault.standing import Standing
    from estelik.vault.vault import Vault

_CHUNK = 500


class Decisions:
    """The decisions of one casebook, in people's words; ``vault`` keeps them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._store = vault.store
        #: What is kept out of sight, in which state of the records and of the roll.
        self._known: tuple[dict[str, tuple[str, int]], Standing, frozenset[str]] | None = None

    def closure(self, what: What, name: str) -> Closure:
        """What a decision on this would be about. Raises ``NotFoundError``."""
        with self._store.read() as connection:
            return closure(connection, self._store.schemas, what, name)

    def holding(self, found: Closure) -> list[Decision]:
        """The holds that keep any of it from being erased."""
        return self._vault.disposal.holding(found.records, found.named)

    def erase(self, found: Closure, reason: str) -> str:
        """Erases it; gives the decision's id. Raises ``MembershipError`` and ``CasebookError``."""
        with rebuild.kept_up(self._store):
            return self._vault.disposal.erase(found.records, reason, found.named)

    def restrict(self, found: Closure, reason: str) -> str:
        """Keeps it out of sight; gives the decision's id."""
        with rebuild.kept_up(self._store):
            with self._store.write() as connection:
                # What was worked out with it is not known to anybody any more.
                linked.drop(connection, self._store.schemas)
            return self._vault.disposal.restrict(_everywhere(found), reason)

    def hold(self, found: Closure, reason: str) -> str:
        """Keeps it from being erased; gives the decision's id."""
        with rebuild.kept_up(self._store):
            return self._vault.disposal.hold(_everywhere(found), reason)

    def lift(self, decision: str, reason: str) -> None:
        """Lifts a restriction or a hold. Raises ``NotFoundError``."""
        with rebuild.kept_up(self._store):
            self._vault.disposal.lift(decision, reason)

    def hidden(self) -> frozenset[str]:
        """The own ids of all statements that are kept out of sight; looked for once for each state."""
        standing = self._vault.registrar.standing
        with self._store.read() as connection:
            state = generation.state(connection, self._store.schemas)
        if self._known is None or self._known[0] != state or self._known[1] is not standing:
            self._known = state, standing, frozenset(self._hidden())
        return self._known[2]

    def _hidden(self) -> set[str]:
        out: set[str] = set()
        restrictions = self._vault.disposal.restrictions()
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                named = sorted({one for found in restrictions for one in found.records.get(compartment, ())})
                for start in range(0, len(named), _CHUNK):
                    chunk = tuple(named[start : start + _CHUNK])
                    marks = f"IN ({', '.join('?' * len(chunk))})"
                    out.update(
                        connection.execute(
                            f"SELECT body ->> '$.statement' FROM {schema}.record WHERE kind = ? "
                            f"AND (id {marks} OR body ->> '$.subject' {marks} "
                            f"OR body ->> '$.testimony' {marks} OR body ->> '$.provenance' {marks})",
                            (STATEMENT, *chunk * 4),
                        ).scalars()
                    )
        return out

    def hidden_records(self) -> set[str]:
        """The ids of all records that are kept out of sight, as they are named."""
        return {
            record
            for found in self._vault.disposal.restrictions()
            for ids in found.records.values()
            for record in ids
        }

    @staticmethod
    def judged(judgements: Iterable[Judgement], hidden: Collection[str]) -> list[Judgement]:
        """These judgements without those on statements that are kept out of sight."""
        kept, left = [], set[str]()
        for one in judgements:
            if (one.statement and one.statement in hidden) or one.withdraws in left:
                left.add(one.id)
            else:
                kept.append(one)
        return kept


def _everywhere(found: Closure) -> dict[str, list[str]]:
    """Its records, and in each compartment the tellings, provenances and subjects that lie in another one:
    what is told in them later belongs to it."""
    every = {one for ids in found.records.values() for one in ids}
    return {
        where: sorted({*ids, *every.intersection(found.named.get(where, ()))})
        for where, ids in found.records.items()
    }
