"""How long a carrier is waited for, and what is tried again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

from estelik.vault.carriers.failures import TransferError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.carriers.failures import CarrierError

#: Seconds without any progress after which a network operation is given up.
TIMEOUT: Final = 30.0
TRIES: Final = 3
_PAUSE = 0.25

Answer = TypeVar("Answer")


def persistently(ask: Callable[[], Answer], *after: type[CarrierError]) -> Answer:
    """What ``ask`` gives; it is tried ``TRIES`` times in all.

    ``after``: the errors after which it is tried again, broken connections where
    none are named. Only for what may be done twice: reading, listing, removing.
    """
    errors = after or (UnreachableError, TransferError)
    for attempt in range(TRIES - 1):
        try:
            return ask()
        except errors:
            time.sleep(_PAUSE * 2**attempt)
    return ask()
