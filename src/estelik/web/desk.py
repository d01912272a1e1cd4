"""The desk: one casebook folder, who has signed in, and how all of it is forgotten at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from estelik.daily.findings import Board
from estelik.errors import PassphraseError, Sentence, UsageError
from estelik.web.address import Addresses
from estelik.web.bearers import Bearers
from estelik.web.lane import Lane
from estelik.web.session import Opened, Session, Sessions
from estelik.web.throttle import Throttle
from estelik.web.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estelik.casebook import Casebook

#: Seconds after the first sign-in until what makes comparing names fast is loaded (a second of a core, and
#: memory that a desk at which nobody works does not need): her first page comes first.
_FIRST: Final = 3.0
#: Records of one compartment up to which it is not loaded: names of so few people are compared as soon
#: without.
_FEW: Final = 2_000
#: Passphrases that wait to be looked at; a key derivation takes 256 MiB, so there is one at a time.
_QUEUE: Final = 8


class Desk:
    """What one process holds of one casebook.

    A member's casebook is open once, however many browsers she uses, and closed with her last session.
    ``left`` is called when everybody has signed out: what was freed is not overwritten, so only the end of
    the process forgets it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        idle: float,
        end: float,
        throttle: Throttle | None = None,
        left: Callable[[], object] | None = None,
    ) -> None:
        self.folder = folder
        self.sessions = Sessions()
        self.throttle = throttle or Throttle()
        self.turn = Turn()
        self.lane = Lane()
        self.board = Board()
        self._idle, self._end = idle, end
        self._open: dict[int, Opened] = {}
        self.bearers = Bearers(self._lenders, self.turn.busy, self.board, self._proven)
        self._deriving = threading.Lock()
        self._waiting = threading.Semaphore(_QUEUE)
        self._preparing: threading.Thread | None = None
        self._left, self._counting = left, threading.Lock()
        #: How many casebooks were closed.
        self.closed = 0
        #: Who is signing in just now, and how often a casebook was opened.
        self._asking = self._opened_ever = 0

    def sign_in(self, number: int, passphrase: bytes, language: str) -> str:
        """A token for a new session at the seat of this number (0: of whoever made this
        casebook).

        Raises ``PassphraseError`` or ``CasebookError``, and ``UsageError`` where too many passphrases were
        wrong, or too many wait.
        """
        if not self._waiting.acquire(blocking=False):
            raise UsageError("Too many are signing in.", safe="", do="Wait a moment and try again.")
        with self._counting:
            self._asking += 1
        try:
            with self._deriving:
                opened = self._opened(number, passphrase)
                member = opened.casebook.vault.registrar.own().name
                session = Session(member, number, opened, language, idle=self._idle, end=self._end)
                if self._preparing is None and _large(opened.casebook):
                    self._preparing = threading.Thread(target=_prepare, daemon=True)
                    self._preparing.start()
                return self.sessions.begin(session)
        finally:
            with self._counting:
                self._asking -= 1
            self._waiting.release()

    def _opened(self, number: int, passphrase: bytes) -> Opened:
        """The casebook, opened with this passphrase; the one that is open already, where it is right."""
        from estelik.casebook import Casebook
        from estelik.daily.errands import Errands
        from estelik.daily.overview import Watch
        from estelik.vault import keys, seat

        place = str(number)
        wait = self.throttle.wait(place)
        if wait > 0:
            raise UsageError(
                "Too many passphrases were wrong.",
                safe="",
                do=Sentence("Wait %(seconds)s seconds and try again.", seconds=int(wait) + 1),
            )
        try:
            found = self._open.get(number)
            if found is not None:
                # Only whether it is right: it is open already.
                if number:
                    seat.unlock(self.folder, number, passphrase)
                else:
                    keys.unlock(self.folder, passphrase)
                self.throttle.right(place)
                return found
            if number:
                casebook = Casebook.open_seat(self.folder, number, passphrase)
            else:
                casebook = Casebook.open(self.folder, passphrase)
        except PassphraseError:
            self.throttle.wrong(place)
            raise
        self.throttle.right(place)
        with suppress(OSError):
            # What was being sealed when the desk was locked.
            casebook.vault.sweep_blobs()
        addresses = Addresses(casebook.vault.registrar.signer)
        watch = Watch(casebook, self.turn.busy, self.board)
        found = Opened(casebook, watch, addresses, Errands(casebook))
        with self._counting:
            self._open[number] = found
            self._opened_ever += 1
        return found

    def _lenders(self) -> list[Opened]:
        """The casebooks of those who are signed in now."""
        seats = dict.fromkeys(one.seat for one in self.sessions.all() if not one.over)
        there = (self._open.get(seat) for seat in seats)
        return [one for one in there if one is not None]

    def _proven(self, lender: Opened) -> bool:
        """Whether the member whose casebook this is has just given her passphrase."""
        return any(
            one.fresh and not one.over and self._open.get(one.seat) is lender for one in self.sessions.all()
        )

    def numbers(self) -> tuple[int, ...]:
        """The seats that there are beside that of whoever made the casebook."""
        from estelik.vault import seat

        return seat.numbers(self.folder)

    def prove(self, session: Session, passphrase: bytes) -> None:
        """Her passphrase once more. Raises as ``sign_in`` does."""
        with self._deriving:
            self._opened(session.seat, passphrase)
        session.proven()

    def session(self, token: str) -> Session | None:
        """The session of a token; closes what is over on the way."""
        found = self.sessions.of(token)
        if found is None:
            self.sweep()
        return found

    def sign_out(self, token: str) -> None:
        """Ends one session."""
        self.sessions.end(token)
        self._close()

    def sweep(self) -> None:
        """Ends what nobody has used for too long, or whose seat was taken away, and forgets keys that no
        session needs."""
        self.sessions.sweep({0, *self.numbers()})
        self._close()
        self.bearers.sweep()
        self._leave()

    def _close(self) -> None:
        with self._deriving:
            there = {one.seat for one in self.sessions.all()}
            for seat in [one for one in self._open if one not in there]:
                gone = self._open.pop(seat)
                self.bearers.end(gone)
                gone.watch.end()
                gone.errands.end(partial(self._gone, gone.casebook))

    def _gone(self, casebook: Casebook) -> None:
        casebook.close()
        with self._counting:
            self.closed += 1
        self._leave()

    def _leave(self) -> None:
        """Ends the process where all who were here have gone, and nobody is just coming in."""
        with self._counting:
            empty = not self._asking and 0 < self._opened_ever == self.closed
        if empty and self._left is not None:
            self._left()

    def panic(self) -> None:
        """Ends this process, and every key with it, without a last word: what was acknowledged is on the
        disk, what was not is taken back."""
        os.kill(os.getpid(), signal.SIGKILL)


def _large(casebook: Casebook) -> bool:
    """Whether some compartment has many records."""
    from estelik.vault.ledger import Ledger

    with casebook.vault.store.read() as connection:
        schemas = casebook.vault.store.schemas.values()
        return any(Ledger(connection, schema).last() > _FEW for schema in schemas)


def _prepare() -> None:
    time.sleep(_FIRST)
    from estelik.names import comparison

    comparison.prepared()
