"""Which processes hold keys now, and how they are ended at once.

Each of them has a lock on one byte of an empty file, which stands for its
casebook in a private folder. The kernel knows whose lock it is, and frees it
when the process is gone, whatever ended it: nothing is stale, and no process is
ever looked for by its name. Byte 0 is the key holder's, any other a command's.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import stat
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import CasebookError, Sentence
from estelik.ids import text_of
from estelik.vault.process import protect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

#: The variable that names the private folder where it is not to be the usual one.
FOLDER: Final = "ESTELIK_RUNTIME"
#: What stands for all casebooks that are being made: they have no place yet.
MAKING: Final = "making"
SOCKET: Final = ".socket"
_HOLDER: Final = 0
_LAST: Final = 1 << 62
#: Seconds that a killed process has to be gone.
_PATIENCE: Final = 2.0
#: struct flock of <fcntl.h>, on Linux.
_flock = struct.Struct("@hhqqi4x")


class Ended(NamedTuple):
    """How many key holders and commands were ended, and how many processes are still there: they run where
    they cannot be reached from here."""

    holders: int = 0
    commands: int = 0
    left: int = 0

    def __add__(self, other: tuple[object, ...]) -> Ended:
        """Both together."""
        assert isinstance(other, Ended)  # noqa: S101 (nothing else is added up)
        return Ended(*(one + two for one, two in zip(self, other, strict=True)))


class Presence:
    """This process, on record as holding keys of a casebook until it ends or leaves."""

    #: By the file: the open handle, and how often this process is on record there. The kernel frees all locks
    #: of a process on a file as soon as it closes one of its handles.
    _open: Final[dict[Path, list[int]]] = {}

    def __init__(self, path: Path, byte: int) -> None:
        self._path: Path | None = path
        there = self._open.get(path)
        if there is not None:
            there[1] += 1
            return
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except BaseException:
            os.close(handle)
            raise
        self._open[path] = [handle, 1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Ends it: the process holds no keys of this casebook any more."""
        path, self._path = self._path, None
        there = None if path is None else self._open.get(path)
        if path is None or there is None:
            return
        there[1] -= 1
        if not there[1]:
            del self._open[path]
            os.close(there[0])


# A forked child has none of its parent's locks.
os.register_at_fork(after_in_child=Presence._open.clear)  # noqa: SLF001 (of the class above)


def enter(folder: Path | None) -> Presence:
    """Protects this process, and puts it on record before it holds keys of the casebook in ``folder`` (None:
    of one that is being made). Raises ``CasebookError`` where there is no private folder to do so."""
    protect()
    name = MAKING if folder is None else name_of(folder)
    try:
        return Presence(_private() / name, 1 + secrets.randbelow(_LAST))
    except OSError:
        raise _no_folder() from None


def hold(folder: Path) -> Presence:
    """Puts this process on record as the one key holder of the casebook. ``BlockingIOError`` where there is
    another."""
    return Presence(_private() / name_of(folder), _HOLDER)


def name_of(folder: Path) -> str:
    """What stands for the casebook in ``folder``, wherever it is moved to and however it is called."""
    try:
        found = folder.stat()
    except OSError:
        return MAKING
    number = (found.st_dev & (1 << 64) - 1) << 64 | found.st_ino & (1 << 64) - 1
    return text_of(number.to_bytes(16, "big"))


def socket_of(folder: Path) -> Path:
    """Where the key holder of a casebook listens."""
    return _private() / f"{name_of(folder)}{SOCKET}"


def end(folder: Path | None, *, holder_only: bool = False) -> Ended:
    """Ends the key holder of the casebook in ``folder`` and, unless ``holder_only``, every command that has
    it open or is making a casebook; of all casebooks where ``folder`` is None."""
    wanted = None if folder is None else {name_of(folder), MAKING} - ({MAKING} if holder_only else set())
    ended = Ended()
    for place in _places():
        for path in sorted(place.iterdir()):
            if path.suffix != SOCKET and (wanted is None or path.name in wanted):
                ended += _end(path, holder_only=holder_only)
    return ended


def _end(path: Path, *, holder_only: bool) -> Ended:
    own = Presence._open.get(path)  # noqa: SLF001 (of the class above)
    handle = own[0] if own else os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    length = 1 if holder_only else 0
    until = time.monotonic() + _PATIENCE
    killed: dict[int, bool] = {}
    try:
        while there := list(_locked(handle, length)):
            for byte, process in there:
                if process not in killed and _kill(handle, byte, process):
                    killed[process] = byte == _HOLDER
            if time.monotonic() > until or not killed.keys() & {process for _, process in there}:
                break
            time.sleep(0.002)
    finally:
        if not own:
            os.close(handle)
    if True in killed.values() and not any(byte == _HOLDER for byte, _ in there):
        with suppress(OSError):
            path.with_name(path.name + SOCKET).unlink()
    holders = sum(killed.values())
    return Ended(holders, len(killed) - holders, len(there))


def _locked(handle: int, length: int) -> Iterator[tuple[int, int]]:
    """The locked bytes and the processes whose locks they are; ``length``: how many bytes are looked at (0:
    all)."""
    if not sys.platform.startswith("linux"):
        return
    # The kernel answers with any lock of a stretch, not with its first.
    stretches = [(0, length or _LAST + 1)]
    while stretches:
        start, end = stretches.pop()
        asked = _flock.pack(fcntl.F_WRLCK, os.SEEK_SET, start, end - start, 0)
        sort, _, first, count, process = _flock.unpack(fcntl.fcntl(handle, fcntl.F_GETLK, asked))
        if sort == fcntl.F_UNLCK:
            continue
        yield first, process
        stretches += [(a, b) for a, b in ((first + (count or _LAST + 1), end), (start, first)) if a < b]


def _kill(handle: int, byte: int, process: int) -> bool:
    # The handle is of the process that has the lock now: its number cannot become another's meanwhile.
    if process <= 0 or process == os.getpid():
        return False
    try:
        target = os.pidfd_open(process)
    except OSError:
        return False
    try:
        asked = _flock.pack(fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
        sort, *_, still = _flock.unpack(fcntl.fcntl(handle, fcntl.F_GETLK, asked))
        if sort == fcntl.F_UNLCK or still != process:
            return False
        signal.pidfd_send_signal(target, signal.SIGKILL)
    except OSError:
        return False
    finally:
        os.close(target)
    return True


def _private() -> Path:
    """The private folder of this user, made where it is not there."""
    for place in _wanted():
        with suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
            if _is_ours(place):
                return place
    raise _no_folder()


def _places() -> list[Path]:
    """All private folders that are there: a program without a session of its user has used the second."""
    return [place for place in _wanted() if _is_ours(place)]


def _wanted() -> list[Path]:
    named = os.environ.get(FOLDER)
    if named:
        return [Path(named).absolute()]
    user = os.geteuid()
    session = Path(f"/run/user/{user}")
    shared = Path(f"/tmp/estelik-{user}")  # noqa: S108 (whose it is, and who may enter, is looked at)
    return [session / "estelik", shared] if _is_ours(session) else [shared]


def _is_ours(place: Path) -> bool:
    try:
        found = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _no_folder() -> CasebookError:
    return CasebookError(
        "There is no private folder in which to note what runs, so that `estelik lock` could find it.",
        do=Sentence("Name a folder that nobody else may enter in the variable %(name)s.", name=FOLDER),
    )
