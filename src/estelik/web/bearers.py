"""Bearers: programs that ask with a token, each with a casebook that is lent by its member's.

A token is looked for in the rolls of those who are signed in, with every request: whoever is not signed in
lends nothing, and what was withdrawn or is over opens nothing any more.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.daily.errands import Errands
from estelik.daily.overview import Watch
from estelik.errors import CasebookError
from estelik.vault import token
from estelik.vault.holder import clock
from estelik.web.address import Addresses
from estelik.web.session import Opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.daily.findings import Board

#: Requests of a token: so many at once, and so many a second from then on.
_AT_ONCE: Final = 600
_A_SECOND: Final = 100.0


class Bearer:
    """A program with a token. ``device``: the id that it signs with; ``name``: what it is called; ``member``:
    whose it is, by name; ``casebook``, ``watch``, ``addresses`` and ``errands``: as in a session; ``lender``:
    the casebook of its member; ``proven``: whether a casebook's member has just given her passphrase."""

    def __init__(
        self,
        device: str,
        name: str,
        member: str,
        opened: Opened,
        lender: Opened,
        proven: Callable[[Opened], bool] = lambda _: False,
    ) -> None:
        self.device, self.name, self.member = device, name, member
        self.casebook, self.watch, self.addresses, self.errands = opened
        self.lender = lender
        self._proven = proven
        self._lock = threading.Lock()
        self._left, self._last = float(_AT_ONCE), clock()
        #: What was said of files that are to come, by random words, the last one last.
        self.expected: OrderedDict[str, object] = OrderedDict()

    @property
    def fresh(self) -> bool:
        """Whether its member has just given her passphrase at the desk: what cannot be undone asks for
        that."""
        return self._proven(self.lender)

    def wait(self) -> float:
        """Counts a request; seconds until the next is answered, 0: this one is."""
        with self._lock:
            now = clock()
            self._left = min(float(_AT_ONCE), self._left + (now - self._last) * _A_SECOND)
            self._last = now
            if self._left < 1:
                return (1 - self._left) / _A_SECOND
            self._left -= 1
            return 0.0

    def end(self) -> None:
        """Closes its casebook."""
        self.watch.end()
        self.errands.end(self.casebook.close)


class _Lent(NamedTuple):
    """Whose token it is: the member's open casebook, the names of the token and of the member."""

    lender: Opened
    name: str
    member: str


class Bearers:
    """All programs that work with one desk. ``lenders``: the casebooks that are open for members now;
    ``busy``: whether somebody waits for a page; ``board``: what was found by all who work with it;
    ``proven``: whether the member of a casebook has just given her passphrase."""

    def __init__(
        self,
        lenders: Callable[[], Sequence[Opened]],
        busy: Callable[[], bool],
        board: Board,
        proven: Callable[[Opened], bool],
    ) -> None:
        self._lenders = lenders
        self._busy = busy
        self._board = board
        self._proven = proven
        self._lock = threading.Lock()
        self._open: dict[str, Bearer] = {}

    def of(self, text: str) -> Bearer | None:
        """The program that shows this token; None where it opens nothing, for whatever reason."""
        seed = token.read(text)
        if seed is None:
            return None
        device = token.device_of(seed)
        try:
            with self._lock:
                found = self._found(device)
                there = self._open.get(device)
                if there is not None and (found is None or there.lender is not found.lender):
                    # Beside: it may have to wait, and nobody is to see by that that there was a token.
                    threading.Thread(target=self._open.pop(device).end).start()
                    there = None
                if found is None:
                    return None
                if there is None:
                    there = self._open[device] = self._opened(seed, device, found)
            there.casebook.follow()
        except CasebookError:
            return None
        return there

    def _found(self, device: str) -> _Lent | None:
        for lender in self._lenders():
            registrar = lender.casebook.vault.registrar
            try:
                lender.casebook.follow()
                own = registrar.own()
            except CasebookError:
                # She was withdrawn herself, or her seat was taken away, or she has just signed out.
                continue
            said = registrar.standing
            if token.valid(said, device, own.id, time.time()):
                made = said.devices[device].token
                assert made is not None  # noqa: S101 (it is valid)
                return _Lent(lender, made.name, own.name)
        return None

    def _opened(self, seed: bytes, device: str, found: _Lent) -> Bearer:
        casebook = found.lender.casebook.lent(seed)
        watch = Watch(casebook, self._busy, self._board)
        addresses = Addresses(casebook.vault.registrar.signer)
        opened = Opened(casebook, watch, addresses, Errands(casebook))
        return Bearer(device, found.name, found.member, opened, found.lender, self._proven)

    def sweep(self) -> None:
        """Closes what opens nothing any more: its member has gone, it was withdrawn, or is over."""
        with self._lock:
            for device in list(self._open):
                found = self._found(device)
                if found is None or found.lender is not self._open[device].lender:
                    self._open.pop(device).end()

    def end(self, lender: Opened) -> None:
        """Closes all that this casebook has lent."""
        with self._lock:
            for device in [device for device, one in self._open.items() if one.lender is lender]:
                self._open.pop(device).end()
