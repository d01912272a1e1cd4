"""Litter: what is in memory and leads back to itself, and when it is looked for.

Python looks for it whenever much was made, through all that is in memory, and nobody is answered meanwhile:
the longer the more there is. Here what has been looked through once is not looked through again, until
somebody has left, or nobody asks for anything.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How many things are made until it is looked among the newest; the library's own number is for programs that
#: answer nobody.
_NEWEST: Final = 20_000
#: Seconds in which nobody has asked for anything.
_QUIET: Final = 60.0


class Litter:
    """Looks for it in one process."""

    def __init__(self) -> None:
        self._looked = time.monotonic()

    def begin(self) -> None:
        """From now on; what is there by now is left alone as if it had been looked through: next to nothing
        that is loaded is litter."""
        gc.callbacks.append(_keep)
        gc.set_threshold(_NEWEST, *gc.get_threshold()[1:])
        gc.freeze()
        gc.enable()

    def look(self, asked: float, *, gone: bool) -> None:
        """Looks through everything where somebody's casebook is ``gone``, or nobody has asked for anything
        since a while (``asked``: when that was, by the steady clock)."""
        now = time.monotonic()
        if gone or (asked > self._looked and now - asked > _QUIET):
            self._looked = now
            gc.unfreeze()
            gc.collect()


def _keep(phase: str, info: Mapping[str, Any]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()
