"""Session: one member at the desk, from her passphrase to her lock.

Sessions lie in the memory of one process and end with it. A browser knows one by a random token, of which
only the hash is kept here. A token that this process did not give out is never taken on, and each sign-in
gives a new one: nobody can leave a token in a browser and wait until somebody signs in with it.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault.holder import Term, clock
from estelik.web.drawn import Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from estelik.casebook import Casebook
    from estelik.daily.errands import Errands
    from estelik.daily.overview import Watch
    from estelik.identity.verdict import Pair
    from estelik.web.address import Addresses

#: The name of the cookie in which a browser keeps the token of its session.
COOKIE: Final = "estelik"
#: Seconds after which a session that nobody uses ends, and after which every session ends.
IDLE: Final = 15 * 60
END: Final = 12 * 3600
#: Seconds for which a passphrase counts as given just now.
FRESH: Final = 5 * 60


class Opened(NamedTuple):
    """A casebook that is open for a member, what looks it through, the addresses of what is in it, and what
    is done beside."""

    casebook: Casebook
    watch: Watch
    addresses: Addresses
    errands: Errands


class Session:
    """``member``: her name; ``seat``: its number (0: of whoever made the casebook); ``casebook``: opened with
    her keys, and with nobody else's; ``watch``: looks it through; ``addresses``: of the lives that her pages
    lead to; ``errands``: what takes longer than a page; ``language``: of her pages; ``visitor``: whether
    somebody sits beside her, who is to see nothing of others; ``telling``: the one (its id) that she is
    writing down, "" for none."""

    def __init__(
        self,
        member: str,
        seat: int,
        opened: Opened,
        language: str,
        *,
        idle: float = IDLE,
        end: float = END,
        now: Callable[[], float] = clock,
    ) -> None:
        self.member, self.seat = member, seat
        self.casebook, self.watch, self.addresses, self.errands = opened
        self.language = language
        self.visitor = False
        #: Pairs of people that were put off, and decisions made (ids), the last one last.
        self.later: list[Pair] = []
        #: What else was put off (keys of lives, ids), the last one last.
        self.put_off: list[str] = []
        #: Lives (keys) in which nothing is to be verified, as far as was looked.
        self.checked: set[str] = set()
        self.made: list[str] = []
        self.telling = ""
        #: Pages that acts have drawn.
        self.drawn = Pages()
        #: What was filled in of somebody who agreed to be recorded, until she is there ({}: nobody).
        self.agreed: dict[str, str] = {}
        #: The visit (its id) that a page was opened for last.
        self.expecting = ""
        #: What waits for its member's passphrase (``web.proof``): a path, a token, what a form has brought.
        self.waiting: tuple[str, str, dict[str, str]] | None = None
        self._term = Term(idle, end, now)
        self._now = now
        self._proven = now()

    @property
    def over(self) -> bool:
        """Whether nobody has used it for too long, or it has lasted long enough."""
        return min(self._term.left()) <= 0

    @property
    def fresh(self) -> bool:
        """Whether its member has just given her passphrase: what cannot be undone asks for that."""
        return self._now() - self._proven < FRESH

    def used(self) -> None:
        """Begins the idle time anew."""
        self._term.used()

    def proven(self) -> None:
        """Her passphrase was given once more."""
        self._proven = self._now()


class Sessions:
    """All sessions of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[bytes, Session] = {}

    def begin(self, session: Session) -> str:
        """A new token for a session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._found[_print(token)] = session
        return token

    def of(self, token: str) -> Session | None:
        """The session of a token that was given out and is not over."""
        with self._lock:
            found = self._found.get(_print(token))
        return None if found is None or found.over else found

    def end(self, token: str) -> None:
        """Ends the session of a token."""
        with self._lock:
            self._found.pop(_print(token), None)

    def sweep(self, seats: Collection[int]) -> None:
        """Takes out what is over, or at none of these seats (their numbers)."""
        with self._lock:
            self._found = {
                mark: one for mark, one in self._found.items() if not one.over and one.seat in seats
            }

    def all(self) -> list[Session]:
        """All that are there."""
        with self._lock:
            return list(self._found.values())


def _print(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
