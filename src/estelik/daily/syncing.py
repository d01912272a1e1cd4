"""Syncing: takes in what others left on all carriers, seals what is new, and hands on what each lacks."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from estelik.errors import NOTHING, CasebookError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from estelik.casebook import Casebook
    from estelik.vault.arrival import Arrived
    from estelik.vault.carriers.failures import CarrierError
    from estelik.vault.links import Trouble
    from estelik.vault.sync import Synced


class Progress(Protocol):
    """Who is told how far a sync has come; each gives what is called with counts while that is done."""

    def reading(self, name: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Files of a carrier are read: how many, of how many."""

    def sealing(self) -> AbstractContextManager[Callable[[int], None]]:
        """Records are sealed: how many."""

    def carrying(
        self, name: str
    ) -> AbstractContextManager[tuple[Callable[[int, int], None], Callable[[int], None]]]:
        """Files go to a carrier: how many, of how many; and of evidence, bytes."""


class Carried(NamedTuple):
    """What a sync came to with one carrier: files and bytes that went there, records that came in, what is
    not as it should be; or why it ``failed``."""

    name: str
    files: int = 0
    bytes: int = 0
    records: int = 0
    troubles: tuple[Trouble, ...] = ()
    failed: CarrierError | None = None


class Outcome(NamedTuple):
    """What a sync came to: records that were sealed, each carrier, compartments that are held no more."""

    sealed: int
    carriers: tuple[Carried, ...]
    gone: tuple[str, ...]


def wanted(casebook: Casebook, name: str | None) -> list[str]:
    """The carriers that a sync is with: all, or the one of that name. Raises ``UsageError``,
    ``CasebookError`` or ``CarrierError``; nothing is written then."""
    vault = casebook.vault
    names = [name] if name is not None else [place.name for place in vault.office.carriers]
    if not names:
        raise UsageError("There is no carrier yet.", do="Add one: estelik carrier add NAME ADDRESS")
    if name is not None:
        # A name that nobody has is told before anything is written.
        vault.carrier(name)[1].close()
    return names


def sync(casebook: Casebook, names: Sequence[str], progress: Progress) -> Outcome:
    """Syncs with these carriers. One that does not answer keeps no other from its copy. Interrupted, it goes
    on the next time where it stopped. Raises ``CasebookError``."""
    with in_part():
        return _sync(casebook, names, progress)


def _sync(casebook: Casebook, names: Sequence[str], progress: Progress) -> Outcome:
    vault = casebook.vault
    failed: dict[str, CarrierError] = {}
    taken: dict[str, Arrived] = {}
    sent: dict[str, Synced] = {}
    # First from all, then to all: what one of them brought reaches the others.
    for one in names:
        with (
            _tried(failed, one),
            closing(vault.carrier(one)[1]) as opened,
            progress.reading(one) as reading,
        ):
            taken[one] = casebook.receive(opened, reading)
    vault.registrar.own()
    before = vault.store.held
    with progress.sealing() as sealing:
        sealed = vault.seal(sealing)
    for one in taken:
        with (
            _tried(failed, one),
            closing(vault.carrier(one)[1]) as opened,
            progress.carrying(one) as (carrying, moving),
        ):
            sent[one] = vault.send(one, opened, carrying, moving)
    gone = tuple(one for one in before if one not in vault.store.held)
    return Outcome(sealed, tuple(_carried(one, taken, sent, failed) for one in names), gone)


@contextmanager
def in_part() -> Iterator[None]:
    """Says of what ends a sync in the middle what is true of it: part of it was done."""
    try:
        yield
    except CasebookError as error:
        if type(error) is not CasebookError or error.safe != NOTHING:
            raise
        safe = "What came in or was handed on before that stays; the rest follows with the next sync."
        raise CasebookError(error.what, safe=safe, do=error.do) from None


@contextmanager
def _tried(failed: dict[str, CarrierError], name: str) -> Iterator[None]:
    from estelik.vault.carriers.failures import CarrierError

    try:
        yield
    except CarrierError as error:
        failed[name] = error


def _carried(
    name: str, taken: dict[str, Arrived], sent: dict[str, Synced], failed: dict[str, CarrierError]
) -> Carried:
    if name in failed:
        return Carried(name, failed=failed[name])
    went = sent[name]
    troubles = (*taken[name].troubles, *went.troubles)
    return Carried(name, went.files, went.bytes, taken[name].records, troubles)
