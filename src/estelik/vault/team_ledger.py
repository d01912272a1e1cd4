"""The team's ledger: the carrier that a casebook keeps with at every command that enters records.

Before anything is entered, what others have left there is taken in; nothing
counts as entered before it is there. Each time only what is new is looked at:
what came after the last point, what was sealed since the last time. Once a
day, and whenever the ledger does not remember that point, all of it is
compared, as a sync does.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing, contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import CasebookError, LedgerError, Sentence
from estelik.vault import mark, sync, transfer
from estelik.vault.carriers.address import opened
from estelik.vault.carriers.carrier import Followed
from estelik.vault.carriers.failures import CarrierError, UnreachableError
from estelik.vault.followed import Seen
from estelik.vault.ledger import Ledger
from estelik.vault.office import LEDGER, Place
from estelik.vault.rolls import Rolls
from estelik.vault.stock import lacking, stock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager

    from estelik.errors import EstelikError
    from estelik.vault.arrival import Arrived
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.links import Trouble
    from estelik.vault.office import Office
    from estelik.vault.stock import Piece
    from estelik.vault.store import Store
    from estelik.vault.vault import Vault

#: Seconds that a command waits for a server that says nothing, and for others to be done.
TIMEOUT: Final = 10.0
TURN: Final = 120.0
#: Seconds after which it is said that others are waited for.
NOTICE: Final = 1.0
#: Seconds after which all of the ledger is compared again.
DAY: Final = 24 * 60 * 60


class Outcome:
    """How it went: what is not as it should be on the ledger, and, where what was entered is not on it yet,
    the error that says so."""

    def __init__(self) -> None:
        self.troubles: list[Trouble] = []
        self.behind: LedgerError | None = None


@contextmanager
def kept(
    vault: Vault,
    receive: Callable[[Carrier], Arrived],
    outcome: Outcome,
    waiting: Callable[[], object] = lambda: None,
    *,
    alone: bool,
) -> Iterator[None]:
    """Around all that enters records: takes in, with ``receive``, what is new on the ledger; at the end hands
    on what was entered. ``alone``: nobody else who reaches the ledger enters anything meanwhile; where that
    takes a while, ``waiting`` is called, from another thread.

    What is entered is entered also where the ledger is not reached; ``outcome`` says so.
    """
    failure: EstelikError | None = None
    with ExitStack() as held:
        try:
            ledger = held.enter_context(closing(_Reached(vault)))
            if alone:
                with _told(waiting):
                    held.enter_context(ledger.turn())
            outcome.troubles += ledger.take_in(receive)
        except CarrierError as error:
            failure = error
        except LedgerError as error:
            outcome.behind = error
        yield
        try:
            if failure is None and outcome.behind is None:
                outcome.troubles += ledger.hand_on()
        except LedgerError as error:
            outcome.behind = error
        except (CarrierError, CasebookError) as error:
            # What was entered is entered, whatever went wrong since: a disk that is full now, for one.
            failure = error
        if failure is not None:
            outcome.behind = _not_reached(failure, behind(vault.store))


@contextmanager
def _told(waiting: Callable[[], object]) -> Iterator[None]:
    timer = Timer(NOTICE, waiting)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # What is being said is said before anything else is.
        timer.join()


def begin(vault: Vault, address: str, secret: dict[str, str]) -> None:
    """Keeps the ledger at ``address`` from now on; it gets what it lacks with the next sync, or command.

    Raises ``LedgerError`` where there is one already, and for a carrier that
    cannot be one; ``CasebookError`` or ``CarrierError`` as for any carrier.
    """
    if vault.office.ledger:
        raise LedgerError(
            "A ledger is kept already.", safe="Nothing was changed.", do="First: estelik ledger off"
        )
    with closing(opened(address, secret=secret)) as carrier:
        if not isinstance(carrier, Followed):
            raise LedgerError(
                "The ledger of a team is a PostgreSQL database.",
                safe="Nothing was changed.",
                do="Give its address, postgresql://user@host/database; for all else: estelik carrier add",
            )
        carrier.names("segment")
        left = vault.office.place(LEDGER)
        if left is not None and left.address == address:
            # Begun before, and stopped before it was kept.
            vault.remove_carrier(LEDGER)
        vault.add_carrier(Place(LEDGER, address, secret), carrier)
    vault.registrar.change(lambda now: msgspec.structs.replace(now, ledger=True))


def end(vault: Vault) -> None:
    """Keeps no ledger any more; what lies on it stays there."""
    if not vault.office.ledger:
        raise LedgerError("There is no ledger.", safe="Nothing was changed.")
    vault.remove_carrier(LEDGER)


def behind(store: Store) -> int:
    """How many records are here and not on the ledger yet."""
    count = 0
    with store.read() as connection:
        for schema in store.schemas.values():
            ledger = Ledger(connection, schema)
            count += ledger.unsealed()
            count += sum(one.last - one.first + 1 for one in ledger.lacking(LEDGER))
    return count


def _not_reached(why: EstelikError, count: int) -> LedgerError:
    if not count:
        return LedgerError(
            Sentence("The ledger was not reached. %(why)s", why=_whole(why.what)),
            safe="No record waits here.",
            do="All else goes there, and what others entered comes, with the next command that reaches it.",
        )
    return LedgerError(
        Sentence(
            "Entered on this computer, but not on the ledger yet: %(count)s record. %(why)s",
            count=count,
            why=_whole(why.what),
        )
        if count == 1
        else Sentence(
            "Entered on this computer, but not on the ledger yet: %(count)s records. %(why)s",
            count=f"{count:,}",
            why=_whole(why.what),
        ),
        safe="They are safe here; do not enter them again.",
        do=why.do
        if isinstance(why, LedgerError)
        else "They go there with the next command that reaches the ledger, or now: estelik sync ledger",
    )


def _whole(words: str) -> Sentence:
    return words if isinstance(words, Sentence) else Sentence(words)


class _Reached:
    """The ledger of an open casebook."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        place = self._place
        carrier = opened(place.address, secret=place.secret, timeout=TIMEOUT)
        assert isinstance(carrier, Followed)  # noqa: S101 (looked at when it was set)
        self._seen = Seen(carrier, lambda: self._place.point)
        self._whole = self._unmarked = False

    def turn(self) -> AbstractContextManager[bool]:
        """While this computer has the turn, others wait before they enter anything."""
        return self._seen.carrier.turn(TURN)

    def take_in(self, receive: Callable[[Carrier], Arrived]) -> list[Trouble]:
        """Takes in what others left there; what is not as it should be."""
        place, seen = self._place, self._seen
        if place.mark and place.mark not in seen.names(mark.KIND):
            # Emptied, or another in its place: it is not filled again without a word.
            try:
                # Where it is the ledger all the same, all of it is compared, and the mark is left again.
                self._unmarked = not mark.is_there(seen, place.mark, stock(self._vault.store, LEDGER))
            except UnreachableError:
                raise LedgerError(
                    "What lies at this address is not the ledger: nothing that was handed to it is there.",
                    safe="Nothing was written to it. What is entered stays on this computer.",
                    do="If the database was emptied on purpose: estelik ledger off, then estelik ledger set.",
                ) from None
        found = receive(seen)
        if any((one.what, one.kind) == ("closed", "roll") for one in found.troubles):
            raise LedgerError(
                "What the ledger says of who belongs to the office does not open on this computer: it may no "
                "longer be one of the office.",
                safe="What is entered stays on this computer.",
                do="Ask a coordinator.",
            )
        if found.troubles:
            # All is looked at again until nothing is missing: what was held back may come behind the point.
            self._change(point="")
        elif seen.listed <= self._taken_in():
            self._change(point=seen.point)
        self._whole = seen.forgot or self._unmarked or not place.mark or place.synced < time.time() - DAY
        if not self._whole and seen.were_read:
            self._carry([one for one in self._lacking() if one.name in seen.were_read])
        return found.troubles

    def hand_on(self) -> tuple[Trouble, ...]:
        """Seals what was entered, and hands on what the ledger lacks; what is not as it should be.

        Raises ``LedgerError`` where something of it is not on the ledger now.
        """
        vault, carrier = self._vault, self._seen.carrier
        vault.seal()
        if self._whole:
            sent = vault.send(LEDGER, carrier, fetching=False)
        else:
            pieces = self._lacking()
            sent = sync.push(vault.shelf, carrier, pieces, compare=False)
            if sent.whole:
                self._carry(pieces)
            if any(one.kind == "roll" for one in pieces):
                rolls = Rolls(vault.registrar, vault.shelf)
                rolls.superseded(carrier, rolls.file())
            sent = sent._replace(troubles=(*sent.troubles, *self._blobs()))
        if not sent.whole:
            raise LedgerError(
                "Something that was entered is damaged, on this computer or on the ledger.",
                safe="All else that was entered is on the ledger.",
                do="See what it is: estelik verify, and estelik verify ledger",
            )
        return sent.troubles

    def close(self) -> None:
        """Ends the connection."""
        self._seen.close()

    @property
    def _place(self) -> Place:
        place = self._vault.office.place(LEDGER)
        if place is None:
            raise LedgerError("There is no ledger any more.", do="See: estelik ledger show")
        return place

    def _change(self, **what: object) -> None:
        place = self._place
        if all(getattr(place, name) == value for name, value in what.items()):
            return

        def changed(now: Office) -> Office:
            there = now.place(LEDGER)
            return now if there is None else now.with_place(msgspec.structs.replace(there, **what))

        self._vault.registrar.change(changed)

    def _taken_in(self) -> set[str]:
        """The tables of keys that are taken in, or are for others."""
        names = set(self._vault.office.closed)
        store = self._vault.store
        with store.read() as connection:
            for schema in store.schemas.values():
                names |= {name for name, *_ in Ledger(connection, schema).tables()}
        return names

    def _lacking(self) -> list[Piece]:
        rolls = Rolls(self._vault.registrar, self._vault.shelf).file()
        there = self._seen.names("roll")
        new = {name: digest for name, digest in rolls.items() if name not in there}
        return lacking(self._vault.store, LEDGER, new)

    def _carry(self, pieces: Collection[Piece]) -> None:
        """Notes that these are on the ledger."""
        store = self._vault.store
        if any(one.compartment for one in pieces):
            with store.write() as connection:
                for compartment, schema in store.schemas.items():
                    names = [one.name for one in pieces if one.compartment == compartment]
                    Ledger(connection, schema).carry(LEDGER, names)

    def _blobs(self) -> tuple[Trouble, ...]:
        """Hands on the blobs that came since all of them were there."""
        reach = self._place.blobs
        new = [one for one in self._vault.sealed_blobs() if one.seq > reach.get(one.compartment, 0)]
        if not new:
            return ()
        moved = transfer.exchange(self._vault.shelf, self._seen.carrier, new, reach, fetching=False)
        self._change(blobs=reach | moved.reach)
        return moved.troubles
