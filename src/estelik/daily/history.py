"""History: what was decided on one life and its statements: by whom, when, why, and what was taken back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import msgspec

from estelik.daily.signers import signers
from estelik.errors import MeanwhileError
from estelik.identity.verdict import Verdict, verdict
from estelik.index import judged
from estelik.records import Judgement
from estelik.records.judgement import ON_IDENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from estelik.casebook import Casebook


class Decided(msgspec.Struct, frozen=True):
    """A decision: the ``judgement``, who made it ("": not known), and, where it was taken back, by which
    judgement (``back``) and by whom. ``verdict``: what it says of who is who, None for any other."""

    judgement: Judgement
    by: str = ""
    back: Judgement | None = None
    back_by: str = ""
    verdict: Verdict | None = None


class _Known:
    """All decisions of one state of a casebook, by what they are on."""

    def __init__(self, casebook: Casebook, made: Sequence[Judgement]) -> None:
        self.made = made
        self.place = {one.id: place for place, one in enumerate(made)}
        self.back = {one.withdraws: one for one in made if one.decision == "withdrawn"}
        self.on_statement: dict[str, list[Judgement]] = {}
        self.on_subject: dict[str, list[Judgement]] = {}
        self.on_key: dict[str, list[tuple[Judgement, Verdict | None]]] = {}
        for one in made:
            if one.decision == "set-aside":
                self.on_statement.setdefault(one.statement, []).append(one)
            elif one.decision == "allow-question":
                self.on_subject.setdefault(one.subject, []).append(one)
        store = casebook.vault.store
        with store.read() as connection:
            identity = [one for one in made if one.decision in ON_IDENTITY]
            opened = judged.opened(connection, store.schemas, identity)
        for one in opened:
            said = verdict(one)
            for key in () if said is None else said.pair:
                self.on_key.setdefault(key, []).append((one, said))


_KNOWN: Final[WeakKeyDictionary[Casebook, _Known]] = WeakKeyDictionary()


def history(
    casebook: Casebook,
    statements: Collection[str] = (),
    *,
    labels: Collection[str] = (),
    keys: Collection[str] = (),
) -> tuple[Decided, ...]:
    """What was decided on these statements (ids), on questions about the subjects with these ``labels``, and
    on who those with these ``keys`` are; in order of entry."""
    known = _known(casebook)
    found: dict[str, tuple[Judgement, Verdict | None]] = {}
    for id_ in statements:
        found.update((one.id, (one, None)) for one in known.on_statement.get(id_, ()))
    for label in labels:
        found.update((one.id, (one, None)) for one in known.on_subject.get(label, ()))
    for key in keys:
        found.update((one.id, (one, said)) for one, said in known.on_key.get(key, ()))
    if not found:
        return ()
    backs = {id_: known.back[id_] for id_ in found if id_ in known.back}
    by = signers(casebook, {*found, *(one.id for one in backs.values())})
    order = sorted(found.values(), key=lambda pair: known.place[pair[0].id])
    return tuple(
        Decided(
            one,
            by.get(one.id, ""),
            backs.get(one.id),
            by.get(backs[one.id].id, "") if one.id in backs else "",
            said,
        )
        for one, said in order
    )


def mark(found: Iterable[Decided]) -> str:
    """What tells these decisions from those that there are once somebody decides more; it says nothing of
    them."""
    ids = sorted(id_ for one in found for id_ in (one.judgement.id, one.back.id if one.back else ""))
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:32]


def unless_decided(seen: str, found: Callable[[], Iterable[Decided]]) -> Callable[[], None]:
    """A check that what was decided is still what somebody has ``seen`` (a ``mark``). It raises
    ``MeanwhileError`` where it is not."""

    def check() -> None:
        if mark(found()) != seen:
            raise MeanwhileError(
                "Somebody has decided on this meanwhile.", do="Read it, and decide whether yours still holds."
            )

    return check


def _known(casebook: Casebook) -> _Known:
    made = casebook.lives.judgements()
    found = _KNOWN.get(casebook)
    if found is None or (found.made is not made and found.made != made):
        found = _KNOWN[casebook] = _Known(casebook, made)
    return found
